/* Whether a text names a file or a mount point: by the whole path, by the device that is mounted there, or as what mounts all there is. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SEPARATORS " \t'\"<>=;|&(),:"

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw" (proc_pid_mountinfo(5)): "/dev/root" of "/mnt2". */
static const char *source_in(struct pool *pool, struct slice line, const char *point)
{
        struct slice word;
        bool is_it = false;

        for (unsigned i = 0; slice_word(&line, " ", &word); i++) {
                is_it = is_it || (i == 4 && slice_equals(word, point));
                if (i < 6 || !slice_equals(word, "-"))
                        continue;
                return is_it && slice_word(&line, " ", &word) && slice_word(&line, " ", &word) ? slice_dup(pool, word) : NULL;
        }
        return NULL;
}

const char *evidence_mounted(const struct evidence *evidence, const char *point)
{
        const char *text, *found = NULL;
        struct slice line;

        if (host_read(evidence->session->host, evidence->pool, &text, "/proc/self/mountinfo") < 0)
                return NULL;
        /* The last one is on top. */
        while (text_line(&text, &line)) {
                const char *source = source_in(evidence->pool, line, point);

                if (source)
                        found = source;
        }
        return found && text_starts(found, "/dev/") ? found : NULL;
}

/* Blanks and dashes in a name are escaped in the name of its unit, and such a unit is not found (systemd.mount(5)). */
static const char *unit_of(struct pool *pool, const char *point)
{
        char *unit = pool_format(pool, "%s.mount", point[1] ? point + 1 : "-");

        for (char *c = unit; *c; c++)
                *c = (char)(*c == '/' ? '-' : *c);
        return unit;
}

static const char *without_slashes(struct pool *pool, struct slice word)
{
        while (word.size > 1 && word.at[word.size - 1] == '/')
                word.size--;
        return slice_dup(pool, word);
}

bool evidence_names_path(struct pool *pool, const char *path, const char *text)
{
        struct slice word;

        while (strstr(text, path) && text_word(&text, SEPARATORS, &word))
                if (text_equals(without_slashes(pool, word), path))
                        return true;
        return false;
}

/* `mount -a`, `umount data`: no other mount point is named behind it. Without arguments it is only asked. */
static bool may_mount_any(const char *rest)
{
        struct slice word;
        size_t count = 0;

        for (; text_word(&rest, SEPARATORS, &word); count++)
                if (word.at[0] == '/' && strncmp(word.at, "/dev/", 5) != 0)
                        return false;
        return count > 0;
}

bool evidence_names_mount(struct pool *pool, const char *point, const char *device, const char *text)
{
        const char *kernels = device ? basename(device) : NULL, *unit;
        struct slice word;

        /* There may be thousands of commands, and of mounts. */
        if (!strstr(text, "mount") && !strstr(text, "fstab") && !strstr(text, point) && !(kernels && strstr(text, kernels)))
                return false;
        unit = unit_of(pool, point);
        while (text_word(&text, SEPARATORS, &word)) {
                const char *path = without_slashes(pool, word), *name = basename(path);

                if (text_equals(path, point) || text_equals(path, unit) || text_equals(name, "fstab"))
                        return true;
                if (device && (text_equals(path, device) || text_equals(path, kernels)))
                        return true;
                if ((text_equals(name, "mount") || text_equals(name, "umount")) && may_mount_any(text))
                        return true;
        }
        return false;
}
