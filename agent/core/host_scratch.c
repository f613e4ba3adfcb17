/* A folder of our own that goes away with this process, however it ends. */

#include "agent/core/host_scratch.h"

#include "agent/core/descriptors.h"
#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
        (void)st;
        (void)kind;
        (void)at;
        remove(path);
        return 0;
}

/* Nobody else can enter the folder, so nobody can put a link in the way while it is removed. */
static void remove_whole(const char *path)
{
        nftw(path, remove_one, 64, FTW_DEPTH | FTW_PHYS);
}

/* Waits for the end of the one who made the folder, which closes the other end of the pipe even when it is killed. */
__attribute__((noreturn)) static void watch(int in, const char *path)
{
        char byte;

        setsid();
        signal(SIGTERM, SIG_IGN);
        signal(SIGINT, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
        dup2(in, STDIN_FILENO);
        descriptors_close_from(STDIN_FILENO + 1);
        while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
                ;
        remove_whole(path);
        _exit(0);
}

int scratch_new(struct unpacked **unpacked)
{
        const char *base = getenv("TMPDIR");
        struct unpacked *new = memory_zero(sizeof *new);
        int ends[2] = { -1, -1 }, r = 0;

        if (!base || base[0] != '/')
                base = "/tmp";
        if ((size_t)snprintf(new->path, sizeof new->path, "%s/plumbline-XXXXXX", base) >= sizeof new->path)
                r = -ENAMETOOLONG;
        if (r == 0 && !mkdtemp(new->path))
                r = -errno;
        if (r == 0 && pipe2(ends, O_CLOEXEC) < 0) {
                r = -errno;
                rmdir(new->path);
        }
        if (r < 0) {
                free(new);
                return r;
        }
        new->watcher = fork();
        if (new->watcher == 0) {
                close(ends[1]);
                watch(ends[0], new->path);
        }
        close(ends[0]);
        new->leash = ends[1];
        *unpacked = new;
        return 0;
}

void scratch_free(struct unpacked *unpacked)
{
        if (!unpacked)
                return;
        close(unpacked->leash);
        if (unpacked->watcher < 0)
                remove_whole(unpacked->path);
        else
                while (waitpid(unpacked->watcher, NULL, 0) < 0 && errno == EINTR)
                        ;
        free(unpacked);
}

void door_unpacked_close(struct host *host)
{
        scratch_free(host->unpacked);
        host->unpacked = NULL;
}
