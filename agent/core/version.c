/* Versions, compared number by number without a limit to their size. */

#include "agent/core/version.h"

#include "agent/core/text.h"

#include <string.h>

#define DIGITS "0123456789"

/* The next run of digits without its leading zeros: 0, like a missing number, is empty. False at the end. */
static bool number_next(const char **cursor, struct slice *number)
{
        const char *at = *cursor + strcspn(*cursor, DIGITS);
        bool found = *at != '\0';

        at += strspn(at, "0");
        *number = (struct slice){ .at = at, .size = strspn(at, DIGITS) };
        *cursor = at + number->size;
        return found;
}

static int number_compare(struct slice a, struct slice b)
{
        if (a.size != b.size)
                return a.size < b.size ? -1 : 1;
        return a.size > 0 ? memcmp(a.at, b.at, a.size) : 0;
}

int version_compare(const char *a, const char *b)
{
        for (;;) {
                struct slice x, y;
                bool a_more = number_next(&a, &x), b_more = number_next(&b, &y);
                int order;

                if (!a_more && !b_more)
                        return 0;
                order = number_compare(x, y);
                if (order != 0)
                        return order;
        }
}

int version_compare_series(const char *have, const char *wanted)
{
        struct slice x, y;

        while (number_next(&wanted, &y)) {
                int order;

                number_next(&have, &x);
                order = number_compare(x, y);
                if (order != 0)
                        return order;
        }
        return 0;
}
