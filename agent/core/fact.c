/* The list of facts that the probes fill. */

#include "agent/core/fact.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_LEAST 256

const char *reach_name(enum reach reach)
{
        static const char *const names[] = { "quiet", "touching", "disturbing" };

        return names[reach];
}

struct facts *facts_new(void)
{
        struct pool *pool = pool_new();
        struct facts *facts = pool_zero(pool, sizeof *facts);

        facts->pool = pool;
        return facts;
}

void facts_free(struct facts *facts)
{
        if (facts)
                pool_free(facts->pool);
}

void facts_release(struct facts **facts)
{
        facts_free(*facts);
}

const struct fact_info *fact_info_match(const struct fact_info *infos, const char *name)
{
        const struct fact_info *starred = NULL;

        for (const struct fact_info *info = infos; info && info->name; info++) {
                if (text_equals(info->name, name))
                        return info;
                if (!starred && strchr(info->name, '*') && text_matches(name, info->name))
                        starred = info;
        }
        return starred;
}

/* FNV-1a. */
static uint64_t hash(const char *name)
{
        uint64_t found = 0xcbf29ce484222325U;

        for (; *name; name++)
                found = (found ^ (unsigned char)*name) * 0x100000001b3U;
        return found;
}

/* The place of the row with this name, or the free one where it belongs. */
static size_t *place_of(const struct facts *facts, const char *name)
{
        size_t at = hash(name) & (facts->place_count - 1);

        while (facts->places[at] && !text_equals(facts->rows[facts->places[at] - 1].name, name))
                at = (at + 1) & (facts->place_count - 1);
        return &facts->places[at];
}

/* Every row anew, in at least twice as many places as rows are to come. */
static void place_all(struct facts *facts)
{
        while (facts->place_count <= 2 * facts->count)
                facts->place_count = facts->place_count ? 2 * facts->place_count : PLACES_LEAST;
        facts->places = pool_zero(facts->pool, facts->place_count * sizeof *facts->places);
        for (size_t i = 0; i < facts->count; i++)
                *place_of(facts, facts->rows[i].name) = i + 1;
}

const struct fact *fact_find(const struct facts *facts, const char *name)
{
        size_t row = facts->count ? *place_of(facts, name) : 0;

        return row ? &facts->rows[row - 1] : NULL;
}

/* A fact that its probe does not declare could neither be required nor explained: a mistake to be found by the first test. */
__attribute__((format(printf, 4, 0))) static struct fact *add(struct facts *facts, enum fact_status status, const char *source,
                                                              const char *name, va_list args)
{
        char *full = pool_vformat(facts->pool, name, args);
        const struct fact_info *info = fact_info_match(facts->infos, full);
        struct fact *fact;

        if (!info) {
                fprintf(stderr, "plumbline: internal error: the fact %s is not declared by its probe\n", full);
                abort();
        }
        if (fact_find(facts, full))
                return NULL;
        facts->rows = pool_grow(facts->pool, facts->rows, facts->count, sizeof *facts->rows);
        fact = &facts->rows[facts->count++];
        *fact = (struct fact){
                .name = full,
                .info = info,
                .status = status,
                .source = pool_dup(facts->pool, source),
        };
        if (facts->place_count <= 2 * facts->count)
                place_all(facts);
        else
                *place_of(facts, full) = facts->count;
        return fact;
}

static void copy_value(struct pool *pool, struct value *copy, const struct value *value)
{
        *copy = *value;
        if (value->kind == VALUE_TEXT || value->kind == VALUE_VERSION || value->kind == VALUE_WORDS ||
            value->kind == VALUE_CHOICE)
                copy->text = pool_dup(pool, value->text);
        else if (value->kind == VALUE_CPUS || value->kind == VALUE_MASK)
                copy->cpus = pool_copy(pool, value->cpus, sizeof *value->cpus);
}

void fact_known(struct facts *facts, struct value value, const char *source, const char *name, ...)
{
        struct fact *fact;
        va_list args;

        va_start(args, name);
        fact = add(facts, FACT_KNOWN, source, name, args);
        va_end(args);
        if (!fact)
                return;
        if (value.kind != fact->info->kind) {
                fprintf(stderr, "plumbline: internal error: the fact %s is %s, declared as %s\n", fact->name,
                        value_kind_name(value.kind), value_kind_name(fact->info->kind));
                abort();
        }
        copy_value(facts->pool, &fact->value, &value);
        fact->value.unit = fact->info->unit;
}

void fact_next(struct facts *facts, const char *name, struct value value)
{
        struct value *copy;

        for (size_t i = 0; i < facts->count; i++) {
                struct fact *fact = &facts->rows[i];

                if (!text_equals(fact->name, name) || fact->status != FACT_KNOWN || fact->value.kind != value.kind)
                        continue;
                copy = pool_zero(facts->pool, sizeof *copy);
                copy_value(facts->pool, copy, &value);
                copy->unit = fact->info->unit;
                fact->next = copy;
        }
}

void fact_at_least(struct facts *facts)
{
        facts->rows[facts->count - 1].at_least = true;
}

void fact_absent(struct facts *facts, const char *source, const char *name, ...)
{
        va_list args;

        va_start(args, name);
        add(facts, FACT_ABSENT, source, name, args);
        va_end(args);
}

void fact_unknown(struct facts *facts, int error, const char *source, const char *name, ...)
{
        struct fact *fact;
        va_list args;

        va_start(args, name);
        fact = add(facts, FACT_UNREADABLE, source, name, args);
        va_end(args);
        if (fact)
                fact->error = error;
}

void fact_forget(struct facts *facts, size_t first, int error)
{
        for (size_t i = first; i < facts->count; i++) {
                struct fact *fact = &facts->rows[i];

                if (fact->status == FACT_UNREADABLE)
                        continue;
                *fact = (struct fact){
                        .name = fact->name,
                        .info = fact->info,
                        .status = FACT_UNREADABLE,
                        .error = error,
                        .source = fact->source,
                };
        }
}

void fact_note(struct facts *facts, const char *format, ...)
{
        va_list args;

        if (!facts->count)
                return;
        va_start(args, format);
        facts->rows[facts->count - 1].note = pool_vformat(facts->pool, format, args);
        va_end(args);
}

const char *error_words(int error)
{
        switch (error) {
        case -EACCES:
        case -EPERM:
                return "needs root";
        case -ECANCELED:
                return "left unread: reading it disturbs";
        case -ENODATA:
                return "nothing here tells";
        case -ENOENT:
                return "not there";
        case -EINVAL:
                return "holds something that is no such value";
        case -ERANGE:
                return "holds a number that does not fit";
        case -EILSEQ:
                return "holds binary data";
        case -EOPNOTSUPP:
                return "this host has no way to tell";
        case -ETIMEDOUT:
                return "did not answer in time";
        case -ETIME:
                return "given up: the time was out";
        case -ELIBACC:
                return "a library is missing";
        case -EBADMSG:
                return "says what makes no sense";
        case -ENOEXEC:
                return "cannot be run";
        case -EFBIG:
                return "is too large to be what it should be";
        default:
                return strerror(error < 0 ? -error : error);
        }
}

static int compare(const void *a, const void *b)
{
        const struct fact *left = a, *right = b;

        return text_compare_natural(left->name, right->name);
}

void facts_sort(struct facts *facts)
{
        if (facts->count > 1)
                qsort(facts->rows, facts->count, sizeof *facts->rows, compare);
        if (facts->count)
                place_all(facts);
}

bool fact_is_asked(const struct facts *facts, const char *name)
{
        for (const char *const *asked = facts->asked; asked && *asked; asked++)
                if (text_matches(name, *asked) || (text_starts(name, *asked) && name[strlen(*asked)] == '.'))
                        return true;
        return !facts->asked;
}

const char *fact_named(const struct facts *facts, const char *row, size_t *at)
{
        const char *star = strchr(row, '*');
        size_t before = (size_t)(star - row), behind = strlen(star + 1);

        while (facts->asked && facts->asked[*at]) {
                const char *asked = facts->asked[(*at)++];
                size_t size = strlen(asked);

                if (size <= before + behind || strchr(asked, '*') || !text_matches(asked, row))
                        continue;
                return pool_format(facts->pool, "%.*s", (int)(size - before - behind), asked + before);
        }
        return NULL;
}
