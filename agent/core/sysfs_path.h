/* Reading device names out of the paths that sysfs links hold. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

/* "0000:3b:00.0", and domains wider than four digits as Intel VMD makes them: "10000:01:00.0". */
bool sysfs_is_pci(const char *name);
/* The last component of the path; the path itself where it has no slash. In the pool. */
const char *sysfs_last(struct pool *pool, const char *path);
/* The path without its last component; "" where there is none. In the pool. */
const char *sysfs_parent(struct pool *pool, const char *path);
/* The last component of the path that is a PCI address; NULL if none is. In the pool. */
const char *sysfs_pci(struct pool *pool, const char *path);
/* Is it the word and then digits only: "nvme12" for "nvme"? */
bool sysfs_is_numbered(const char *name, const char *word);
/* One line of text without the white space around it; -ENODATA where nothing is left. */
int sysfs_text(struct host *host, struct pool *pool, const char **text, const char *path, ...)
        __attribute__((format(printf, 4, 5)));
/* The PCI address of a device that has a `device` link: by that link, else by the path that the class folder's own link holds.
 * NULL: not on PCI, or not told. folder: "/sys/class/net/eth0". */
const char *sysfs_pci_of(struct host *host, struct pool *pool, const char *folder);
/* The NUMA node of a device: its own file, else that of the PCI device it stands on (virtio devices have none of their own).
 * -1: the firmware does not say. A negative errno where no file answers. *source: the file. */
int sysfs_node_of(struct host *host, struct pool *pool, const char *folder, const char *pci, int *node, const char **source);
