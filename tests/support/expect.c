/* Checks that go on: each is counted by CUnit, and a failing one names its row. */

#include "tests/support/expect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool expect(bool holds, const char *file, int line, const char *row, const char *format, ...)
{
        char message[2048];
        va_list args;

        if (holds) {
                CU_assertImplementation(CU_TRUE, (unsigned)line, "", file, "", CU_FALSE);
                return true;
        }
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        printf("%s:%d: %s%s%s\n", file, line, row ? row : "", row ? ": " : "", message);
        CU_assertImplementation(CU_FALSE, (unsigned)line, message, file, "", CU_FALSE);
        return false;
}

bool expect_text(const char *have, const char *want, const char *file, int line, const char *row)
{
        bool same = have && want ? strcmp(have, want) == 0 : have == want;

        return expect(same, file, line, row, "have %s%.900s%s, want %s%.900s%s", have ? "\"" : "", have ? have : "NULL",
                      have ? "\"" : "", want ? "\"" : "", want ? want : "NULL", want ? "\"" : "");
}

bool expect_number(long long have, long long want, const char *file, int line, const char *row)
{
        return expect(have == want, file, line, row, "have %lld, want %lld", have, want);
}
