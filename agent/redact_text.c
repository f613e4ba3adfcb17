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

/* Four numbers: neither an address that is the same on every host, nor a version that this one tells elsewhere. */
static bool is_four(const struct secrets *secrets, const char *word)
{
        struct in_addr address;

        if (inet_pton(AF_INET, word, &address) != 1 || text_starts(word, "127.") || text_starts(word, "0.") ||
            text_starts(word, "255."))
                return false;
        return is_never_version(address) || !secret_is_version(secrets, slice_of(word));
}

/* What stands between colons beside an address of IPv4: its port, or the next one (nfsroot.rst, ip=). */
static void find_fours(struct secrets *secrets, struct slice run)
{
        struct slice part;

        while (slice_word(&run, ":", &part)) {
                char word[INET_ADDRSTRLEN];

                /* A full stop behind an address belongs to the sentence. */
                while (part.size && part.at[part.size - 1] == '.')
                        part.size--;
                if (part.size >= sizeof word)
                        continue;
                memcpy(word, part.at, part.size);
                word[part.size] = '\0';
                if (is_four(secrets, word))
                        secret_add(secrets, SECRET_FOUR, word, part.size);
        }
}

static bool find_six(struct secrets *secrets, struct slice run)
{
        struct in6_addr address;
        char word[INET6_ADDRSTRLEN];

        /* So does a colon. */
        while (run.size &&
               (run.at[run.size - 1] == '.' || (run.at[run.size - 1] == ':' && (run.size < 2 || run.at[run.size - 2] != ':'))))
                run.size--;
        if (run.size < ADDRESS_TEXT_LEAST || run.size >= sizeof word)
                return false;
        memcpy(word, run.at, run.size);
        word[run.size] = '\0';
        if (inet_pton(AF_INET6, word, &address) != 1)
                return false;
        secret_add(secrets, SECRET_SIX, word, run.size);
        return true;
}

void redact_addresses(struct secrets *secrets, const char *text)
{
        static const char letters[] = "0123456789abcdefABCDEF:.";

        for (text += strcspn(text, letters); *text; text += strcspn(text, letters)) {
                struct slice run = { text, strspn(text, letters) };

                if (!find_six(secrets, run))
                        find_fours(secrets, run);
                text += run.size;
        }
}
