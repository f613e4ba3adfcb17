/* Block devices: the whole disks that something stands on, and how those are attached. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct pool;

struct block_disk {
        const char *name;  /* "sda", "nvme0n1" */
        const char *drive; /* the same text for disks of one drive (namespaces of one NVMe subsystem); never NULL */
        /* "nvme" (on PCIe), "nvme-tcp", "sata", "sas", "virtio", "zram" ...; NULL: it or the drive is not known */
        const char *transport;
};

/* The folder of a disk or partition: below /sys/class/block, else /sys/block. NULL: there is no such device. */
const char *block_folder(struct host *host, struct pool *pool, const char *name);
/* The kernel's name for "/dev/sda2", "/dev/mapper/vg-root", "/dev/disk/by-uuid/..."; -ENOENT where nothing fits. */
int block_name(struct host *host, struct pool *pool, const char *device, const char **name);
/* The same for what is mounted: by its number, "8:1", which leads there even where the source is only "/dev/root", else by its source.
 * number may be NULL. */
int block_mounted(struct host *host, struct pool *pool, const char *number, const char *source, const char **name);
/* The whole disks below a partition, array or mapping, each once. The array lives in the pool. -ENOENT: no such device;
 * -ELOOP: the links go round, or too deep. */
int block_disks(struct host *host, struct pool *pool, const char *name, const struct block_disk **disks, size_t *count);
/* Bytes, from the device's `size` file, which always counts 512 bytes. */
int block_size(struct host *host, const char *folder, int64_t *bytes);

/* How a controller ("nvme0") is attached: "pcie", "tcp", "rdma", "fc", "loop"; NULL: not known. Kernels before 4.8 have no such
 * file; their controllers are all on PCIe. */
const char *nvme_transport(struct host *host, struct pool *pool, const char *controller);
/* What controllers of one drive (a drive with two ports) have in common: the name of their subsystem; the folder itself where the kernel
 * tells none. folder: of a controller or subsystem. */
int nvme_subsystem(struct host *host, struct pool *pool, const char *folder, const char **subsystem);
/* Is it "nvme0n1", a whole namespace? *controller_size: of its first part, "nvme0". paths: also "nvme0c1n1", one way to a
 * namespace that has several. */
bool nvme_is_namespace(const char *name, bool paths, size_t *controller_size);
