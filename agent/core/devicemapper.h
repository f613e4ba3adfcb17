/* What the kernel's device mapper answers (linux/dm-ioctl.h), made text. */

#pragma once

#include <stddef.h>

struct text_buffer;

/* Adds a line "START LENGTH TARGET PARAMETERS" for each target, as `dmsetup status` writes it, from what DM_TABLE_STATUS left in a room
 * of this size. -EBADMSG where it does not fit together; then nothing was added. */
int devicemapper_lines(const void *room, size_t size, struct text_buffer *text);
