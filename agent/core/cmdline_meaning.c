/* Kernel parameters whose values are more than text, and how those compare. */

#include "agent/core/cmdline_meaning.h"

#include "agent/core/cpus.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

/* kernel/sched/isolation.c: a second, different list is refused, the first one stays. BOOT_IMAGE=, initrd= and vt.handoff= come
 * from the boot loader, which is none of the settings. */
static const struct meaning meanings[] = {
        { "isolcpus", FIRST_WINS, SHAPE_ISOLATION },
        { "nohz_full", FIRST_WINS, SHAPE_CPUS },
        { "rcu_nocbs", LAST_WINS, SHAPE_CPUS },
        { "irqaffinity", LAST_WINS, SHAPE_CPUS },
        { "kthread_cpus", LAST_WINS, SHAPE_CPUS },
        { "workqueue.unbound_cpus", LAST_WINS, SHAPE_CPUS },
        { "default_hugepagesz", LAST_WINS, SHAPE_SIZE },
        { "hugepagesz", ADDS_UP, SHAPE_SIZE },
        { "hugepages", ADDS_UP, SHAPE_TEXT },
        { "console", ADDS_UP, SHAPE_TEXT },
        { "earlycon", ADDS_UP, SHAPE_TEXT },
        { "crashkernel", ADDS_UP, SHAPE_SIZE },
        { "memmap", ADDS_UP, SHAPE_SIZE },
        { "mem", LAST_WINS, SHAPE_SIZE },
        { "kernelcore", LAST_WINS, SHAPE_SIZE },
        { "movablecore", LAST_WINS, SHAPE_SIZE },
        { "cma", LAST_WINS, SHAPE_SIZE },
        { "hugetlb_cma", LAST_WINS, SHAPE_SIZE },
        { "log_buf_len", LAST_WINS, SHAPE_SIZE },
        { "ip", ADDS_UP, SHAPE_TEXT },
        { "modprobe.blacklist", ADDS_UP, SHAPE_TEXT },
        { "module_blacklist", LAST_WINS, SHAPE_TEXT },
        { "systemd.mask", ADDS_UP, SHAPE_TEXT },
        { "systemd.wants", ADDS_UP, SHAPE_TEXT },
        { "systemd.setenv", ADDS_UP, SHAPE_TEXT },
        { "rd.*", ADDS_UP, SHAPE_TEXT },
        { "BOOT_IMAGE", IGNORED, SHAPE_TEXT },
        { "initrd", IGNORED, SHAPE_TEXT },
        { "vt.handoff", IGNORED, SHAPE_TEXT },
};
static const struct meaning plain = { "*", LAST_WINS, SHAPE_TEXT };

/* parameq() of kernel/params.c: '-' and '_' are the same letter of a name. */
bool meaning_same_name(const char *a, const char *b)
{
        for (; *a && *b; a++, b++)
                if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
                        return false;
        return *a == *b;
}

const struct meaning *meaning_of(const char *name)
{
        for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
                const char *known = meanings[i].name;

                if (text_ends(known, "*") ? !strncmp(name, known, strlen(known) - 1) : meaning_same_name(name, known))
                        return &meanings[i];
        }
        return &plain;
}

/* memparse() of lib/cmdline.c. */
static bool size_bytes(struct slice text, uint64_t *bytes)
{
        static const char suffixes[] = "KMGTPE";
        uint64_t number = 0;
        const char *suffix;
        size_t digits = 0;
        unsigned shift;

        while (digits < text.size && digits <= 18 && isdigit((unsigned char)text.at[digits]))
                number = number * 10 + (uint64_t)(text.at[digits++] - '0');
        if (digits == 0 || digits > 18)
                return false;
        if (digits == text.size) {
                *bytes = number;
                return true;
        }
        suffix = strchr(suffixes, toupper((unsigned char)text.at[digits]));
        if (!suffix || !*suffix || digits + 1 != text.size)
                return false;
        shift = 10 * (unsigned)(suffix - suffixes + 1);
        if (number > UINT64_MAX >> shift)
                return false;
        *bytes = number << shift;
        return true;
}

/* "512M-2G:64M,2G-:128M@16M": what stands between sizes is no size (Documentation/admin-guide/kdump/kdump.rst). */
static void add_sizes(struct text_buffer *normal, const char *text)
{
        while (*text) {
                struct slice size = { text, strcspn(text, ",:@-$#!%") };
                uint64_t bytes;

                if (size_bytes(size, &bytes))
                        text_addf(normal, "%llu", (unsigned long long)bytes);
                else
                        text_add_bytes(normal, size.at, size.size);
                text += size.size;
                if (*text)
                        text_add_bytes(normal, text++, 1);
        }
}

static bool same_sizes(const char *a, const char *b)
{
        autobuffer struct text_buffer normal_a = { 0 }, normal_b = { 0 };

        add_sizes(&normal_a, a);
        add_sizes(&normal_b, b);
        return text_equals(normal_a.at, normal_b.at);
}

static bool same_cpus(const char *a, const char *b)
{
        struct cpus set_a, set_b;

        if (strcmp(a, b) == 0)
                return true;
        return cpus_parse(a, CPUS_STRICT, 0, &set_a) == 0 && cpus_parse(b, CPUS_STRICT, 0, &set_b) == 0 &&
               cpus_equal(&set_a, &set_b);
}

/* housekeeping_isolcpus_setup() of kernel/sched/isolation.c: words that start with a letter are flags, unknown ones are
 * skipped, and no flag at all means domain. Returns where the list starts. */
static const char *isolation_flags(const char *text, unsigned *flags)
{
        static const char *const known[] = { "domain", "managed_irq", "nohz" };

        *flags = 0;
        while (isalpha((unsigned char)*text)) {
                struct slice word = { text, strcspn(text, ",") };

                for (unsigned i = 0; i < 3; i++)
                        if (slice_equals(word, known[i]))
                                *flags |= 1U << i;
                text += word.size;
                if (*text == ',')
                        text++;
        }
        if (*flags == 0)
                *flags = 1;
        return text;
}

static bool same_isolation(const char *a, const char *b)
{
        unsigned flags_a, flags_b;

        if (strcmp(a, b) == 0)
                return true;
        a = isolation_flags(a, &flags_a);
        b = isolation_flags(b, &flags_b);
        return flags_a == flags_b && same_cpus(a, b);
}

static const char *normal_cpus(struct pool *pool, const char *text)
{
        struct cpus set;

        return cpus_parse(text, CPUS_STRICT, 0, &set) == 0 ? cpus_format(pool, &set) : text;
}

const char *meaning_normal(struct pool *pool, const char *name, const char *value)
{
        autobuffer struct text_buffer sizes = { 0 };
        unsigned flags;

        if (!*value)
                return value;
        switch (meaning_of(name)->shape) {
        case SHAPE_CPUS:
                return normal_cpus(pool, value);
        case SHAPE_ISOLATION:
                value = isolation_flags(value, &flags);
                return pool_format(pool, "%u:%s", flags, normal_cpus(pool, value));
        case SHAPE_SIZE:
                add_sizes(&sizes, value);
                return pool_dup(pool, sizes.at);
        case SHAPE_TEXT:
                break;
        }
        return value;
}

bool meaning_same_value(enum parameter_shape shape, const char *a, const char *b)
{
        bool bare_a = !a || !*a, bare_b = !b || !*b;

        if (bare_a || bare_b)
                return bare_a && bare_b;
        switch (shape) {
        case SHAPE_CPUS:
                return same_cpus(a, b);
        case SHAPE_ISOLATION:
                return same_isolation(a, b);
        case SHAPE_SIZE:
                return same_sizes(a, b);
        case SHAPE_TEXT:
                break;
        }
        return strcmp(a, b) == 0;
}
