/* How a PCIe link runs, and how it could. */

#pragma once

struct host;
struct pool;

struct pcie_link {
        int speed; /* tenths of GT/s of a lane */
        int width; /* lanes */
};

/* which: "current" or "max" of the device in this folder. -ENOENT: no PCIe device; -ENODATA: the kernel cannot tell ("Unknown", a width of
 * 0 or 255). */
int pcie_link_read(struct host *host, struct pool *pool, const char *folder, const char *which, struct pcie_link *link);
/* "8.0 GT/s x4", from the pool. */
const char *pcie_link_show(struct pool *pool, struct pcie_link link);
/* What two ends can do together. */
struct pcie_link pcie_link_common(struct pcie_link a, struct pcie_link b);
