/* Replacing what was found to be secret, all at once and everywhere. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* A letter takes the case of the one that it replaces; one in the place of a digit, that of the others. */
static void copy_folded(char *to, const struct secret *secret)
{
        bool upper = false, lower = false;

        for (size_t i = 0; i < secret->size; i++) {
                upper = upper || isupper((unsigned char)to[i]);
                lower = lower || islower((unsigned char)to[i]);
        }
        for (size_t i = 0; i < secret->size; i++) {
                bool raise = isalpha((unsigned char)to[i]) ? isupper((unsigned char)to[i]) : upper && !lower;

                to[i] = (char)(raise ? toupper(secret->to[i]) : tolower(secret->to[i]));
        }
}

/* NULL where there is nothing to replace. versions: four numbers are no address here. */
static char *replace(const struct secrets *secrets, const char *old, size_t size, bool versions)
{
        char *new = NULL;

        for (size_t at = 0; at + 1 < size; at++) {
                const struct secret *secret = secret_find(secrets, (const unsigned char *)old, size, at, versions);

                if (!secret)
                        continue;
                if (!new)
                        new = pool_copy(secrets->pool, old, size);
                if (secret->fold)
                        copy_folded(new + at, secret);
                else
                        memcpy(new + at, secret->to, secret->size);
                at += secret->size - 1;
        }
        return new;
}

static int compare_members(const void *a, const void *b)
{
        return strcmp(((const struct member *)a)->path, ((const struct member *)b)->path);
}

static void add_version(struct secrets *secrets, const struct member *member)
{
        secrets->versions = pool_grow(secrets->pool, secrets->versions, secrets->version_count, sizeof(struct member *));
        secrets->versions[secrets->version_count++] = member;
}

void redact(struct pool *pool, struct member *members, size_t count, const struct journal_watch *watch)
{
        struct secrets *secrets = pool_zero(pool, sizeof *secrets);
        const char **before = pool_zero(pool, (count + 1) * sizeof *before);

        secrets->pool = pool;
        secrets->members = members;
        secrets->count = count;
        secrets->watch = watch;
        if (getrandom(secrets->key, sizeof secrets->key, 0) != (ssize_t)sizeof secrets->key)
                abort();
        for (size_t i = 0; i < count; i++)
                before[i] = members[i].bytes;
        /* Before the file that tells it is another. */
        secrets->plain_host = slice_of(slice_dup(pool, redact_plain_host(secrets)));
        for (size_t i = 0; i < count; i++)
                if (members[i].known && members[i].size && redact_is_version(members[i].path) &&
                    !text_starts(members[i].path, "var/lib/dpkg/"))
                        add_version(secrets, &members[i]);
        for (size_t i = 0; i < count; i++)
                if (members[i].known && members[i].size)
                        redact_find(secrets, pool, &members[i]);
        for (size_t i = 0; i < count; i++) {
                char *bytes = members[i].size
                                      ? replace(secrets, members[i].bytes, members[i].size, redact_is_version(members[i].path))
                                      : NULL;
                char *path = replace(secrets, members[i].path, strlen(members[i].path), false);

                if (bytes)
                        members[i].bytes = bytes;
                if (path)
                        members[i].path = path;
        }
        redact_records(secrets, members, before);
        if (count > 1)
                qsort(members, count, sizeof *members, compare_members);
}
