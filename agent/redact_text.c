/* Addresses in texts: of cards and of IP, known by their form. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

void redact_card(struct secrets *secrets, const unsigned char *card)
{
        static const unsigned char none[CARD_SIZE], all[CARD_SIZE] = { 255, 255, 255, 255, 255, 255 };

        if (memcmp(card, none, CARD_SIZE) != 0 && memcmp(card, all, CARD_SIZE) != 0)
                secret_add(secrets, SECRET_CARD, card, CARD_SIZE);
}

static unsigned nibble(char digit)
{
        return isdigit((unsigned char)digit) ? (unsigned)(digit - '0') : (unsigned)(tolower((unsigned char)digit) - 'a' + 10);
}

/* Six pairs of hex digits with the same sign between them; behind the kind of the hardware, "01-", they stand as BOOTIF= has them. */
static bool is_card(const char *at, unsigned char *card)
{
        for (size_t i = 0; i < CARD_SIZE; i++) {
                const char *pair = at + i * 3;

                if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]))
                        return false;
                card[i] = (unsigned char)(nibble(pair[0]) << 4 | nibble(pair[1]));
                if (i + 1 < CARD_SIZE && (pair[2] != at[2] || (pair[2] != ':' && pair[2] != '-')))
                        return false;
        }
        if (card[0] == 1 && at[17] == '-' && isxdigit((unsigned char)at[18]) && isxdigit((unsigned char)at[19]) &&
            at[20] != '-')
                return false;
        return !isxdigit((unsigned char)at[17]);
}

/* "aabb.ccdd.eeff", as switches print it; of digits alone it may be a version. */
static bool is_dotted_card(const char *at, unsigned char *card)
{
        bool letter = false;

        for (size_t i = 0; i < CARD_SIZE; i++) {
                const char *pair = at + i * 2 + i / 2;

                if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]))
                        return false;
                letter = letter || isalpha((unsigned char)pair[0]) || isalpha((unsigned char)pair[1]);
                card[i] = (unsigned char)(nibble(pair[0]) << 4 | nibble(pair[1]));
                if (i % 2 && i + 1 < CARD_SIZE && pair[2] != '.')
                        return false;
        }
        return letter && !isalnum((unsigned char)at[14]) && at[14] != '.';
}

/* "enx0a1b2c3d4e5f": so udev calls a port by its address. */
static void find_names(struct secrets *secrets, const char *text, size_t size)
{
        const char *end = text + size;
        unsigned char card[CARD_SIZE];

        for (const char *at = text; (at = memmem(at, (size_t)(end - at), "enx", 3)); at++) {
                if (end - at < 15 || strspn(at + 3, "0123456789abcdefABCDEF") != 12)
                        continue;
                for (size_t i = 0; i < CARD_SIZE; i++)
                        card[i] = (unsigned char)(nibble(at[3 + i * 2]) << 4 | nibble(at[4 + i * 2]));
                redact_card(secrets, card);
        }
}

void redact_cards(struct secrets *secrets, const char *text, size_t size)
{
        const char *end = text + size;
        unsigned char card[CARD_SIZE];

        /* The bytes of a member have a NUL behind them. */
        for (const char *sign = text; (sign = memchr(sign, ':', (size_t)(end - sign))); sign++)
                if (sign - text >= 2 && end - sign >= 15 && is_card(sign - 2, card))
                        redact_card(secrets, card);
        for (const char *sign = text; (sign = memchr(sign, '-', (size_t)(end - sign))); sign++)
                if (sign - text >= 2 && end - sign >= 15 && is_card(sign - 2, card))
                        redact_card(secrets, card);
        for (const char *sign = text; (sign = memchr(sign, '.', (size_t)(end - sign))); sign++)
                if (sign - text >= 4 && end - sign >= 10 && (sign - text == 4 || !isalnum((unsigned char)sign[-5])) &&
                    is_dotted_card(sign - 4, card))
                        redact_card(secrets, card);
        find_names(secrets, text, size);
}

/* Nobody numbers versions so: networks of one's own (RFC 1918, 3927, 6598), and groups. */
static bool is_never_version(struct in_addr address)
{
        static const struct {
                uint32_t network, mask;
        } ranges[] = { { 0x0a000000, 0xff000000 }, { 0xac100000, 0xfff00000 }, { 0xc0a80000, 0xffff0000 },
                       { 0xa9fe0000, 0xffff0000 }, { 0x64400000, 0xffc00000 }, { 0xe0000000, 0xf0000000 } };

        for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
                if ((ntohl(address.s_addr) & ranges[i].mask) == ranges[i].network)
                        return true;
        return false;
}

/* The size of the four numbers that this begins with, or 0. */
static size_t four_size(const char *at, size_t room)
{
        size_t size = 0;

        for (unsigned n = 0; n < 4; n++) {
                size_t digits = 0;

                if (n && (size == room || at[size++] != '.'))
                        return 0;
                while (size + digits < room && isdigit((unsigned char)at[size + digits]))
                        digits++;
                if (digits < 1 || digits > 3)
                        return 0;
                size += digits;
        }
        return size;
}

/* Four numbers: neither an address that is the same on every host, nor a version that this one tells elsewhere. Letters directly
 * behind it are of a version, too: "5.15.0.91rc1". */
static bool is_four(const struct secrets *secrets, const char *at, size_t size)
{
        char word[INET_ADDRSTRLEN];
        struct in_addr address;

        memcpy(word, at, size);
        word[size] = '\0';
        if (inet_pton(AF_INET, word, &address) != 1 || text_starts(word, "127.") || text_starts(word, "0.") ||
            text_starts(word, "255."))
                return false;
        if (is_never_version(address))
                return true;
        return !isalpha((unsigned char)at[size]) && !secret_is_version(secrets, slice_of(word));
}

/* Beside an address of IPv4 stand its port, the next one (nfsroot.rst, ip=), or a name; a fifth number makes it something else. */
static void find_fours(struct secrets *secrets, const char *start, struct slice run)
{
        for (size_t i = 0; i < run.size; i++) {
                const char *at = run.at + i;
                size_t size = four_size(at, run.size - i);

                if (!size || (at > start && (at[-1] == '.' || isdigit((unsigned char)at[-1]))))
                        continue;
                if (isdigit((unsigned char)at[size]) || (at[size] == '.' && isdigit((unsigned char)at[size + 1])))
                        continue;
                if (!redact_is_version_mark(start, at) && is_four(secrets, at, size))
                        secret_add(secrets, SECRET_FOUR, at, size);
                i += size - 1;
        }
}

/* Behind it may stand a dot and a port, or a name. */
static bool add_six(struct secrets *secrets, struct slice run)
{
        struct in6_addr address;
        char word[INET6_ADDRSTRLEN];
        const char *dot = memchr(run.at, '.', run.size);

        if (run.size >= ADDRESS_TEXT_LEAST && run.size < sizeof word) {
                memcpy(word, run.at, run.size);
                word[run.size] = '\0';
                if (inet_pton(AF_INET6, word, &address) == 1) {
                        secret_add(secrets, SECRET_SIX, word, run.size);
                        return true;
                }
        }
        if (!dot || memchr(dot + 1, '.', run.size - (size_t)(dot + 1 - run.at)))
                return false;
        return add_six(secrets, (struct slice){ run.at, (size_t)(dot - run.at) });
}

/* Where the address begins in digits that a word before them may have a share in: "inet6:fd12::1", "srcfd12::1". Those that a network is
 * given begin with a 2 or a 3, those of one's own with an f (RFC 4291, 2.4; RFC 4193). */
static struct slice behind_word(const char *start, struct slice run)
{
        const char *colon = memchr(run.at, ':', run.size);
        size_t size = colon ? (size_t)(colon - run.at) : 0;
        bool glued = run.at > start && isalnum((unsigned char)run.at[-1]);

        if (size > 4 || (size && glued)) {
                const char *four = colon - 4;
                bool begins = size >= 4 && (*four == '2' || *four == '3' ||
                                            (tolower((unsigned char)*four) == 'f' && strchr("cdefCDEF", four[1])));

                size -= begins ? 4 : 0;
                run = (struct slice){ run.at + size, run.size - size };
        }
        return run;
}

static bool find_six(struct secrets *secrets, const char *start, struct slice run)
{
        /* A full stop behind it belongs to the sentence, and so does a colon. */
        while (run.size &&
               (run.at[run.size - 1] == '.' || (run.at[run.size - 1] == ':' && (run.size < 2 || run.at[run.size - 2] != ':'))))
                run.size--;
        run = behind_word(start, run);
        /* What stands before it may have colons of its own; then it is one with a gap. */
        do {
                const char *colon;

                if (run.size > 1 && run.at[0] == ':' && run.at[1] != ':')
                        run = (struct slice){ run.at + 1, run.size - 1 };
                if (add_six(secrets, run))
                        return true;
                colon = memchr(run.at, ':', run.size);
                run.size -= colon ? (size_t)(colon + 1 - run.at) : run.size;
                run.at = colon ? colon + 1 : run.at;
        } while (memmem(run.at, run.size, "::", 2));
        return false;
}

void redact_addresses(struct secrets *secrets, const char *text)
{
        static const char letters[] = "0123456789abcdefABCDEF:.";
        const char *start = text;

        for (text += strcspn(text, letters); *text; text += strcspn(text, letters)) {
                struct slice run = { text, strspn(text, letters) };

                if (!find_six(secrets, start, run))
                        find_fours(secrets, start, run);
                text += run.size;
        }
}
