/* Which files of the host are for everybody to read. */

#include "agent/core/host.h"
#include "agent/core/pool.h"

#include <string.h>
#include <sys/stat.h>

#define LINKS_MAX 8 /* that lead to one file */

bool host_is_for_all(struct host *host, struct pool *pool, const char *path)
{
        for (unsigned links = 0; links < LINKS_MAX; links++) {
                struct host_stat stat;
                const char *target;

                if (host_stat(host, &stat, "%s", path) < 0)
                        return true;
                if (!S_ISLNK(stat.mode))
                        return stat.mode & S_IROTH;
                if (host_link(host, pool, &target, "%s", path) < 0)
                        return false;
                path = *target == '/' ? target : pool_format(pool, "%.*s/%s", (int)(strrchr(path, '/') - path), path, target);
        }
        return false;
}
