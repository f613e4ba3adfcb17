/* What the boot loader starts next, and when it was told so. */

#include "agent/core/boot.h"

#include "agent/core/boot_image.h"
#include "agent/core/boot_variables.h"
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

/* 41_custom reads custom.cfg behind the menu, where it can name another default or have the entry that the default names. Entries alone
 * change nothing, since they come last. NULL: so it is. */
static const char *look_at_custom(struct host *host, struct pool *pool, const char *folder, const struct grub_config *config)
{
        static const char *const words[] = { "default", "source", "configfile", "_entry", "blscfg" };
        const char *path = pool_format(pool, "%s/custom.cfg", folder), *text;
        int r;

        if (!config->custom)
                return NULL;
        r = host_read(host, pool, &text, "%s", path);
        if (r == -ENOENT || r == -ENOTDIR)
                return NULL;
        if (r < 0)
                return pool_format(pool, "it reads %s, which cannot be read: %s", path, error_words(r));
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (strstr(text, words[i]))
                        return pool_format(pool, "it reads %s, which may name another default", path);
        if (*config->standard && strspn(config->standard, "0123456789>") != strlen(config->standard) &&
            strstr(text, config->standard))
                return pool_format(pool, "it reads %s, which may have the entry that starts", path);
        return NULL;
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
        if (!config.problem)
                config.problem = look_at_custom(host, pool, folder, &config);
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

/* Something else decides than the menu that was found: then nobody knows what starts. */
static void find_other(struct host *host, struct pool *pool, const struct boot_variables *variables, struct boot *boot)
{
        int64_t loaded;

        if (boot->next && text_equals(boot->loader, "systemd-boot") && variables->next) {
                boot->next = NULL;
                boot->problem = pool_format(pool, "the firmware's variable %s names the entry", variables->next);
        }
        /* A kernel that was loaded for a crash is another file (kexec_crash_loaded). */
        if (boot->next && host_number(host, &loaded, "/sys/kernel/kexec_loaded") == 0 && loaded != 0) {
                boot->next = NULL;
                boot->source = "/sys/kernel/kexec_loaded";
                boot->problem = "a kernel is loaded for kexec, and systemctl reboot starts that one";
        }
}

static int read_grubs(struct host *host, struct pool *pool, struct boot *boot)
{
        static const char *const folders[] = { "/boot/grub", "/boot/grub2" };
        int r = -ENOENT;

        for (size_t i = 0; i < sizeof folders / sizeof folders[0] && r == -ENOENT; i++)
                r = read_grub(host, pool, folders[i], boot);
        return r;
}

/* Both menus are there: one is left over. GRUB stays where nothing speaks for the other: GRUB's own menu may be made of such entries. */
static int choose_loader(struct host *host, struct pool *pool, const struct boot_variables *variables, struct boot *boot)
{
        struct boot other = { 0 };
        int r, others;

        *boot = (struct boot){ .loader = "none", .source = "/boot" };
        r = read_grubs(host, pool, boot);
        if (r == 0 && !variables->systemd_boot && !variables->some_loader)
                return 0;
        others = loader_entries_read(host, pool, &other);
        if (r == -ENOENT || (r == 0 && others == 0 && variables->systemd_boot)) {
                if (others == 0)
                        *boot = other;
                return others;
        }
        if (r < 0 || (others < 0 && !variables->systemd_boot))
                return r;
        boot->next = NULL;
        boot->problem =
                variables->systemd_boot
                        ? "systemd-boot started this boot, and its entries are not found: GRUB's menu may be a leftover"
                        : "systemd-boot's entries are there as well as GRUB's menu, and which of the two starts is not known";
        return 0;
}

static bool holds_something(struct host *host, struct pool *pool, const char *folder)
{
        const char *const *names;
        int r = host_list(host, pool, &names, "%s", folder);

        return r == 0 ? *names != NULL : r != -ENOENT && r != -ENOTDIR;
}

/* An empty folder is where a partition is mounted that is not. */
static bool is_unseen(struct host *host, struct pool *pool)
{
        return host_exists(host, "/boot") && !holds_something(host, pool, "/boot") && !holds_something(host, pool, "/efi");
}

static int read_loader(struct host *host, struct pool *pool, struct boot *boot)
{
        struct boot_variables variables = boot_variables_read(host, pool);
        int r = choose_loader(host, pool, &variables, boot);

        if (r == 0)
                find_other(host, pool, &variables, boot);
        if (r != -ENOENT)
                return r;
        *boot = (struct boot){
                .loader = "none",
                .source = "/boot",
                .problem = "neither GRUB's grub.cfg nor systemd-boot's loader/entries was found below /boot or /efi",
        };
        boot->unseen = is_unseen(host, pool);
        if (boot->unseen)
                boot->problem = "nothing is below /boot: it may be a partition that is not mounted, or others start the kernel";
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
