/* What the files service*.c write down of a process. */

#include "probes/service_look.h"

void look_add(struct text_buffer *to, const char *text)
{
        text_addf(to, "%s%s", to->size ? "; " : "", text);
}

bool look_is_later(const struct look *look, int64_t seconds)
{
        return seconds >= 0 && (uint64_t)seconds > look->started_us / 1000000;
}
