/* Asking apt which installed packages have a newer version. */

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/program.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define TIMEOUT_MS  (30U * 1000)
#define OUTPUT_SIZE (1U << 20)

/* apt alone knows which version it would take: pins, priorities and what is rolled out in phases decide it, and its lists may be
 * compressed. Simulating takes no lock; without the names of its caches it writes none (apt.conf(5), Dir::Cache). */
int ask_packages(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        static const char *const argv[] = { "apt-get", "--simulate",
                                            "-o",      "quiet=1",
                                            "-o",      "Debug::NoLocking=true",
                                            "-o",      "Dir::Cache::pkgcache=",
                                            "-o",      "Dir::Cache::srcpkgcache=",
                                            "upgrade", NULL };
        char *output;
        int r;

        if (*rest)
                return -ENOENT;
        output = pool_room(pool, OUTPUT_SIZE);
        r = program_run(argv, NULL, TIMEOUT_MS, output, OUTPUT_SIZE);
        if (r == -ENOENT)
                return -EOPNOTSUPP;
        if (r != 0)
                return r < 0 ? r : -EIO;
        *answer = output;
        *size = strlen(output);
        return 0;
}
