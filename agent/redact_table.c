/* The table of what is secret, by what it begins with: filled, and looked up amid other bytes. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_same(const struct secret *secret, const void *bytes)
{
        return secret->fold ? !strncasecmp((const char *)secret->from, bytes, secret->size)
                            : !memcmp(secret->from, bytes, secret->size);
}

/* Thousands of addresses and UUIDs begin alike: so many bytes tell them apart. */
#define START_SIZE 8

static unsigned start_of(const unsigned char *bytes)
{
        uint64_t start = 0;

        for (unsigned i = 0; i < START_SIZE; i++)
                start = start << 8 | (unsigned char)tolower(bytes[i]);
        return (unsigned)(start * 0x9e3779b97f4a7c15U >> 48);
}

static void put_at(struct secret **slot, struct secret *secret)
{
        /* Of two that begin alike the longer one is tried first. */
        while (*slot && (*slot)->size > secret->size)
                slot = &(*slot)->next;
        secret->next = *slot;
        *slot = secret;
}

static struct secret *copy_of(struct secrets *secrets, const struct secret *new)
{
        struct secret *secret = pool_zero(secrets->pool, sizeof *secret);

        *secret = *new;
        secret->from = pool_copy(secrets->pool, new->from, new->size);
        secret->to = pool_copy(secrets->pool, new->to, new->size);
        return secret;
}

void secret_put(struct secrets *secrets, const struct secret *new)
{
        const unsigned char *first = new->from;
        unsigned char cases[2][2] = { { first[0], first[0] }, { first[1], first[1] } };
        bool is_long = new->size >= START_SIZE;
        struct secret **slot = is_long ? &secrets->by_start[start_of(first)] : &secrets->by_pair[first[0] | first[1] << 8];

        for (const struct secret *secret = *slot; secret; secret = secret->next)
                if (secret->size == new->size && is_same(secret, first))
                        return;
        if (is_long) {
                put_at(slot, copy_of(secrets, new));
                return;
        }
        for (unsigned i = 0; new->fold &&i < 2; i++) {
                cases[i][0] = (unsigned char)tolower(first[i]);
                cases[i][1] = (unsigned char)toupper(first[i]);
        }
        for (unsigned i = 0; i < 4; i++) {
                unsigned one = i & 1, two = i >> 1;

                if ((one && cases[0][0] == cases[0][1]) || (two && cases[1][0] == cases[1][1]))
                        continue;
                put_at(&secrets->by_pair[cases[0][one] | cases[1][two] << 8], copy_of(secrets, new));
        }
}

/* What stands before it looks like letters or digits and is none: "\x2d" of systemd, "\n" of JSON, "\040" of the tables of mounts. */
static bool is_behind_escape(const unsigned char *bytes, size_t at)
{
        if (at >= 2 && bytes[at - 2] == '\\')
                return strchr("nrt", bytes[at - 1]);
        if (at < 4 || !isxdigit(bytes[at - 1]) || !isxdigit(bytes[at - 2]))
                return false;
        if (bytes[at - 3] == 'x')
                return bytes[at - 4] == '\\' || (at >= 7 && !memcmp(bytes + at - 7, "\\134", 4));
        return bytes[at - 4] == '\\' && isdigit(bytes[at - 3]);
}

static bool begins_word(const unsigned char *bytes, size_t at)
{
        return at == 0 || !isalnum(bytes[at - 1]) || is_behind_escape(bytes, at);
}

static bool ends_word(const unsigned char *bytes, size_t size, size_t end)
{
        return end == size || !isalnum(bytes[end]);
}

/* Words stand directly before addresses: "node10.9.8.7". A group of IPv6 has four digits at most, so one that has them begins there. */
static bool is_behind_word(const struct secret *secret, const unsigned char *bytes, size_t at)
{
        if (!isalpha(bytes[at - 1]))
                return false;
        if (secret->kind == SECRET_SIX)
                return secret->size > 4 && secret->from[4] == ':' && !memchr(secret->from, ':', 4);
        return secret->kind == SECRET_FOUR && !redact_is_version_mark((const char *)bytes, (const char *)bytes + at);
}

/* Of four numbers only the digits end: "10.9.8.7eth0". */
static bool is_apart(const struct secret *secret, const unsigned char *bytes, size_t size, size_t at)
{
        size_t end = at + secret->size;

        if (isalnum(bytes[at]) && !begins_word(bytes, at) && !is_behind_word(secret, bytes, at))
                return false;
        if (secret->kind == SECRET_TEXT && !isalnum(bytes[end - 1]))
                return true;
        return ends_word(bytes, size, end) || (secret->kind == SECRET_FOUR && !isdigit(bytes[end]));
}

static bool holds_word(struct slice text, struct slice word)
{
        const char *end = text.at + text.size;

        for (const char *at = text.at; text.size && (at = memmem(at, (size_t)(end - at), word.at, word.size)); at++)
                if (begins_word((const unsigned char *)text.at, (size_t)(at - text.at)) &&
                    ends_word((const unsigned char *)text.at, text.size, (size_t)(at - text.at) + word.size))
                        return true;
        return false;
}

bool secret_is_version(const struct secrets *secrets, struct slice word)
{
        for (size_t i = 0; i < secrets->version_count; i++)
                if (holds_word((struct slice){ secrets->versions[i]->bytes, secrets->versions[i]->size }, word))
                        return true;
        return false;
}

/* Is it a part of the running kernel's name: "amd64" of "6.1.0-28-amd64"? */
static bool is_of_release(const struct member *member, struct slice word)
{
        return member->kind == MEMBER_FILE && text_equals(member->path, "proc/sys/kernel/osrelease") &&
               holds_word((struct slice){ member->bytes, member->size }, word);
}

bool secret_is_structure(const struct secrets *secrets, struct slice word)
{
        for (size_t i = 0; i < secrets->count; i++)
                if (((text_starts(secrets->members[i].path, "sys/") || text_starts(secrets->members[i].path, "proc/")) &&
                     holds_word(slice_of(secrets->members[i].path), word)) ||
                    is_of_release(&secrets->members[i], word))
                        return true;
        return false;
}

static const struct secret *find_in(const struct secret *secret, const unsigned char *bytes, size_t size, size_t at,
                                    bool versions)
{
        while (secret && (secret->size > size - at || !is_same(secret, bytes + at) ||
                          (versions && secret->kind == SECRET_FOUR) || (secret->word && !is_apart(secret, bytes, size, at))))
                secret = secret->next;
        return secret;
}

const struct secret *secret_find(const struct secrets *secrets, const unsigned char *bytes, size_t size, size_t at,
                                 bool versions)
{
        const struct secret *secret = NULL;

        if (size - at >= START_SIZE)
                secret = find_in(secrets->by_start[start_of(bytes + at)], bytes, size, at, versions);
        return secret ? secret : find_in(secrets->by_pair[bytes[at] | bytes[at + 1] << 8], bytes, size, at, versions);
}
