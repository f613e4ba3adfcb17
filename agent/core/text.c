/* Text taken apart: lines, words and whole numbers. */

#include "agent/core/text.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <string.h>

static const char white[] = " \t\n\v\f\r";

bool text_equals(const char *a, const char *b)
{
        if (!a || !b)
                return a == b;
        return strcmp(a, b) == 0;
}

bool text_starts(const char *text, const char *start)
{
        return strncmp(text, start, strlen(start)) == 0;
}

bool text_ends(const char *text, const char *end)
{
        size_t size = strlen(text), end_size = strlen(end);

        return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

bool slice_equals(struct slice slice, const char *text)
{
        size_t size = strlen(text);

        return slice.size == size && (size == 0 || memcmp(slice.at, text, size) == 0);
}

bool text_line(const char **cursor, struct slice *line)
{
        const char *at = *cursor;

        if (!at || *at == '\0')
                return false;
        *line = (struct slice){ .at = at, .size = strcspn(at, "\n") };
        at += line->size;
        *cursor = *at == '\n' ? at + 1 : at;
        return true;
}

bool text_word(const char **cursor, const char *separators, struct slice *word)
{
        const char *at = *cursor;

        if (!at)
                return false;
        at += strspn(at, separators);
        *word = (struct slice){ .at = at, .size = strcspn(at, separators) };
        *cursor = at + word->size;
        return word->size > 0;
}

static bool is_one_of(char c, const char *set)
{
        return c != '\0' && strchr(set, c);
}

bool slice_word(struct slice *rest, const char *separators, struct slice *word)
{
        size_t start = 0, end;

        /* Of nothing, there may be no place to count from either. */
        *word = (struct slice){ .at = rest->at };
        if (rest->size == 0)
                return false;
        while (start < rest->size && is_one_of(rest->at[start], separators))
                start++;
        end = start;
        while (end < rest->size && !is_one_of(rest->at[end], separators))
                end++;
        *word = (struct slice){ .at = rest->at + start, .size = end - start };
        *rest = (struct slice){ .at = rest->at + end, .size = rest->size - end };
        return word->size > 0;
}

struct slice slice_trim(struct slice slice)
{
        while (slice.size > 0 && is_one_of(slice.at[0], white)) {
                slice.at++;
                slice.size--;
        }
        while (slice.size > 0 && is_one_of(slice.at[slice.size - 1], white))
                slice.size--;
        return slice;
}

struct slice slice_of(const char *text)
{
        return (struct slice){ .at = text, .size = text ? strlen(text) : 0 };
}

char *slice_dup(struct pool *pool, struct slice slice)
{
        return pool_copy(pool, slice.at, slice.size);
}

char *text_trim(struct pool *pool, const char *text)
{
        return slice_dup(pool, slice_trim(slice_of(text)));
}

/* The worth of a digit in any base up to 36; 36 for what is no digit. */
static unsigned digit_of(char c)
{
        if (c >= '0' && c <= '9')
                return (unsigned)(c - '0');
        if (c >= 'a' && c <= 'z')
                return (unsigned)(c - 'a') + 10;
        if (c >= 'A' && c <= 'Z')
                return (unsigned)(c - 'A') + 10;
        return 36;
}

/* Reads on to the end even when the number no longer fits: "99999999999999999999x" is no number, not too large a one. */
static int digits_read(struct slice digits, unsigned base, uint64_t *number)
{
        uint64_t sum = 0;
        bool fits = true;

        if (digits.size == 0)
                return -EINVAL;
        for (size_t i = 0; i < digits.size; i++) {
                unsigned digit = digit_of(digits.at[i]);

                if (digit >= base)
                        return -EINVAL;
                if (__builtin_mul_overflow(sum, base, &sum) || __builtin_add_overflow(sum, digit, &sum))
                        fits = false;
        }
        if (!fits)
                return -ERANGE;
        *number = sum;
        return 0;
}

int text_u64(const char *text, unsigned base, uint64_t *number)
{
        struct slice digits = slice_trim(slice_of(text));
        bool prefixed = digits.size > 2 && digits.at[0] == '0' && (digits.at[1] == 'x' || digits.at[1] == 'X');

        if ((base == 0 || base == 16) && prefixed) {
                digits.at += 2;
                digits.size -= 2;
                base = 16;
        }
        return digits_read(digits, base ? base : 10, number);
}

int text_i64(const char *text, int64_t *number)
{
        struct slice digits = slice_trim(slice_of(text));
        bool negative = digits.size > 0 && digits.at[0] == '-';
        uint64_t magnitude;
        int r;

        if (negative) {
                digits.at++;
                digits.size--;
        }
        r = digits_read(digits, 10, &magnitude);
        if (r < 0)
                return r;
        if (magnitude > (uint64_t)INT64_MAX + negative)
                return -ERANGE;
        *number = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
        return 0;
}
