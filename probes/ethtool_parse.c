/* The raw replies of ethtool netlink. */

#include "probes/netlink_parse.h"

#include "probes/netlink_walk.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>

#define MEGABIT UINT64_C(1000000)

/* The one reply in an ethtool answer, if it is the reply to this command. */
static int find_reply(const void *bytes, size_t size, uint8_t command, struct walk *attrs)
{
        struct walk walk = { bytes, (const char *)bytes + size };
        const struct nlmsghdr *message;
        const struct genlmsghdr *generic;
        int r;

        r = walk_message(&walk, sizeof *generic, &message, attrs);
        if (r <= 0)
                return -EBADMSG;
        generic = mnl_nlmsg_get_payload(message);
        return message->nlmsg_type < NLMSG_MIN_TYPE || generic->cmd != command ? -EBADMSG : 0;
}

/* The speed of a link mode by its number, ETHTOOL_LINK_MODE_*_BIT (linux/ethtool.h, up to Linux 6.19). What is no speed (pause,
 * FEC, connectors) and what is newer is 0. */
static uint64_t mode_speed(uint32_t mode)
{
        static const struct {
                uint16_t first, last;
                uint32_t megabits;
        } table[] = {
                { 0, 1, 10 },       { 2, 3, 100 },        { 4, 5, 1000 },       { 12, 12, 10000 },    { 15, 15, 2500 },
                { 17, 17, 1000 },   { 18, 20, 10000 },    { 21, 22, 20000 },    { 23, 26, 40000 },    { 27, 30, 56000 },
                { 31, 33, 25000 },  { 34, 35, 50000 },    { 36, 39, 100000 },   { 40, 40, 50000 },    { 41, 41, 1000 },
                { 42, 46, 10000 },  { 47, 47, 2500 },     { 48, 48, 5000 },     { 52, 56, 50000 },    { 57, 61, 100000 },
                { 62, 66, 200000 }, { 67, 67, 100 },      { 68, 68, 1000 },     { 69, 73, 400000 },   { 75, 79, 100000 },
                { 80, 84, 200000 }, { 85, 89, 400000 },   { 90, 91, 100 },      { 92, 92, 10 },       { 93, 98, 800000 },
                { 99, 102, 10 },    { 103, 108, 200000 }, { 109, 114, 400000 }, { 115, 120, 800000 }, { 121, 124, 1600000 },
        };

        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (mode >= table[i].first && mode <= table[i].last)
                        return table[i].megabits * MEGABIT;
        return 0;
}

static void fastest(uint64_t *speed, uint32_t mode)
{
        if (mode_speed(mode) > *speed)
                *speed = mode_speed(mode);
}

/* The compact form: words of 32 bits in the byte order of the host. */
static void fastest_of_words(const struct nlattr *words, uint64_t *speed)
{
        const uint32_t *word = mnl_attr_get_payload(words);
        uint32_t count = mnl_attr_get_payload_len(words) / sizeof *word;

        for (uint32_t bit = 0; bit < count * 32; bit++)
                if (word[bit / 32] >> bit % 32 & 1)
                        fastest(speed, bit);
}

/* The long form: a nest for each bit. */
static int fastest_of_bits(const struct nlattr *bits, uint64_t *speed)
{
        struct walk walk = walk_nest(bits);
        const struct nlattr *bit, *attr;
        int r;

        while ((r = walk_next(&walk, &bit)) > 0) {
                struct walk inner = walk_nest(bit);
                uint32_t mode;

                if (mnl_attr_get_type(bit) != ETHTOOL_A_BITSET_BITS_BIT)
                        continue;
                while ((r = walk_next(&inner, &attr)) > 0)
                        if (mnl_attr_get_type(attr) == ETHTOOL_A_BITSET_BIT_INDEX && attr_u32(attr, &mode))
                                fastest(speed, mode);
                if (r < 0)
                        return r;
        }
        return r;
}

/* Of our own modes the mask holds what the port supports, the value what it advertises; of the other end's there is only a value, what it
 * advertises (ethtool-netlink.rst, LINKMODES_GET). words: which of the two is looked at; the long form names no other modes. */
static int parse_modes(const struct nlattr *bitset, uint16_t words, uint64_t *speed)
{
        struct walk walk = walk_nest(bitset);
        const struct nlattr *attr;
        int r;

        while ((r = walk_next(&walk, &attr)) > 0) {
                int inner = 0;

                if (mnl_attr_get_type(attr) == words)
                        fastest_of_words(attr, speed);
                else if (mnl_attr_get_type(attr) == ETHTOOL_A_BITSET_BITS)
                        inner = fastest_of_bits(attr, speed);
                if (inner < 0)
                        return inner;
        }
        return r;
}

static int parse_mode(const struct nlattr *attr, struct netlink_modes *modes)
{
        uint32_t megabits;
        uint8_t duplex;

        switch (mnl_attr_get_type(attr)) {
        case ETHTOOL_A_LINKMODES_OURS:
                return parse_modes(attr, ETHTOOL_A_BITSET_MASK, &modes->max_speed);
        case ETHTOOL_A_LINKMODES_PEER:
                return parse_modes(attr, ETHTOOL_A_BITSET_VALUE, &modes->peer_speed);
        case ETHTOOL_A_LINKMODES_SPEED:
                /* Some drivers say 0 rather than SPEED_UNKNOWN for a port that has not negotiated. */
                if (!attr_u32(attr, &megabits) || megabits == 0 || megabits == (uint32_t)SPEED_UNKNOWN)
                        return 0;
                modes->speed_known = true;
                modes->speed = megabits * MEGABIT;
                return 0;
        case ETHTOOL_A_LINKMODES_DUPLEX:
                if (attr_u8(attr, &duplex))
                        modes->duplex = duplex == DUPLEX_FULL ? "full" : duplex == DUPLEX_HALF ? "half" : NULL;
                return 0;
        default:
                return 0;
        }
}

int netlink_parse_linkmodes(const void *bytes, size_t size, struct netlink_modes *modes)
{
        struct netlink_modes found = { 0 };
        const struct nlattr *attr;
        struct walk attrs;
        int r;

        r = find_reply(bytes, size, ETHTOOL_MSG_LINKMODES_GET_REPLY, &attrs);
        if (r < 0)
                return r;
        while ((r = walk_next(&attrs, &attr)) > 0) {
                r = parse_mode(attr, &found);
                if (r < 0)
                        return r;
        }
        if (r < 0)
                return r;
        *modes = found;
        return 0;
}

int netlink_parse_linkstate(const void *bytes, size_t size, bool *up)
{
        const struct nlattr *attr;
        struct walk attrs;
        bool said = false;
        uint8_t link = 0;
        int r;

        r = find_reply(bytes, size, ETHTOOL_MSG_LINKSTATE_GET_REPLY, &attrs);
        if (r < 0)
                return r;
        while ((r = walk_next(&attrs, &attr)) > 0)
                if (mnl_attr_get_type(attr) == ETHTOOL_A_LINKSTATE_LINK && attr_u8(attr, &link))
                        said = true;
        if (r < 0)
                return r;
        if (!said)
                return -ENODATA;
        *up = link != 0;
        return 0;
}

/* enum ethtool_link_ext_state (linux/ethtool.h, since 5.9). */
const char *netlink_parse_no_link(const void *bytes, size_t size)
{
        static const char *const words[] = {
                "autonegotiation failed",
                "link training failed",
                "the two ends do not match",
                "bad signal integrity",
                "no cable",
                "cable issue",
                "EEPROM issue",
                "calibration failed",
                "the power budget is exceeded",
                "overheated",
                "the module does not work",
        };
        const struct nlattr *attr;
        const char *why = NULL;
        struct walk attrs;
        uint8_t state;

        if (find_reply(bytes, size, ETHTOOL_MSG_LINKSTATE_GET_REPLY, &attrs) < 0)
                return NULL;
        while (walk_next(&attrs, &attr) > 0)
                if (mnl_attr_get_type(attr) == ETHTOOL_A_LINKSTATE_EXT_STATE && attr_u8(attr, &state) &&
                    state < sizeof words / sizeof words[0])
                        why = words[state];
        return why;
}

int netlink_parse_tsinfo(const void *bytes, size_t size, int *clock)
{
        const struct nlattr *attr;
        uint32_t index = UINT32_MAX;
        struct walk attrs;
        int r;

        r = find_reply(bytes, size, ETHTOOL_MSG_TSINFO_GET_REPLY, &attrs);
        if (r < 0)
                return r;
        while ((r = walk_next(&attrs, &attr)) > 0)
                if (mnl_attr_get_type(attr) == ETHTOOL_A_TSINFO_PHC_INDEX)
                        attr_u32(attr, &index);
        if (r < 0)
                return r;
        *clock = index <= INT32_MAX ? (int)index : -1;
        return 0;
}
