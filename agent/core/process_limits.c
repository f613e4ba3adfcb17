/* Reads /proc/PID/limits (proc_pid_limits(5)). */

#include "agent/core/process_limits.h"

#include "agent/core/text.h"

#include <string.h>

/* "Max open files   1024   524288   files" */
bool process_limits_find(struct pool *pool, const char *text, const char *label, const char **soft, const char **hard)
{
        struct slice line, first, second;

        while (text_line(&text, &line)) {
                size_t size = strlen(label);

                if (line.size <= size || memcmp(line.at, label, size) != 0)
                        continue;
                line.at += size;
                line.size -= size;
                if (!slice_word(&line, " \t", &first) || !slice_word(&line, " \t", &second))
                        return false;
                *soft = slice_dup(pool, first);
                *hard = slice_dup(pool, second);
                return true;
        }
        return false;
}
