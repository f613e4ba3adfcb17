/* Ports that have a link, and that the bond above them does not use; and interfaces that are down over ports that are up. */

#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ETH1         "/sys/devices/pci0000:00/0000:00:01.1/net/eth1"
#define BOND         "/sys/devices/virtual/net/bond0"
#define VLAN         "/sys/devices/virtual/net/bond0.100"

static void add_port(struct tree *tree, unsigned number)
{
        autopool struct pool *pool = pool_new();
        const char *place = pool_format(pool, "devices/pci0000:00/0000:00:01.%u/net/eth%u", number, number);

        tree_file(tree, pool_format(pool, "/sys/%s/operstate", place), "up\n");
        tree_file(tree, pool_format(pool, "/sys/%s/type", place), "1\n");
        tree_file(tree, pool_format(pool, "/sys/%s/speed", place), "%u000\n", number ? 1 : 10);
        tree_file(tree, pool_format(pool, "/sys/%s/bonding_slave/mii_status", place), "up\n");
        tree_file(tree, pool_format(pool, "/sys/%s/bonding_slave/ad_aggregator_id", place), "1\n");
        tree_link(tree, pool_format(pool, "/sys/%s/device", place), pool_format(pool, "../../../0000:00:01.%u", number));
        tree_link(tree, pool_format(pool, "/sys/class/net/eth%u", number), pool_format(pool, "../../%s", place));
}

static void add_over(struct tree *tree, const char *name, const char *kind)
{
        autopool struct pool *pool = pool_new();
        const char *folder = pool_format(pool, "/sys/devices/virtual/net/%s", name);

        tree_file(tree, pool_format(pool, "%s/operstate", folder), "up\n");
        tree_file(tree, pool_format(pool, "%s/uevent", folder), "DEVTYPE=%s\n", kind);
        tree_link(tree, pool_format(pool, "/sys/class/net/%s", name), pool_format(pool, "../../devices/virtual/net/%s", name));
}

static struct tree *make(void)
{
        struct tree *tree = tree_new();

        add_port(tree, 0);
        add_port(tree, 1);
        add_over(tree, "bond0", "bond");
        tree_link(tree, BOND "/lower_eth0", "../eth0");
        tree_link(tree, BOND "/lower_eth1", "../eth1");
        tree_file(tree, BOND "/bonding/ad_aggregator", "1\n");
        add_over(tree, "bond0.100", "vlan");
        tree_link(tree, VLAN "/lower_bond0", "../bond0");
        return tree;
}

static const struct row {
        const char *name, *path, *text; /* text NULL: not there; "/": a folder in its place */
        const char *up, *down, *slowest, *note;
} rows[] = {
        { "both are used", ETH1 "/bonding_slave/mii_status", "up", "eth0 eth1", "0", "1000000000", NULL },
        { "down by the bond", ETH1 "/bonding_slave/mii_status", "down", "eth0", "1", "10000000000",
          "eth1: mii_status down in bond0" },
        { "not used yet", ETH1 "/bonding_slave/mii_status", "going back", "eth0", "1", "10000000000",
          "eth1: mii_status going back in bond0" },
        { "another aggregator", ETH1 "/bonding_slave/ad_aggregator_id", "2", "eth0", "1", "10000000000",
          "eth1: in aggregator 2, and bond0 uses 1" },
        { "no 802.3ad", ETH1 "/bonding_slave/ad_aggregator_id", "N/A", "eth0 eth1", "0", "1000000000", NULL },
        { "no aggregator at all", BOND "/bonding/ad_aggregator", "0", "", "2", "absent",
          "eth0: in aggregator 1, and bond0 uses 0; eth1: in aggregator 1, and bond0 uses 0" },
        { "an old kernel", ETH1 "/bonding_slave", NULL, "eth0 eth1", "0", "1000000000", NULL },
        { "not to be read", ETH1 "/bonding_slave/mii_status", "/", "unreadable EISDIR", "unreadable EISDIR",
          "unreadable EISDIR", "whether the bond uses eth1 is not known: bonding_slave/mii_status" },
        { "the aggregator is not to be read", BOND "/bonding/ad_aggregator", "/", "unreadable EISDIR", "unreadable EISDIR",
          "unreadable EISDIR", "whether the bond uses eth0 is not known: ad_aggregator" },
        { "control characters", ETH1 "/bonding_slave/mii_status", "\033[2J", "eth0", "1", "10000000000",
          "eth1: mii_status ?[2J in bond0" },
        { "no link, and no part", ETH1 "/operstate", "down", "eth0", "1", "10000000000", NULL },
};

static void test_parts(void)
{
        for (size_t i = 0; i < COUNT(rows); i++) {
                static const char *const upper[] = { "bond0", "bond0.100" };
                struct tree *tree = make();
                struct facts *facts;

                tree_remove(tree, rows[i].path);
                if (rows[i].text && strcmp(rows[i].text, "/"))
                        tree_file(tree, rows[i].path, "%s\n", rows[i].text);
                else if (rows[i].text)
                        tree_folder(tree, rows[i].path);
                facts = probe_facts(tree_host(tree), &probe_nic);
                for (size_t k = 0; k < COUNT(upper); k++) {
                        autopool struct pool *pool = pool_new();
                        const char *down = pool_format(pool, "interface.%s.down", upper[k]);
                        const struct fact_row wanted[] = {
                                { pool_format(pool, "interface.%s.up", upper[k]), rows[i].up },
                                { down, rows[i].down },
                                { pool_format(pool, "interface.%s.slowest", upper[k]), rows[i].slowest },
                        };
                        const struct fact *fact = fact_find(facts, down);

                        expect_facts(rows[i].name, facts, wanted, COUNT(wanted));
                        EXPECT_TEXT(rows[i].name, fact ? fact->note : NULL, rows[i].note);
                }
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_link(void)
{
        static const struct {
                const char *name, *state, *carrier, *want;
        } cases[] = {
                { "up", "up", NULL, "true" },
                { "switched off", "down", "1", "false" },
                { "over what is down", "lowerlayerdown", "1", "false" },
                { "not kept, with a carrier", "unknown", "1", "true" },
                { "not kept, without", "unknown", "0", "false" },
                { "not told", "unknown", NULL, "unreadable ENOENT" },
                { "garbage", "perhaps", "1", "unreadable EINVAL" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row wanted[] = { { "interface.bond0.100.link", cases[i].want },
                                                   { "interface.bond0.link", "true" },
                                                   { "interface.eth0.link", "none" } };
                struct tree *tree = make();
                struct facts *facts;

                tree_file(tree, VLAN "/operstate", "%s\n", cases[i].state);
                if (cases[i].carrier)
                        tree_file(tree, VLAN "/carrier", "%s\n", cases[i].carrier);
                facts = probe_facts(tree_host(tree), &probe_nic);
                expect_facts(cases[i].name, facts, wanted, COUNT(wanted));
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "ports that a bond leaves out", test_parts },
        { "the link of an interface", test_link },
        { NULL, NULL },
};

const struct suite suite_nic_bond = { "nic_bond", tests };
