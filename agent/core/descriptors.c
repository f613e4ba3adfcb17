/* Open files from a number on: by the kernel's one call for that, else one by one, since the C library has had it for a shorter time. */

#include "agent/core/descriptors.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of Linux 5.9 and 5.11; the same number on every architecture. */
#ifndef __NR_close_range
#define __NR_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
/* Where the kernel has no such call, more are not looked at. */
#define DESCRIPTORS_MAX 65536

static int last_possible(void)
{
        long most = sysconf(_SC_OPEN_MAX);

        return most < 0 || most > DESCRIPTORS_MAX ? DESCRIPTORS_MAX : (int)most;
}

void descriptors_close_from(int first)
{
        if (syscall(__NR_close_range, (unsigned)first, UINT_MAX, 0U) == 0)
                return;
        for (int fd = first; fd < last_possible(); fd++)
                close(fd);
}

void descriptors_keep_from(int first)
{
        if (syscall(__NR_close_range, (unsigned)first, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0)
                return;
        for (int fd = first; fd < last_possible(); fd++)
                fcntl(fd, F_SETFD, FD_CLOEXEC);
}
