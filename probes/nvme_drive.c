/* What the kernel knows of one NVMe drive, without asking the drive. */

#include "probes/nvme_drive.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block.h"
#include "probes/pcie_link.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

static void add_text(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive,
                     const char *file, const char *fact)
{
        const char *source = pool_format(pool, "%s/%s", drive->folder, file);
        const char *text;
        int r;

        r = sysfs_text(host, pool, &text, "%s", source);
        if (r < 0)
                fact_unknown(facts, r, source, "nvme.%s.%s", drive->name, fact);
        else
                fact_known(facts, value_text(pool, text), source, "nvme.%s.%s", drive->name, fact);
}

/* Is this one of the drive's namespaces? Of a namespace with several paths each controller's folder holds its own path to it,
 * whose first number is the subsystem's ("nvme0c1n1" below nvme1); the joined disk stands elsewhere. */
static bool is_its_namespace(const struct nvme_drive *drive, const char *name)
{
        size_t size;

        if (!nvme_is_namespace(name, !drive->old, &size))
                return false;
        return !drive->old || (size == strlen(drive->name) && text_starts(name, drive->name));
}

static void add_size(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive)
{
        const char *folder = drive->old ? "/sys/class/block" : drive->folder;
        const char *const *names;
        int64_t total = 0;
        unsigned count = 0;
        int r;

        r = host_list(host, pool, &names, "%s", folder);
        if (r == -ENOENT && drive->old) {
                folder = "/sys/block";
                r = host_list(host, pool, &names, "%s", folder);
        }
        for (; r == 0 && *names; names++) {
                int64_t bytes;

                if (!is_its_namespace(drive, *names))
                        continue;
                count++;
                r = block_size(host, pool_format(pool, "%s/%s", folder, *names), &bytes);
                if (r == 0 && __builtin_add_overflow(total, bytes, &total))
                        r = -ERANGE;
        }
        if (r < 0) {
                fact_unknown(facts, r, folder, "nvme.%s.size", drive->name);
        } else if (!count) {
                fact_absent(facts, folder, "nvme.%s.size", drive->name);
                fact_note(facts, "the drive has no namespace");
        } else {
                fact_known(facts, value_number(total, UNIT_BYTES), folder, "nvme.%s.size", drive->name);
        }
}

static void add_node(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive)
{
        const char *source;
        int r, node;

        r = sysfs_node_of(host, pool, drive->folder, drive->pci, &node, &source);
        if (r < 0) {
                fact_unknown(facts, r, source, "nvme.%s.node", drive->name);
        } else if (node < 0) {
                fact_absent(facts, source, "nvme.%s.node", drive->name);
                fact_note(facts, "the firmware does not say");
        } else {
                fact_known(facts, value_number(node, UNIT_NONE), source, "nvme.%s.node", drive->name);
        }
}

static void add_link(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive)
{
        const char *device = pool_format(pool, "%s/device", drive->folder);
        struct pcie_link now, best;
        int r;

        if (drive->pci && !host_exists(host, "%s", device))
                device = pool_format(pool, "/sys/bus/pci/devices/%s", drive->pci);
        r = pcie_link_read(host, pool, device, "current", &now);
        if (r < 0) {
                fact_unknown(facts, r, device, "nvme.%s.link", drive->name);
                return;
        }
        fact_known(facts, value_text(pool, pcie_link_show(pool, now)), device, "nvme.%s.link", drive->name);
        if (pcie_link_read(host, pool, device, "max", &best) == 0 && (now.speed != best.speed || now.width != best.width))
                fact_note(facts, "the drive can do %s", pcie_link_show(pool, best));
}

void nvme_drive_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive)
{
        add_text(host, facts, pool, drive, drive->old ? "device/model" : "model", "model");
        add_text(host, facts, pool, drive, drive->old ? "device/firmware_rev" : "firmware_rev", "firmware");
        add_size(host, facts, pool, drive);
        nvme_health_facts(host, facts, pool, drive);
        add_node(host, facts, pool, drive);
        add_link(host, facts, pool, drive);
}
