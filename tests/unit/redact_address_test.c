/* Addresses in what a capture holds: none is left, and what becomes of one is the same everywhere. */

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"
#include "tests/support/expect.h"
#include "tests/unit/netlink_build.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER ".plumbline/ask/rtnl/addresses"

static struct member text_member(const char *path, const char *text)
{
        return (struct member){ path, MEMBER_FILE, true, text, strlen(text), 0 };
}

static const struct member *find(const struct member *rows, const char *path)
{
        while (!text_equals(rows->path, path))
                rows++;
        return rows;
}

/* "10.0.0.4/24 fd00::1/64" of an answer. */
static const char *words_of(struct pool *pool, const struct member *member)
{
        autobuffer struct text_buffer text = { 0 };
        const struct netlink_address *rows = NULL;
        size_t count = 0;

        EXPECT_NUMBER("whole", netlink_parse_addresses(pool, member->bytes, member->size, &rows, &count), 0);
        for (size_t i = 0; i < count; i++) {
                char word[INET6_ADDRSTRLEN];

                inet_ntop(rows[i].family, rows[i].bytes, word, sizeof word);
                text_addf(&text, "%s%s/%u", i ? " " : "", word, rows[i].prefix);
        }
        return pool_dup(pool, text.at ? text.at : "");
}

static bool holds_bytes(const struct member *member, const char *address)
{
        int family = strchr(address, ':') ? AF_INET6 : AF_INET;
        unsigned char bytes[16];

        return inet_pton(family, address, bytes) == 1 && memmem(member->bytes, member->size, bytes, family == AF_INET ? 4 : 16);
}

/* One address of each interface, so that the answer is in their order. */
static const char *const addresses[] = { "10.20.30.40",    "10.20.30.41",        "192.0.2.255",
                                         "8.8.8.8",        "fd12:3456::17",      "fe80::5054:ff:feab:cdef",
                                         "2001:db8:0:1::", "::ffff:10.20.30.40", "64:ff9b::808:808" };
#define ADDRESSES (sizeof addresses / sizeof addresses[0])

/* The answer says the same as the texts in other files. */
static void test_everywhere(void)
{
        autopool struct pool *pool = pool_new();
        autobuffer struct text_buffer text = { 0 }, want = { 0 };
        struct netlink_room room = { 0 };
        const struct member *answer;
        struct member rows[3];
        struct slice word;
        const char *after;

        for (size_t i = 0; i < ADDRESSES; i++) {
                const char *local = strchr(addresses[i], ':') ? NULL : addresses[i];

                build_address(&room, &(struct build_address){ (unsigned)i + 2, local, addresses[i], 24, 0, 0, 0 });
                text_addf(&text, "%s ", addresses[i]);
        }
        rows[0] = (struct member){ ANSWER, MEMBER_FILE, true, room.bytes, room.size, 0 };
        rows[1] = text_member("somewhere/else", text.at);
        rows[2] = text_member("else/10.20.30.40/x", "10.20.30.40:80 [fd12:3456::17]:80 110.20.30.40 10.20.30.401 10.20.30.4");
        redact(pool, rows, 3, NULL);
        after = find(rows, "somewhere/else")->bytes;
        EXPECT_NUMBER("as long as before", strlen(after), text.size);
        for (size_t i = 0; text_word(&after, " ", &word); i++) {
                const char *new = slice_dup(pool, word);

                EXPECT(addresses[i], !text_equals(new, addresses[i]));
                text_addf(&want, "%s%s/24", i ? " " : "", new);
        }
        answer = find(rows, ANSWER);
        EXPECT_NUMBER("as long as before", answer->size, room.size);
        EXPECT_TEXT("the answer says what the texts say", words_of(pool, answer), want.at);
        for (size_t k = 0; k < 3; k++)
                for (size_t i = 0; i < ADDRESSES; i++) {
                        EXPECT(addresses[i], !holds_bytes(&rows[k], addresses[i]));
                        EXPECT(addresses[i], !strstr(rows[k].path, addresses[i]));
                }
        EXPECT("others stay", strstr(find(rows, rows[1].path)->bytes, " 110.20.30.40 10.20.30.401 10.20.30.4") ||
                                      strstr(rows[2].bytes, " 110.20.30.40 10.20.30.401 10.20.30.4"));
}

/* What is the same on every host stays, and so does what tells the kind of an address. */
static void test_kinds(void)
{
        static const struct {
                const char *from, *start;
        } cases[] = {
                { "127.0.0.53", "127.0.0.53/" },
                { "::1", "::1/" },
                { "fe80::5054:1", "fe80::" },
                { "ff02::1:2", "ff02::" },
                { "fd12:3456::17", "fd" },
                { "2001:db8::17", "20" },
                { "::ffff:127.0.0.1", "::ffff:127.0.0.1/" },
        };
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        struct member row;
        const char *words;
        struct slice word;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                build_address(&room, &(struct build_address){ (unsigned)i + 1, NULL, cases[i].from, 8, 0, 0, 0 });
        row = (struct member){ ANSWER, MEMBER_FILE, true, room.bytes, room.size, 0 };
        redact(pool, &row, 1, NULL);
        words = words_of(pool, &row);
        for (size_t i = 0; text_word(&words, " ", &word); i++)
                EXPECT(cases[i].from, text_starts(slice_dup(pool, word), cases[i].start));
}

/* One network stays one network, and no two addresses become one: nobody may count fewer than there were. */
static void test_one_to_one(void)
{
        enum { COUNT = 1024 };
        autopool struct pool *pool = pool_new();
        autobuffer struct text_buffer text = { 0 };
        const char *seen[COUNT] = { NULL }, *before, *after, *last;
        bool others = false;
        struct slice word;
        struct member row;
        size_t count = 0;

        for (unsigned i = 0; i < COUNT / 4; i++)
                text_addf(&text, "10.20.30.%u 198.51.%u.7 fe80::%x 2001:db8:%x::7\n", i, i, i + 1, i + 1);
        before = text.at;
        row = text_member("etc/addresses", before);
        redact(pool, &row, 1, NULL);
        after = row.bytes;
        while (count < COUNT && text_word(&after, " \n", &word))
                seen[count++] = slice_dup(pool, word);
        EXPECT_NUMBER("all", count, COUNT);
        last = strrchr(seen[0], '.');
        for (size_t i = 0; i < count; i++) {
                unsigned char bytes[16];

                EXPECT("none stays", text_word(&before, " \n", &word) && !slice_equals(word, seen[i]));
                EXPECT("an address", inet_pton(i % 4 < 2 ? AF_INET : AF_INET6, seen[i], bytes) == 1);
                if (i % 4 == 0)
                        EXPECT("the network", !strncmp(seen[i], seen[0], (size_t)(last - seen[0]) + 1));
                if (i % 4 == 1)
                        others = others || !text_equals(strrchr(seen[i], '.'), strrchr(seen[1], '.'));
                for (size_t k = 0; k < i; k++)
                        if (text_equals(seen[k], seen[i]))
                                EXPECT(seen[i], false);
        }
        EXPECT("a number says nothing of the same in another network", others);
}

/* Behind a lie, and in what nobody knows, anything may stand. */
static void test_damaged(void)
{
        static const struct {
                const char *name;
                unsigned type, size; /* what an attribute says of its size; 0: leave it */
                size_t cut;
        } cases[] = {
                { "cut in the second message", 0, 0, 10 },
                { "cut in its attributes", 0, 0, 24 },
                { "an attribute beyond the message", IFA_ADDRESS, 4000, 0 },
                { "an attribute of no length at all", IFA_ADDRESS, 1, 0 },
                { "an address of another size", IFA_ADDRESS, 4 + 20, 0 },
                { "an attribute nobody knows", 4000, 4 + 20, 0 },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct netlink_room room = { 0 };
                struct nlattr *attr;
                struct member row;

                build_address(&room, &(struct build_address){ 2, "10.20.30.40", "10.20.30.40", 24, 0, 0, 0 });
                build_address(&room, &(struct build_address){ 3, NULL, "fd12:3456::17", 64, 0, 0, 0 });
                attr = mnl_nlmsg_get_payload_offset((void *)room.bytes, sizeof(struct ifaddrmsg));
                while (cases[i].size && mnl_attr_get_type(attr) != cases[i].type)
                        attr = mnl_attr_next(attr);
                if (cases[i].size)
                        attr->nla_len = (uint16_t)cases[i].size;
                row = (struct member){ ANSWER, MEMBER_FILE, true, room.bytes, room.size - cases[i].cut, 0 };
                redact(pool, &row, 1, NULL);
                EXPECT_NUMBER(cases[i].name, row.size, room.size - cases[i].cut);
                EXPECT(cases[i].name, !holds_bytes(&row, "10.20.30.40"));
                EXPECT(cases[i].name, !holds_bytes(&row, "fd12:3456::17"));
                EXPECT(cases[i].name, !memmem(row.bytes, row.size, "\xfd\x12\x34\x56", 4));
        }
}

/* A list that ends within the padding of its last message ends there. */
static void test_odd_ends(void)
{
        static const char *const paths[] = { ANSWER, ".plumbline/ask/rtnl/links" };

        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
                for (size_t size = 1; size < 80; size++) {
                        autopool struct pool *pool = pool_new();
                        struct netlink_room room = { 0 };
                        struct nlmsghdr *message = (void *)room.bytes;
                        struct member row = { paths[i], MEMBER_FILE, true, room.bytes, size, 0 };

                        build_address(&room, &(struct build_address){ 2, "10.20.30.40", "10.20.30.40", 24, 0, 0, 0 });
                        message->nlmsg_type = i ? RTM_NEWLINK : RTM_NEWADDR;
                        message->nlmsg_len = (uint32_t)size;
                        redact(pool, &row, 1, NULL);
                        EXPECT_NUMBER(paths[i], row.size, size);
                }
}

/* A tunnel: its own end where others have the address of a card, both ends in what its kind says, and a name that stays. */
static void test_links(void)
{
        static const unsigned char ends[] = { 10, 20, 30, 40, 10, 20, 30, 41 };
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        struct nlmsghdr *message = (void *)room.bytes;
        const struct netlink_link *links = NULL;
        struct nlattr *info, *nest;
        struct member row;
        size_t count = 0;

        build_link(&room, 2, "gre1", 778, NULL, NULL);
        mnl_attr_put(message, IFLA_ADDRESS, 4, ends);
        mnl_attr_put(message, IFLA_BROADCAST, 4, ends + 4);
        info = mnl_attr_nest_start(message, IFLA_LINKINFO);
        mnl_attr_put_strz(message, IFLA_INFO_KIND, "gre");
        nest = mnl_attr_nest_start(message, IFLA_INFO_DATA);
        mnl_attr_put(message, 6, 4, ends);
        mnl_attr_put(message, 7, 4, ends + 4);
        mnl_attr_nest_end(message, nest);
        mnl_attr_nest_end(message, info);
        nest = mnl_attr_nest_start(message, IFLA_AF_SPEC);
        mnl_attr_put(message, 1, 4, ends);
        mnl_attr_nest_end(message, nest);
        mnl_attr_put(message, IFLA_PHYS_SWITCH_ID, 8, "\x98\x03\x9b\xff\xfe\x12\x34\x56");
        mnl_attr_put_strz(message, IFLA_IFALIAS, "to ny4-07");
        room.size = message->nlmsg_len;
        build_link(&room, 3, "eth0", 1, "vlan", "p0");
        row = (struct member){ ".plumbline/ask/rtnl/links", MEMBER_FILE, true, room.bytes, room.size, 0 };
        redact(pool, &row, 1, NULL);
        EXPECT("no end of the tunnel", !holds_bytes(&row, "10.20.30.40") && !holds_bytes(&row, "10.20.30.41"));
        EXPECT("no switch", !memmem(row.bytes, row.size, "\x12\x34\x56", 3));
        EXPECT("no alias", !memmem(row.bytes, row.size, "ny4", 3));
        EXPECT_NUMBER("whole", netlink_parse_links(pool, row.bytes, row.size, &links, &count), 0);
        if (!EXPECT_NUMBER("both", count, 2))
                return;
        EXPECT_TEXT("name", links[0].name, "gre1");
        EXPECT_TEXT("kind", links[0].kind, "gre");
        EXPECT_NUMBER("type", links[0].type, 778);
        EXPECT_TEXT("kind", links[1].kind, "vlan");
        EXPECT_TEXT("port", links[1].port_name, "p0");
}

/* The name of an interface is not the host's; what stands behind its colon, somebody wrote. */
static void test_label(void)
{
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        struct nlmsghdr *message = (void *)room.bytes;
        struct member row;

        build_address(&room, &(struct build_address){ 1, NULL, "10.20.30.40", 8, 0, 0, 0 });
        mnl_attr_put_strz(message, IFA_LABEL, "eth0:ny4-mgmt");
        room.size = message->nlmsg_len;
        row = (struct member){ ANSWER, MEMBER_FILE, true, room.bytes, room.size, 0 };
        redact(pool, &row, 1, NULL);
        EXPECT("the interface", memmem(row.bytes, row.size, "eth0", 4));
        EXPECT("nothing behind it", !memmem(row.bytes, row.size, "mgmt", 4));
}

/* Behind the last attribute of a card, in a message of another kind, and behind the last message. */
static void test_leftovers(void)
{
        static const char secret[] = "of ny4-07";

        for (unsigned kind = 0; kind < 3; kind++) {
                autopool struct pool *pool = pool_new();
                struct netlink_room room = { 0 };
                struct nlmsghdr *message = (void *)room.bytes;
                struct member row;

                build_link(&room, 2, "eth0", 1, NULL, NULL);
                memcpy(room.bytes + room.size, secret, sizeof secret);
                room.size += sizeof secret;
                if (kind < 2)
                        message->nlmsg_len = (uint32_t)room.size;
                if (kind == 1)
                        message->nlmsg_type = RTM_DELLINK;
                row = (struct member){ ".plumbline/ask/rtnl/links", MEMBER_FILE, true, room.bytes, room.size, 0 };
                redact(pool, &row, 1, NULL);
                EXPECT_NUMBER("size", row.size, room.size);
                EXPECT("nothing left", !memmem(row.bytes, row.size, "ny4", 3));
        }
}

/* The kernel's tables print the words of an address as numbers. */
static void test_tables(void)
{
        static const char route[] = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
                                    "eth0\t00000000\t011E140A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                    "0A141E28\t001E140A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n";
        static const char tcp[] = "  sl  local_address rem_address   st tx_queue rx_queue\n"
                                  "   0: 281E140A:0016 0100007F:BEEF 01 0A141E28:0A141E28 00:00000000\n"
                                  "   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 0A141E28 1000\n";
        static const char tcp6[] = "   0: 563412FD000000000000000017000000:0016 0000000000000000FFFF0000281E140A:0016 0A 0:0\n"
                                   "   1: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0\n";
        autopool struct pool *pool = pool_new();
        struct member rows[] = {
                text_member("proc/7/net/route", route),
                text_member("proc/7/net/tcp", tcp),
                text_member("proc/net/tcp6", tcp6),
                text_member("etc/address", "10.20.30.40"),
        };
        const char *text;
        unsigned char four[4];
        char hex[9];

        redact(pool, rows, 4, NULL);
        text = find(rows, "proc/7/net/route")->bytes;
        EXPECT("no gateway", !strstr(text, "011E140A") && !strstr(text, "001E140A"));
        EXPECT("the default route", strstr(text, "\neth0\t00000000\t"));
        EXPECT("name and mask", strstr(text, "\n0A141E28\t") && strstr(text, "\t00FFFFFF\t0\t0\t0\n"));
        EXPECT_NUMBER("inet_pton", inet_pton(AF_INET, find(rows, "etc/address")->bytes, four), 1);
        snprintf(hex, sizeof hex, "%02X%02X%02X%02X", four[3], four[2], four[1], four[0]);
        text = find(rows, "proc/7/net/tcp")->bytes;
        EXPECT("no address", !strstr(text, "281E140A"));
        EXPECT("the one that became of it", strstr(text, hex));
        EXPECT("counters and the loopback", strstr(text, ":0016 0100007F:BEEF 01 0A141E28:0A141E28 00:00000000\n"));
        EXPECT("any address", strstr(text, "1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 0A141E28 1000\n"));
        text = find(rows, "proc/net/tcp6")->bytes;
        EXPECT("no address", !strstr(text, "563412FD") && !strstr(text, "281E140A"));
        EXPECT("the same in IPv6", strstr(text, hex));
        EXPECT("its own", strstr(text, "1: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000"));
}

static const struct test tests[] = {
        { "everywhere the same", test_everywhere },
        { "kinds", test_kinds },
        { "one to one", test_one_to_one },
        { "damaged", test_damaged },
        { "odd ends", test_odd_ends },
        { "links", test_links },
        { "label", test_label },
        { "leftovers", test_leftovers },
        { "tables", test_tables },
        { 0 },
};

const struct suite suite_redact_address = { "redact_address", tests };
