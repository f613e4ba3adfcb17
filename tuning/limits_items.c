/* Limits by name: their range, their unit in limits.conf(5) and in systemd.exec(5). */

#include "tuning/limits_items.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define KIB_MOST (INT64_MAX / 1024)

static const struct limits_item items[] = {
        { "core", "LimitCORE", "Max core file size", 1024, true, false, 0, KIB_MOST },
        { "data", "LimitDATA", "Max data size", 1024, true, false, 0, KIB_MOST },
        { "fsize", "LimitFSIZE", "Max file size", 1024, true, false, 0, KIB_MOST },
        { "memlock", "LimitMEMLOCK", "Max locked memory", 1024, true, false, 0, KIB_MOST },
        { "nofile", "LimitNOFILE", "Max open files", 1, true, false, 0, INT64_MAX },
        { "rss", "LimitRSS", "Max resident set", 1024, true, false, 0, KIB_MOST },
        { "stack", "LimitSTACK", "Max stack size", 1024, true, false, 0, KIB_MOST },
        { "cpu", "LimitCPU", "Max cpu time", 60, true, false, 0, INT64_MAX / 60 }, /* minutes, seconds */
        { "nproc", "LimitNPROC", "Max processes", 1, true, false, 0, INT64_MAX },
        { "as", "LimitAS", "Max address space", 1024, true, false, 0, KIB_MOST },
        { "maxlogins", NULL, NULL, 1, true, false, 0, INT32_MAX },
        { "maxsyslogins", NULL, NULL, 1, true, false, 0, INT32_MAX },
        { "priority", "Nice", NULL, 1, false, false, -20, 19 },
        { "locks", "LimitLOCKS", "Max file locks", 1, true, false, 0, INT64_MAX },
        { "sigpending", "LimitSIGPENDING", "Max pending signals", 1, true, false, 0, INT64_MAX },
        { "msgqueue", "LimitMSGQUEUE", "Max msgqueue size", 1, true, false, 0, INT64_MAX },
        { "nice", "LimitNICE", "Max nice priority", 1, false, true, -20, 19 },
        { "rtprio", "LimitRTPRIO", "Max realtime priority", 1, false, false, 0, 99 },
};

const struct limits_item *limits_item(const char *name)
{
        for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
                if (text_equals(items[i].name, name))
                        return &items[i];
        return NULL;
}

const char *limits_item_nearest(const char *name)
{
        const char *names[sizeof items / sizeof items[0] + 1];
        size_t count = 0;

        for (; count < sizeof items / sizeof items[0]; count++)
                names[count] = items[count].name;
        names[count] = NULL;
        return text_nearest(name, names);
}

static bool is_endless(const char *text)
{
        return text_equals(text, "unlimited") || text_equals(text, "infinity") || text_equals(text, "-1");
}

int limits_parse(const struct limits_item *item, const char *text, struct limits_value *value)
{
        int64_t number;
        int r;

        if (item->endless && is_endless(text)) {
                *value = (struct limits_value){ .endless = true };
                return 0;
        }
        r = text_i64(text, &number);
        if (r < 0)
                return r;
        if (number < item->least || number > item->most)
                return -ERANGE;
        *value = (struct limits_value){ .number = number };
        return 0;
}

bool limits_equal(struct limits_value a, struct limits_value b)
{
        return a.endless == b.endless && (a.endless || a.number == b.number);
}

char *limits_format(struct pool *pool, struct limits_value value)
{
        return value.endless ? pool_dup(pool, "unlimited") : pool_format(pool, "%lld", (long long)value.number);
}

char *limits_format_unit(struct pool *pool, const struct limits_item *item, struct limits_value value)
{
        if (value.endless)
                return pool_dup(pool, "infinity");
        return pool_format(pool, item->nice ? "%+lld" : "%lld", (long long)value.number * item->scale);
}

/* "64K" is 65536: suffixes to the base 1024 (systemd.exec(5)). Only limits that count bytes take them. */
static int parse_suffixed(char *text, uint64_t *number)
{
        static const char suffixes[] = "KMGTPE";
        size_t size = strlen(text);
        const char *suffix = size ? strchr(suffixes, text[size - 1]) : NULL;
        int r;

        if (suffix)
                text[size - 1] = 0;
        r = text_u64(text, 10, number);
        if (r < 0)
                return r;
        for (const char *at = suffixes; suffix && at <= suffix; at++)
                if (__builtin_mul_overflow(*number, (uint64_t)1024, number))
                        return -ERANGE;
        return 0;
}

static bool part_is(const struct limits_item *item, struct slice part, struct limits_value value)
{
        autopool struct pool *pool = pool_new();
        char *text = slice_dup(pool, slice_trim(part));
        uint64_t number;
        int64_t level;

        if (text_equals(text, "infinity"))
                return value.endless;
        if (value.endless)
                return false;
        /* setrlimit(2): the limit on nice is 20 minus the level. */
        if (item->nice && text[0] != '+' && text[0] != '-')
                return text_i64(text, &level) == 0 && 20 - level == value.number;
        if (item->nice || item->least < 0)
                return text_i64(text[0] == '+' ? text + 1 : text, &level) == 0 && level == value.number;
        return parse_suffixed(text, &number) == 0 && number == (uint64_t)value.number * item->scale;
}

bool limits_unit_is(const struct limits_item *item, const char *text, struct limits_value value)
{
        const char *colon = strchr(text, ':');
        struct slice soft = { .at = text, .size = colon ? (size_t)(colon - text) : strlen(text) };

        return part_is(item, soft, value) && (!colon || part_is(item, slice_of(colon + 1), value));
}

bool limits_process_is(const struct limits_item *item, const char *text, struct limits_value value)
{
        uint64_t number;

        if (text_equals(text, "unlimited"))
                return value.endless;
        if (value.endless || text_u64(text, 10, &number) < 0)
                return false;
        if (item->nice)
                return number == (uint64_t)(20 - value.number);
        return number == (uint64_t)value.number * item->scale;
}
