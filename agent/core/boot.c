/* What the boot loader starts next, and when it was told so. */

#include "agent/core/boot.h"

#include "agent/core/boot_image.h"
#include "agent/core/grub_config.h"
#include "agent/core/host.h"
#include "agent/core/loader_entries.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* --- GRUB ---------------------------------------------------------------------------------------------------------- */

static bool is_recovery(const char *title, const char *id, const char *cmdline)
{
        static const char *const words[] = { " single", " recovery", " systemd.unit=rescue.target",
                                             " systemd.unit=emergency.target" };

        if (strstr(title, "(recovery mode)") || strstr(id, "-recovery-"))
                return true;
        for (size_t i = 0; cmdline && i < sizeof words / sizeof words[0]; i++) {
                const char *at = strstr(cmdline, words[i]);
                char behind = '\0';

                if (at)
                        behind = at[strlen(words[i])];
                if (at && (behind == '\0' || behind == ' '))
                        return true;
        }
        return false;
}

static void take_items(struct host *host, struct pool *pool, const struct grub_config *config, struct boot *boot)
{
        const struct grub_item *standard = grub_config_standard(config);

        boot->entries = pool_zero(pool, config->count * sizeof *boot->entries);
        for (size_t i = 0; i < config->count; i++) {
                const struct grub_item *item = &config->items[i];
                struct boot_entry *entry = &boot->entries[boot->count];

                if (item->submenu)
                        continue;
                entry->title = grub_item_path(pool, config, item, false);
                entry->id = grub_item_path(pool, config, item, true);
                entry->release = item->image ? boot_image_release(host, pool, item->image) : NULL;
                entry->cmdline = item->cmdline;
                entry->recovery = is_recovery(entry->title, entry->id, entry->cmdline);
                if (item == standard)
                        boot->next = entry;
                boot->count++;
        }
}

static int read_grub(struct host *host, struct pool *pool, const char *folder, struct boot *boot)
{
        const char *text, *environment = NULL;
        struct grub_config config;
        struct host_stat stat;
        int r;

        r = host_read(host, pool, &text, "%s/grub.cfg", folder);
        if (r == -ENOENT || r == -ENOTDIR || r == -EACCES || r == -EPERM || r == -ECANCELED)
                return r == -ENOTDIR ? -ENOENT : r;
        boot->loader = "grub";
        boot->source = pool_format(pool, "%s/grub.cfg", folder);
        if (r < 0) {
                boot->problem = pool_format(pool, "%s: %s", boot->source, error_words(r));
                return 0;
        }
        if (host_stat(host, &stat, "%s/grub.cfg", folder) == 0)
                boot->written = stat.modified;
        r = host_read(host, pool, &environment, "%s/grubenv", folder);
        if (r == -EACCES || r == -EPERM)
                return r;
        grub_config_parse(pool, text, environment, &config);
        if (config.problem) {
                boot->problem = pool_format(pool, "%s: %s", boot->source, config.problem);
                return 0;
        }
        /* grub-set-default and grub-reboot write only there. */
        if (config.from_environment && host_stat(host, &stat, "%s/grubenv", folder) == 0 && stat.modified > boot->written)
                boot->written = stat.modified;
        take_items(host, pool, &config, boot);
        if (!boot->next)
                boot->problem = pool_format(pool, "%s: its default names an empty submenu", boot->source);
        return 0;
}

/* --- either -------------------------------------------------------------------------------------------------------- */

static int read_loader(struct host *host, struct pool *pool, struct boot *boot)
{
        static const char *const folders[] = { "/boot/grub", "/boot/grub2" };
        int r;

        *boot = (struct boot){ .loader = "none", .source = "/boot" };
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                r = read_grub(host, pool, folders[i], boot);
                if (r != -ENOENT)
                        return r;
        }
        r = loader_entries_read(host, pool, boot);
        if (r != -ENOENT)
                return r;
        *boot = (struct boot){
                .loader = "none",
                .source = "/boot",
                .problem = "neither GRUB's grub.cfg nor systemd-boot's loader/entries was found below /boot or /efi",
        };
        return 0;
}

struct kept {
        struct pool *pool;
        struct boot boot;
        int r;
};

static void release(void *thing)
{
        const struct kept *kept = thing;

        pool_free(kept->pool);
}

int boot_read(struct host *host, struct boot *boot)
{
        static const char name[] = "boot loader";
        struct kept *kept = host_recall(host, name);

        if (!kept) {
                struct pool *pool = pool_new();

                kept = pool_zero(pool, sizeof *kept);
                kept->pool = pool;
                kept->r = read_loader(host, pool, &kept->boot);
                host_remember(host, name, kept, release);
        }
        *boot = kept->boot;
        return kept->r;
}

/* "rt" between '-', '+' or '.', digits allowed behind it: "6.1.0-28-rt-amd64", "5.15.0-rt17", "5.14.0-427.el9.x86_64+rt". */
static bool is_named_rt(const char *release)
{
        if (strstr(release, "-realtime"))
                return true;
        for (const char *at = strstr(release, "rt"); at; at = strstr(at + 1, "rt")) {
                const char *behind = at + 2 + strspn(at + 2, "0123456789");

                if (at > release && strchr("-+.", at[-1]) && strchr("-+.", *behind))
                        return true;
        }
        return false;
}

bool boot_release_is_rt(struct host *host, const char *release)
{
        autopool struct pool *pool = pool_new();
        const char *text;

        if (boot_is_release(release) && host_read(host, pool, &text, "/boot/config-%s", release) == 0 &&
            strstr(text, "CONFIG_"))
                return text_starts(text, "CONFIG_PREEMPT_RT=y\n") || strstr(text, "\nCONFIG_PREEMPT_RT=y\n");
        return is_named_rt(release);
}

int64_t boot_time(struct host *host)
{
        autopool struct pool *pool = pool_new();
        struct slice line;
        const char *text;
        int64_t seconds;

        if (host_read(host, pool, &text, "/proc/stat") < 0)
                return 0;
        while (text_line(&text, &line))
                if (line.size > 6 && !memcmp(line.at, "btime ", 6) &&
                    text_i64(slice_dup(pool, (struct slice){ line.at + 6, line.size - 6 }), &seconds) == 0)
                        return seconds > 0 ? seconds : 0;
        return 0;
}

bool boot_was_promised(struct host *host, const struct boot *boot)
{
        int64_t began = boot_time(host);

        return began > 0 && boot->written > 0 && boot->written < began;
}
