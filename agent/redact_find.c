/* What in a capture names one machine: by the names of the files that hold it, and by its form. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <stdint.h>
#include <string.h>

static bool matches_any(const char *path, const char *const *patterns)
{
        for (; *patterns; patterns++)
                if (text_matches(path, *patterns))
                        return true;
        return false;
}

/* Where a structure of SMBIOS 3 has its serial numbers and asset tags: DMTF DSP0134, 7.2 to 7.5 and 7.18. */
static void find_smbios_strings(struct secrets *secrets, const unsigned char *start, size_t size, char *strings, size_t room)
{
        static const struct {
                unsigned char type, at;
        } places[] = { { 1, 0x07 }, { 2, 0x07 }, { 2, 0x08 },  { 3, 0x07 }, { 3, 0x08 },
                       { 4, 0x20 }, { 4, 0x21 }, { 17, 0x18 }, { 17, 0x19 } };

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                char *string = strings;
                size_t left = room;

                if (start[0] != places[i].type || places[i].at >= size || !start[places[i].at])
                        continue;
                for (unsigned n = 1; n < start[places[i].at] && left; n++) {
                        size_t length = strnlen(string, left);

                        if (length == left)
                                break;
                        string += length + 1;
                        left -= length + 1;
                }
                if (left) {
                        struct slice value = slice_trim((struct slice){ string, strnlen(string, left) });

                        if (redact_is_distinct(value, 5))
                                secret_add(secrets, SECRET_TEXT, value.at, value.size);
                        else if (!redact_is_filler(value))
                                secret_in_place(secrets, string, strnlen(string, left));
                }
        }
        /* All ones or zeros: it has none. */
        if (start[0] == 1 && size >= 0x18 && memcmp(start + 8, start + 9, 15) != 0)
                secret_add(secrets, SECRET_BYTES, start + 8, 16);
}

static void find_smbios(struct secrets *secrets, struct pool *pool, struct member *member)
{
        unsigned char *bytes = pool_copy(pool, member->bytes, member->size);

        member->bytes = (const char *)bytes;
        for (size_t at = 0; at + 4 <= member->size;) {
                size_t size = bytes[at + 1], strings = at + size, end = strings;

                if (size < 4 || strings >= member->size)
                        return;
                while (end + 1 < member->size && (bytes[end] || bytes[end + 1]))
                        end++;
                find_smbios_strings(secrets, bytes + at, size, (char *)bytes + strings, end - strings);
                at = end + 2;
        }
}

bool redact_is_version(const char *path)
{
        static const char *const patterns[] = { "sys/*firmware_rev",
                                                "sys/*fw_ver*",
                                                "sys/*bios_version",
                                                "sys/*bios_release",
                                                "sys/*ec_firmware_release",
                                                "sys/*product_version",
                                                "sys/*board_version",
                                                "sys/*chassis_version",
                                                "sys/module/*/version",
                                                "proc/version",
                                                "proc/sys/kernel/osrelease",
                                                "etc/debian_version",
                                                "etc/os-release",
                                                "usr/lib/os-release",
                                                "var/lib/dpkg/*",
                                                "var/log/dpkg.log*",
                                                ".plumbline/ask/ethtool/drvinfo/*",
                                                ".plumbline/ask/packages/*",
                                                NULL };

        return matches_any(path, patterns);
}

/* What is known by its form, and the lines of files that are known. */
static void find_in_text(struct secrets *secrets, struct pool *pool, const struct member *member)
{
        static const char *const mounts[] = { "proc/*mount*", "etc/fstab", "etc/mtab", NULL };
        static const char *const cmdlines[] = { "proc/cmdline",
                                                "etc/default/grub*",
                                                "etc/grub.d/*",
                                                "etc/kernel/*",
                                                "boot/*grub*",
                                                "boot/*loader/*",
                                                "efi/loader/*",
                                                ".plumbline/evidence/*.json",
                                                ".plumbline/evidence/*.txt",
                                                NULL };
        static const char *const configs[] = { "etc/*", "usr/*", "run/*", "lib/*", NULL };
        static const char *const accounts[] = { "etc/passwd*", "etc/group*", NULL };
        static const char *const profiles[] = { "etc/plumbline/*", "usr/*/plumbline/*", NULL };
        static const char *const places[] = { "etc/*",
                                              "usr/*",
                                              "lib/*",
                                              "var/log/*",
                                              "proc/cmdline",
                                              "proc/*mount*",
                                              "proc/swaps",
                                              "boot/*",
                                              "run/*",
                                              "var/lib/plumbline/*",
                                              ".plumbline/ask/endpoint/*",
                                              ".plumbline/ask/journal/*",
                                              ".plumbline/evidence/*",
                                              NULL };

        /* "1000:1000::" of an account looks like an address of IPv6. */
        if (matches_any(member->path, places) && !matches_any(member->path, accounts) && !redact_is_version(member->path)) {
                redact_addresses(secrets, member->bytes);
                redact_disks(secrets, member->bytes);
                redact_logins(secrets, member->bytes);
        } else if (text_matches(member->path, ".plumbline/ask/unit*")) {
                redact_disks(secrets, member->bytes);
        }
        if (text_matches(member->path, "*udev/rules.d/*"))
                redact_rules(secrets, member->bytes);
        if (matches_any(member->path, mounts))
                redact_mounts(secrets, member->bytes);
        if (text_matches(member->path, "*resolv.conf"))
                redact_resolver(secrets, member->bytes);
        if (matches_any(member->path, profiles))
                redact_profile(secrets, pool, member->bytes);
        else if (matches_any(member->path, configs) && !matches_any(member->path, accounts) && !redact_is_version(member->path))
                redact_config(secrets, member->bytes);
        if (matches_any(member->path, cmdlines))
                redact_parameters(secrets, pool, (struct slice){ member->bytes, member->size });
}

void redact_find(struct secrets *secrets, struct pool *pool, struct member *member)
{
        static const char *const serials[] = { "sys/*serial", "sys/*serial_number", "sys/*_uuid",     "sys/*asset_tag",
                                               "sys/*/wwid",  "sys/*/wwn*",         "sys/*/eui",      "sys/*/nguid",
                                               "sys/*/uuid",  "sys/*/unique_id",    "etc/machine-id", "var/lib/dbus/machine-id",
                                               NULL };
        static const char *const names[] = { "proc/sys/kernel/hostname", "etc/hostname", NULL };
        static const char *const maps[] = { "sys/*/dm/name", "sys/*/dm/uuid", NULL };
        static const char *const tables[] = { "proc/*net/route", "proc/*net/tcp*", "proc/*net/udp*", NULL };

        if (member->kind != MEMBER_FILE)
                return;
        redact_disks(secrets, member->path);
        if (text_equals(member->path, ".plumbline/ask/rtnl/links"))
                redact_links(secrets, pool, member);
        else if (text_equals(member->path, ".plumbline/ask/rtnl/addresses"))
                redact_interfaces(secrets, pool, member);
        else if (text_equals(member->path, ".plumbline/ask/rtnl/routes"))
                redact_routes(secrets, pool, member);
        else if (text_matches(member->path, "sys/firmware/dmi/*"))
                find_smbios(secrets, pool, member);
        else if (!memchr(member->bytes, 0, member->size))
                redact_cards(secrets, member->bytes, member->size);
        if (text_matches(member->path, ".plumbline/ask/journal/*"))
                redact_journal(secrets, pool, member);
        if (text_matches(member->path, ".plumbline/evidence/*"))
                redact_users(secrets, pool, member);
        if (matches_any(member->path, tables))
                redact_table(secrets, pool, member);
        if (matches_any(member->path, maps))
                redact_map(secrets, (struct slice){ member->bytes, member->size });
        else if (matches_any(member->path, serials))
                redact_serial(secrets, member);
        if (matches_any(member->path, names))
                redact_host_name(secrets, member);
        if (text_matches(member->path, "sys/*/subsysnqn"))
                redact_subsystem(secrets, (struct slice){ member->bytes, member->size });
        if (!memchr(member->bytes, 0, member->size))
                find_in_text(secrets, pool, member);
}
