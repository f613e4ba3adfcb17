/* The images of kernels that a boot loader names. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

/* May it be a kernel's release, and stand in a path? Nothing from a hostile menu leaves its folder. */
bool boot_is_release(const char *text);
/* The kernel release in the path of an image ("/boot/vmlinuz-6.1.0-28-amd64"), links of that name followed; NULL unknown. */
const char *boot_image_release(struct host *host, struct pool *pool, const char *image);
