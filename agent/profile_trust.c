/* Who could have written a profile: its owner and mode, and those of every folder above it, since who may write a folder may put
 * another file in its place. */

#include "agent/profile_trust.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/profile_node.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trusted {
        struct reading *reading;
        const char *path; /* as messages name the profile */
        uid_t caller;
        bool program_known; /* for shipped profiles only */
        uid_t program;      /* who could change the program may change its profiles */
};

static const char *owners(const struct trusted *trusted)
{
        struct pool *pool = trusted->reading->pool;
        const char *words = "root";

        if (trusted->caller != 0)
                words = pool_format(pool, "%s or uid %u", words, trusted->caller);
        if (trusted->program_known && trusted->program != 0 && trusted->program != trusted->caller)
                words = pool_format(pool, "%s or uid %u (who owns this program)", words, trusted->program);
        return words;
}

static int judge(const struct trusted *trusted, const char *component, const struct stat *stat)
{
        bool owner = stat->st_uid == 0 || stat->st_uid == trusted->caller ||
                     (trusted->program_known && stat->st_uid == trusted->program);
        /* In a sticky folder only the owner of a file may rename or remove it: unlink(2), EPERM. */
        bool closed = (stat->st_mode & 022) == 0 || (S_ISDIR(stat->st_mode) && stat->st_mode & S_ISVTX);

        if (owner && closed)
                return 0;
        return reading_failure(trusted->reading, -EPERM, "%s: found %s with mode %04o owned by uid %u, expected %s",
                               trusted->path, component, stat->st_mode & 07777U, stat->st_uid,
                               !owner ? pool_format(trusted->reading->pool, "an owner of %s", owners(trusted))
                                      : "no write permission for group and others");
}

static bool lies_in(const char *path, const char *folder)
{
        autofree char *real = folder ? realpath(folder, NULL) : NULL;
        size_t size = real ? strlen(real) : 0;

        return real && strncmp(path, real, size) == 0 && path[size] == '/';
}

/* Every folder of a path without links, the root first, then the file itself. */
static int judge_way(const struct trusted *trusted, char *real, const struct stat *file)
{
        struct stat status;
        int r;

        for (char *slash = real; slash; slash = strchr(slash + 1, '/')) {
                const char *folder = slash == real ? "/" : real;

                *slash = '\0';
                if (lstat(folder, &status) < 0)
                        return reading_failure(trusted->reading, -errno, "%s: %s: %s", trusted->path, folder, strerror(errno));
                r = judge(trusted, folder, &status);
                *slash = '/';
                if (r < 0)
                        return r;
        }
        if (lstat(real, &status) < 0)
                return reading_failure(trusted->reading, -errno, "%s: %s: %s", trusted->path, real, strerror(errno));
        if (status.st_dev != file->st_dev || status.st_ino != file->st_ino)
                return reading_failure(trusted->reading, -EPERM,
                                       "%s: found another file in its place while it was read, expected "
                                       "one that stays",
                                       trusted->path);
        return judge(trusted, real, file);
}

int profile_trust(struct reading *reading, const char *path, const char *shipped, const struct stat *file)
{
        struct trusted trusted = { .reading = reading, .path = path, .caller = geteuid() };
        autofree char *real = realpath(path, NULL);
        struct stat program;

        if (!real)
                return reading_failure(reading, -errno, "%s: %s", path, strerror(errno));
        if (lies_in(real, shipped) && stat("/proc/self/exe", &program) == 0) {
                trusted.program_known = true;
                trusted.program = program.st_uid;
        }
        return judge_way(&trusted, real, file);
}
