/* Addresses of interfaces: what the probe says of the kernel's answer. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/netlink_build.h"
#include "tests/unit/probe_facts.h"

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]
#define ANSWER     "/.plumbline/ask/rtnl/addresses"
#define UNIVERSE   RT_SCOPE_UNIVERSE

static void add_interface(struct tree *tree, const char *name, bool port)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/sys/class/net/%s/operstate", name), "up\n");
        if (port)
                tree_file(tree, pool_format(pool, "/sys/class/net/%s/device/vendor", name), "0x8086\n");
        else
                tree_file(tree, pool_format(pool, "/sys/class/net/%s/uevent", name), "DEVTYPE=bond\n");
}

/* eth2 is one of another network namespace. */
static struct tree *make_tree(void)
{
        struct netlink_room room = { 0 };
        struct tree *tree = tree_new();

        add_interface(tree, "eth0", true);
        add_interface(tree, "eth1", true);
        add_interface(tree, "eth2", true);
        add_interface(tree, "bond0", false);
        build_link(&room, 1, "lo", ARPHRD_LOOPBACK, NULL, NULL);
        build_link(&room, 3, "eth1", ARPHRD_ETHER, NULL, NULL);
        build_link(&room, 20, "bond0", ARPHRD_ETHER, "bond", NULL);
        build_link(&room, 2, "eth0", ARPHRD_ETHER, NULL, NULL);
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", room.bytes, room.size);
        return tree;
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_nic);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_facts(void)
{
        static const struct build_address addresses[] = {
                { 1, "127.0.0.1", "127.0.0.1", 8, RT_SCOPE_HOST, 0x80, 0x80 },
                { 1, "203.0.113.7", "203.0.113.7", 32, UNIVERSE, 0x80, 0x80 },
                { 2, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0x80, 0x80 },
                { 2, NULL, "fe80::1", 64, RT_SCOPE_LINK, 0x80, 0x80 },
                { 20, "10.9.0.1", "10.9.0.2", 32, UNIVERSE, 0x80, 0x80 },
                { 20, "10.8.0.1", "10.8.0.1", 16, UNIVERSE, 0x81, 0x81 },
        };
        static const struct fact_row rows[] = {
                { "nic.eth0.addresses", "10.0.0.4/24 fe80::1/64" },
                { "nic.eth1.addresses", "" },
                { "nic.eth2.addresses", "unreadable ENODATA" },
                { "interface.bond0.addresses", "10.8.0.1/16 10.9.0.1/32" },
                { "nic.bond0.addresses", "none" },
                { "interface.eth0.addresses", "none" },
                /* With that of the loopback interface that others speak to. */
                { "net.addresses", "10.0.0.4/24 10.8.0.1/16 10.9.0.1/32 203.0.113.7/32" },
        };
        static const struct fact_row silent[] = {
                { "nic.eth0.addresses", "unreadable ENODATA" },
                { "interface.bond0.addresses", "unreadable ENODATA" },
                { "net.addresses", "unreadable ENODATA" },
        };
        static const struct fact_row cut[] = {
                { "nic.eth0.addresses", "unreadable EBADMSG" },
                { "nic.eth1.addresses", "unreadable EBADMSG" },
                { "interface.bond0.addresses", "unreadable EBADMSG" },
                { "net.addresses", "unreadable EBADMSG" },
        };
        struct netlink_room room = { 0 };
        struct tree *tree = make_tree();
        struct facts *facts;

        for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
                build_address(&room, &addresses[i]);
        tree_bytes(tree, ANSWER, room.bytes, room.size);
        facts = probe_facts(tree_host(tree), &probe_nic);
        EXPECT_TEXT("the second in its network is not temporary", fact_find(facts, "interface.bond0.addresses")->note, NULL);
        facts_free(facts);
        check("addresses", tree, ROWS(rows));
        tree = make_tree();
        tree_bytes(tree, ANSWER, room.bytes, room.size - 4);
        check("cut short", tree, ROWS(cut));
        check("no answer", make_tree(), ROWS(silent));
}

/* A port that is switched off keeps its addresses, and nobody can speak to them. Without a list of links that is not known. */
static void test_switched_off(void)
{
        static const struct fact_row rows[] = {
                { "nic.eth0.addresses", "" },
                { "nic.eth1.addresses", "10.0.0.5/24" },
                { "net.addresses", "10.0.0.5/24" },
        };
        static const struct fact_row unlisted[] = { { "net.addresses", "10.0.0.4/24 10.0.0.5/24" } };
        struct netlink_room room = { 0 }, links = { 0 };
        struct tree *tree = make_tree();
        struct ifinfomsg *header;
        struct facts *facts;

        build_address(&room, &(struct build_address){ 2, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0x80, 0x80 });
        build_address(&room, &(struct build_address){ 3, "10.0.0.5", "10.0.0.5", 24, UNIVERSE, 0x80, 0x80 });
        build_link(&links, 2, "eth0", ARPHRD_ETHER, NULL, NULL);
        header = NLMSG_DATA((struct nlmsghdr *)(void *)links.bytes);
        header->ifi_flags = 0;
        build_link(&links, 3, "eth1", ARPHRD_ETHER, NULL, NULL);
        tree_bytes(tree, ANSWER, room.bytes, room.size);
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", links.bytes, links.size);
        facts = probe_facts(tree_host(tree), &probe_nic);
        expect_facts("switched off", facts, ROWS(rows));
        EXPECT_TEXT("it is named", fact_find(facts, "net.addresses")->note,
                    "10.0.0.4/24 is not in use: its interface is switched off");
        EXPECT_TEXT("of the port as well", fact_find(facts, "nic.eth0.addresses")->note,
                    "10.0.0.4/24 is not in use: its interface is switched off");
        facts_free(facts);
        tree_remove(tree, "/.plumbline/ask/rtnl/links");
        check("no list of links", tree, ROWS(unlisted));
}

/* What nobody can speak to is not among the addresses, and is told beside them. */
static void test_not_in_use(void)
{
        static const struct {
                unsigned flags;
                const char *words, *note;
        } cases[] = {
                { IFA_F_PERMANENT, "fd00::1/64", NULL },
                { IFA_F_TENTATIVE, "", "fd00::1/64 is not in use: not yet known to be free" },
                { IFA_F_TENTATIVE | IFA_F_OPTIMISTIC, "fd00::1/64", NULL },
                { IFA_F_DADFAILED | IFA_F_TENTATIVE, "", "fd00::1/64 is not in use: another host has it" },
                { IFA_F_DADFAILED | IFA_F_OPTIMISTIC, "", "fd00::1/64 is not in use: another host has it" },
                { IFA_F_DEPRECATED, "fd00::1/64", "fd00::1/64 is deprecated" },
                { IFA_F_TEMPORARY, "fd00::1/64", "fd00::1/64 is temporary" },
                { IFA_F_TEMPORARY | IFA_F_DEPRECATED, "fd00::1/64", "fd00::1/64 is temporary and deprecated" },
        };
        autopool struct pool *pool = pool_new();
        struct netlink_room room = { 0 };
        struct tree *tree = make_tree();
        struct facts *facts;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const char *const names[] = { "nic.eth0.addresses", "net.addresses" };

                room.size = 0;
                build_address(&room, &(struct build_address){ 2, NULL, "fd00::1", 64, UNIVERSE, 0, cases[i].flags });
                tree_bytes(tree, ANSWER, room.bytes, room.size);
                facts = probe_facts(tree_host(tree), &probe_nic);
                for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
                        const struct fact *fact = fact_find(facts, names[k]);

                        EXPECT_TEXT(names[k], fact ? fact->value.text : NULL, cases[i].words);
                        EXPECT_TEXT(names[k], fact ? fact->note : NULL, cases[i].note);
                }
                facts_free(facts);
        }
        room.size = 0;
        for (unsigned i = 0; i < 6; i++)
                build_address(&room, &(struct build_address){ 2, NULL, pool_format(pool, "fd00::%u", i), 64, UNIVERSE, 0, 8 });
        tree_bytes(tree, ANSWER, room.bytes, room.size);
        facts = probe_facts(tree_host(tree), &probe_nic);
        EXPECT("no more than four are named", text_ends(fact_find(facts, "nic.eth0.addresses")->note,
                                                        "fd00::3/64 is not in use: another host has it; and 2 more"));
        facts_free(facts);
        tree_free(tree);
}

/* More than can be told is not told in part. */
static void test_too_many(void)
{
        static const struct fact_row most[] = { { "nic.eth1.addresses", "" } };
        static const struct fact_row rows[] = {
                { "nic.eth0.addresses", "unreadable E2BIG" },
                { "nic.eth1.addresses", "10.0.0.4/24" },
                { "net.addresses", "unreadable E2BIG" },
        };

        for (unsigned more = 0; more < 2; more++) {
                autopool struct pool *pool = pool_new();
                autobuffer struct text_buffer all = { 0 };
                struct netlink_room room = { 0 };
                struct tree *tree = make_tree();

                for (unsigned i = 0; i < 4096 + more; i++) {
                        const char *text = pool_format(pool, "10.%u.%u.1", i / 256, i % 256);

                        room.size = 0;
                        build_address(&room, &(struct build_address){ 2, text, text, 24, UNIVERSE, 0, 0 });
                        text_add_bytes(&all, room.bytes, room.size);
                }
                if (more) {
                        room.size = 0;
                        build_address(&room, &(struct build_address){ 3, "10.0.0.4", "10.0.0.4", 24, UNIVERSE, 0, 0 });
                        text_add_bytes(&all, room.bytes, room.size);
                }
                tree_bytes(tree, ANSWER, all.at, all.size);
                if (more) {
                        check("too many", tree, ROWS(rows));
                } else {
                        struct facts *facts = probe_facts(tree_host(tree), &probe_nic);
                        const struct fact *fact = fact_find(facts, "nic.eth0.addresses");

                        EXPECT("as many as can be told", fact && fact->status == FACT_KNOWN);
                        expect_facts("as many as can be told", facts, ROWS(most));
                        facts_free(facts);
                        tree_free(tree);
                }
        }
}

static const struct test tests[] = {
        { "facts", test_facts },
        { "switched off", test_switched_off },
        { "not in use", test_not_in_use },
        { "too many", test_too_many },
        { 0 },
};

const struct suite suite_nic_address = { "nic_address", tests };
