/* NVMe drives on this host's PCIe. Controllers reached over a network are somebody else's drives, and are left out. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/nvme_drive.h"
#include "probes/probes.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define NVME_CLASS "/sys/class/nvme"

static const struct fact_info nvme_facts[] = {
        { "nvme.count", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET,
          "How many NVMe drives this host has on PCIe. Two controllers of one drive count once, controllers over a network not "
          "at "
          "all; drives that a RAID adapter or VMD driver hides are not seen.",
          "/sys/class/nvme, else /sys/class/misc and /sys/class/block for drivers before Linux 4.4" },
        { "nvme.*.model", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The model, as the drive tells it.",
          "/sys/class/nvme/nvmeN/model" },
        { "nvme.*.firmware", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "The firmware version. Drives of one fleet should agree.",
          "/sys/class/nvme/nvmeN/firmware_rev" },
        { "nvme.*.size", VALUE_NUMBER, UNIT_BYTES, REACH_QUIET,
          "The size of all namespaces of the drive together. A drive sold as 2 TB often holds 1.92 TB.",
          "/sys/class/nvme/nvmeN/nvme*n*/size, else /sys/class/block/nvmeNn*/size" },
        { "nvme.*.health", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "ok, warning or failed. Failed: the drive raises a critical warning, its spare capacity is down to its limit, or the "
          "kernel has lost its controller. Warning: its rated life is used up, it has lost blocks, or its controller is being "
          "reset.",
          "/sys/class/nvme/nvmeN/state, then the drive's SMART log page (admin queue)" },
        { "nvme.*.used", VALUE_NUMBER, UNIT_PERCENT, REACH_TOUCHING,
          "How much of its rated life the drive has used; it may exceed 100.", "the drive's SMART log page (admin queue)" },
        { "nvme.*.spare", VALUE_NUMBER, UNIT_PERCENT, REACH_TOUCHING,
          "How much spare capacity is left for blocks that wear out.", "the drive's SMART log page (admin queue)" },
        { "nvme.*.temperature", VALUE_NUMBER, UNIT_CELSIUS, REACH_TOUCHING,
          "The temperature of the drive. One that is too hot slows itself down.", "the drive's SMART log page (admin queue)" },
        { "nvme.*.media_errors", VALUE_NUMBER, UNIT_COUNT, REACH_TOUCHING,
          "Errors that the drive could not correct in its own memory: lost blocks.",
          "the drive's SMART log page (admin queue)" },
        { "nvme.*.node", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "The NUMA node the drive is attached to.",
          "/sys/class/nvme/nvmeN/numa_node, else that of its PCI device" },
        { "nvme.*.link", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "The PCIe link as it runs now: speed of a lane and number of lanes. Less than the drive can do means a wrong slot or "
          "a bad "
          "contact.",
          "current_link_speed and current_link_width of the PCI device" },
        { 0 },
};

static const struct fact_touch nvme_touches[] = {
        { "nvme.*.health", "nvme/*/smart" },      { "nvme.*.used", "nvme/*/smart" },         { "nvme.*.spare", "nvme/*/smart" },
        { "nvme.*.temperature", "nvme/*/smart" }, { "nvme.*.media_errors", "nvme/*/smart" }, { NULL, NULL },
};

/* Controllers of one drive (a drive with two ports) carry the same subsystem name: one drive. */
static bool is_known_subsystem(struct host *host, struct pool *pool, const char *folder, const char ***known, unsigned count)
{
        const char *name;

        if (nvme_subsystem(host, pool, folder, &name) < 0)
                name = folder;
        for (unsigned i = 0; i < count; i++)
                if (text_equals((*known)[i], name))
                        return true;
        *known = pool_grow(pool, *known, count, sizeof **known);
        (*known)[count] = name;
        return false;
}

struct census {
        unsigned drives, remote, unclear;
};

static struct census count_class(struct host *host, struct facts *facts, struct pool *pool, const char *const *names)
{
        struct census census = { 0 };
        const char **known = NULL;

        for (; *names; names++) {
                struct nvme_drive drive = { .name = *names, .folder = pool_format(pool, NVME_CLASS "/%s", *names) };
                const char *transport;

                if (!sysfs_is_numbered(*names, "nvme"))
                        continue;
                transport = nvme_transport(host, pool, *names);
                if (!transport) {
                        census.unclear++;
                        fact_unlisted(facts, -ENODATA, drive.folder, "nvme.%s.*", text_printable(pool, *names, 64));
                        continue;
                }
                if (!text_equals(transport, "pcie")) {
                        census.remote++;
                        continue;
                }
                drive.pci = sysfs_pci_of(host, pool, drive.folder);
                if (!is_known_subsystem(host, pool, drive.folder, &known, census.drives))
                        census.drives++;
                nvme_drive_facts(host, facts, pool, &drive);
        }
        return census;
}

/* A drive of a name in one of those folders, unless it is known already. */
static bool take_old(struct host *host, struct facts *facts, struct pool *pool, const char *place, const char *name)
{
        struct nvme_drive drive = { .folder = pool_format(pool, "%s/%s", place, name), .old = true };
        size_t size = strlen(name);
        const char *target;

        if (!sysfs_is_numbered(name, "nvme") && !nvme_is_namespace(name, false, &size))
                return false;
        if (host_link(host, pool, &target, "%s", drive.folder) == 0 && strstr(target, "/nvme-fabrics/"))
                return false;
        drive.name = slice_dup(pool, (struct slice){ name, size });
        if (fact_find(facts, pool_format(pool, "nvme.%s.size", drive.name)))
                return false;
        drive.pci = sysfs_pci_of(host, pool, drive.folder);
        nvme_drive_facts(host, facts, pool, &drive);
        return true;
}

/* Drivers before Linux 4.4 made a misc device for the controller, and disks; some trees have only one of the two. */
static int count_old(struct host *host, struct facts *facts, struct pool *pool, unsigned *count)
{
        static const char *const places[] = { "/sys/class/block", "/sys/block", "/sys/class/misc" };
        bool listed = false;

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                const char *const *names;
                int r = host_list(host, pool, &names, "%s", places[i]);

                if (r < 0 && r != -ENOENT)
                        return r;
                if (r < 0)
                        continue;
                listed = true;
                for (; *names; names++)
                        *count += take_old(host, facts, pool, places[i], *names);
        }
        return listed ? 0 : -ENOENT;
}

static int nvme_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        struct census census = { 0 };
        const char *source = NVME_CLASS;
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, NVME_CLASS);
        if (r == 0) {
                census = count_class(host, facts, pool, names);
        } else if (r == -ENOENT) {
                source = "/sys/class/block";
                r = count_old(host, facts, pool, &census.drives);
        }
        if (r < 0)
                fact_unlisted(facts, r, source, "nvme.*");
        if (r == 0 && census.unclear)
                r = -ENODATA;
        if (r < 0) {
                fact_unknown(facts, r, source, "nvme.count");
                if (census.unclear)
                        fact_note(facts, "of unknown transport: %u", census.unclear);
                return 0;
        }
        fact_known(facts, value_number(census.drives, UNIT_COUNT), source, "nvme.count");
        if (census.remote)
                fact_note(facts, "%u more over a network, not counted", census.remote);
        return 0;
}

const struct probe probe_nvme = {
        .name = "nvme",
        .help = "NVMe drives on this host's PCIe: model, firmware, size, health, place and link.",
        .facts = nvme_facts,
        .touches = nvme_touches,
        .run = nvme_run,
};
