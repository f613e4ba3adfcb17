/* Boot Loader Specification entries, as systemd-boot reads them (loader.conf(5), uapi-group.org/specifications/specs/
 * boot_loader_specification). */

#pragma once

#include "agent/core/boot.h"

/* Fills in the menu of systemd-boot. -ENOENT if there is none; -EACCES where only root may read. */
int loader_entries_read(struct host *host, struct pool *pool, struct boot *boot);
