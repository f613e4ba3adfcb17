/* One NVMe drive. */

#pragma once

#include "agent/core/fact.h"

#include <stdbool.h>

struct host;
struct pool;

struct nvme_drive {
        const char *name;   /* "nvme0" */
        const char *folder; /* "/sys/class/nvme/nvme0"; of an old driver that of a namespace, or of its misc device */
        const char *pci;    /* NULL: not told */
        bool old;           /* of a driver that made no class of its own */
};

/* nvme_health.c: asks the drive, unless its controller is in no state to answer. */
void nvme_health_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive);
void nvme_drive_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive);
