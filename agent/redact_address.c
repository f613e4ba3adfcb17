/* What becomes of a network address. */

#include "agent/redact_inside.h"

#include "agent/core/record.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_MAX 156

/* Another number of the range from low on, by what stands before it: two numbers never become the same one, and none stays. The
 * order is a single ring (Sattolo's algorithm). */
static unsigned other_number(const struct secrets *secrets, const char *text, size_t before, unsigned low, unsigned count,
                             unsigned number)
{
        autobuffer struct text_buffer words = { 0 };
        unsigned char ring[RANGE_MAX] = { 0 };
        uint64_t chance;

        text_addf(&words, "%u ", low);
        for (size_t i = 0; i < before; i++)
                text_addf(&words, "%c", tolower((unsigned char)text[i]));
        chance = secret_chance(secrets, words.at, words.size);
        for (unsigned i = 0; i < count; i++)
                ring[i] = (unsigned char)i;
        for (unsigned i = count - 1; i > 0; i--) {
                unsigned other;
                unsigned char kept = ring[i];

                chance = chance * 6364136223846793005U + 1442695040888963407U;
                other = (unsigned)((chance >> 33) % i);
                ring[i] = ring[other];
                ring[other] = kept;
        }
        return low + ring[number - low];
}

bool redact_is_own(const char *four)
{
        return text_starts(four, "0.") || text_starts(four, "127.") || text_starts(four, "255.");
}

/* Numbers of as many digits; the first one stays of the same kind: one host's, or many hosts'. What was in one network stays in one. */
static void other_four(const struct secrets *secrets, char *to, const char *from, size_t size)
{
        static const struct {
                unsigned low, high;
        } ranges[] = { { 1, 9 }, { 10, 99 }, { 100, 126 }, { 128, 223 }, { 224, 255 }, { 0, 9 }, { 10, 99 }, { 100, 255 } };

        if (redact_is_own(from))
                return;
        for (size_t at = 0; at < size;) {
                size_t digits = strspn(from + at, "0123456789"), range = at ? 5 : 0;
                unsigned number = (unsigned)strtoul(from + at, NULL, 10);
                char text[4];

                while (number > ranges[range].high)
                        range++;
                snprintf(
                        text, sizeof text, "%u",
                        other_number(secrets, from, at, ranges[range].low, ranges[range].high - ranges[range].low + 1, number));
                memcpy(to + at, text, digits);
                at += digits + 1;
        }
}

/* A digit becomes a digit and a letter a letter, but what begins with 0 or is 0 stays so: the shortest form is still the shortest. */
static char other_digit(const struct secrets *secrets, const char *from, size_t at, bool first)
{
        char old = from[at];

        if (isalpha((unsigned char)old))
                return (char)(old - tolower((unsigned char)old) +
                              (char)other_number(secrets, from, at, 'a', 6, tolower((unsigned char)old)));
        if (!first)
                return (char)other_number(secrets, from, at, '0', 10, (unsigned)old);
        return old == '0' ? old : (char)other_number(secrets, from, at, '1', 9, (unsigned)old);
}

/* Like other_four. What tells the kind of the address stays: "20" and "fd" of four digits, and "fe80" and "ff02" as a whole. */
static void other_six(const struct secrets *secrets, char *to, const char *from, size_t size)
{
        const char *dot = memchr(from, '.', size), *tail = dot ? memrchr(from, ':', (size_t)(dot - from)) : NULL;
        size_t group = strcspn(from, ":"), kept;

        if (tail) {
                other_four(secrets, to + (tail + 1 - from), tail + 1, size - (size_t)(tail + 1 - from));
                return;
        }
        kept = group < 4 ? 0 : tolower((unsigned char)from[0]) == 'f' && strchr("eEfF", from[1]) ? group : 2;
        for (size_t at = kept; at < size; at++)
                if (from[at] != ':')
                        to[at] = other_digit(secrets, from, at, at == 0 || from[at - 1] == ':');
}

void secret_address(const struct secrets *secrets, enum secret_kind kind, char *to, const char *from, size_t size)
{
        if (kind == SECRET_FOUR)
                other_four(secrets, to, from, size);
        else
                other_six(secrets, to, from, size);
}
