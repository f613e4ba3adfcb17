/* Raw answers about addresses: whole, cut at every byte, and lying about their lengths. */

#include "probes/netlink_parse.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/unit/netlink_build.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

#define UNIVERSE RT_SCOPE_UNIVERSE

/* All rows in one text: "2:10.0.0.4/24+80" is interface, address, network and flags. */
static const char *said(struct pool *pool, const void *bytes, size_t size, int *result)
{
        const struct netlink_address *rows = NULL;
        struct text_buffer text = { 0 };
        const char *copy;
        size_t count = 0;

        *result = netlink_parse_addresses(pool, bytes, size, &rows, &count);
        for (size_t i = 0; i < count; i++) {
                char word[INET6_ADDRSTRLEN];

                inet_ntop(rows[i].family, rows[i].bytes, word, sizeof word);
                text_addf(&text, "%s%u:%s/%u+%x", i ? " " : "", rows[i].index, word, rows[i].prefix, rows[i].flags);
        }
        copy = pool_dup(pool, text.at ? text.at : "");
        text_buffer_free(&text);
        return copy;
}

static void test_parse(void)
{
        static const struct {
                const char *name;
                struct build_address address;
                int r;
                const char *want;
        } cases[] = {
                { "IPv4", { 2, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0x80, 0x80 }, 0, "2:10.0.0.4/24+80" },
                { "the other end is not ours", { 2, "10.0.0.1", "192.0.2.9", 24, UNIVERSE, 0, 0 }, 0, "2:10.0.0.1/32+0" },
                { "IPv6", { 2, NULL, "fe80::1", 64, RT_SCOPE_LINK, 0x80, 0x80 }, 0, "2:fe80::1/64+80" },
                { "the other end of IPv6", { 2, "fd00::1", "fd00::2", 64, UNIVERSE, 0, 0 }, 0, "2:fd00::1/128+0" },
                { "more flags than the header has room for",
                  { 2, NULL, "fd00::1", 64, UNIVERSE, 0x80, 0x880 },
                  0,
                  "2:fd00::1/64+880" },
                { "the flags count, not the header's", { 2, NULL, "fd00::1", 64, UNIVERSE, 0x40, 8 }, 0, "2:fd00::1/64+8" },
                { "only the header's", { 2, NULL, "fd00::1", 64, UNIVERSE, 0x40, NO_FLAGS }, 0, "2:fd00::1/64+40" },
                { "0.0.0.0, of which the kernel says nothing", { 2, NULL, NULL, 24, UNIVERSE, 0, 0 }, 0, "" },
                { "33 bits of 32", { 2, "10.0.0.4", "10.0.0.4", 33, UNIVERSE, 0, 0 }, -EBADMSG, "" },
                { "129 bits of 128", { 2, NULL, "fd00::1", 129, UNIVERSE, 0, 0 }, -EBADMSG, "" },
                { "an address of IPv6 in a message of IPv4", { 2, "10.0.0.4", "fd00::1", 24, UNIVERSE, 0, 0 }, -EBADMSG, "" },
                { "an address of IPv4 in a message of IPv6", { 2, "fd00::1", "10.0.0.4", 24, UNIVERSE, 0, 0 }, -EBADMSG, "" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct netlink_room room = { 0 };
                const char *have;
                int r;

                build_address(&room, &cases[i].address);
                have = said(pool, room.bytes, room.size, &r);
                EXPECT_NUMBER(cases[i].name, r, cases[i].r);
                EXPECT_TEXT(cases[i].name, have, cases[i].want);
        }
}

/* What is no address of IP is passed over, also where its attributes are of other sizes; and the order is always the same. */
static void test_many_kinds(void)
{
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        struct nlmsghdr *first;
        const char *have;
        int r;

        build_address(&room, &(struct build_address){ 7, NULL, "fd00::1", 64, UNIVERSE, 0, 0 });
        first = (void *)room.bytes;
        ((struct ifaddrmsg *)mnl_nlmsg_get_payload(first))->ifa_family = 45; /* AF_MCTP */
        build_link(&room, 3, "eth0", 1, NULL, NULL);
        build_address(&room, &(struct build_address){ 3, NULL, "fd00::1", 64, UNIVERSE, 0, 0 });
        build_address(&room, &(struct build_address){ 3, "192.0.2.4", "192.0.2.4", 24, UNIVERSE, 0, 0 });
        build_address(&room, &(struct build_address){ 3, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0, 0 });
        build_address(&room, &(struct build_address){ 3, "10.0.0.4", "10.0.0.4", 16, UNIVERSE, 0, 0 });
        build_address(&room, &(struct build_address){ 2, NULL, "fe80::1", 64, UNIVERSE, 0, 0 });
        have = said(pool, room.bytes, room.size, &r);
        EXPECT_NUMBER("several", r, 0);
        EXPECT_TEXT("several", have, "2:fe80::1/64+0 3:10.0.0.4/16+0 3:10.0.0.4/24+0 3:192.0.2.4/24+0 3:fd00::1/64+0");
        have = said(pool, room.bytes, 0, &r);
        EXPECT_NUMBER("none at all", r, 0);
        EXPECT_TEXT("none at all", have, "");
}

/* Cut anywhere but between two messages it is no answer; with any byte changed nothing is read outside of it. */
static void test_damaged(void)
{
        struct netlink_room room = { 0 };
        size_t first;
        int r;

        build_address(&room, &(struct build_address){ 2, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0x80, 0x80 });
        first = room.size;
        build_address(&room, &(struct build_address){ 3, NULL, "fd00::1", 64, UNIVERSE, 0x80, 0x80 });
        for (size_t size = 1; size < room.size; size++) {
                autopool struct pool *pool = pool_new();
                autofree char *copy = memory_zero(size);
                const char *have;

                memcpy(copy, room.bytes, size);
                have = said(pool, copy, size, &r);
                EXPECT_NUMBER("cut", r, size == first ? 0 : -EBADMSG);
                EXPECT_TEXT("cut", have, size == first ? "2:10.0.0.4/24+80" : "");
        }
        for (size_t at = 0; at < room.size * 2; at++) {
                autopool struct pool *pool = pool_new();
                autofree char *copy = memory_zero(room.size);

                memcpy(copy, room.bytes, room.size);
                copy[at / 2] = at % 2 ? (char)0xff : 0;
                said(pool, copy, room.size, &r);
                EXPECT("damaged", r == 0 || r == -EBADMSG);
        }
}

/* Each lies about one length: of an attribute of the first message, or of the flags. */
static void test_lies(void)
{
        static const struct {
                const char *name;
                unsigned type, size;
        } cases[] = {
                { "an address of three bytes", IFA_LOCAL, 3 },
                { "an address of no bytes", IFA_ADDRESS, 0 },
                { "an address beyond the message", IFA_ADDRESS, 4000 },
                { "flags of two bytes", IFA_FLAGS, 2 },
                { "an attribute beyond the message that nobody knows", 4000, 60000 },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct netlink_room room = { 0 };
                struct nlmsghdr *message = (void *)room.bytes;
                struct nlattr *attr;
                const char *have;
                int r;

                build_address(&room, &(struct build_address){ 2, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0x80, 0x80 });
                build_address(&room, &(struct build_address){ 2, "10.0.0.5", "10.0.0.5", 24, UNIVERSE, 0x80, 0x80 });
                attr = mnl_nlmsg_get_payload_offset(message, sizeof(struct ifaddrmsg));
                while (mnl_attr_get_type(attr) != cases[i].type)
                        attr = mnl_attr_next(attr);
                attr->nla_len = (uint16_t)(MNL_ATTR_HDRLEN + cases[i].size);
                have = said(pool, room.bytes, room.size, &r);
                EXPECT_NUMBER(cases[i].name, r, -EBADMSG);
                EXPECT_TEXT(cases[i].name, have, "");
        }
}

static const struct test tests[] = {
        { "whole", test_parse },
        { "several kinds", test_many_kinds },
        { "damaged", test_damaged },
        { "lying", test_lies },
        { 0 },
};

const struct suite suite_netlink_address = { "netlink_address", tests };
