/* Asking an NVMe drive for its SMART log page (NVM Express base specification, "SMART / Health Information"). */

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PAGE_SIZE    512
#define NAME_SIZE    32
#define TIMEOUT_MS   2000
#define GET_LOG_PAGE 0x02
#define LOG_SMART    0x02
#define ALL_SPACES   0xffffffff

/* The command keeps the kernel's own time limit: when that of an admin command runs out, the driver resets the controller
 * (drivers/nvme/host/pci.c, nvme_timeout), and a question must not take a disk away from who works with it. */
static int read_page(const void *name, struct text_buffer *text)
{
        unsigned char page[PAGE_SIZE];
        struct nvme_admin_cmd command = {
                .opcode = GET_LOG_PAGE,
                .nsid = ALL_SPACES,
                .addr = (__u64)(uintptr_t)page,
                .data_len = sizeof page,
                .cdw10 = LOG_SMART | (__u32)(sizeof page / 4 - 1) << 16,
        };
        char path[NAME_SIZE + sizeof "/dev/"];
        int fd, r;

        snprintf(path, sizeof path, "/dev/%s", (const char *)name);
        fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = ioctl(fd, NVME_IOCTL_ADMIN_CMD, &command);
        if (r < 0)
                r = -errno;
        close(fd);
        if (r == 0)
                text_add_bytes(text, page, sizeof page);
        /* Above zero: the drive's own status. */
        return r > 0 ? -EIO : r;
}

int ask_nvme(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        const char *slash = strchr(rest, '/');
        char name[NAME_SIZE];
        size_t length = slash ? (size_t)(slash - rest) : 0;

        if (!slash || !text_equals(slash, "/smart") || length >= sizeof name || !text_starts(rest, "nvme"))
                return -ENOENT;
        if (length == strlen("nvme") || strspn(rest + strlen("nvme"), "0123456789") != length - strlen("nvme"))
                return -ENOENT;
        memcpy(name, rest, length);
        name[length] = '\0';
        return children_ask(read_page, name, TIMEOUT_MS, PAGE_SIZE, pool, answer, size);
}
