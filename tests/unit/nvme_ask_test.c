/* Which questions for drives are none. */

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <errno.h>

/* None of this may reach a device. */
static void names(void)
{
        static const char *const cases[] = {
                "",
                "/smart",
                "nvme/smart",
                "nvme0",
                "nvme0/",
                "nvme0/smart/",
                "nvme0/smarter",
                "nvme0n1/smart",
                "../nvme0/smart",
                "nvme0/../smart",
                "sda/smart",
                "null/smart",
                "nvme0123456789012345678901234567890/smart",
                "nvme99999/smart",
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const void *answer;
                size_t size;

                EXPECT_NUMBER(cases[i], ask_nvme(pool, cases[i], &answer, &size), -ENOENT);
        }
}

static const struct test tests[] = {
        { "names", names },
        { NULL, NULL },
};

const struct suite suite_nvme_ask = { "nvme_ask", tests };
