/* Bonds, VLANs and bridges: the ports they stand on, and trees in which that cannot be told. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/netlink_build.h"
#include "tests/unit/probe_facts.h"

#include <linux/if_arp.h>

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

/* A port on PCI. speed NULL: the driver does not say. */
static void add_port(struct tree *tree, unsigned number, const char *state, const char *speed)
{
        autopool struct pool *pool = pool_new();
        const char *place = pool_format(pool, "devices/pci0000:00/0000:00:%02x.0/net/eth%u", number + 1, number);

        tree_file(tree, pool_format(pool, "/sys/%s/operstate", place), "%s\n", state);
        tree_file(tree, pool_format(pool, "/sys/%s/type", place), "1\n");
        tree_file(tree, pool_format(pool, "/sys/%s/speed", place), "%s\n", speed ? speed : "-1");
        tree_link(tree, pool_format(pool, "/sys/%s/device", place), pool_format(pool, "../../../0000:00:%02x.0", number + 1));
        tree_link(tree, pool_format(pool, "/sys/class/net/eth%u", number), pool_format(pool, "../../%s", place));
}

/* What software makes, over others that are named between blanks. It states a speed and a link, as the kernel's do. */
static void add_over(struct tree *tree, const char *name, const char *kind, const char *lowers)
{
        autopool struct pool *pool = pool_new();
        const char *folder = pool_format(pool, "/sys/devices/virtual/net/%s", name);
        struct slice word;

        tree_file(tree, pool_format(pool, "%s/operstate", folder), "up\n");
        tree_file(tree, pool_format(pool, "%s/speed", folder), "100000\n");
        tree_file(tree, pool_format(pool, "%s/uevent", folder), "DEVTYPE=%s\nINTERFACE=%s\nIFINDEX=9\n", kind, name);
        while (text_word(&lowers, " ", &word)) {
                const char *lower = slice_dup(pool, word);

                tree_link(tree, pool_format(pool, "%s/lower_%s", folder, lower), pool_format(pool, "../%s", lower));
        }
        tree_link(tree, pool_format(pool, "/sys/class/net/%s", name), pool_format(pool, "../../devices/virtual/net/%s", name));
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_nic);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_stacks(void)
{
        static const struct fact_row rows[] = {
                { "interface.bond0.kind", "bond" },
                { "interface.bond0.ports", "eth0 eth1 eth2" },
                { "interface.bond0.up", "eth0 eth1" },
                { "interface.bond0.down", "1" },
                { "interface.bond0.slowest", "10000000000" },
                { "interface.bond0.active", "eth1" },
                { "interface.bond0.mtu", "9000" },
                { "interface.bond0.100.mtu", "1500" },
                { "interface.br0.mtu", "unreadable ENOENT" },
                { "interface.tap0.mtu", "none" },
                { "interface.bond0.100.kind", "vlan" },
                { "interface.bond0.100.ports", "eth0 eth1 eth2" },
                { "interface.bond0.100.slowest", "10000000000" },
                { "interface.bond0.100.active", "none" },
                /* Over a VLAN of the bond, one of its ports again, and a port of its own. */
                { "interface.br0.ports", "eth0 eth1 eth2 eth3" },
                { "interface.br0.slowest", "1000000000" },
                { "interface.bond1.ports", "eth3" },
                { "interface.bond1.active", "absent" },
                /* Nothing that software makes is a port. */
                { "nic.bond0.speed", "none" },
                { "nic.bond0.link", "none" },
                { "nic.br0.speed", "none" },
                { "nic.fastest", "25000000000" },
                { "interface.eth0.ports", "none" },
                { "interface.tap0.ports", "none" },
                { "interface.bonding_masters.ports", "none" },
        };
        struct tree *tree = tree_new();

        add_port(tree, 0, "up", "25000");
        add_port(tree, 1, "up", "10000");
        add_port(tree, 2, "down", "100");
        add_port(tree, 3, "up", "1000");
        add_over(tree, "tap0", "tun", "");
        add_over(tree, "bond0", "bond", "eth0 eth1 eth2");
        tree_file(tree, "/sys/class/net/bond0/bonding/active_slave", "eth1\n");
        add_over(tree, "bond0.100", "vlan", "bond0");
        add_over(tree, "br0", "bridge", "bond0.100 eth0 eth3 tap0");
        add_over(tree, "bond1", "bond", "eth3");
        tree_file(tree, "/sys/class/net/bond1/bonding/active_slave", "\n");
        tree_file(tree, "/sys/class/net/bonding_masters", "bond0 bond1\n");
        tree_file(tree, "/sys/class/net/bond0/mtu", "9000\n");
        tree_file(tree, "/sys/class/net/bond0.100/mtu", "1500\n");
        check("stacks", tree, ROWS(rows));
}

/* Some drivers tell what they are in the list of links only. */
static void test_kinds(void)
{
        static const struct fact_row rows[] = {
                { "interface.mv0.kind", "macvlan" },
                { "interface.mv0.ports", "eth0" },
                { "interface.mv1.kind", "macvlan" },
                { "interface.mv1.ports", "unreadable ENODATA" }, /* the other is in another namespace */
                { "interface.team0.kind", "team" },
                { "interface.team0.ports", "absent" },
                { "interface.veth0.kind", "none" },
        };
        struct netlink_room room = { 0 };
        struct tree *tree = tree_new();

        add_port(tree, 0, "up", "10000");
        add_over(tree, "mv0", "", "eth0");
        add_over(tree, "mv1", "", "");
        add_over(tree, "team0", "", "");
        add_over(tree, "veth0", "", "");
        tree_remove(tree, "/sys/devices/virtual/net/mv0/uevent");
        tree_file(tree, "/sys/devices/virtual/net/mv1/uevent", "INTERFACE=mv1\n");
        tree_file(tree, "/sys/devices/virtual/net/team0/uevent", "INTERFACE=team0\n");
        tree_file(tree, "/sys/devices/virtual/net/veth0/uevent", "INTERFACE=veth0\n");
        build_link(&room, 2, "eth0", ARPHRD_ETHER, NULL, NULL);
        build_link(&room, 3, "mv0", ARPHRD_ETHER, "macvlan", NULL);
        build_link(&room, 4, "mv1", ARPHRD_ETHER, "macvlan", NULL);
        build_link(&room, 5, "team0", ARPHRD_ETHER, "team", NULL);
        build_link(&room, 6, "veth0", ARPHRD_ETHER, "veth", NULL);
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", room.bytes, room.size);
        check("kinds", tree, ROWS(rows));
}

/* Virtual functions: one on a port that is here, one on a port that another driver or namespace has. */
static void test_functions(void)
{
        static const struct fact_row rows[] = {
                { "nic.eth1.link", "none" },
                { "nic.eth2.speed", "none" },
                { "nic.fastest", "1000000000" },
                { "interface.eth1.kind", "vf" },
                { "interface.eth1.ports", "eth0" },
                { "interface.eth1.slowest", "1000000000" },
                { "interface.eth2.kind", "vf" },
                { "interface.eth2.ports", "unreadable ENODATA" },
                { "interface.eth3.ports", "unreadable EIO" },
                { "interface.bond0.ports", "eth0" },
        };
        struct tree *tree = tree_new();

        add_port(tree, 0, "up", "1000");
        add_port(tree, 1, "up", "100000");
        add_port(tree, 2, "up", "100000");
        tree_file(tree, "/sys/devices/pci0000:00/0000:00:01.0/vendor", "0x8086\n");
        tree_file(tree, "/sys/devices/pci0000:00/0000:00:09.0/vendor", "0x8086\n");
        tree_link(tree, "/sys/devices/pci0000:00/0000:00:02.0/physfn", "../0000:00:01.0");
        tree_link(tree, "/sys/devices/pci0000:00/0000:00:03.0/physfn", "../0000:00:09.0");
        add_over(tree, "bond0", "bond", "eth1");
        add_port(tree, 3, "up", "100000");
        tree_link(tree, "/sys/devices/pci0000:00/0000:00:04.0/physfn", "../0000:00:09.0");
        tree_file(tree, "/.plumbline/seen", "list EIO /sys/class/net/eth3/device/physfn/net\n");
        check("functions", tree, ROWS(rows));
}

/* One bond over two ports, of which the second differs. */
static void test_links(void)
{
        static const struct {
                const char *name, *state, *speed, *up, *down, *slowest;
        } cases[] = {
                { "both up", "up", "40000", "eth0 eth1", "0", "10000000000" },
                { "the other is slower", "up", "1000", "eth0 eth1", "0", "1000000000" },
                { "one down", "down", "1000", "eth0", "1", "10000000000" },
                { "a speed nobody knows may be the slowest", "up", NULL, "eth0 eth1", "0", "unreadable ENODATA" },
                { "a link nobody knows", "\x01", "10000", "unreadable EINVAL", "unreadable EINVAL", "unreadable EINVAL" },
        };
        static const struct fact_row dark[] = {
                { "interface.bond0.ports", "eth0" },
                { "interface.bond0.up", "" },
                { "interface.bond0.down", "1" },
                { "interface.bond0.slowest", "absent" },
                { "interface.bond0.active", "unreadable ENOENT" },
        };
        struct tree *tree;

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = {
                        { "interface.bond0.ports", "eth0 eth1" },
                        { "interface.bond0.up", cases[i].up },
                        { "interface.bond0.down", cases[i].down },
                        { "interface.bond0.slowest", cases[i].slowest },
                };

                tree = tree_new();
                add_port(tree, 0, "up", "10000");
                add_port(tree, 1, cases[i].state, cases[i].speed);
                add_over(tree, "bond0", "bond", "eth0 eth1");
                check(cases[i].name, tree, ROWS(rows));
        }
        tree = tree_new();
        add_port(tree, 0, "down", "10000");
        add_over(tree, "bond0", "bond", "eth0");
        check("all down", tree, ROWS(dark));
}

static void test_nothing_below(void)
{
        static const struct fact_row rows[] = {
                { "interface.bond0.ports", "absent" },
                { "interface.bond0.down", "absent" },
                { "interface.bond0.slowest", "absent" },
                { "interface.br0.ports", "absent" },
                { "interface.br1.up", "absent" },
                { "interface.vlan7.kind", "vlan" },
                { "interface.vlan7.ports", "unreadable ENODATA" }, /* the port is in another namespace */
                { "interface.vlan7.down", "unreadable ENODATA" },
                { "interface.tun0.kind", "none" },
        };
        struct tree *tree = tree_new();

        add_over(tree, "bond0", "bond", "");
        add_over(tree, "br0", "bridge", "");
        add_over(tree, "br1", "bridge", "tun0");
        add_over(tree, "tun0", "tun", "");
        add_over(tree, "vlan7", "vlan", "");
        check("nothing below", tree, ROWS(rows));
}

static void test_hostile(void)
{
        static const struct fact_row rows[] = {
                { "interface.self.ports", "unreadable ELOOP" },
                { "interface.self.down", "unreadable ELOOP" },
                { "interface.ring0.ports", "unreadable ELOOP" },
                { "interface.ring1.slowest", "unreadable ELOOP" },
                { "interface.over.up", "unreadable ELOOP" },
                { "interface.gone.ports", "unreadable ENODEV" },
                { "interface.gone.slowest", "unreadable ENODEV" },
                { "interface.dangling.ports", "unreadable ENOENT" },
                { "interface.deep15.ports", "eth0" },
                { "interface.deep16.ports", "unreadable ELOOP" },
                { "interface.two words.ports", "eth0" },
                { "interface.unnamed.kind", "unreadable ENODATA" },
                { "interface.unnamed.ports", "eth0" },
        };
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();

        add_port(tree, 0, "up", "10000");
        add_over(tree, "self", "bond", "self");
        add_over(tree, "ring0", "vlan", "eth0 ring1");
        add_over(tree, "ring1", "vlan", "ring0");
        add_over(tree, "over", "bridge", "eth0 ring0");
        add_over(tree, "gone", "bond", "eth0 eth7");
        add_over(tree, "dangling", "vlan", "nowhere");
        tree_link(tree, "/sys/class/net/nowhere", "../../devices/virtual/net/nowhere");
        add_over(tree, "deep0", "vlan", "eth0");
        for (unsigned i = 1; i <= 16; i++)
                add_over(tree, pool_format(pool, "deep%u", i), "vlan", pool_format(pool, "deep%u", i - 1));
        add_over(tree, "two words", "vlan", "eth0");
        tree_link(tree, "/sys/class/net/unnamed/lower_eth0", "../eth0");
        check("hostile", tree, ROWS(rows));
}

/* A bridge over more ways down than a kernel makes, and many VLANs. */
static void test_many(void)
{
        enum { VLANS = 512 };
        static const struct fact_row rows[] = {
                { "interface.vlan0.ports", "eth0 eth1" },
                { "interface.vlan511.slowest", "10000000000" },
                { "interface.mesh.ports", "unreadable E2BIG" },
        };
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();

        add_port(tree, 0, "up", "10000");
        add_port(tree, 1, "up", "10000");
        add_over(tree, "bond0", "bond", "eth0 eth1");
        for (unsigned i = 0; i < VLANS; i++)
                add_over(tree, pool_format(pool, "vlan%u", i), "vlan", "bond0");
        /* 8 bridges over all VLANs: each VLAN is met eight times. */
        add_over(tree, "mesh", "bridge", "br0 br1 br2 br3 br4 br5 br6 br7");
        for (unsigned k = 0; k < 8; k++) {
                const char *bridge = pool_format(pool, "br%u", k);

                add_over(tree, bridge, "bridge", "");
                for (unsigned i = 0; i < VLANS; i++)
                        tree_link(tree, pool_format(pool, "/sys/devices/virtual/net/%s/lower_vlan%u", bridge, i), "../vlan");
        }
        check("many", tree, ROWS(rows));
}

static const struct test tests[] = {
        { "stacks", test_stacks },
        { "kinds", test_kinds },
        { "functions", test_functions },
        { "links", test_links },
        { "nothing below", test_nothing_below },
        { "hostile", test_hostile },
        { "many", test_many },
        { 0 },
};

const struct suite suite_nic_stack = { "nic_stack", tests };
