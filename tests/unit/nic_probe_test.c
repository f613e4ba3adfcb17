/* Network ports: what counts as one, and what is known about it when drivers, kernels and captures keep silent. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/netlink_build.h"
#include "tests/unit/probe_facts.h"

#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/if_arp.h>
#include <stdio.h>

#define ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

/* A port on PCI. speed NULL: no such file. */
static void add_port(struct tree *tree, const char *name, const char *pci, const char *state, const char *speed)
{
        autopool struct pool *pool = pool_new();
        const char *device = pool_format(pool, "/sys/devices/pci0000:00/%s", pci);
        const char *folder = pool_format(pool, "%s/net/%s", device, name);

        tree_file(tree, pool_format(pool, "%s/operstate", folder), "%s\n", state);
        tree_file(tree, pool_format(pool, "%s/type", folder), "1\n");
        if (speed) {
                tree_file(tree, pool_format(pool, "%s/speed", folder), "%s\n", speed);
                tree_file(tree, pool_format(pool, "%s/duplex", folder), "full\n");
        }
        tree_file(tree, pool_format(pool, "%s/numa_node", device), "1\n");
        tree_link(tree, pool_format(pool, "%s/driver", device), "../../../bus/pci/drivers/i40e");
        tree_link(tree, pool_format(pool, "%s/device", folder), pool_format(pool, "../../../%s", pci));
        tree_link(tree, pool_format(pool, "/sys/class/net/%s", name),
                  pool_format(pool, "../../devices/pci0000:00/%s/net/%s", pci, name));
}

static void add_virtual(struct tree *tree, const char *name, const char *speed)
{
        autopool struct pool *pool = pool_new();

        tree_file(tree, pool_format(pool, "/sys/devices/virtual/net/%s/operstate", name), "up\n");
        tree_file(tree, pool_format(pool, "/sys/devices/virtual/net/%s/speed", name), "%s\n", speed);
        tree_link(tree, pool_format(pool, "/sys/class/net/%s", name), pool_format(pool, "../../devices/virtual/net/%s", name));
}

static void check(const char *name, struct tree *tree, const struct fact_row *rows, size_t count)
{
        struct facts *facts = probe_facts(tree_host(tree), &probe_nic);

        expect_facts(name, facts, rows, count);
        facts_free(facts);
        tree_free(tree);
}

static void test_ports(void)
{
        static const struct fact_row rows[] = {
                { "nic.fastest", "10000000000" },
                { "nic.eth0.speed", "10000000000" },
                { "nic.eth0.duplex", "full" },
                { "nic.eth0.link", "true" },
                { "nic.eth0.driver", "i40e" },
                { "nic.eth0.pci", "0000:01:00.0" },
                { "nic.eth0.node", "1" },
                { "nic.eth0.flaps", "3" },
                { "nic.eth0.errors", "12" },
                { "nic.eth0.drops", "111" },
                { "nic.eth0.ptp", "ptp2" },
                { "nic.eth0.max_speed", "unreadable ENODATA" },
                { "nic.eth0.firmware", "unreadable ENODATA" },
                /* 25 Gbit/s of long ago; nothing may pass for it. */
                { "nic.eth1.speed", "absent" },
                { "nic.eth1.link", "false" },
                { "nic.eth1.errors", "unreadable ENOENT" },
                { "nic.bond0.speed", "none" },
                { "nic.eth0.15.speed", "none" },
                { "nic.veth0.link", "none" },
                { "nic.bonding_masters.link", "none" },
        };
        struct tree *tree = tree_new();

        add_port(tree, "eth0", "0000:01:00.0", "up", "10000");
        tree_file(tree, "/sys/class/net/eth0/carrier_down_count", "3\n");
        tree_file(tree, "/sys/class/net/eth0/statistics/rx_errors", "5\n");
        tree_file(tree, "/sys/class/net/eth0/statistics/tx_errors", "7\n");
        tree_file(tree, "/sys/class/net/eth0/statistics/rx_dropped", "1\n");
        tree_file(tree, "/sys/class/net/eth0/statistics/tx_dropped", "10\n");
        tree_file(tree, "/sys/class/net/eth0/statistics/rx_missed_errors", "100\n");
        tree_folder(tree, "/sys/class/net/eth0/device/ptp/ptp2");
        add_port(tree, "eth1", "0000:01:00.1", "down", "25000");
        add_virtual(tree, "bond0", "40000");
        add_virtual(tree, "eth0.15", "40000");
        add_virtual(tree, "veth0", "100000");
        tree_file(tree, "/sys/class/net/bonding_masters", "bond0\n");
        check("ports", tree, ROWS(rows));
}

/* One port in each state: what its speed is then, and what the best speed of the machine is. */
static void test_speeds(void)
{
        static const struct {
                const char *name, *state, *speed, *want, *fastest;
        } cases[] = {
                { "up", "up", "1000", "1000000000", "1000000000" },
                { "driver does not say", "up", "-1", "unreadable ENODATA", "unreadable ENODATA" },
                { "zero", "up", "0", "unreadable ENODATA", "unreadable ENODATA" },
                { "empty file", "up", "", "unreadable ENODATA", "unreadable ENODATA" },
                { "no file", "up", NULL, "unreadable ENOENT", "unreadable ENOENT" },
                { "unknown as an unsigned number", "up", "4294967295", "unreadable ERANGE", "unreadable ERANGE" },
                { "beyond 64 bits", "up", "99999999999999999999", "unreadable ERANGE", "unreadable ERANGE" },
                { "negative", "up", "-5", "unreadable ERANGE", "unreadable ERANGE" },
                { "down", "down", "1000", "absent", "absent" },
                { "waits for 802.1X", "dormant", "1000", "absent", "absent" },
                { "garbage as state", "\x01\x02", "1000", "1000000000", "unreadable EINVAL" },
                { "no state kept, no carrier file", "unknown", "1000", "1000000000", "unreadable ENOENT" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = {
                        { "nic.eth0.speed", cases[i].want },
                        { "nic.fastest", cases[i].fastest },
                };
                struct tree *tree = tree_new();

                add_port(tree, "eth0", "0000:01:00.0", cases[i].state, cases[i].speed);
                check(cases[i].name, tree, ROWS(rows));
        }
}

static void test_silent_operstate(void)
{
        static const struct fact_row up[] = { { "nic.eth0.link", "true" }, { "nic.fastest", "1000000000" } };
        static const struct fact_row down[] = { { "nic.eth0.link", "false" }, { "nic.eth0.peer_speed", "unreadable ENODATA" } };
        struct tree *tree = tree_new();
        struct netlink_room room = { 0 };
        struct nlmsghdr *reply;

        add_port(tree, "eth0", "0000:01:00.0", "unknown", "1000");
        tree_file(tree, "/sys/class/net/eth0/carrier", "1\n");
        check("carrier", tree, ROWS(up));

        tree = tree_new();
        add_port(tree, "eth0", "0000:01:00.0", "unknown", "1000");
        tree_file(tree, "/sys/class/net/eth0/carrier", "1\n");
        reply = build_reply(&room, ETHTOOL_MSG_LINKSTATE_GET_REPLY);
        mnl_attr_put_u8(reply, ETHTOOL_A_LINKSTATE_LINK, 0);
        build_finish(&room, reply);
        tree_bytes(tree, "/.plumbline/ask/ethtool/linkstate/eth0", room.bytes, room.size);
        check("the driver's own word first", tree, ROWS(down));
}

static void test_answers(void)
{
        static const struct fact_row rows[] = {
                { "nic.eth0.speed", "10000000000" },
                { "nic.eth0.max_speed", "25000000000" },
                { "nic.eth0.duplex", "full" },
                { "nic.eth0.firmware", "8.30 0x8000a4ae 1.2926.0" },
                { "nic.eth0.ptp", "ptp4" },
                /* The answer is cut: the files must do. */
                { "nic.eth1.speed", "1000000000" },
                { "nic.eth1.max_speed", "unreadable EBADMSG" },
                { "nic.eth1.ptp", "unreadable EBADMSG" },
                { "nic.eth1.firmware", "absent" },
                /* A switch port that stands for a virtual function, and a bond that hides behind a device. */
                { "nic.rep0.speed", "none" },
                { "nic.team0.speed", "none" },
                { "nic.fastest", "10000000000" },
        };
        static const unsigned modes[] = { 12, 31 };
        struct netlink_room room = { 0 };
        struct tree *tree = tree_new();
        struct nlmsghdr *reply;

        add_port(tree, "eth0", "0000:01:00.0", "up", "-1");
        add_port(tree, "eth1", "0000:01:00.1", "up", "1000");
        add_port(tree, "rep0", "0000:01:00.2", "up", "100000");
        add_port(tree, "team0", "0000:01:00.3", "up", "200000");
        build_link(&room, 2, "eth0", ARPHRD_ETHER, NULL, "p0");
        build_link(&room, 3, "rep0", ARPHRD_ETHER, NULL, "c1pf0vf3");
        build_link(&room, 4, "team0", ARPHRD_ETHER, "team", NULL);
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", room.bytes, room.size);
        build_linkmodes(&room, 10000, DUPLEX_FULL, modes, 2);
        tree_bytes(tree, "/.plumbline/ask/ethtool/linkmodes/eth0", room.bytes, room.size);
        tree_bytes(tree, "/.plumbline/ask/ethtool/linkmodes/eth1", room.bytes, room.size - 9);
        reply = build_reply(&room, ETHTOOL_MSG_TSINFO_GET_REPLY);
        mnl_attr_put_u32(reply, ETHTOOL_A_TSINFO_PHC_INDEX, 4);
        build_finish(&room, reply);
        tree_bytes(tree, "/.plumbline/ask/ethtool/tsinfo/eth0", room.bytes, room.size);
        tree_bytes(tree, "/.plumbline/ask/ethtool/tsinfo/eth1", "garbage", 7);
        tree_file(tree, "/.plumbline/ask/ethtool/drvinfo/eth0",
                  "driver i40e\nversion 5.15.0\nfirmware 8.30 0x8000a4ae 1.2926.0\n");
        tree_file(tree, "/.plumbline/ask/ethtool/drvinfo/eth1", "driver i40e\nfirmware N/A\n");
        check("answers", tree, ROWS(rows));
}

/* Without the list of links each port is asked itself. */
static void test_links_unknown(void)
{
        static const struct fact_row rows[] = {
                { "nic.eth0.speed", "10000000000" }, { "nic.eth1.speed", "none" },
                { "nic.rep0.speed", "none" },        { "nic.rep0.*", "none" },
                { "nic.eth1.*", "unreadable EIO" },  { "nic.fastest", "10000000000" },
        };
        struct netlink_room room = { 0 };
        struct tree *tree = tree_new();

        add_port(tree, "eth0", "0000:01:00.0", "up", "10000");
        add_port(tree, "eth1", "0000:01:00.1", "up", "100000");
        add_port(tree, "rep0", "0000:01:00.2", "up", "100000");
        build_link(&room, 2, "eth0", ARPHRD_ETHER, NULL, "p0");
        tree_bytes(tree, "/.plumbline/ask/rtnl/links", room.bytes, room.size - 9);
        tree_file(tree, "/sys/class/net/rep0/phys_port_name", "pf0vf3\n");
        tree_file(tree, "/sys/class/net/eth1/phys_port_name", "%s", "");
        tree_mode(tree, "/sys/class/net/eth1/phys_port_name", 0);
        tree_file(tree, "/.plumbline/seen", "read EIO /sys/class/net/eth1/phys_port_name\n");
        check("links unknown", tree, ROWS(rows));
}

static void test_odd_machines(void)
{
        static const struct fact_row empty[] = { { "nic.fastest", "absent" } };
        static const struct fact_row missing[] = { { "nic.fastest", "unreadable ENOENT" } };
        static const struct fact_row bypassed[] = { { "nic.fastest", "unreadable ENODATA" } };
        static const struct fact_row virtio[] = { { "nic.eth0.pci", "0000:00:03.0" },
                                                  { "nic.eth0.node", "absent" },
                                                  { "nic.fastest", "unreadable ENODATA" } };
        static const struct fact_row quiet[] = { { "nic.eth0.link", "true" },
                                                 { "nic.eth0.speed", "unreadable ECANCELED" },
                                                 { "nic.fastest", "unreadable ECANCELED" } };
        struct tree *tree = tree_new();

        check("no network at all", tree, ROWS(missing));

        tree = tree_new();
        add_virtual(tree, "lo", "-1");
        check("no port", tree, ROWS(empty));

        tree = tree_new();
        add_virtual(tree, "lo", "-1");
        tree_folder(tree, "/sys/bus/pci/drivers/vfio-pci/0000:03:00.0");
        tree_file(tree, "/sys/bus/pci/devices/0000:03:00.0/class", "0x020000\n");
        check("a port in user space", tree, ROWS(bypassed));

        tree = tree_new();
        tree_file(tree, "/sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth0/operstate", "up\n");
        tree_file(tree, "/sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth0/speed", "-1\n");
        tree_file(tree, "/sys/bus/pci/devices/0000:00:03.0/numa_node", "-1\n");
        tree_link(tree, "/sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth0/device", "../../../virtio2");
        tree_link(tree, "/sys/class/net/eth0", "../../devices/pci0000:00/0000:00:03.0/virtio2/net/eth0");
        check("virtio", tree, ROWS(virtio));

        tree = tree_new();
        add_port(tree, "eth0", "0000:01:00.0", "up", "10000");
        host_allow(tree_host(tree), REACH_QUIET);
        check("quiet sources only", tree, ROWS(quiet));
}

static void test_capture(void)
{
        static const struct fact_row rows[] = {
                { "nic.fastest", "1000000000" },   { "nic.eth0.speed", "1000000000" }, { "nic.eth0.node", "0" },
                { "nic.eth0.driver", "igb" },      { "nic.eth0.ptp", "ptp0" },         { "nic.eth1.speed", "absent" },
                { "nic.eth1.link", "false" },      { "nic.ib0.link", "true" },         { "nic.ib0.speed", "absent" },
                { "nic.ib0.driver", "mlx4_core" }, { "nic.br0.link", "none" },         { "nic.mic0.link", "none" },
        };
        struct tree *tree = tree_capture("32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2");

        if (tree)
                check("32em64t", tree, ROWS(rows));
}

/* The largest packet, and functions that are switched on. */
static void test_sizes(void)
{
        static const struct {
                const char *name, *mtu;
                unsigned functions;
                bool capable;
                const char *seen, *want, *vfs;
        } cases[] = {
                { "as usual", "1500\n", 0, false, NULL, "1500", "absent" },
                { "jumbo, functions off", "9000\n", 0, true, NULL, "9000", "0" },
                { "functions on", "9000\n", 12, true, NULL, "9000", "12" },
                { "no file", NULL, 0, false, NULL, "unreadable ENOENT", "absent" },
                { "below zero", "-1\n", 0, false, NULL, "unreadable ERANGE", "absent" },
                { "beyond all", "4294967296\n", 0, false, NULL, "unreadable ERANGE", "absent" },
                { "empty", "\n", 0, false, NULL, "unreadable EINVAL", "absent" },
                { "not for us", NULL, 0, true, "read EACCES /sys/class/net/eth0/mtu\nlist EIO /sys/class/net/eth0/device\n",
                  "unreadable EACCES", "unreadable EIO" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const struct fact_row rows[] = { { "nic.eth0.mtu", cases[i].want }, { "nic.eth0.vfs", cases[i].vfs } };
                struct tree *tree = tree_new();

                add_port(tree, "eth0", "0000:01:00.0", "up", "10000");
                if (cases[i].mtu)
                        tree_file(tree, "/sys/class/net/eth0/mtu", "%s", cases[i].mtu);
                if (cases[i].capable)
                        tree_file(tree, "/sys/devices/pci0000:00/0000:01:00.0/sriov_numvfs", "not read\n");
                for (unsigned j = 0; j < cases[i].functions; j++) {
                        char path[80];

                        snprintf(path, sizeof path, "/sys/devices/pci0000:00/0000:01:00.0/virtfn%u", j);
                        tree_link(tree, path, "../0000:01:02.0");
                }
                tree_folder(tree, "/sys/devices/pci0000:00/0000:01:00.0/virtfns");
                if (cases[i].seen)
                        tree_file(tree, "/.plumbline/seen", "%s", cases[i].seen);
                check(cases[i].name, tree, ROWS(rows));
        }
}

static const struct test tests[] = {
        { "ports", test_ports },
        { "speeds", test_speeds },
        { "an operstate that is not kept", test_silent_operstate },
        { "sizes", test_sizes },
        { "answers", test_answers },
        { "links unknown", test_links_unknown },
        { "odd machines", test_odd_machines },
        { "capture", test_capture },
        { 0 },
};

const struct suite suite_nic_probe = { "nic_probe", tests };
