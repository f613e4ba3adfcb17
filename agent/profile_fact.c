/* The facts that a profile names, looked up in the tables of the probes. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"

#include <string.h>

static size_t parts(const char *name)
{
        size_t count = 1;

        for (; *name; name++)
                count += *name == '.';
        return count;
}

/* The row's name with the devices of `name` in place of its '*', so that a mistyped "nic.eth0.sped" is near "nic.eth0.speed". */
static const char *with_devices(struct pool *pool, const char *info, const char *name)
{
        autobuffer struct text_buffer result = { 0 };
        struct slice row, mine;

        if (!strchr(info, '*') || parts(info) != parts(name))
                return info;
        while (text_word(&info, ".", &row)) {
                if (text_word(&name, ".", &mine) && slice_equals(row, "*"))
                        row = mine;
                if (result.at)
                        text_add(&result, ".");
                text_add_bytes(&result, row.at, row.size);
        }
        return pool_dup(pool, result.at);
}

static int unknown_fact(struct sections *sections, const struct node *at, const char *pattern)
{
        struct pool *pool = sections->reading->pool;
        struct node named = *at;
        const char **names = NULL;
        size_t count = 0;

        for (const struct probe *const *probe = sections->tables->probes; *probe; probe++) {
                for (const struct fact_info *info = (*probe)->facts; info->name; info++) {
                        names = pool_grow(pool, names, count, sizeof(*names));
                        names[count++] = with_devices(pool, info->name, pattern);
                }
        }
        names = pool_grow(pool, names, count, sizeof(*names));
        names[count] = NULL;
        named.text = pattern;
        return reading_unknown(sections->reading, &named, "fact", names);
}

/* The row that has this very name, or that the whole text fits. */
static const struct fact_info *row_of(const struct sections *sections, const char *name)
{
        const struct fact_info *starred = NULL;

        for (const struct probe *const *probe = sections->tables->probes; *probe; probe++) {
                const struct fact_info *info = fact_info_match((*probe)->facts, name);

                if (info && text_equals(info->name, name))
                        return info;
                if (info && !starred)
                        starred = info;
        }
        return starred;
}

/* The first row that a pattern meets; other: one that is measured otherwise, or NULL. */
static const struct fact_info *rows_of(const struct sections *sections, const char *pattern, const struct fact_info **other)
{
        const struct fact_info *first = NULL;

        *other = NULL;
        for (const struct probe *const *probe = sections->tables->probes; *probe; probe++) {
                for (const struct fact_info *info = (*probe)->facts; info->name; info++) {
                        if (!text_patterns_meet(pattern, info->name))
                                continue;
                        if (!first)
                                first = info;
                        else if (!*other && (info->kind != first->kind || info->unit != first->unit))
                                *other = info;
                }
        }
        return first;
}

int profile_fact(struct sections *sections, const struct node *at, const char *pattern, const struct fact_info **info)
{
        const struct fact_info *found = row_of(sections, pattern), *other = NULL;

        if (!found && strchr(pattern, '*'))
                found = rows_of(sections, pattern, &other);
        if (!found)
                return unknown_fact(sections, at, pattern);
        if (other)
                return reading_problem(sections->reading, at,
                                       "found %s, which stands for %s and %s, expected facts of one kind and unit",
                                       reading_quote(sections->reading, pattern), found->name, other->name);
        *info = found;
        return 0;
}

int profile_pattern(struct sections *sections, const struct node *at)
{
        const struct fact_info *other;

        if (row_of(sections, at->text) || rows_of(sections, at->text, &other))
                return 0;
        return unknown_fact(sections, at, at->text);
}
