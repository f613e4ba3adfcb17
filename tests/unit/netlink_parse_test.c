/* Raw netlink answers: whole, cut at every byte, and lying about their lengths. */

#include "probes/netlink_parse.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/unit/netlink_build.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

static void test_links(void)
{
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        const struct netlink_link *links;
        size_t count = 0;

        build_link(&room, 1, "lo", ARPHRD_LOOPBACK, NULL, NULL);
        build_link(&room, 2, "eth0", ARPHRD_ETHER, NULL, "p0");
        build_link(&room, 3, "eth0.15", ARPHRD_ETHER, "vlan", NULL);
        build_link(&room, 4, "ib0", ARPHRD_INFINIBAND, NULL, NULL);
        if (!EXPECT_NUMBER("whole", netlink_parse_links(pool, room.bytes, room.size, &links, &count), 0) ||
            !EXPECT_NUMBER("whole", count, 4))
                return;
        EXPECT_TEXT("name", links[0].name, "lo");
        EXPECT_TEXT("port", links[1].port_name, "p0");
        EXPECT_TEXT("no kind", links[1].kind, NULL);
        EXPECT_TEXT("kind without a NUL", links[2].kind, "vlan");
        EXPECT_NUMBER("type", links[3].type, ARPHRD_INFINIBAND);
        EXPECT_NUMBER("index", links[3].index, 4);
        EXPECT_NUMBER("nothing at all", netlink_parse_links(pool, room.bytes, 0, &links, &count), 0);
        EXPECT_NUMBER("nothing at all", count, 0);
}

/* Cut anywhere, an answer is whole messages or an error, and the results stay as they were on an error. The copy ends where the
 * answer ends, so that a sanitizer sees a step beyond it. */
static void test_links_cut(void)
{
        struct netlink_room room = { 0 };
        size_t first;

        build_link(&room, 1, "eth0", ARPHRD_ETHER, "bond", "p0");
        first = room.size;
        build_link(&room, 2, "eth1", ARPHRD_ETHER, NULL, NULL);
        for (size_t size = 1; size < room.size; size++) {
                autopool struct pool *pool = pool_new();
                autofree char *copy = memory_zero(size);
                const struct netlink_link *links = NULL;
                size_t count = 77;
                int r;

                memcpy(copy, room.bytes, size);
                r = netlink_parse_links(pool, copy, size, &links, &count);
                EXPECT_NUMBER("cut", r, size == first ? 0 : -EBADMSG);
                EXPECT_NUMBER("cut", count, size == first ? 1 : 77);
        }
}

/* Every byte of an answer turned to 0 and to 255: any result will do, but nothing may be read outside. */
static void test_links_damaged(void)
{
        struct netlink_room room = { 0 };

        build_link(&room, 1, "eth0", ARPHRD_ETHER, "bond", "p0");
        build_link(&room, 2, "eth1", ARPHRD_ETHER, NULL, NULL);
        for (size_t at = 0; at < room.size * 2; at++) {
                autopool struct pool *pool = pool_new();
                autofree char *copy = memory_zero(room.size);
                const struct netlink_link *links;
                size_t count;
                int r;

                memcpy(copy, room.bytes, room.size);
                copy[at / 2] = at % 2 ? (char)0xff : 0;
                r = netlink_parse_links(pool, copy, room.size, &links, &count);
                EXPECT("damaged", r == -EBADMSG || (r == 0 && count <= 2));
        }
}

static void test_linkmodes(void)
{
        static const struct {
                const char *name;
                uint32_t megabits;
                uint8_t duplex;
                unsigned modes[4];
                size_t mode_count;
                uint64_t speed, max_speed; /* Mb/s; 0 unknown */
                const char *duplex_text;
        } cases[] = {
                { "10 Gbit/s of 25", 10000, DUPLEX_FULL, { 12, 31, 6 }, 3, 10000, 25000, "full" },
                { "half duplex", 100, DUPLEX_HALF, { 3, 2 }, 2, 100, 100, "half" },
                { "driver says nothing", UINT32_MAX, DUPLEX_UNKNOWN, { 0 }, 0, 0, 0, NULL },
                { "zero is not a speed", 0, DUPLEX_FULL, { 5 }, 1, 0, 1000, "full" },
                { "only modes without speed", 1000, DUPLEX_FULL, { 6, 7, 13, 50 }, 4, 1000, 0, "full" },
                { "newest mode", 1600000, DUPLEX_FULL, { 121, 12 }, 2, 1600000, 1600000, "full" },
                { "mode that nobody knows yet", 10000, DUPLEX_FULL, { 12, 200, 255 }, 3, 10000, 10000, "full" },
                { "as much as fits", UINT32_MAX - 1, DUPLEX_FULL, { 0 }, 0, UINT32_MAX - 1, 0, "full" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                struct netlink_modes modes = { 0 };
                struct netlink_room room = { 0 };

                build_linkmodes(&room, cases[i].megabits, cases[i].duplex, cases[i].modes, cases[i].mode_count);
                EXPECT_NUMBER(cases[i].name, netlink_parse_linkmodes(room.bytes, room.size, &modes), 0);
                EXPECT_NUMBER(cases[i].name, modes.speed_known, cases[i].speed != 0);
                EXPECT_NUMBER(cases[i].name, modes.speed, cases[i].speed * 1000000);
                EXPECT_NUMBER(cases[i].name, modes.max_speed, cases[i].max_speed * 1000000);
                EXPECT_TEXT(cases[i].name, modes.duplex, cases[i].duplex_text);
        }
}

/* What the kernel sends when compact bitsets were not asked for. */
static void test_linkmodes_long_form(void)
{
        struct netlink_room room = { 0 };
        struct nlmsghdr *reply = build_reply(&room, ETHTOOL_MSG_LINKMODES_GET_REPLY);
        struct nlattr *bitset = mnl_attr_nest_start(reply, ETHTOOL_A_LINKMODES_OURS), *bits, *bit;
        struct netlink_modes modes = { 0 };

        bits = mnl_attr_nest_start(reply, ETHTOOL_A_BITSET_BITS);
        for (unsigned mode = 0; mode <= 48; mode += 12) {
                bit = mnl_attr_nest_start(reply, ETHTOOL_A_BITSET_BITS_BIT);
                mnl_attr_put_u32(reply, ETHTOOL_A_BITSET_BIT_INDEX, mode);
                mnl_attr_put_strz(reply, ETHTOOL_A_BITSET_BIT_NAME, "a name");
                mnl_attr_nest_end(reply, bit);
        }
        mnl_attr_nest_end(reply, bits);
        mnl_attr_nest_end(reply, bitset);
        build_finish(&room, reply);
        EXPECT_NUMBER(NULL, netlink_parse_linkmodes(room.bytes, room.size, &modes), 0);
        EXPECT_NUMBER(NULL, modes.max_speed, 100000000000); /* 36: 100000baseKR4 */
        EXPECT_NUMBER(NULL, modes.speed_known, false);
}

/* What the other end advertises comes without a mask. */
static void test_linkmodes_of_peer(void)
{
        static const uint32_t words[] = { 1U << 5 | 1U << 12, 0 };
        struct netlink_room room = { 0 };
        struct nlmsghdr *reply = build_reply(&room, ETHTOOL_MSG_LINKMODES_GET_REPLY);
        struct netlink_modes modes = { 0 };
        struct nlattr *bitset;

        bitset = mnl_attr_nest_start(reply, ETHTOOL_A_LINKMODES_PEER);
        mnl_attr_put(reply, ETHTOOL_A_BITSET_NOMASK, 0, NULL);
        mnl_attr_put_u32(reply, ETHTOOL_A_BITSET_SIZE, 64);
        mnl_attr_put(reply, ETHTOOL_A_BITSET_VALUE, sizeof words, words);
        mnl_attr_nest_end(reply, bitset);
        build_finish(&room, reply);
        EXPECT_NUMBER(NULL, netlink_parse_linkmodes(room.bytes, room.size, &modes), 0);
        EXPECT_NUMBER("the other end", modes.peer_speed, 10000000000);
        EXPECT_NUMBER("and not ours", modes.max_speed, 0);
}

static void test_linkmodes_damaged(void)
{
        struct netlink_room room = { 0 };

        build_linkmodes(&room, 10000, DUPLEX_FULL, (const unsigned[]){ 12, 31 }, 2);
        for (size_t size = 0; size < room.size; size++) {
                autofree char *copy = memory_zero(size);
                struct netlink_modes modes = { .speed = 77 };

                memcpy(copy, room.bytes, size);
                EXPECT_NUMBER("cut", netlink_parse_linkmodes(copy, size, &modes), -EBADMSG);
                EXPECT_NUMBER("cut", modes.speed, 77);
        }
        for (size_t at = 0; at < room.size * 2; at++) {
                autofree char *copy = memory_zero(room.size);
                struct netlink_modes modes = { 0 };
                int r;

                memcpy(copy, room.bytes, room.size);
                copy[at / 2] = at % 2 ? (char)0xff : 0;
                r = netlink_parse_linkmodes(copy, room.size, &modes);
                EXPECT("damaged", r == 0 || r == -EBADMSG);
        }
}

static void test_other_replies(void)
{
        struct netlink_room room = { 0 };
        struct netlink_modes modes;
        struct nlmsghdr *reply;
        bool up = false;
        int clock = 77;

        reply = build_reply(&room, ETHTOOL_MSG_LINKSTATE_GET_REPLY);
        build_finish(&room, reply);
        EXPECT_NUMBER("driver keeps silent", netlink_parse_linkstate(room.bytes, room.size, &up), -ENODATA);
        mnl_attr_put_u8(reply, ETHTOOL_A_LINKSTATE_LINK, 1);
        build_finish(&room, reply);
        EXPECT_NUMBER("link", netlink_parse_linkstate(room.bytes, room.size, &up), 0);
        EXPECT("link", up);
        EXPECT_TEXT("no reason", netlink_parse_no_link(room.bytes, room.size), NULL);
        mnl_attr_put_u8(reply, ETHTOOL_A_LINKSTATE_EXT_STATE, ETHTOOL_LINK_EXT_STATE_NO_CABLE);
        build_finish(&room, reply);
        EXPECT_TEXT("reason", netlink_parse_no_link(room.bytes, room.size), "no cable");
        mnl_attr_put_u8(reply, ETHTOOL_A_LINKSTATE_EXT_STATE, 200);
        build_finish(&room, reply);
        EXPECT_TEXT("a reason that nobody knows yet", netlink_parse_no_link(room.bytes, room.size), "no cable");
        EXPECT_TEXT("cut", netlink_parse_no_link(room.bytes, room.size - 1), NULL);
        EXPECT_NUMBER("another reply", netlink_parse_linkmodes(room.bytes, room.size, &modes), -EBADMSG);
        EXPECT_NUMBER("another reply", netlink_parse_tsinfo(room.bytes, room.size, &clock), -EBADMSG);

        reply = build_reply(&room, ETHTOOL_MSG_TSINFO_GET_REPLY);
        build_finish(&room, reply);
        EXPECT_NUMBER("no clock", netlink_parse_tsinfo(room.bytes, room.size, &clock), 0);
        EXPECT_NUMBER("no clock", clock, -1);
        mnl_attr_put_u32(reply, ETHTOOL_A_TSINFO_PHC_INDEX, 3);
        build_finish(&room, reply);
        EXPECT_NUMBER("clock", netlink_parse_tsinfo(room.bytes, room.size, &clock), 0);
        EXPECT_NUMBER("clock", clock, 3);
        reply->nlmsg_type = NLMSG_ERROR;
        EXPECT_NUMBER("an error in place of the reply", netlink_parse_tsinfo(room.bytes, room.size, &clock), -EBADMSG);
}

static const struct test tests[] = {
        { "links", test_links },
        { "links, cut", test_links_cut },
        { "links, damaged", test_links_damaged },
        { "link modes", test_linkmodes },
        { "link modes, long form", test_linkmodes_long_form },
        { "modes of the other end", test_linkmodes_of_peer },
        { "link modes, damaged", test_linkmodes_damaged },
        { "other replies", test_other_replies },
        { 0 },
};

const struct suite suite_netlink_parse = { "netlink_parse", tests };
