/* What is recorded of the kernel's command line: no passwords, and nothing that names a disk, a host or an address. */

#include "agent/state.h"

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>
#include <strings.h>

/* Parts of a name that promise a secret: passwords of iSCSI targets, credentials of systemd(1). */
static const char *const secrets[] = { "pass", "secret", "token", "key", "auth", "cred" };

/* dracut.cmdline(7), systemd-cryptsetup-generator(8), nfsroot.rst, netconsole.rst, initramfs-tools(7), kernel-command-line(7). */
static const char *const own[] = {
        /* disks */
        "root",
        "roothash",
        "usrhash",
        "resume",
        "resume_offset",
        "mount.usr",
        "systemd.mount_extra",
        "systemd.swap_extra",
        "systemd.verity*",
        "cryptdevice",
        "cryptroot",
        "cryptopts",
        "rd.luks*",
        "luks*",
        "rd.lvm*",
        "rd.md*",
        "rd.dm*",
        "rd.nvmf*",
        "nvmf*",
        /* hosts and addresses */
        "ip",
        "ifname",
        "BOOTIF",
        "nfsroot",
        "nfsaddrs",
        "nbdroot",
        "netroot",
        "netconsole*",
        "iscsi*",
        "rd.iscsi*",
        "fcoe",
        "nameserver",
        "rd.route",
        "rd.nfs*",
        "hostname",
        "domain",
        "systemd.hostname",
        "systemd.machine_id",
        "ds",
        "url",
        "live*",
        "fetch",
};

/* What a value of any other name begins with, or has inside, when it is a disk by its own number. */
static const char *const disks[] = { "/dev/disk/", "/dev/mapper/", "UUID=", "LABEL=" };

bool state_holds_secret(struct slice word)
{
        const char *equals = memchr(word.at, '=', word.size);

        for (size_t i = 0; equals && i < sizeof secrets / sizeof secrets[0]; i++)
                for (const char *at = word.at; at < equals; at++)
                        if (!strncasecmp(at, secrets[i], strlen(secrets[i])))
                                return true;
        return false;
}

bool state_is_private(const char *name)
{
        autopool struct pool *pool = pool_new();
        char *plain = pool_dup(pool, name);

        for (char *c = plain; *c; c++)
                *c = (char)(*c == '-' ? '_' : *c);
        if (state_holds_secret(slice_of(pool_format(pool, "%s=", plain))))
                return true;
        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
                if (text_matches(plain, own[i]))
                        return true;
        return false;
}

/* Four numbers or six pairs: 10.20.30.40, 0a:1b:2c:3d:4e:5f. A PCI address or a version has fewer parts. */
static bool holds_address(const char *text)
{
        for (; *text; text++) {
                size_t size = strspn(text, "0123456789abcdefABCDEF.:-"), dots = 0, colons = 0;
                const char *gap = strstr(text, "::"); /* of IPv6 */

                for (size_t i = 0; i < size; i++) {
                        dots += text[i] == '.';
                        colons += text[i] == ':' || text[i] == '-';
                }
                if (dots == 3 || colons >= 5 || (gap && gap < text + size))
                        return true;
                text += size;
                if (!*text)
                        break;
        }
        return false;
}

static bool is_private(const struct parameter *parameter)
{
        if (state_is_private(parameter->name) || holds_address(parameter->value))
                return true;
        for (size_t i = 0; i < sizeof disks / sizeof disks[0]; i++)
                if (strstr(parameter->value, disks[i]))
                        return true;
        return false;
}

/* No hash stands in: that of an address is soon worked back. */
const char *state_cmdline(struct pool *pool, const char *cmdline)
{
        autobuffer struct text_buffer text = { 0 };
        struct cmdline parsed;

        if (cmdline_parse(pool, cmdline, &parsed) < 0)
                return STATE_UNRECORDED;
        for (size_t i = 0; i < parsed.count; i++) {
                const struct parameter *row = &parsed.rows[i];

                text_addf(&text, "%s%s", i ? " " : "", row->name);
                if (!row->value)
                        continue;
                if (is_private(row))
                        text_add(&text, "=" STATE_UNRECORDED);
                else
                        text_addf(&text, strpbrk(row->value, " \t") ? "=\"%s\"" : "=%s", row->value);
        }
        return pool_dup(pool, text.at ? text.at : "");
}
