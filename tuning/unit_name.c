/* Names of systemd units, as systemd.unit(5) defines them, and those that no profile may switch off. */

#include "tuning/unit_name.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define NAME_SIZE_MAX   255U /* UNIT_NAME_MAX of systemd */
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@"

static const char *const endings[] = { ".service", ".socket", ".timer", ".path", ".mount", ".target", NULL };
static const char *const other_endings[] = { ".slice", ".scope", ".device", ".swap", ".automount", NULL };

static const struct {
        const char *pattern, *why;
} needed[] = {
        { "systemd-*", "systemd itself needs it" },
        { "dbus.*", "systemd is spoken to over it" },
        { "dbus-broker*", "systemd is spoken to over it" },
        { "ssh.*", "its owner would be locked out" },
        { "ssh@*", "its owner would be locked out" },
        { "sshd.*", "its owner would be locked out" },
        { "sshd@*", "its owner would be locked out" },
        { "sshd-*", "its owner would be locked out" },
        { "getty@*", "its owner would be locked out of the console" },
        { "getty.target", "its owner would be locked out of the console" },
        { "serial-getty@*", "its owner would be locked out of the console" },
        { "console-getty.*", "its owner would be locked out of the console" },
        { "autovt@*", "its owner would be locked out of the console" },
        { "user@*", "nobody could log in" },
        { "user-runtime-dir@*", "nobody could log in" },
        { "networking.*", "it brings the network up" },
        { "network*.target", "it brings the network up" },
        { "ifup@*", "it brings the network up" },
        { "NetworkManager.*", "it brings the network up" },
        { "wicked*", "it brings the network up" },
        { "connman.*", "it brings the network up" },
        { "plumbline-*", "it is part of this program" },
        { "udev*", "the host would not boot" },
        { "lvm2-*", "the host would not boot" },
        { "cryptsetup*", "the host would not boot" },
        { "cryptdisks*", "the host would not boot" },
        { "basic.target", "the host would not boot" },
        { "sysinit.target", "the host would not boot" },
        { "default.target", "the host would not boot" },
        { "multi-user.target", "the host would not boot" },
        { "graphical.target", "the host would not boot" },
        { "local-fs*", "the host would not boot" },
        { "initrd*", "the host would not boot" },
        { "sockets.target", "services wait for it" },
        { "timers.target", "services wait for it" },
        { "paths.target", "services wait for it" },
        { "swap.target", "services wait for it" },
        { "rescue.*", "it is what repairs the host" },
        { "emergency.*", "it is what repairs the host" },
        { "shutdown.target", "the host would not shut down" },
        { "umount.target", "the host would not shut down" },
        { "final.target", "the host would not shut down" },
        { "reboot.target", "the host would not shut down" },
        { "poweroff.target", "the host would not shut down" },
        { "halt.target", "the host would not shut down" },
        { "-.mount", "the system lives on it" },
        { "usr.mount", "the system lives on it" },
        { "etc.mount", "the system lives on it" },
        { "var.mount", "the system lives on it" },
        { "boot*.mount", "the system lives on it" },
};

static const char *ending_of(const char *name, const char *const *list)
{
        for (; *list; list++)
                if (text_ends(name, *list) && strlen(name) > strlen(*list))
                        return *list;
        return NULL;
}

const char *unit_name_full(struct pool *pool, const char *name)
{
        if (ending_of(name, endings) || ending_of(name, other_endings))
                return pool_dup(pool, name);
        return pool_format(pool, "%s.service", name);
}

size_t unit_name_stem_size(const char *name)
{
        const char *ending = strrchr(name, '.');
        size_t size = ending ? (size_t)(ending - name) : strlen(name);

        return size > 0 && name[size - 1] == '@' ? size - 1 : size;
}

const char *unit_name_stem(struct pool *pool, const char *name)
{
        return pool_copy(pool, name, unit_name_stem_size(name));
}

const char *unit_name_template(struct pool *pool, const char *name)
{
        const char *at = strchr(name, '@');
        const char *ending = strrchr(name, '.');

        if (!at || at == name || !ending || ending <= at + 1)
                return NULL;
        return pool_format(pool, "%.*s%s", (int)(at + 1 - name), name, ending);
}

bool unit_name_is_template(const char *name)
{
        const char *at = strchr(name, '@');

        return at && at[1] == '.' && strchr(at + 2, '.') == NULL;
}

int unit_name_check(struct pool *pool, const char *unit, const char **problem)
{
        const char *shown = text_printable(pool, unit, 80);
        const char *ending = ending_of(unit, endings);

        if (strlen(unit) > NAME_SIZE_MAX || unit[0] == '@' || unit[strspn(unit, NAME_CHARACTERS)]) {
                *problem = pool_format(pool,
                                       "\"%s\" is no name of a unit: at most %u letters, digits and \":-_.\\@\" were "
                                       "expected",
                                       shown, NAME_SIZE_MAX);
                return -EINVAL;
        }
        if (!ending) {
                *problem = pool_format(pool,
                                       "\"%s\" cannot be switched off: only services, sockets, timers, paths, mounts and "
                                       "targets can",
                                       shown);
                return -EINVAL;
        }
        for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
                if (!text_matches(unit, needed[i].pattern))
                        continue;
                *problem = pool_format(pool, "\"%s\" must stay on: %s", shown, needed[i].why);
                return -EINVAL;
        }
        return 0;
}
