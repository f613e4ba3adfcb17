/* The PCIe links of network cards and NVMe drives, and of the switches between them and the processor. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/pcie_errors.h"
#include "probes/pcie_link.h"
#include "probes/probes.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define DEVICES "/sys/bus/pci/devices"

static const struct fact_info pcie_facts[] = {
        { "pcie.*.link", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "The PCIe link of a network card, an NVMe drive, or a switch above one, as it runs now: speed of a lane and number "
          "of "
          "lanes. What sleeps is not looked at.",
          "/sys/bus/pci/devices/ADDR/current_link_speed, current_link_width" },
        { "pcie.*.degraded", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the link runs slower or on fewer lanes than the device and its slot both can: a bad contact, a riser of an "
          "older "
          "generation, or a setting of the firmware. A fast card in a slow slot is not degraded; the note tells it.",
          "current_link_speed and current_link_width of the device, max_link_speed and max_link_width of it and of the port "
          "above" },
        { "pcie.*.errors.corrected", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Errors of the device that were corrected since the kernel found it, mostly by sending a packet once more. Each "
          "costs time; many of them are a bad contact, or a link faster than its traces allow. The port above a device counts "
          "what it received itself, under its own address, with a note that says whose link it is the upper end of. Absent "
          "without Advanced Error Reporting; of such a port nothing is told. Firmware that takes errors for itself may leave "
          "the kernel nothing to count.",
          "/sys/bus/pci/devices/ADDR/aer_dev_correctable: TOTAL_ERR_COR" },
        { "pcie.*.errors.uncorrected", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "Errors of the device that could not be corrected since the kernel found it, fatal ones and others: a request "
          "failed, or the link had to start anew. The port above counts its own, under its own address.",
          "/sys/bus/pci/devices/ADDR/aer_dev_nonfatal: TOTAL_ERR_NONFATAL, aer_dev_fatal: TOTAL_ERR_FATAL" },
        { 0 },
};

/* Both ends of one link. */
struct link {
        const char *name; /* the address of the lower end */
        const char *folder, *port_folder;
        struct pcie_link now, device, port;
        int now_error, device_error, port_error;
};

static void read_ends(struct host *host, struct pool *pool, struct link *link)
{
        link->now_error = pcie_link_read(host, pool, link->folder, "current", &link->now);
        link->device_error = pcie_link_read(host, pool, link->folder, "max", &link->device);
        link->port_error = pcie_link_read(host, pool, link->port_folder, "max", &link->port);
}

static void add_degraded(struct facts *facts, struct pool *pool, const struct link *link)
{
        int r = link->now_error ? link->now_error : link->device_error ? link->device_error : link->port_error;
        struct pcie_link common;

        if (r < 0) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, link->folder, "pcie.%s.degraded", link->name);
                return;
        }
        common = pcie_link_common(link->device, link->port);
        fact_known(facts, value_flag(link->now.speed < common.speed || link->now.width < common.width), link->folder,
                   "pcie.%s.degraded", link->name);
        if (link->now.speed < common.speed || link->now.width < common.width)
                fact_note(facts, "both ends can do %s", pcie_link_show(pool, common));
}

static void add_link(struct facts *facts, struct pool *pool, const struct link *link)
{
        struct pcie_link common;

        if (link->now_error < 0) {
                fact_unknown(facts, link->now_error, link->folder, "pcie.%s.link", link->name);
                return;
        }
        fact_known(facts, value_text(pool, pcie_link_show(pool, link->now)), link->folder, "pcie.%s.link", link->name);
        if (link->device_error || link->port_error)
                return;
        common = pcie_link_common(link->device, link->port);
        if (common.speed < link->device.speed || common.width < link->device.width)
                fact_note(facts, "the device can do %s, its slot %s", pcie_link_show(pool, link->device),
                          pcie_link_show(pool, link->port));
}

/* A sleeping device has its link down or slow, and newer kernels would wake it for the answer (drivers/pci/pci-sysfs.c). */
static bool sleeps(struct host *host, struct pool *pool, const char *folder)
{
        const char *status;

        return sysfs_text(host, pool, &status, "%s/power/runtime_status", folder) == 0 && text_starts(status, "suspend");
}

/* The upper end of the link, be it of the processor or of a switch, sees what the lower end sends broken. Cards of several functions have
 * one port. */
static void add_port_errors(struct host *host, struct facts *facts, struct pool *pool, const struct link *link)
{
        const char *port = sysfs_last(pool, link->port_folder);

        if (fact_find(facts, pool_format(pool, "pcie.%s.errors.corrected", port)) ||
            !pcie_errors_counted(host, link->port_folder))
                return;
        pcie_errors_facts(host, facts, pool, link->port_folder, port,
                          pool_format(pool, "of the upper end of the link to %s", link->name));
}

static void add_facts(struct host *host, struct facts *facts, struct pool *pool, struct link *link)
{
        if (fact_find(facts, pool_format(pool, "pcie.%s.link", link->name)))
                return;
        /* Counted in memory, so that a device that sleeps is not woken for it. */
        pcie_errors_facts(host, facts, pool, link->folder, link->name, NULL);
        add_port_errors(host, facts, pool, link);
        if (sleeps(host, pool, link->folder)) {
                fact_unknown(facts, -ENODATA, link->folder, "pcie.%s.link", link->name);
                fact_note(facts, "the device sleeps");
                fact_unknown(facts, -ENODATA, link->folder, "pcie.%s.degraded", link->name);
                fact_note(facts, "the device sleeps");
                return;
        }
        read_ends(host, pool, link);
        add_link(facts, pool, link);
        add_degraded(facts, pool, link);
}

/* From the device up: each device below a port is the lower end of a link. Above the port of a switch stands the upper port of that
 * switch, which is the lower end of the next link. What stands in the root complex itself, or on plain PCI, has no link. */
static void climb(struct host *host, struct facts *facts, struct pool *pool, const char *path)
{
        for (;;) {
                const char *port = sysfs_parent(pool, path);
                struct link link = { .name = sysfs_last(pool, path), .folder = path, .port_folder = port };

                if (!sysfs_is_pci(link.name) || !sysfs_is_pci(sysfs_last(pool, port)))
                        return;
                if (!host_exists(host, "%s/current_link_speed", path))
                        return;
                add_facts(host, facts, pool, &link);
                path = sysfs_parent(pool, port);
        }
}

/* Network controllers and NVMe, by the class code (PCI Code and ID Assignment Specification). The virtual functions of a card share its
 * link and cannot tell it. A negative errno where the class cannot be told. */
static int is_wanted(struct host *host, struct pool *pool, const char *name)
{
        const char *class;
        int r;

        if (!sysfs_is_pci(name))
                return 0;
        r = sysfs_text(host, pool, &class, DEVICES "/%s/class", name);
        if (r < 0)
                return r;
        return (text_starts(class, "0x02") || text_starts(class, "0x0108")) && !host_exists(host, DEVICES "/%s/physfn", name);
}

static int pcie_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, DEVICES);
        if (r < 0) {
                if (r != -ENOENT)
                        fact_unlisted(facts, r, DEVICES, "pcie.*");
                return 0;
        }
        for (; *names; names++) {
                const char *target = "";

                r = is_wanted(host, pool, *names);
                if (r > 0)
                        r = host_link(host, pool, &target, DEVICES "/%s", *names);
                else if (r == 0)
                        continue;
                if (r < 0)
                        fact_unlisted(facts, r, DEVICES, "pcie.*");
                else if (strstr(target, "/devices/"))
                        climb(host, facts, pool, pool_format(pool, "/sys%s", strstr(target, "/devices/")));
        }
        return 0;
}

const struct probe probe_pcie = {
        .name = "pcie",
        .help = "The PCIe links of network cards and NVMe drives, and their errors.",
        .facts = pcie_facts,
        .run = pcie_run,
};
