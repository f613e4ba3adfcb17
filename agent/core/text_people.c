/* Text for people: patterns, the order of names, the name that was meant, and what a terminal may be given. */

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* Beyond this nothing is a typing error of a known name, and the rows of the table stay on the stack. */
#define NEAREST_MAX 96U
/* Longer patterns are no names of facts; the table stays small. */
#define PATTERN_MAX 256U

bool text_matches(const char *name, const char *pattern)
{
        const char *star = NULL, *resume = NULL;

        while (*name != '\0') {
                if (*pattern == '*') {
                        pattern += strspn(pattern, "*");
                        star = pattern - 1;
                        resume = name;
                        if (!strchr(pattern, '*'))
                                return text_ends(name, pattern);
                } else if (*pattern == *name) {
                        pattern++;
                        name++;
                } else if (star) {
                        pattern = star + 1;
                        resume = strchr(resume + 1, *pattern);
                        if (!resume)
                                return false;
                        name = resume;
                } else {
                        return false;
                }
        }
        return pattern[strspn(pattern, "*")] == '\0';
}

/* Fills a table from the ends of both, so that no pattern makes it slow. */
bool text_patterns_meet(const char *a, const char *b)
{
        size_t a_size = strlen(a), b_size = strlen(b), width = b_size + 1;
        autofree bool *meets = NULL;

        if (a_size > PATTERN_MAX || b_size > PATTERN_MAX)
                return false;
        meets = memory_zero((a_size + 1) * width * sizeof(*meets));
        for (size_t i = a_size + 1; i-- > 0;) {
                for (size_t j = width; j-- > 0;) {
                        bool *here = &meets[i * width + j];

                        if (i == a_size && j == b_size)
                                *here = true;
                        else if (a[i] == '*' || b[j] == '*')
                                *here = (i < a_size && here[width]) || (j < b_size && here[1]);
                        else
                                *here = i < a_size && j < b_size && a[i] == b[j] && here[width + 1];
                }
        }
        return meets[0];
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* Compares the runs of digits at *a and *b by their worth, and moves past them. */
static int compare_digits(const char **a, const char **b)
{
        size_t a_size, b_size;
        int order;

        *a += strspn(*a, "0");
        *b += strspn(*b, "0");
        a_size = strspn(*a, "0123456789");
        b_size = strspn(*b, "0123456789");
        order = a_size == b_size ? memcmp(*a, *b, a_size) : a_size < b_size ? -1 : 1;
        *a += a_size;
        *b += b_size;
        return order;
}

int text_compare_natural(const char *a, const char *b)
{
        const char *x = a, *y = b;

        while (*x != '\0' && *y != '\0') {
                if (is_digit(*x) && is_digit(*y)) {
                        int order = compare_digits(&x, &y);

                        if (order != 0)
                                return order;
                } else if (*x == *y) {
                        x++;
                        y++;
                } else {
                        return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
                }
        }
        if (*x != *y)
                return *x == '\0' ? -1 : 1;
        /* Alike but for leading zeros: the order must still tell "eth1" from "eth01". */
        return strcmp(a, b);
}

static unsigned least(unsigned a, unsigned b)
{
        return a < b ? a : b;
}

/* How many letters must be added, dropped, changed or swapped with their neighbour. Both sizes are at most NEAREST_MAX. */
static unsigned edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
        unsigned rows[3][NEAREST_MAX + 1];

        for (unsigned j = 0; j <= b_size; j++)
                rows[0][j] = j;
        for (unsigned i = 1; i <= a_size; i++) {
                unsigned *row = rows[i % 3];
                const unsigned *above = rows[(i + 2) % 3], *above_that = rows[(i + 1) % 3];

                row[0] = i;
                for (unsigned j = 1; j <= b_size; j++) {
                        unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);

                        best = least(best, least(above[j], row[j - 1]) + 1);
                        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                                best = least(best, above_that[j - 2] + 1);
                        row[j] = best;
                }
        }
        return rows[a_size % 3][b_size];
}

const char *text_nearest(const char *text, const char *const *candidates)
{
        const char *nearest = NULL;
        size_t size = strlen(text);
        unsigned best;

        if (size == 0 || size > NEAREST_MAX)
                return NULL;
        best = (unsigned)(size < 4 ? 1 : size < 9 ? 2 : size / 3) + 1;
        for (; *candidates; candidates++) {
                size_t candidate_size = strlen(*candidates);
                unsigned distance;

                if (candidate_size > NEAREST_MAX)
                        continue;
                distance = edit_distance(text, size, *candidates, candidate_size);
                if (distance < best) {
                        best = distance;
                        nearest = *candidates;
                }
        }
        return nearest;
}

/* The size of the character at text and its code point; 0 for a byte that begins no valid one (RFC 3629, section 4). */
static size_t character_read(const unsigned char *text, uint32_t *code)
{
        static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
        size_t size;

        if (text[0] < 0x80) {
                *code = text[0];
                return 1;
        }
        if (text[0] < 0xc2 || text[0] > 0xf4)
                return 0;
        size = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
        *code = text[0] & (0x7fU >> size);
        for (size_t i = 1; i < size; i++) {
                if ((text[i] & 0xc0) != 0x80)
                        return 0;
                *code = *code << 6 | (text[i] & 0x3fU);
        }
        if (*code < smallest[size] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
                return 0;
        return size;
}

/* Controls move the cursor; separators break the line; directions make the rest of the line read otherwise than it is. The last two
 * code points of the first plane are no characters, and XML 1.0 (section 2.2) forbids them. */
static bool is_harmless(uint32_t code)
{
        if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff)
                return false;
        return !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069) && code != 0x200e && code != 0x200f;
}

char *text_printable(struct pool *pool, const char *text, size_t limit)
{
        size_t size = text ? strnlen(text, limit) : 0, used = 0, cut = 0;
        bool whole = !text || text[size] == '\0';
        size_t keep = limit > 3 ? limit - 3 : limit;
        char *out = pool_zero(pool, size + 1);

        for (size_t at = 0; at < size;) {
                uint32_t code = 0;
                size_t step = character_read((const unsigned char *)text + at, &code);
                bool as_is = step > 0 && is_harmless(code);

                step = step ? step : 1;
                if (at + step > size)
                        break;
                if (as_is)
                        memcpy(out + used, text + at, step);
                else
                        out[used] = '?';
                used += as_is ? step : 1;
                at += step;
                if (used <= keep)
                        cut = used;
        }
        if (whole)
                return out;
        memset(out + cut, 0, size + 1 - cut);
        if (limit > 3)
                memset(out + cut, '.', 3);
        return out;
}
