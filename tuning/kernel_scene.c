/* Which kernel runs, which are installed, which starts next, and which of them are right. */

#include "tuning/kernel_scene.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/version.h"

#include <string.h>

static void read_wish(struct scene *scene, const struct settings *want)
{
        for (size_t i = 0; i < want->count; i++) {
                const struct setting *setting = &want->rows[i];

                if (setting->held)
                        continue;
                if (text_equals(setting->keys[0], "minimum")) {
                        scene->minimum_setting = setting;
                        scene->minimum = text_trim(scene->pool, setting->text);
                } else {
                        scene->flavour_setting = setting;
                        if (text_equals(setting->text, "rt"))
                                scene->flavour = FLAVOUR_RT;
                        else if (text_equals(setting->text, "generic"))
                                scene->flavour = FLAVOUR_GENERIC;
                }
        }
}

static void read_boot(struct scene *scene)
{
        scene->boot_error = boot_read(scene->host, &scene->boot);
        if (scene->boot_error < 0) {
                scene->boot = (struct boot){ .loader = "grub", .source = "/boot" };
                scene->boot_problem =
                        pool_format(scene->pool, "the boot loader's files cannot be read: %s", error_words(scene->boot_error));
        } else if (!scene->boot.next) {
                scene->boot_problem = scene->boot.problem;
        } else if (!scene->boot.next->release) {
                scene->boot_problem = pool_format(scene->pool, "the next entry, %s, names no kernel release",
                                                  text_printable(scene->pool, scene->boot.next->title, 120));
        }
        scene->promised = boot_was_promised(scene->host, &scene->boot);
}

struct scene *scene_open(struct host *host, const struct settings *want, struct plan *plan)
{
        struct scene *scene = pool_zero(plan->pool, sizeof *scene);
        const char *source;

        scene->host = host;
        scene->pool = plan->pool;
        scene->plan = plan;
        read_wish(scene, want);
        scene->release_error = kernel_release(host, scene->pool, &scene->release, &scene->release_source);
        if (scene->release_error < 0)
                scene->release = NULL;
        scene->rt_error = kernel_is_rt(host, scene->pool, &scene->rt, &source);
        read_boot(scene);
        scene->installed_error = kernels_installed(host, scene->pool, &scene->installed);
        scene->has_file = host_exists(host, KERNEL_FILE);
        return scene;
}

bool scene_flavour_is_right(const struct scene *scene, const char *release)
{
        if (scene->flavour == FLAVOUR_ANY)
                return true;
        return boot_release_is_rt(scene->host, release) == (scene->flavour == FLAVOUR_RT);
}

bool scene_version_is_right(const struct scene *scene, const char *release)
{
        return !scene->minimum || version_compare(release, scene->minimum) >= 0;
}

static bool is_right(const struct scene *scene, const char *release)
{
        return scene_version_is_right(scene, release) && scene_flavour_is_right(scene, release);
}

bool scene_running_is_right(const struct scene *scene)
{
        if (!scene->release || !scene_version_is_right(scene, scene->release))
                return false;
        return scene->flavour == FLAVOUR_ANY || (!scene->rt_error && scene->rt == (scene->flavour == FLAVOUR_RT));
}

bool scene_boots_from_outside(const struct scene *scene)
{
        return !scene->installed_error && !scene->installed.count && !scene->boot_error &&
               text_equals(scene->boot.loader, "none");
}

const char *scene_wanted(const struct scene *scene)
{
        static const char *const kinds[] = { "a kernel", "a kernel without PREEMPT_RT", "a real-time kernel" };

        if (!scene->minimum)
                return kinds[scene->flavour];
        return pool_format(scene->pool, "%s, %s or later", kinds[scene->flavour], scene->minimum);
}

const char *scene_installed(const struct scene *scene)
{
        const char *best = NULL;

        for (size_t i = 0; i < scene->installed.count; i++) {
                const char *release = scene->installed.releases[i];

                if (is_right(scene, release) && (!best || version_compare(release, best) > 0))
                        best = release;
        }
        return best;
}

/* It goes through a shell, and then between double quotes into a script of GRUB. */
static bool is_plain(const char *name)
{
        for (const char *at = name; *at; at++)
                if ((unsigned char)*at < 0x20 || strchr("'\"\\$`", *at))
                        return false;
        return strlen(name) < 512;
}

/* The id of the plain entry on top of the menu stays the same whatever kernel is behind it: only a name with the release in it
 * keeps its meaning. */
static const char *lasting_name(const struct boot_entry *entry)
{
        if (strstr(entry->id, entry->release) && is_plain(entry->id))
                return entry->id;
        return strstr(entry->title, entry->release) && is_plain(entry->title) ? entry->title : NULL;
}

const struct boot_entry *scene_entry(const struct scene *scene, const char **name)
{
        const struct boot_entry *best = NULL;

        for (size_t i = 0; i < scene->boot.count; i++) {
                const struct boot_entry *entry = &scene->boot.entries[i];

                if (!entry->release || entry->recovery || !lasting_name(entry) || !is_right(scene, entry->release))
                        continue;
                if (best && version_compare(entry->release, best->release) <= 0)
                        continue;
                best = entry;
                *name = lasting_name(entry);
        }
        return best;
}
