/* Asking the device mapper for the status of one mapping (DM_TABLE_STATUS, drivers/md/dm-ioctl.c). */

#include "agent/core/devicemapper.h"

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CONTROL    "/dev/" DM_DIR "/" DM_CONTROL_NODE
#define TIMEOUT_MS 2000
/* One line of a RAID target with 253 images stays below 2 KiB. */
#define ROOM_FIRST ((size_t)16 << 10)
#define ROOM_MOST  ((size_t)1 << 20)

/* The control file is there without the module (devname:mapper/control in its aliases), and opening it would load that. Who has the
 * module has this folder. */
#define LOADED "/sys/class/misc/device-mapper"

static int add_lines(const char *room, size_t size, struct text_buffer *text)
{
        struct dm_ioctl head;
        size_t at;

        if (size < sizeof head)
                return -EBADMSG;
        memcpy(&head, room, sizeof head);
        if (head.data_size > size || head.data_start > head.data_size)
                return -EBADMSG;
        at = head.data_start;
        for (uint32_t i = 0; i < head.target_count; i++) {
                struct dm_target_spec spec;
                const char *parameters, *end;

                if (head.data_size - at < sizeof spec)
                        return -EBADMSG;
                memcpy(&spec, room + at, sizeof spec);
                parameters = room + at + sizeof spec;
                end = memchr(parameters, '\0', head.data_size - at - sizeof spec);
                if (!end || !memchr(spec.target_type, '\0', sizeof spec.target_type))
                        return -EBADMSG;
                text_addf(text, "%llu %llu %s %s\n", (unsigned long long)spec.sector_start, (unsigned long long)spec.length,
                          spec.target_type, parameters);
                if (i + 1 == head.target_count)
                        return 0;
                /* Counted from the first of them. */
                if (spec.next > head.data_size - head.data_start || head.data_start + spec.next < (size_t)(end + 1 - room))
                        return -EBADMSG;
                at = head.data_start + spec.next;
        }
        return 0;
}

int devicemapper_lines(const void *room, size_t size, struct text_buffer *text)
{
        autobuffer struct text_buffer lines = { 0 };
        int r;

        r = add_lines(room, size, &lines);
        if (r == 0 && lines.size)
                text_add_bytes(text, lines.at, lines.size);
        return r;
}

/* With NOFLUSH no target writes anything out before it answers; nothing waits for an event, and no device is opened. -ENOSPC: the
 * answer needs more room. */
static int read_status(int fd, const char *name, size_t size, struct text_buffer *text)
{
        autofree char *room = memory_zero(size);
        struct dm_ioctl request = {
                .version = { DM_VERSION_MAJOR }, /* the first of it, which every kernel takes */
                .data_size = (__u32)size,
                .data_start = sizeof request,
                .flags = DM_NOFLUSH_FLAG,
        };

        memcpy(request.name, name, strlen(name));
        memcpy(room, &request, sizeof request);
        if (ioctl(fd, DM_TABLE_STATUS, room) < 0)
                return errno == ENXIO ? -ENOENT : -errno;
        memcpy(&request, room, sizeof request);
        if (request.flags & DM_BUFFER_FULL_FLAG)
                return -ENOSPC;
        return devicemapper_lines(room, size, text);
}

static int ask_control(const void *name, struct text_buffer *text)
{
        int fd, r = -ENOSPC;

        if (access(LOADED, F_OK) < 0)
                return -EOPNOTSUPP;
        fd = open(CONTROL, O_RDONLY | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? -EOPNOTSUPP : -errno;
        for (size_t size = ROOM_FIRST; r == -ENOSPC && size <= ROOM_MOST; size *= 2)
                r = read_status(fd, name, size, text);
        close(fd);
        return r == -ENOSPC ? -EFBIG : r;
}

int ask_devicemapper(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        if (!*rest || strlen(rest) >= DM_NAME_LEN || strchr(rest, '/'))
                return -ENOENT;
        return children_ask(ask_control, rest, TIMEOUT_MS, ROOM_MOST, pool, answer, size);
}
