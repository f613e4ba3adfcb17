/* Device names in the paths that sysfs links hold, and the few files every device has. */

#include "agent/core/sysfs_path.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Takes that many hex digits, at least and at most, off the front. */
static bool take_hex(const char **at, unsigned least, unsigned most)
{
        unsigned count = 0;

        while (count < most && isxdigit((unsigned char)**at)) {
                count++;
                (*at)++;
        }
        return count >= least;
}

static bool take(const char **at, char letter)
{
        if (**at != letter)
                return false;
        (*at)++;
        return true;
}

bool sysfs_is_pci(const char *name)
{
        const char *at = name;

        return take_hex(&at, 4, 8) && take(&at, ':') && take_hex(&at, 2, 2) && take(&at, ':') && take_hex(&at, 2, 2) &&
               take(&at, '.') && take_hex(&at, 1, 1) && *at == '\0';
}

const char *sysfs_last(struct pool *pool, const char *path)
{
        return pool_dup(pool, basename(path));
}

const char *sysfs_parent(struct pool *pool, const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? slice_dup(pool, (struct slice){ path, (size_t)(slash - path) }) : "";
}

const char *sysfs_pci(struct pool *pool, const char *path)
{
        const char *found = NULL;
        struct slice word;

        while (text_word(&path, "/", &word)) {
                const char *name = slice_dup(pool, word);

                if (sysfs_is_pci(name))
                        found = name;
        }
        return found;
}

bool sysfs_is_numbered(const char *name, const char *word)
{
        if (!text_starts(name, word))
                return false;
        name += strlen(word);
        return *name && name[strspn(name, "0123456789")] == '\0';
}

int sysfs_text(struct host *host, struct pool *pool, const char **text, const char *path, ...)
{
        const char *read, *trimmed, *full;
        va_list args;
        int r;

        va_start(args, path);
        full = pool_vformat(pool, path, args);
        va_end(args);
        r = host_read(host, pool, &read, "%s", full);
        if (r < 0)
                return r;
        trimmed = text_printable(pool, text_trim(pool, read), 256);
        if (!*trimmed)
                return -ENODATA;
        *text = trimmed;
        return 0;
}

const char *sysfs_pci_of(struct host *host, struct pool *pool, const char *folder)
{
        const char *target;

        if (host_link(host, pool, &target, "%s/device", folder) == 0 && sysfs_is_pci(sysfs_last(pool, target)))
                return sysfs_last(pool, target);
        if (host_link(host, pool, &target, "%s", folder) == 0)
                return sysfs_pci(pool, target);
        return NULL;
}

int sysfs_node_of(struct host *host, struct pool *pool, const char *folder, const char *pci, int *node, const char **source)
{
        const char *places[] = {
                pool_format(pool, "%s/numa_node", folder),
                pool_format(pool, "%s/device/numa_node", folder),
                pci ? pool_format(pool, "/sys/bus/pci/devices/%s/numa_node", pci) : NULL,
        };
        int first = -ENOENT;

        *source = places[1];
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                int64_t number;
                int r;

                r = places[i] ? host_number(host, &number, "%s", places[i]) : -ENOENT;
                if (r == 0 && (number < -1 || number > INT16_MAX))
                        r = -ERANGE;
                if (r == 0) {
                        *node = (int)number;
                        *source = places[i];
                        return 0;
                }
                if (first == -ENOENT && r != -ENOENT) {
                        first = r;
                        *source = places[i];
                }
        }
        return first;
}
