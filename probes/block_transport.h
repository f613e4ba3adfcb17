/* How one whole disk is attached. */

#pragma once

#include "probes/block.h"

/* folder: as block_folder gives it. */
struct block_disk block_disk(struct host *host, struct pool *pool, const char *name, const char *folder);
