/* The one list of private parameters of the kernel's command line. */

#include "agent/private_parameter.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* What in a name promises a secret: passwords of iSCSI targets, credentials of systemd(1), keys of a radio network. */
static const char *const secrets[] = { "pass", "pwd", "psk", "secret", "token", "key", "auth", "cred", "community" };

/* The same, but only as a word between dots, dashes and underscores, with a number behind it or without: pwm is none. */
static const char *const words[] = { "pw", "login" };

/* Words that only sound so: net.sctp.auth_enable and net.bridge.bridge-nf-pass-vlan-input-dev of sysctl, iommu.passthrough=, spec_store_bypass_disable=, usbcore.authorized_default=, vconsole.keymap=; in files
 * key-mgmt= and auth-alg= of NetworkManager, kernel.keys.maxkeys of sysctl, KeyringMode= of systemd. */
static const char *const harmless[] = { "passthrough", "bypass",     "passive",     "authoriz",     "author",
                                        "keymap",      "keyboard",   "keytable",    "keypad",       "hotkey",
                                        "loadcred",    "importcred", "key_mgmt",    "auth_alg",     "kernel.keys",
                                        "keyring",     "keyword",    "auth_enable", "nf_pass_vlan", "maxkeys" };

/* dracut.cmdline(7), systemd-cryptsetup-generator(8), nfsroot.rst, netconsole.rst, initramfs-tools(7), kernel-command-line(7). */
static const struct {
        const char *pattern;
        enum private_kind kind;
        bool presence; /* see private_presence */
} list[] = {
        { "root", PRIVATE_DISK, true },
        { "roothash", PRIVATE_DISK, false },
        { "usrhash", PRIVATE_DISK, false },
        { "resume", PRIVATE_DISK, true },
        { "resume_offset", PRIVATE_DISK, true },
        { "mount.usr", PRIVATE_DISK, false },
        { "systemd.mount_extra", PRIVATE_DISK, false },
        { "systemd.swap_extra", PRIVATE_DISK, false },
        { "systemd.verity*", PRIVATE_DISK, false },
        { "cryptdevice", PRIVATE_DISK, true },
        { "cryptroot", PRIVATE_DISK, false },
        { "cryptopts", PRIVATE_DISK, false },
        { "rd.luks.*", PRIVATE_DISK, true },
        { "luks.*", PRIVATE_DISK, false },
        { "rd.lvm.*", PRIVATE_DISK, false },
        { "rd.md.uuid", PRIVATE_DISK, true },
        { "rd.md.*", PRIVATE_DISK, false },
        { "rd.dm.*", PRIVATE_DISK, false },
        { "ip", PRIVATE_ADDRESS, true },
        { "ifname", PRIVATE_ADDRESS, false },
        { "BOOTIF", PRIVATE_ADDRESS, false },
        { "nfsroot", PRIVATE_ADDRESS, true },
        { "nfsaddrs", PRIVATE_ADDRESS, false },
        { "nbdroot", PRIVATE_ADDRESS, false },
        { "netconsole*", PRIVATE_ADDRESS, false },
        { "fcoe", PRIVATE_ADDRESS, false },
        { "nameserver", PRIVATE_ADDRESS, false },
        { "rd.route", PRIVATE_ADDRESS, false },
        { "rd.nfs*", PRIVATE_ADDRESS, false },
        /* The user's name and password stand in the middle of it. */
        { "netroot", PRIVATE_SECRET, false },
        /* A variable of the environment. */
        { "systemd.setenv", PRIVATE_SECRET, false },
        { "iscsi*", PRIVATE_SECRET, false },
        { "rd.iscsi*", PRIVATE_SECRET, false },
        { "rd.nvmf*", PRIVATE_HOST, false },
        { "nvmf*", PRIVATE_HOST, false },
        { "hostname", PRIVATE_HOST, false },
        { "domain", PRIVATE_HOST, false },
        { "systemd.hostname", PRIVATE_HOST, true },
        { "systemd.machine_id", PRIVATE_HOST, true },
        { "ds", PRIVATE_HOST, false },
        { "url", PRIVATE_HOST, false },
        { "live*", PRIVATE_HOST, false },
        { "fetch", PRIVATE_HOST, false },
};

/* What a value of any other name has inside when it is a disk by its own number. */
static const char *const disks[] = { "/dev/disk/", "/dev/mapper/", "UUID=", "LABEL=" };

static bool holds_word(const char *name)
{
        struct slice word;

        while (text_word(&name, "._ ", &word)) {
                while (word.size && word.at[word.size - 1] >= '0' && word.at[word.size - 1] <= '9')
                        word.size--;
                for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                        if (word.size == strlen(words[i]) && !strncasecmp(word.at, words[i], word.size))
                                return true;
        }
        return false;
}

static bool sounds_secret(char *name)
{
        for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
                for (char *at = name; (at = strcasestr(at, harmless[i]));)
                        memset(at, ' ', strlen(harmless[i]));
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
                if (strcasestr(name, secrets[i]))
                        return true;
        return holds_word(name);
}

/* The kernel's way to write a name; the row that it is of, or NULL. */
static const char *plain_name(struct pool *pool, const char *name, size_t *row)
{
        char *plain = pool_dup(pool, name);

        for (char *c = plain; *c; c++)
                *c = (char)(*c == '-' ? '_' : *c);
        for (*row = 0; *row < sizeof list / sizeof list[0]; ++*row)
                if (text_matches(plain, list[*row].pattern))
                        break;
        return plain;
}

enum private_kind private_parameter(const char *name)
{
        autopool struct pool *pool = pool_new();
        size_t row;
        const char *plain = plain_name(pool, name, &row);

        if (sounds_secret(pool_dup(pool, plain)))
                return PRIVATE_SECRET;
        return row < sizeof list / sizeof list[0] ? list[row].kind : PRIVATE_NOT;
}

bool private_presence(const char *name)
{
        autopool struct pool *pool = pool_new();
        size_t row;

        plain_name(pool, name, &row);
        return row < sizeof list / sizeof list[0] && list[row].presence;
}

/* Four numbers or six pairs: 10.20.30.40, 0a:1b:2c:3d:4e:5f, and more where two stand together. A PCI address or a version has fewer parts. */
static bool holds_address(const char *text)
{
        for (; *text; text++) {
                size_t size = strspn(text, "0123456789abcdefABCDEF.:-"), dots = 0, colons = 0;
                const char *gap = strstr(text, "::"); /* of IPv6 */

                for (size_t i = 0; i < size; i++) {
                        dots += text[i] == '.';
                        colons += text[i] == ':' || text[i] == '-';
                }
                if (dots >= 3 || colons >= 5 || (gap && gap < text + size))
                        return true;
                text += size;
                if (!*text)
                        break;
        }
        return false;
}

/* Over HTTP a token may stand alone. A user of ssh or git is no secret: "ssh://git@host". */
static bool is_web(const char *start, const char *end)
{
        size_t size = (size_t)(end - start);

        return (size >= 4 && !strncasecmp(end - 4, "http", 4)) || (size >= 5 && !strncasecmp(end - 5, "https", 5));
}

const char *private_login(const char *text, size_t *size)
{
        const char *start = text, *end;

        while ((end = strstr(text, "://"))) {
                text = end + strlen("://");
                *size = strcspn(text, "/?#@ \t\n\"'<>");
                if (*size && text[*size] == '@' && (memchr(text, ':', *size) || is_web(start, end)))
                        return text;
        }
        return NULL;
}

/* "user=bob,password=x": a name inside the value that promises a secret. */
static bool holds_secret(const char *value)
{
        autopool struct pool *pool = pool_new();

        for (const char *sign = value; (sign = strchr(sign, '=')); sign++) {
                const char *name = sign;

                while (name > value && (isalnum((unsigned char)name[-1]) || strchr("_-.", name[-1])))
                        name--;
                if (sounds_secret(slice_dup(pool, (struct slice){ name, (size_t)(sign - name) })))
                        return true;
        }
        return false;
}

bool private_value(const char *value)
{
        size_t size;

        for (size_t i = 0; i < sizeof disks / sizeof disks[0]; i++)
                if (strstr(value, disks[i]))
                        return true;
        return holds_address(value) || private_login(value, &size) || holds_secret(value);
}
