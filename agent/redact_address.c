/* What becomes of a network address: as text, as bytes, and as the kernel prints it in its tables. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
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

void redact_address_bytes(struct secrets *secrets, int family, void *bytes)
{
        char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
        enum secret_kind kind = family == AF_INET ? SECRET_FOUR : SECRET_SIX;
        size_t size;

        inet_ntop(family, bytes, from, sizeof from);
        size = strlen(from);
        if (text_equals(from, "::") || text_equals(from, "::1") || (family == AF_INET && redact_is_own(from)))
                return;
        memcpy(to, from, size + 1);
        secret_address(secrets, kind, to, from, size);
        if (inet_pton(family, to, bytes) != 1)
                memset(bytes, 0, family == AF_INET ? 4 : 16);
        if (size >= ADDRESS_TEXT_LEAST)
                secret_add(secrets, kind, from, size);
}

/* "0100007F": words of an address, each printed as a number of a little-endian machine. */
static void replace_hex(struct secrets *secrets, char *hex, size_t size)
{
        unsigned char bytes[16];
        char text[9];

        for (size_t i = 0; i < size; i += 8) {
                uint32_t word;

                memcpy(text, hex + i, 8);
                text[8] = '\0';
                word = (uint32_t)strtoul(text, NULL, 16);
                for (unsigned k = 0; k < 4; k++)
                        bytes[i / 2 + k] = (unsigned char)(word >> 8 * k);
        }
        redact_address_bytes(secrets, size == 8 ? AF_INET : AF_INET6, bytes);
        for (size_t i = 0; i < size; i += 8) {
                snprintf(text, sizeof text, "%02X%02X%02X%02X", bytes[i / 2 + 3], bytes[i / 2 + 2], bytes[i / 2 + 1],
                         bytes[i / 2]);
                memcpy(hex + i, text, 8);
        }
}

void redact_table(struct secrets *secrets, struct pool *pool, struct member *member)
{
        char *text = pool_copy(pool, member->bytes, member->size);
        bool sockets = !text_ends(member->path, "/route");
        unsigned column = 0;

        member->bytes = text;
        for (size_t at = 0, size; at < member->size; at += size ? size : 1) {
                size = strspn(text + at, "0123456789abcdefABCDEF");
                if (text[at] == '\n')
                        column = 0;
                column += text[at] == '\t';
                /* Behind the address of a socket stands its port; of a route the second and third are the network and the gateway. */
                if (sockets ? (size == 8 || size == 32) && text[at + size] == ':' &&
                                      strspn(text + at + size + 1, "0123456789abcdefABCDEF") == 4
                            : size == 8 && (column == 1 || column == 2))
                        replace_hex(secrets, text + at, size);
        }
}
