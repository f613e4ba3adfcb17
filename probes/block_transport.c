/* How a disk is attached, by its name and the path of its device; NVMe by its controllers. */

#include "probes/block_transport.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

static bool skip_number(const char **at, char letter)
{
        size_t digits;

        if (**at != letter)
                return false;
        digits = strspn(*at + 1, "0123456789");
        if (!digits)
                return false;
        *at += 1 + digits;
        return true;
}

bool nvme_is_namespace(const char *name, bool paths, size_t *controller_size)
{
        const char *at;

        if (!text_starts(name, "nvme"))
                return false;
        at = name + strlen("nvm");
        if (!skip_number(&at, 'e'))
                return false;
        *controller_size = (size_t)(at - name);
        if (paths)
                skip_number(&at, 'c');
        return skip_number(&at, 'n') && *at == '\0';
}

const char *nvme_transport(struct host *host, struct pool *pool, const char *controller)
{
        const char *folder = pool_format(pool, "/sys/class/nvme/%s", controller);
        const char *transport;

        if (sysfs_text(host, pool, &transport, "%s/transport", folder) == 0)
                return transport;
        return sysfs_pci_of(host, pool, folder) ? "pcie" : NULL;
}

/* "nvme" only where every controller that leads to the disk is on PCIe. */
static const char *transport_of_controllers(struct host *host, struct pool *pool, const char *const *names)
{
        const char *found = NULL;

        for (; *names; names++) {
                const char *transport;

                if (!sysfs_is_numbered(*names, "nvme"))
                        continue;
                transport = nvme_transport(host, pool, *names);
                if (!transport)
                        return NULL;
                if (!text_equals(transport, "pcie"))
                        return pool_format(pool, "nvme-%s", transport);
                found = "nvme";
        }
        return found;
}

/* The parent in the path is the controller, or the subsystem where the kernel joins several paths to one disk. */
static const char *nvme_disk_transport(struct host *host, struct pool *pool, const char *name, const char *path)
{
        const char *parent = path ? sysfs_last(pool, sysfs_parent(pool, path)) : "";
        const char *const *names;
        size_t size = 0;

        if (text_starts(parent, "nvme-subsys") && host_list(host, pool, &names, "/sys/class/nvme-subsystem/%s", parent) == 0)
                return transport_of_controllers(host, pool, names);
        if (path && sysfs_pci(pool, path))
                return "nvme";
        if (!sysfs_is_numbered(parent, "nvme")) {
                nvme_is_namespace(name, false, &size);
                parent = slice_dup(pool, (struct slice){ name, size });
        }
        return transport_of_controllers(host, pool, (const char *const[]){ parent, NULL });
}

static const char *path_transport(const char *path)
{
        /* The first that fits: a SATA disk behind USB is a USB disk, and both stand on a SCSI host. */
        static const struct {
                const char *part, *transport;
        } table[] = {
                { "/usb", "usb" },         { "/session", "iscsi" }, { "/rport-", "fc" }, { "/ata", "sata" },
                { "/end_device-", "sas" }, { "/virtio", "virtio" }, { "/mmc", "mmc" },   { "/host", "scsi" },
                { "/nd_btt", "pmem" },     { "/ndbus", "pmem" },    { "/vbd-", "xen" },
        };

        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
                if (strstr(path, table[i].part))
                        return table[i].transport;
        return NULL;
}

static const char *name_transport(const char *name)
{
        static const char *const words[] = { "zram", "loop", "ram", "nbd", "rbd" };

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (sysfs_is_numbered(name, words[i]))
                        return words[i];
        return NULL;
}

int nvme_subsystem(struct host *host, struct pool *pool, const char *folder, const char **subsystem)
{
        int r;

        r = sysfs_text(host, pool, subsystem, "%s/subsysnqn", folder);
        if (r == -ENOENT || r == -ENODATA) {
                *subsystem = folder;
                return 0;
        }
        return r;
}

/* A drive has a name of its own, which its controllers and the subsystem that joins them all tell. Its namespaces are in the folder of a
 * controller or of the subsystem, and in those of several controllers where the kernel joins none (nvme_core.multipath=N). */
static int nvme_drive(struct host *host, struct pool *pool, const char *name, const char *path, const char **drive)
{
        const char *parent = path ? sysfs_last(pool, sysfs_parent(pool, path)) : "";
        size_t size = 0;

        if (text_starts(parent, "nvme-subsys"))
                return nvme_subsystem(host, pool, pool_format(pool, "/sys/class/nvme-subsystem/%s", parent), drive);
        if (!sysfs_is_numbered(parent, "nvme")) {
                nvme_is_namespace(name, false, &size);
                parent = slice_dup(pool, (struct slice){ name, size });
        }
        return nvme_subsystem(host, pool, pool_format(pool, "/sys/class/nvme/%s", parent), drive);
}

struct block_disk block_disk(struct host *host, struct pool *pool, const char *name, const char *folder)
{
        struct block_disk disk = { .name = pool_dup(pool, name) };
        const char *path = NULL;
        size_t size;
        bool nvme = nvme_is_namespace(name, false, &size);

        if (host_link(host, pool, &path, "%s", folder) < 0)
                path = NULL;
        if (nvme)
                disk.transport = nvme_disk_transport(host, pool, name, path);
        else
                disk.transport = name_transport(name);
        if (!disk.transport && !nvme && path)
                disk.transport = path_transport(path);

        disk.drive = disk.name;
        if (nvme && nvme_drive(host, pool, name, path, &disk.drive) < 0)
                disk.transport = NULL; /* whether it shares the drive of another is not known */
        return disk;
}
