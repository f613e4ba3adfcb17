/* Boot Loader Specification entries, as systemd-boot reads them (loader.conf(5), uapi-group.org/specifications/specs/
 * boot_loader_specification). */

#pragma once

#include "agent/core/boot.h"

/* Fills in the menu of systemd-boot. -ENOENT if there is none; -EACCES where only root may read. */
int loader_entries_read(struct host *host, struct pool *pool, struct boot *boot);
/* The kernel release in the path of an image ("/boot/vmlinuz-6.1.0-28-amd64"), links of that name followed; NULL unknown. */
const char *boot_image_release(struct host *host, struct pool *pool, const char *image);
