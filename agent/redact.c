/* Replacing what was found to be secret, all at once and everywhere. */

#include "agent/private_parameter.h"
#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/sha256.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define PAIRS 65536U

struct secret {
        const unsigned char *from, *to;
        size_t size;
        bool word; /* only where no letter or digit stands beside it */
        struct secret *next;
};

struct secrets {
        struct pool *pool;
        unsigned char key[32];
        struct secret *by_pair[PAIRS]; /* by the first two bytes */
};

/* The n-th 32 bytes of a stream that only the key and the value determine, in hex. */
static void block(const struct secrets *secrets, const void *value, size_t size, size_t n, char *hex)
{
        autobuffer struct text_buffer text = { 0 };

        text_add_bytes(&text, secrets->key, sizeof secrets->key);
        text_addf(&text, "%zu ", n);
        text_add_bytes(&text, value, size);
        sha256_hex(text.at, text.size, hex);
}

/* The n-th byte of it. */
static unsigned stream(const struct secrets *secrets, const void *value, size_t size, size_t n)
{
        char hex[65], pair[3] = { 0 };

        block(secrets, value, size, n / 32, hex);
        memcpy(pair, hex + n % 32 * 2, 2);
        return (unsigned)strtoul(pair, NULL, 16);
}

uint64_t secret_chance(const struct secrets *secrets, const void *value, size_t size)
{
        char hex[65];

        block(secrets, value, size, 0, hex);
        hex[16] = '\0';
        return strtoull(hex, NULL, 16);
}

static unsigned char other_letter(unsigned char old, unsigned chance)
{
        if (isdigit(old))
                return (unsigned char)('0' + chance % 10);
        /* What is hex stays hex. */
        if (isxdigit(old))
                return (unsigned char)((islower(old) ? 'a' : 'A') + chance % 6);
        if (isalpha(old))
                return (unsigned char)((islower(old) ? 'g' : 'G') + chance % 20);
        return old;
}

static void put(struct secrets *secrets, const void *from, const void *to, size_t size, bool word)
{
        const unsigned char *first = from;
        struct secret **slot = &secrets->by_pair[first[0] | first[1] << 8], *secret;

        for (secret = *slot; secret; secret = secret->next)
                if (secret->size == size && !memcmp(secret->from, from, size))
                        return;
        secret = pool_zero(secrets->pool, sizeof *secret);
        secret->from = pool_copy(secrets->pool, from, size);
        secret->to = pool_copy(secrets->pool, to, size);
        secret->size = size;
        secret->word = word;
        /* Of two that begin alike the longer one is tried first. */
        while (*slot && (*slot)->size > size)
                slot = &(*slot)->next;
        secret->next = *slot;
        *slot = secret;
}

static void put_card(struct secrets *secrets, const unsigned char *from)
{
        static const char *const forms[] = { "%02x:%02x:%02x:%02x:%02x:%02x", "%02X:%02X:%02X:%02X:%02X:%02X",
                                             "%02x-%02x-%02x-%02x-%02x-%02x", "%02x%02x%02x%02x%02x%02x" };
        unsigned char to[6];

        for (size_t i = 0; i < sizeof to; i++)
                to[i] = (unsigned char)stream(secrets, from, sizeof to, i);
        /* A single card's address that nobody was given: IEEE 802c, the bit of local administration. */
        to[0] = (unsigned char)((to[0] & 0xfc) | 2);
        put(secrets, from, to, sizeof to, false);
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
                char old[18], new[18];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(old, sizeof old, forms[i], from[0], from[1], from[2], from[3], from[4], from[5]);
                snprintf(new, sizeof new, forms[i], to[0], to[1], to[2], to[3], to[4], to[5]);
#pragma GCC diagnostic pop
                put(secrets, old, new, strlen(old), false);
        }
}

void secret_add(struct secrets *secrets, enum secret_kind kind, const void *bytes, size_t size)
{
        autofree unsigned char *to = NULL;

        if (size < 2)
                return;
        if (kind == SECRET_CARD) {
                put_card(secrets, bytes);
                return;
        }
        to = memory_zero(size);
        memcpy(to, bytes, size);
        if (kind == SECRET_FOUR || kind == SECRET_SIX)
                secret_address(secrets, kind, (char *)to, bytes, size);
        else
                for (size_t i = 0; i < size; i++)
                        to[i] = kind == SECRET_BYTES ? (unsigned char)stream(secrets, bytes, size, i)
                                                     : other_letter(to[i], stream(secrets, bytes, size, i));
        put(secrets, bytes, to, size, kind != SECRET_BYTES);
}

void secret_mask(struct secrets *secrets, const char *before, struct slice value)
{
        autobuffer struct text_buffer plain = { 0 }, from = { 0 }, to = { 0 };
        size_t n = 0;

        for (size_t i = 0; i < value.size; i++)
                if (value.at[i] != '\\')
                        text_add_bytes(&plain, value.at + i, 1);
        if (!plain.size)
                return;
        text_add(&from, before);
        text_add_bytes(&from, value.at, value.size);
        text_add_bytes(&to, from.at, from.size);
        for (size_t i = from.size - value.size; i < to.size; i++) {
                if (to.at[i] == '\\')
                        continue;
                to.at[i] = n ? (char)other_letter((unsigned char)to.at[i], stream(secrets, plain.at, plain.size, n)) : '*';
                n++;
        }
        put(secrets, from.at, to.at, from.size, true);
}

void secret_only_here(struct secrets *secrets, struct member *member)
{
        unsigned char *to = pool_copy(secrets->pool, member->bytes, member->size);

        for (size_t i = 0; i < member->size; i++)
                to[i] = other_letter(to[i], stream(secrets, member->bytes, member->size, i));
        member->bytes = (const char *)to;
}

static bool stands_alone(const unsigned char *bytes, size_t size, size_t at, size_t length)
{
        return (at == 0 || !isalnum(bytes[at - 1])) && (at + length == size || !isalnum(bytes[at + length]));
}

/* NULL where there is nothing to replace. */
static char *replace(const struct secrets *secrets, const char *old, size_t size)
{
        const unsigned char *bytes = (const unsigned char *)old;
        char *new = NULL;

        for (size_t at = 0; at + 1 < size; at++) {
                const struct secret *secret = secrets->by_pair[bytes[at] | bytes[at + 1] << 8];

                while (secret && (secret->size > size - at || memcmp(bytes + at, secret->from, secret->size) != 0 ||
                                  (secret->word && !stands_alone(bytes, size, at, secret->size))))
                        secret = secret->next;
                if (!secret)
                        continue;
                if (!new)
                        new = pool_copy(secrets->pool, old, size);
                memcpy(new + at, secret->to, secret->size);
                at += secret->size - 1;
        }
        return new;
}

static int compare_members(const void *a, const void *b)
{
        return strcmp(((const struct member *)a)->path, ((const struct member *)b)->path);
}

void redact(struct pool *pool, struct member *members, size_t count)
{
        struct secrets *secrets = pool_zero(pool, sizeof *secrets);

        secrets->pool = pool;
        if (getrandom(secrets->key, sizeof secrets->key, 0) != (ssize_t)sizeof secrets->key)
                abort();
        for (size_t i = 0; i < count; i++)
                if (members[i].known && members[i].size)
                        redact_find(secrets, pool, &members[i]);
        for (size_t i = 0; i < count; i++) {
                char *bytes = members[i].size ? replace(secrets, members[i].bytes, members[i].size) : NULL;
                char *path = replace(secrets, members[i].path, strlen(members[i].path));

                if (bytes)
                        members[i].bytes = bytes;
                if (path)
                        members[i].path = path;
        }
        if (count > 1)
                qsort(members, count, sizeof *members, compare_members);
}
