/* Checks that go on when they fail, and say which row of a table it was. */

#pragma once

#include <CUnit/CUnit.h>

#include <stdbool.h>

struct test {
        const char *name;
        void (*run)(void);
};
/* Each file tests/unit/X_test.c defines `const struct suite suite_X`, listed in tests/unit/suites.h. */
struct suite {
        const char *name;
        const struct test *tests; /* ends with name NULL */
};

/* Counts one check; prints the row's name and the message if it does not hold. row may be NULL. */
bool expect(bool holds, const char *file, int line, const char *row, const char *format, ...)
        __attribute__((format(printf, 5, 6)));
bool expect_text(const char *have, const char *want, const char *file, int line, const char *row);
bool expect_number(long long have, long long want, const char *file, int line, const char *row);

#define EXPECT(row, condition)         expect((condition), __FILE__, __LINE__, (row), "%s", #condition)
#define EXPECT_TEXT(row, have, want)   expect_text((have), (want), __FILE__, __LINE__, (row))
#define EXPECT_NUMBER(row, have, want) expect_number((long long)(have), (long long)(want), __FILE__, __LINE__, (row))
