/* Where an answer goes: to standard output, or to the file that -o names. */

#include "agent/output.h"

#include "agent/core/monotonic.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long a reader may let a pipe of -o wait. */
#define PATIENCE_MS 5000
#define LOOK_MS     20

static int wait_for_reader(int fd)
{
        struct pollfd reader = { .fd = fd, .events = POLLOUT };

        return poll(&reader, 1, PATIENCE_MS) == 0 ? -ETIMEDOUT : 0;
}

static int write_all(int fd, const struct text_buffer *out)
{
        for (size_t done = 0; done < out->size;) {
                ssize_t put = write(fd, out->at + done, out->size - done);

                if (put < 0 && errno == EAGAIN && wait_for_reader(fd) == 0)
                        continue;
                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return errno == EAGAIN ? -ETIMEDOUT : -errno;
                done += (size_t)put;
        }
        return 0;
}

/* Opening a pipe that nobody reads yet would wait for ever, and so would writing what nobody takes: a --time-limit is over by then. */
static int write_pipe(const char *path, const struct text_buffer *out)
{
        const struct timespec moment = { .tv_nsec = LOOK_MS * 1000000L };
        int64_t deadline = monotonic_ms() + PATIENCE_MS;
        struct stat st;
        int fd, r;

        while ((fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0) {
                if (errno != ENXIO || stat(path, &st) < 0 || !S_ISFIFO(st.st_mode) || monotonic_ms() >= deadline)
                        return -errno;
                nanosleep(&moment, NULL);
        }
        r = write_all(fd, out);
        close(fd);
        return r;
}

/* The reader of a report never sees half of one: it is written beside its place, under a name that no other run has, and renamed. */
static int write_file(const char *path, const struct text_buffer *out)
{
        char beside[PATH_MAX];
        mode_t mask = umask(077);
        struct stat st;
        int fd, r;

        umask(mask);
        /* /dev/null and pipes are written to, not replaced. */
        if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
                return write_pipe(path, out);
        if ((size_t)snprintf(beside, sizeof beside, "%s.plumbline-XXXXXX", path) >= sizeof beside)
                return -ENAMETOOLONG;
        fd = mkostemp(beside, O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = write_all(fd, out);
        /* As a file that is opened in the usual way gets them: main and capture have set the mask. */
        if (r >= 0 && (fchmod(fd, 0644 & ~mask) < 0 || fsync(fd) < 0))
                r = -errno;
        close(fd);
        if (r >= 0 && rename(beside, path) < 0)
                r = -errno;
        if (r < 0)
                unlink(beside);
        return r;
}

int output_write(const char *path, const struct text_buffer *out)
{
        return path ? write_file(path, out) : write_all(STDOUT_FILENO, out);
}

/* Who has closed one of the three would find what is opened next in its place: a complaint would go into the lock of an apply. Opened the
 * other way round, since what is written to a closed file must not pass for told. */
void output_fill(void)
{
        int fd;

        while ((fd = open("/dev/null", fcntl(STDIN_FILENO, F_GETFD) < 0 ? O_WRONLY : O_RDONLY)) >= 0 && fd <= STDERR_FILENO)
                continue;
        if (fd > STDERR_FILENO)
                close(fd);
}
