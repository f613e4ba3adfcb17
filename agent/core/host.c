/* A host: opened, closed, and what is remembered of it. */

#include "agent/core/host.h"

#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* By what it is, not by how it is written: "//", "/." and "/proc/self/root" are this host, too. */
bool host_is_here(const char *root)
{
        struct stat named, here;

        return !root || text_equals(root, "/") ||
               (stat(root, &named) == 0 && stat("/", &here) == 0 && named.st_dev == here.st_dev && named.st_ino == here.st_ino);
}

int host_open(const char *root, struct host **host)
{
        bool live = host_is_here(root);
        struct host *new;
        int fd;

        fd = open(live ? "/" : root, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        new = memory_zero(sizeof *new);
        new->root = fd;
        new->live = live;
        host_allow_usual(new);
        for (size_t i = 0; i < DOOR_LOCKS; i++)
                new->locks[i].fd = -1;
        new->near.fd = -1;
        if (!live)
                door_seen_open(new);
        *host = new;
        return 0;
}

void host_forget(struct host *host)
{
        for (struct memo *memo = host->memos; memo; memo = memo->older)
                memo->name = NULL;
        door_leave(host);
}

void host_close(struct host *host)
{
        if (!host)
                return;
        while (host->memos) {
                struct memo *memo = host->memos;

                host->memos = memo->older;
                memo->release(memo->thing);
                free(memo);
        }
        for (size_t i = 0; i < DOOR_LOCKS; i++)
                close_fd(&host->locks[i].fd);
        door_leave(host);
        text_buffer_free(&host->given_up);
        close(host->root);
        door_record_free(host);
        door_seen_close(host);
        door_unpacked_close(host);
        free(host);
}

bool host_is_live(const struct host *host)
{
        return host->live;
}

void host_allow(struct host *host, enum reach loudest)
{
        host->loudest = loudest;
}

void host_allow_usual(struct host *host)
{
        host->loudest = host->live ? REACH_TOUCHING : REACH_DISTURBING;
}

void host_allow_also(struct host *host, const char *const *sources)
{
        host->also = sources;
}

void *host_recall(const struct host *host, const char *name)
{
        for (const struct memo *memo = host->memos; memo; memo = memo->older)
                if (memo->changes == host->changes && text_equals(memo->name, name))
                        return memo->thing;
        return NULL;
}

void host_remember(struct host *host, const char *name, void *thing, void (*release)(void *thing))
{
        struct memo *memo = memory_zero(sizeof *memo);

        *memo = (struct memo){ host->memos, name, host->changes, thing, release };
        host->memos = memo;
}

unsigned host_reads(const struct host *host, enum reach reach)
{
        return host->reads[reach];
}

unsigned host_changes(const struct host *host)
{
        return host->changes;
}
