/* How far back people's commands are looked for. */

#include "agent/core/journal.h"

#include "agent/core/text.h"

#define DAY 86400

static const struct {
        const char *name;
        int64_t seconds;
} windows[] = { { "day", DAY }, { "week", 7 * DAY }, { "month", 31 * DAY }, { "year", 366 * DAY } };
#define COUNT (sizeof windows / sizeof windows[0])

int64_t journal_window_seconds(const char *name)
{
        for (size_t i = 0; i < COUNT; i++)
                if (text_equals(windows[i].name, name))
                        return windows[i].seconds;
        return 0;
}

const char *journal_window_for(int64_t seconds)
{
        size_t i = 0;

        while (i + 1 < COUNT && windows[i].seconds < seconds)
                i++;
        return windows[i].name;
}
