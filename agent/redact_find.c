/* What in a capture names one machine: by the names of the files that hold it, and by its form. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

#define CARD_SIZE 6U

static bool matches_any(const char *path, const char *const *patterns)
{
        for (; *patterns; patterns++)
                if (text_matches(path, *patterns))
                        return true;
        return false;
}

static void add_card(struct secrets *secrets, const unsigned char *card)
{
        static const unsigned char none[CARD_SIZE], all[CARD_SIZE] = { 255, 255, 255, 255, 255, 255 };

        if (memcmp(card, none, CARD_SIZE) != 0 && memcmp(card, all, CARD_SIZE) != 0)
                secret_add(secrets, SECRET_CARD, card, CARD_SIZE);
}

static unsigned nibble(char digit)
{
        return isdigit((unsigned char)digit) ? (unsigned)(digit - '0') : (unsigned)(tolower((unsigned char)digit) - 'a' + 10);
}

/* Six pairs of hex digits with the same sign between them; what goes on after that is something else. */
static bool is_card(const char *at, unsigned char *card)
{
        for (size_t i = 0; i < CARD_SIZE; i++) {
                const char *pair = at + i * 3;

                if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]))
                        return false;
                card[i] = (unsigned char)(nibble(pair[0]) << 4 | nibble(pair[1]));
                if (i + 1 < CARD_SIZE && (pair[2] != at[2] || (pair[2] != ':' && pair[2] != '-')))
                        return false;
        }
        return !isxdigit((unsigned char)at[17]);
}

static void find_cards(struct secrets *secrets, const char *text, size_t size)
{
        const char *end = text + size;

        for (const char *sign = text; (sign = memchr(sign, ':', (size_t)(end - sign))); sign++) {
                unsigned char card[CARD_SIZE];

                /* The bytes of a member have a NUL behind them. */
                if (sign - text >= 2 && end - sign >= 15 && is_card(sign - 2, card))
                        add_card(secrets, card);
        }
        for (const char *sign = text; (sign = memchr(sign, '-', (size_t)(end - sign))); sign++) {
                unsigned char card[CARD_SIZE];

                if (sign - text >= 2 && end - sign >= 15 && is_card(sign - 2, card))
                        add_card(secrets, card);
        }
}

/* Four numbers and what is no part of them: not those that are the same on every host. */
static bool is_four(const char *word)
{
        struct in_addr address;

        return inet_pton(AF_INET, word, &address) == 1 && !text_starts(word, "127.") && !text_starts(word, "0.") &&
               !text_starts(word, "255.");
}

/* What stands between colons beside an address of IPv4: its port, or the next one (nfsroot.rst, ip=). */
static void find_fours(struct secrets *secrets, struct slice run)
{
        struct slice part;

        while (slice_word(&run, ":", &part)) {
                char word[INET_ADDRSTRLEN];

                /* A full stop behind an address belongs to the sentence. */
                while (part.size && part.at[part.size - 1] == '.')
                        part.size--;
                if (part.size >= sizeof word)
                        continue;
                memcpy(word, part.at, part.size);
                word[part.size] = '\0';
                if (is_four(word))
                        secret_add(secrets, SECRET_FOUR, word, part.size);
        }
}

static bool find_six(struct secrets *secrets, struct slice run)
{
        struct in6_addr address;
        char word[INET6_ADDRSTRLEN];

        /* So does a colon. */
        while (run.size &&
               (run.at[run.size - 1] == '.' || (run.at[run.size - 1] == ':' && (run.size < 2 || run.at[run.size - 2] != ':'))))
                run.size--;
        if (run.size < ADDRESS_TEXT_LEAST || run.size >= sizeof word)
                return false;
        memcpy(word, run.at, run.size);
        word[run.size] = '\0';
        if (inet_pton(AF_INET6, word, &address) != 1)
                return false;
        secret_add(secrets, SECRET_SIX, word, run.size);
        return true;
}

static void find_addresses(struct secrets *secrets, const char *text)
{
        static const char letters[] = "0123456789abcdefABCDEF:.";

        for (text += strcspn(text, letters); *text; text += strcspn(text, letters)) {
                struct slice run = { text, strspn(text, letters) };

                if (!find_six(secrets, run))
                        find_fours(secrets, run);
                text += run.size;
        }
}

bool redact_is_distinct(struct slice word, size_t least)
{
        bool mark = false;

        for (size_t i = 0; i < word.size; i++)
                mark = mark || isdigit((unsigned char)word.at[i]) || word.at[i] == '-';
        return mark && word.size >= least;
}

static void find_serial(struct secrets *secrets, struct member *member)
{
        struct slice value = slice_trim((struct slice){ member->bytes, member->size });

        if (memchr(value.at, '\n', value.size) || !value.size)
                return;
        if (redact_is_distinct(value, 6))
                secret_add(secrets, SECRET_TEXT, value.at, value.size);
        else
                secret_only_here(secrets, member);
}

/* Every box says "localhost"; and a host that is called like its system would take that word out of everything. */
static void find_host_name(struct secrets *secrets, struct member *member)
{
        struct slice name = slice_trim((struct slice){ member->bytes, member->size });
        struct slice first = name;
        const char *dot = memchr(name.at, '.', name.size);

        if (!name.size || slice_equals(name, "localhost") || slice_equals(name, "(none)"))
                return;
        if (dot)
                first.size = (size_t)(dot - name.at);
        if (!redact_is_distinct(first, 4)) {
                secret_only_here(secrets, member);
                return;
        }
        secret_add(secrets, SECRET_TEXT, name.at, name.size);
        if (dot)
                secret_add(secrets, SECRET_TEXT, first.at, first.size);
}

struct nlmsghdr *redact_next(struct nlmsghdr *message, unsigned *left)
{
        unsigned size = NLMSG_ALIGN(message->nlmsg_len);

        if (size > *left)
                size = *left;
        *left -= size;
        return (struct nlmsghdr *)((char *)message + size);
}

/* Nobody reads it, so nobody misses it: type 0 is nothing. */
static void blank(struct rtattr *attribute)
{
        attribute->rta_type = 0;
        memset(RTA_DATA(attribute), 0, RTA_PAYLOAD(attribute));
}

/* Of a link that software made only its kind is read; the rest holds ends of tunnels, and addresses that a bond asks for. */
static void blank_info(struct rtattr *nest)
{
        int rest = (int)RTA_PAYLOAD(nest);
        struct rtattr *attribute;

        for (attribute = RTA_DATA(nest); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest))
                if ((attribute->rta_type & NLA_TYPE_MASK) != IFLA_INFO_KIND)
                        blank(attribute);
}

/* A tunnel has an address of IP where others have that of a card, and InfiniBand one of 20 bytes. What is not known to be harmless goes:
 * ports and switches have identifiers made of hardware addresses, aliases and other names hold what somebody wrote. */
static void find_in_link(struct secrets *secrets, struct rtattr *attribute)
{
        switch (attribute->rta_type & NLA_TYPE_MASK) {
        case IFLA_ADDRESS:
        case IFLA_BROADCAST:
        case IFLA_PERM_ADDRESS:
                if (RTA_PAYLOAD(attribute) == CARD_SIZE)
                        add_card(secrets, RTA_DATA(attribute));
                else
                        blank(attribute);
                break;
        case IFLA_LINKINFO:
                blank_info(attribute);
                break;
        case IFLA_IFNAME:
        case IFLA_LINK:
        case IFLA_LINK_NETNSID:
        case IFLA_MASTER:
        case IFLA_MTU:
        case IFLA_MIN_MTU:
        case IFLA_MAX_MTU:
        case IFLA_QDISC:
        case IFLA_TXQLEN:
        case IFLA_NUM_TX_QUEUES:
        case IFLA_NUM_RX_QUEUES:
        case IFLA_OPERSTATE:
        case IFLA_LINKMODE:
        case IFLA_CARRIER:
        case IFLA_CARRIER_CHANGES:
        case IFLA_CARRIER_UP_COUNT:
        case IFLA_CARRIER_DOWN_COUNT:
        case IFLA_STATS:
        case IFLA_STATS64:
        case IFLA_PHYS_PORT_NAME:
                break;
        default:
                blank(attribute);
                break;
        }
}

static void find_links(struct secrets *secrets, struct pool *pool, struct member *member)
{
        struct nlmsghdr *message = pool_copy(pool, member->bytes, member->size);
        unsigned left = (unsigned)member->size;

        member->bytes = (const char *)message;
        for (; NLMSG_OK(message, left); message = redact_next(message, &left)) {
                struct rtattr *attribute;
                int rest; /* below zero behind an attribute without its padding */

                if (message->nlmsg_type != RTM_NEWLINK || message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
                        continue;
                rest = (int)IFLA_PAYLOAD(message);
                for (attribute = IFLA_RTA(NLMSG_DATA(message)); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest))
                        find_in_link(secrets, attribute);
        }
}

/* Where a structure of SMBIOS 3 has its serial numbers and asset tags: DMTF DSP0134, 7.2 to 7.5 and 7.18. */
static void find_smbios_strings(struct secrets *secrets, const unsigned char *start, size_t size, const char *strings,
                                size_t room)
{
        static const struct {
                unsigned char type, at;
        } places[] = { { 1, 0x07 }, { 2, 0x07 }, { 2, 0x08 },  { 3, 0x07 }, { 3, 0x08 },
                       { 4, 0x20 }, { 4, 0x21 }, { 17, 0x18 }, { 17, 0x19 } };

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                const char *string = strings;
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
                }
        }
        if (start[0] == 1 && size >= 0x18)
                secret_add(secrets, SECRET_BYTES, start + 8, 16);
}

static void find_smbios(struct secrets *secrets, const struct member *member)
{
        const unsigned char *bytes = (const unsigned char *)member->bytes;

        for (size_t at = 0; at + 4 <= member->size;) {
                size_t size = bytes[at + 1], strings = at + size, end = strings;

                if (size < 4 || strings >= member->size)
                        return;
                while (end + 1 < member->size && (bytes[end] || bytes[end + 1]))
                        end++;
                find_smbios_strings(secrets, bytes + at, size, member->bytes + strings, end - strings);
                at = end + 2;
        }
}

void redact_find(struct secrets *secrets, struct pool *pool, struct member *member)
{
        static const char *const serials[] = { "sys/*serial", "sys/*serial_number", "sys/*_uuid",     "sys/*asset_tag",
                                               "sys/*/wwid",  "sys/*/wwn*",         "sys/*/eui",      "sys/*/nguid",
                                               "sys/*/uuid",  "sys/*/unique_id",    "etc/machine-id", "var/lib/dbus/machine-id",
                                               NULL };
        static const char *const names[] = { "proc/sys/kernel/hostname", "etc/hostname", NULL };
        static const char *const tables[] = { "proc/*net/route", "proc/*net/tcp*", "proc/*net/udp*", NULL };
        static const char *const cmdlines[] = {
                "proc/cmdline", "etc/default/grub*", "etc/kernel/*", "boot/*grub*", "boot/*loader/*", "efi/loader/*", NULL
        };
        static const char *const places[] = { "etc/*",
                                              "proc/cmdline",
                                              "proc/*mount*",
                                              "boot/*",
                                              "run/*",
                                              "var/lib/plumbline/*",
                                              ".plumbline/ask/endpoint/*",
                                              ".plumbline/ask/journal/*",
                                              ".plumbline/evidence/*",
                                              NULL };

        if (member->kind != MEMBER_FILE)
                return;
        if (text_equals(member->path, ".plumbline/ask/rtnl/links"))
                find_links(secrets, pool, member);
        else if (text_equals(member->path, ".plumbline/ask/rtnl/addresses"))
                redact_answer(secrets, pool, member);
        else if (text_matches(member->path, "sys/firmware/dmi/*"))
                find_smbios(secrets, member);
        else if (!memchr(member->bytes, 0, member->size))
                find_cards(secrets, member->bytes, member->size);
        if (matches_any(member->path, tables))
                redact_table(secrets, pool, member);
        if (matches_any(member->path, serials))
                find_serial(secrets, member);
        if (matches_any(member->path, names))
                find_host_name(secrets, member);
        if (memchr(member->bytes, 0, member->size))
                return;
        if (matches_any(member->path, places)) {
                find_addresses(secrets, member->bytes);
                redact_disks(secrets, member->bytes);
        }
        if (matches_any(member->path, cmdlines))
                redact_parameters(secrets, pool, (struct slice){ member->bytes, member->size });
}
