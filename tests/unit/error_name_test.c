/* The names of errors and their numbers. */

#include "agent/core/error_name.h"
#include "tests/support/expect.h"

#include <errno.h>

static void there_and_back(void)
{
        unsigned known = 0;

        for (int error = 1; error < 4096; error++) {
                const char *name = error_name(error);

                if (!name)
                        continue;
                known++;
                EXPECT_NUMBER(name, error_number(name), error);
        }
        EXPECT("most of what a host answers", known > 60);
        EXPECT_TEXT(NULL, error_name(ENOENT), "ENOENT");
        EXPECT("none", !error_name(0) && !error_name(-ENOENT) && !error_name(4095));
        EXPECT_NUMBER("none", error_number(""), 0);
        EXPECT_NUMBER("none", error_number("ENOENTRY"), 0);
}

static const struct test tests[] = {
        { "there and back", there_and_back },
        { NULL, NULL },
};
const struct suite suite_error_name = { "error_name", tests };
