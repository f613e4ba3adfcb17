/* A third, narrow door, for reports alone: they are named on the command line, come from other hosts, and are no part of the host
 * this program looks at. They are only read, and nothing in them is trusted. */

#include "agent/answer_file.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_file(int *fd)
{
        if (*fd >= 0)
                close(*fd);
}

static int refuse(int error, const char *words, const char **problem)
{
        *problem = words ? words : strerror(-error);
        return error;
}

static int check(const struct stat *stat, const char **problem)
{
        if (!S_ISREG(stat->st_mode))
                return refuse(-EINVAL, "is no regular file", problem);
        if ((uint64_t)stat->st_size > ANSWER_SIZE_MAX)
                return refuse(-EFBIG, "is larger than 2 MiB, and no report", problem);
        return 0;
}

/* Looked at before it is opened, since opening a device can set it going; and not waited for, since a FIFO may have taken its place. */
static int open_file(const char *path, int *fd, const char **problem)
{
        struct stat status;
        int r;

        if (stat(path, &status) < 0)
                return refuse(-errno, NULL, problem);
        r = check(&status, problem);
        if (r < 0)
                return r;
        *fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (*fd < 0 || fstat(*fd, &status) < 0)
                return refuse(-errno, NULL, problem);
        return check(&status, problem);
}

int answer_file_read(const char *path, char **bytes, size_t *size, const char **problem)
{
        __attribute__((cleanup(close_file))) int fd = -1;
        autofree char *room = NULL;
        size_t have = 0, all = 65536;
        int r;

        r = open_file(path, &fd, problem);
        if (r < 0)
                return r;
        for (room = memory_resize(NULL, all);;) {
                ssize_t got;

                if (have == all)
                        room = memory_resize(room, all *= 2);
                got = read(fd, room + have, all - have);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return refuse(-errno, NULL, problem);
                if (got == 0)
                        break;
                have += (size_t)got;
                if (have > ANSWER_SIZE_MAX)
                        return refuse(-EFBIG, "is larger than 2 MiB, and no report", problem);
        }
        *bytes = room;
        *size = have;
        room = NULL;
        return 0;
}
