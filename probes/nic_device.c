/* The device behind a network port: driver, place, clock, functions and counters. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "probes/netlink_parse.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>

static void add_driver(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const char *source = pool_format(pool, "%s/device/driver", port->folder);
        const char *target;
        int r;

        r = host_link(host, pool, &target, "%s", source);
        if (r < 0)
                fact_unknown(facts, r, source, "nic.%s.driver", port->label);
        else
                fact_known(facts, value_text(pool, sysfs_last(pool, target)), source, "nic.%s.driver", port->label);
}

static void add_place(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const char *source = pool_format(pool, "%s/device", port->folder);
        const char *target;
        int r, node;

        if (port->pci) {
                fact_known(facts, value_text(pool, port->pci), source, "nic.%s.pci", port->label);
        } else if (host_link(host, pool, &target, "%s", port->folder) == 0) {
                fact_absent(facts, source, "nic.%s.pci", port->label);
                fact_note(facts, "not on a PCI bus");
        } else {
                fact_unknown(facts, -ENODATA, source, "nic.%s.pci", port->label);
        }
        r = sysfs_node_of(host, pool, port->folder, port->pci, &node, &source);
        if (r < 0) {
                fact_unknown(facts, r, source, "nic.%s.node", port->label);
        } else if (node < 0) {
                fact_absent(facts, source, "nic.%s.node", port->label);
                fact_note(facts, "the firmware does not say");
        } else {
                fact_known(facts, value_number(node, UNIT_NONE), source, "nic.%s.node", port->label);
        }
}

/* The clock hangs below the device that registered it: for a card with one clock for all ports that is only one of them, and
 * the driver must be asked for the others. */
static void add_clock(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const char *folder = pool_format(pool, "%s/device/ptp", port->folder);
        const char *source = pool_format(pool, "ethtool/tsinfo/%s", port->name);
        const char *const *names;
        const void *answer;
        size_t size;
        int r, clock = -1;

        if (host_list(host, pool, &names, "%s", folder) == 0 && *names && sysfs_is_numbered(*names, "ptp")) {
                fact_known(facts, value_text(pool, *names), folder, "nic.%s.ptp", port->label);
                return;
        }
        r = host_ask(host, pool, &answer, &size, "%s", source);
        if (r == 0)
                r = netlink_parse_tsinfo(answer, size, &clock);
        if (r == -EOPNOTSUPP || (r == 0 && clock < 0))
                fact_absent(facts, source, "nic.%s.ptp", port->label);
        else if (r < 0)
                fact_unknown(facts, r, source, "nic.%s.ptp", port->label);
        else
                fact_known(facts, value_text(pool, pool_format(pool, "ptp%d", clock)), source, "nic.%s.ptp", port->label);
}

/* The sum of some statistics files; -ENOENT and its kin of the first that cannot be read. */
static int sum_counters(struct host *host, const struct nic_port *port, const char *const *names, int64_t *sum)
{
        int64_t total = 0;

        for (; *names; names++) {
                int64_t count;
                int r;

                r = host_number(host, &count, "%s/statistics/%s", port->folder, *names);
                if (r < 0)
                        return r;
                if (count < 0 || __builtin_add_overflow(total, count, &total))
                        return -ERANGE;
        }
        *sum = total;
        return 0;
}

static void add_counters(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        static const struct {
                const char *fact;
                const char *const files[4];
        } table[] = {
                { "errors", { "rx_errors", "tx_errors", NULL } },
                { "drops", { "rx_dropped", "tx_dropped", "rx_missed_errors", NULL } },
        };
        const char *source = pool_format(pool, "%s/carrier_down_count", port->folder);
        int64_t count;
        int r;

        r = host_number(host, &count, "%s", source);
        if (r == 0 && count < 0)
                r = -ERANGE;
        if (r < 0)
                fact_unknown(facts, r, source, "nic.%s.flaps", port->label);
        else
                fact_known(facts, value_number(count, UNIT_COUNT), source, "nic.%s.flaps", port->label);
        if (r == -ENOENT)
                fact_note(facts, "kernels before 4.16 do not count it");

        source = pool_format(pool, "%s/statistics", port->folder);
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
                r = sum_counters(host, port, table[i].files, &count);
                if (r < 0)
                        fact_unknown(facts, r, source, "nic.%s.%s", port->label, table[i].fact);
                else
                        fact_known(facts, value_number(count, UNIT_COUNT), source, "nic.%s.%s", port->label, table[i].fact);
        }
}

/* One link for each (pci_iov_add_virtfn in drivers/pci/iov.c). The number itself is in sriov_numvfs, and from Linux 5.6 to 6.8 reading it
 * waits for whoever works on the device. */
static void add_functions(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const char *folder = pool_format(pool, "%s/device", port->folder);
        const char *const *names;
        int64_t count = 0;
        int r;

        if (!host_exists(host, "%s/sriov_numvfs", folder)) {
                fact_absent(facts, folder, "nic.%s.vfs", port->label);
                return;
        }
        r = host_list(host, pool, &names, "%s", folder);
        if (r < 0) {
                fact_unknown(facts, r, folder, "nic.%s.vfs", port->label);
                return;
        }
        for (; *names; names++)
                count += sysfs_is_numbered(*names, "virtfn");
        fact_known(facts, value_number(count, UNIT_COUNT), folder, "nic.%s.vfs", port->label);
}

void nic_mtu_fact(struct host *host, struct facts *facts, struct pool *pool, const char *kind, const char *label,
                  const char *folder)
{
        const char *source = pool_format(pool, "%s/mtu", folder);
        int64_t bytes;
        int r;

        r = host_number(host, &bytes, "%s", source);
        if (r == 0 && (bytes < 0 || bytes > INT32_MAX))
                r = -ERANGE;
        if (r < 0)
                fact_unknown(facts, r, source, "%s.%s.mtu", kind, label);
        else
                fact_known(facts, value_number(bytes, UNIT_BYTES), source, "%s.%s.mtu", kind, label);
}

void nic_device_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        add_driver(host, facts, pool, port);
        add_place(host, facts, pool, port);
        add_clock(host, facts, pool, port);
        add_functions(host, facts, pool, port);
        nic_mtu_fact(host, facts, pool, "nic", port->label, port->folder);
        add_counters(host, facts, pool, port);
}
