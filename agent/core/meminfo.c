/* The "Name:   123 kB" lines of /proc/meminfo and of a node's meminfo. */

#include "agent/core/meminfo.h"

#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

static int digits(struct slice word, int64_t *number)
{
        int64_t sum = 0;

        if (!word.size)
                return -EINVAL;
        for (size_t i = 0; i < word.size; i++) {
                if (word.at[i] < '0' || word.at[i] > '9')
                        return -EINVAL;
                if (__builtin_mul_overflow(sum, (int64_t)10, &sum) ||
                    __builtin_add_overflow(sum, (int64_t)(word.at[i] - '0'), &sum))
                        return -ERANGE;
        }
        *number = sum;
        return 0;
}

/* "Node 0 MemTotal:" names MemTotal too: the files of the nodes put their number before it. */
static bool reaches(struct slice *line, const char *name)
{
        struct slice word;

        for (unsigned i = 0; i < 3 && slice_word(line, " \t", &word); i++)
                if (word.size == strlen(name) + 1 && word.at[word.size - 1] == ':' && !memcmp(word.at, name, word.size - 1))
                        return true;
        return false;
}

int meminfo_find(const char *text, const char *name, int64_t *number)
{
        struct slice line, word;
        int64_t found;
        int r;

        while (text_line(&text, &line)) {
                if (!reaches(&line, name))
                        continue;
                if (!slice_word(&line, " \t\r", &word))
                        return -EINVAL;
                r = digits(word, &found);
                if (r < 0)
                        return r;
                if (slice_word(&line, " \t\r", &word)) {
                        if (!slice_equals(word, "kB"))
                                return -EINVAL;
                        if (__builtin_mul_overflow(found, (int64_t)1024, &found))
                                return -ERANGE;
                }
                *number = found;
                return 0;
        }
        return -ENODATA;
}
