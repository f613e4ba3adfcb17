/* Network ports: those that have a device behind them. What software makes (bonds, VLANs, bridges, tunnels) states speeds of
 * its own making: it is no port, and told by the ports it stands on. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"
#include "probes/nic_port.h"
#include "probes/probes.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <string.h>

#define ADDRESS_WHERE "rtnetlink RTM_GETADDR"

static const struct fact_info nic_facts[] = {
        { "nic.fastest", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING,
          "The speed of the fastest physical Ethernet port that has a link. Bonds, VLANs and virtual interfaces do not count: "
          "they state speeds that no wire has. Where a port is there whose speed cannot be told (the driver does not say, a "
          "user-space driver or another network namespace has it), this is the least there is: what it is enough for passes, "
          "and the rest is unknown. A port that a hypervisor made (virtio, Hyper-V, Xen) and that tells none is not among "
          "these.",
          "/sys/bus/pci/devices: class and net; the best of nic.*.speed" },
        { "nic.*.speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING,
          "The negotiated speed of a port with a link. A port that could do more but negotiated less shows here what it got; a "
          "port "
          "without a link has no speed.",
          "ethtool netlink LINKMODES_GET, else /sys/class/net/IF/speed" },
        { "nic.*.max_speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING,
          "The fastest mode that the port and its module support. More than the negotiated speed means a slow cable, module or "
          "switch port.",
          "ethtool netlink LINKMODES_GET, the supported modes" },
        { "nic.*.peer_speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING,
          "The fastest mode that the other end of the cable says it can, where the two negotiate. Less than nic.*.max_speed "
          "means "
          "that the switch port is the slow one.",
          "ethtool netlink LINKMODES_GET, the modes of the peer" },
        { "nic.*.duplex", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "full or half. Half duplex on a wired port is a failed negotiation: collisions, and latency with them.",
          "ethtool netlink LINKMODES_GET, else /sys/class/net/IF/duplex" },
        { "nic.*.link", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the port can carry traffic now: cable, module and the other side included. Where it cannot, the note says "
          "why, "
          "if the driver does.",
          "/sys/class/net/IF/operstate; where the driver does not keep it, ethtool netlink LINKSTATE_GET, "
          "/sys/class/net/IF/carrier" },
        { "nic.*.driver", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The kernel driver of the port.",
          "the link /sys/class/net/IF/device/driver" },
        { "nic.*.firmware", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "The firmware version of the card as its driver tells it. Cards of one fleet should agree.",
          "ioctl SIOCETHTOOL ETHTOOL_GDRVINFO" },
        { "nic.*.pci", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The PCI address of the port: its stable name.",
          "the link /sys/class/net/IF/device, else the path of /sys/class/net/IF" },
        { "nic.*.node", VALUE_NUMBER, UNIT_NONE, REACH_QUIET,
          "The NUMA node the card is attached to. Trading threads belong on cores of the same node.",
          "/sys/class/net/IF/device/numa_node, else that of its PCI device" },
        { "nic.*.mtu", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "The largest packet that the port sends, without the frame around it. It must be that of the switch and of the other "
          "hosts: "
          "where it is larger, large packets vanish while small ones arrive.",
          "/sys/class/net/IF/mtu" },
        { "nic.*.vfs", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Virtual functions (SR-IOV) of the port's device that are switched on: each is a card of its own, which somebody may "
          "have "
          "given away. Absent where the device has no SR-IOV.",
          "the links /sys/class/net/IF/device/virtfn*" },
        { "nic.*.flaps", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "How often the link went down since the driver was loaded. A link that flaps has a bad cable, module or peer.",
          "/sys/class/net/IF/carrier_down_count" },
        { "nic.*.errors", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Receive and transmit errors since the driver was loaded: damaged frames, mostly.",
          "/sys/class/net/IF/statistics: rx_errors, tx_errors" },
        { "nic.*.drops", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Packets that the card or the kernel dropped since the driver was loaded. Missed ones found no free buffer: the host "
          "was "
          "too slow.",
          "/sys/class/net/IF/statistics: rx_dropped, tx_dropped, rx_missed_errors" },
        { "nic.*.ptp", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "The PTP hardware clock of the port. Ports of one card may share a clock.",
          "/sys/class/net/IF/device/ptp, else ethtool netlink TSINFO_GET" },
        { "nic.*.addresses", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING,
          "The addresses of the port in use, each with the length of its network: 10.0.0.4/24. One that another host has, that "
          "is not yet known to be free, or whose interface is switched off, is in the note only.",
          ADDRESS_WHERE },
        { "net.addresses", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING,
          "All addresses of the host in use, on whichever interface, without those that reach no further than the host or its "
          "link.",
          ADDRESS_WHERE },
        { "interface.*.kind", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "What an interface over others is: bond, vlan, bridge, macvlan ... in the kernel's word; vf for a virtual function.",
          "/sys/class/net/IF/uevent: DEVTYPE, else rtnetlink; /sys/class/net/IF/device/physfn" },
        { "interface.*.ports", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "The physical ports that a bond, VLAN, bridge or the like stands on, all the way down. Of its own it has neither "
          "speed nor wire: what it states is made up of theirs.",
          "the links /sys/class/net/IF/lower_*, and those of what they lead to; /sys/class/net/IF/device/physfn/net" },
        { "interface.*.link", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the interface itself can carry traffic: it is switched on, and what it stands on carries it. A VLAN that is "
          "down sends nothing, however well its ports are.",
          "/sys/class/net/IF/operstate; where the driver does not keep it, ethtool netlink LINKSTATE_GET, "
          "/sys/class/net/IF/carrier" },
        { "interface.*.up", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Those of its physical ports that have a link, and that the bond above them uses.", "as of interface.*.down" },
        { "interface.*.down", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "How many of its physical ports have no link, or a link that the bond above them does not use: the bond found it "
          "down "
          "(mii_status), or with 802.3ad the port is in another aggregator, as when the switch port is no part of the group. A "
          "bond runs on with one port less, and the next failure ends it. The note names what the bond leaves out.",
          "nic.*.link of its ports; /sys/class/net/PORT/bonding_slave: mii_status, ad_aggregator_id; "
          "/sys/class/net/IF/bonding/ad_aggregator" },
        { "interface.*.slowest", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING,
          "The speed of the slowest of its physical ports that are up: what one stream can count on.",
          "nic.*.speed of its ports" },
        { "interface.*.active", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "The port that carries the traffic of a bond in which one does and the others wait (active-backup).",
          "/sys/class/net/IF/bonding/active_slave" },
        { "interface.*.mtu", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "The largest packet that goes out by a bond, VLAN, bridge or the like: no larger than that of the ports below, or "
          "these drop "
          "it.",
          "/sys/class/net/IF/mtu" },
        { "interface.*.addresses", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING,
          "The addresses in use of an interface over others, as those of nic.*.addresses: a port below a bond has none of its "
          "own.",
          ADDRESS_WHERE },
        { 0 },
};

/* The list of links tells a wire from what software makes of it. */
static const struct fact_touch nic_touches[] = {
        { "nic.fastest", "ethtool/linkmodes/*" },
        { "nic.fastest", "/sys/class/net/*/speed" },
        { "nic.fastest", "rtnl/links" },
        { "nic.*.link", "ethtool/linkstate/*" },
        { "nic.*.speed", "ethtool/linkmodes/*" },
        { "nic.*.speed", "/sys/class/net/*/speed" },
        { "nic.*.speed", "rtnl/links" },
        { "nic.*.max_speed", "ethtool/linkmodes/*" },
        { "nic.*.peer_speed", "ethtool/linkmodes/*" },
        { "nic.*.duplex", "ethtool/linkmodes/*" },
        { "nic.*.duplex", "/sys/class/net/*/duplex" },
        { "nic.*.firmware", "ethtool/drvinfo/*" },
        { "nic.*.ptp", "ethtool/tsinfo/*" },
        { "nic.*.addresses", "rtnl/addresses" },
        { "nic.*.addresses", "rtnl/links" },
        { "net.addresses", "rtnl/addresses" },
        { "net.addresses", "rtnl/links" },
        { "interface.*.addresses", "rtnl/addresses" },
        { "interface.*.addresses", "rtnl/links" },
        { "interface.*.kind", "rtnl/links" },
        { "interface.*.link", "ethtool/linkstate/*" },
        { "interface.*.up", "ethtool/linkstate/**" },
        { "interface.*.down", "ethtool/linkstate/**" },
        { "interface.*.slowest", "ethtool/linkstate/**" },
        { "interface.*.slowest", "ethtool/linkmodes/**" },
        { "interface.*.slowest", "/sys/class/net/**/speed" },
        { "interface.*.slowest", "rtnl/links" },
        { NULL, NULL },
};

static struct nic_links ask_links(struct host *host, struct pool *pool)
{
        struct nic_links links = { 0 };
        const void *answer;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, "rtnl/links");
        if (r == 0)
                r = netlink_parse_links(pool, answer, size, &links.rows, &links.count);
        if (r < 0)
                return (struct nic_links){ .error = r };
        return links;
}

/* The port of an embedded switch that stands for a virtual or sub function, or for the host ("pf0vf1", "c1pf0sf3", "pf0"); the
 * wire itself is "p0" (Documentation/networking/representors.rst, devlink_port_phys_port_name_get in net/devlink/port.c). */
static bool is_representor(const char *port_name)
{
        if (*port_name == 'c' && port_name[1] >= '0' && port_name[1] <= '9')
                port_name += 1 + strspn(port_name + 1, "0123456789");
        return text_starts(port_name, "pf");
}

/* Without the list of links the port is asked itself. Where asking would be too loud, it is what nearly all are: its speed, which
 * is what counts, is not read then either. */
static int is_software_by_name(struct host *host, struct pool *pool, const char *name)
{
        const char *port_name;
        int r;

        r = sysfs_text(host, pool, &port_name, NIC_FOLDER "/%s/phys_port_name", name);
        if (r == 0)
                return is_representor(port_name);
        return r == -EOPNOTSUPP || r == -ENOENT || r == -ENODATA || r == -ECANCELED ? 0 : r;
}

/* 1, 0, or a negative errno where it cannot be told. */
static int is_software(struct host *host, struct pool *pool, const struct nic_links *links, const char *name)
{
        if (links->error < 0)
                return is_software_by_name(host, pool, name);
        for (size_t i = 0; i < links->count; i++) {
                const struct netlink_link *link = &links->rows[i];

                if (!text_equals(link->name, name))
                        continue;
                /* The ports of a hardware switch chip are links of a kind, too. */
                return (link->kind && !text_equals(link->kind, "dsa")) || (link->port_name && is_representor(link->port_name));
        }
        return 0;
}

static bool is_wireless(struct host *host, const char *folder)
{
        return host_exists(host, "%s/wireless", folder) || host_exists(host, "%s/phy80211", folder);
}

static bool is_physical(struct host *host, struct pool *pool, const char *folder)
{
        const char *target;

        if (!host_exists(host, "%s/device", folder))
                return false;
        if (host_link(host, pool, &target, "%s", folder) == 0 && strstr(target, "/virtual/"))
                return false;
        /* A virtual function has no wire: its speed and its link are what the port's driver makes them. */
        if (host_link(host, pool, &target, "%s/device/physfn", folder) == 0)
                return false;
        return host_link(host, pool, &target, "%s/device/subsystem", folder) < 0 ||
               !text_equals(sysfs_last(pool, target), "netdevsim");
}

static struct nic_port open_port(struct host *host, struct pool *pool, const char *name)
{
        struct nic_port port = {
                .name = name,
                .label = text_printable(pool, name, 64),
                .folder = pool_format(pool, NIC_FOLDER "/%s", name),
                .linked = -ENODATA,
                .speed_error = -ENODATA,
        };
        int64_t type;

        port.pci = sysfs_pci_of(host, pool, port.folder);
        /* Without the file we take the port for what nearly all are. */
        port.ethernet = host_number(host, &type, "%s/type", port.folder) < 0 || type == ARPHRD_ETHER;
        if (is_wireless(host, port.folder))
                port.ethernet = false;
        return port;
}

static int nic_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        struct nic_fastest fastest = { 0 };
        struct nic_port *ports = NULL;
        const char *const *names;
        struct nic_addresses addresses;
        struct nic_links links;
        size_t count = 0;
        int r;

        addresses = nic_addresses_ask(host, pool);
        links = ask_links(host, pool);
        nic_addresses_fact(facts, pool, &links, &addresses);
        r = host_list(host, pool, &names, NIC_FOLDER);
        if (r < 0) {
                fact_unlisted(facts, r, NIC_FOLDER, "nic.*");
                fact_unlisted(facts, r, NIC_FOLDER, "interface.*");
                fact_unknown(facts, r, NIC_FOLDER, "nic.fastest");
                return 0;
        }
        for (const char *const *name = names; *name; name++) {
                struct nic_port port;

                if (!is_physical(host, pool, pool_format(pool, NIC_FOLDER "/%s", *name)))
                        continue;
                r = is_software(host, pool, &links, *name);
                if (r < 0)
                        fact_unlisted(facts, r, NIC_FOLDER, "nic.%s.*", text_printable(pool, *name, 64));
                if (r != 0)
                        continue;
                port = open_port(host, pool, *name);
                nic_link_facts(host, facts, pool, &port);
                nic_device_facts(host, facts, pool, &port);
                nic_address_fact(facts, pool, &links, &addresses, "nic", port.name);
                if (port.ethernet)
                        nic_fastest_count(host, pool, &port, &fastest);
                ports = pool_grow(pool, ports, count, sizeof *ports);
                ports[count++] = port;
        }
        nic_stack_facts(host, facts, pool, names, &links, &addresses, ports, count);
        nic_fastest_fact(host, facts, pool, &fastest);
        return 0;
}

const struct probe probe_nic = {
        .name = "nic",
        .help = "Network ports with a device behind them: link, speed, driver, place and counters; and the ports below bonds "
                "and VLANs; addresses.",
        .facts = nic_facts,
        .touches = nic_touches,
        .run = nic_run,
};
