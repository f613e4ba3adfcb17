/* Writes our part of the kernel command line for grub-mkconfig, and refuses what could never be right. */

#include "tuning/cmdline_text.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static bool is_wanted_absent(const struct setting *setting)
{
        return text_equals(setting->text, "false");
}

static bool is_bare(const struct setting *setting)
{
        return text_equals(setting->text, "true");
}

const char *cmdline_word(struct pool *pool, const struct setting *setting)
{
        const char *blank = strpbrk(setting->text, " \t");

        if (is_wanted_absent(setting))
                return "";
        if (is_bare(setting))
                return pool_dup(pool, setting->keys[0]);
        return pool_format(pool, blank ? "%s=\"%s\"" : "%s=%s", setting->keys[0], setting->text);
}

/* The word as GRUB's script must read it, for grub-mkconfig copies it into grub.cfg as it is: there '$' is a variable and ';'
 * ends a command (grub-core/script/yylex.l). GRUB itself puts the double quotes back that the kernel wants around blanks. */
static void add_for_grub(struct text_buffer *line, const struct setting *setting)
{
        bool quoted = strpbrk(setting->text, " \t{}|&;<>$\"'\\#") != NULL;

        text_addf(line, "%s%s", line->size ? " " : "", setting->keys[0]);
        if (is_bare(setting))
                return;
        text_add(line, quoted ? "=\"" : "=");
        for (const char *at = setting->text; *at; at++) {
                if (quoted && strchr("$\"\\", *at))
                        text_add(line, "\\");
                text_add_bytes(line, at, 1);
        }
        text_add(line, quoted ? "\"" : "");
}

static const struct setting *find(const struct settings *want, const char *name)
{
        for (size_t i = 0; i < want->count; i++)
                if (text_equals(want->rows[i].keys[0], name) && !is_wanted_absent(&want->rows[i]))
                        return &want->rows[i];
        return NULL;
}

/* hugepages= counts pages of the hugepagesz= before it, in whatever order the profile has the two. */
static void add_settings(struct text_buffer *line, const struct settings *want)
{
        const struct setting *size = find(want, "hugepagesz"), *pages = find(want, "hugepages");

        for (size_t i = 0; i < want->count; i++) {
                const struct setting *setting = &want->rows[i];

                if (is_wanted_absent(setting) || (size && setting == pages))
                        continue;
                add_for_grub(line, setting);
                if (setting == size && pages)
                        add_for_grub(line, pages);
        }
}

const char *cmdline_file_text(struct pool *pool, const struct settings *want, const char **problem)
{
        autobuffer struct text_buffer line = { 0 }, text = { 0 };

        *problem = NULL;
        add_settings(&line, want);
        if (line.size == 0)
                return NULL;
        if (line.size >= CMDLINE_MAX) {
                *problem = pool_format(pool, "%zu bytes of parameters; the kernel takes %u in all", line.size, CMDLINE_MAX);
                return NULL;
        }
        text_add(&text,
                 "# Kernel parameters kept by plumbline, for grub-mkconfig. Changes made here are lost: change the profile.\n"
                 "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT ");
        for (size_t i = 0; i < line.size; i++) {
                if (strchr("$\"\\`", line.at[i]))
                        text_add(&text, "\\");
                text_add_bytes(&text, &line.at[i], 1);
        }
        text_add(&text, "\"\n");
        return pool_dup(pool, text.at);
}

/* --- lint ----------------------------------------------------------------------------------------------------------- */

static int lint_name(const char *name, struct pool *pool, const char **problem)
{
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789.-";

        if (name && (isalpha((unsigned char)name[0]) || name[0] == '_') && name[strspn(name, letters)] == '\0')
                return 0;
        *problem = pool_format(pool,
                               "\"%s\" is no name of a kernel parameter: a letter was expected, then letters, digits, '_', '-' "
                               "or '.'",
                               text_printable(pool, name ? name : "", 80));
        return -EINVAL;
}

/* GRUB puts a backslash before quotes and backslashes, and the kernel's parser knows no escape: they cannot arrive as
 * written. */
static int lint_letters(const char *value, struct pool *pool, const char **problem)
{
        for (const char *at = value; *at; at++) {
                if ((unsigned char)*at < 0x20 || *at == 0x7f) {
                        *problem = "a control character cannot stand on the kernel command line";
                        return -EINVAL;
                }
                if (strchr("\"'\\", *at)) {
                        *problem = pool_format(pool, "the kernel command line has no way to write a %c in a value", *at);
                        return -EINVAL;
                }
        }
        return 0;
}

static int lint_list(const char *name, const char *list, struct pool *pool, const char **problem)
{
        struct cpus cpus;
        int r;

        r = cpus_parse(list, CPUS_STRICT, CPUS_MAX, &cpus);
        if (r == 0)
                return 0;
        *problem = pool_format(pool,
                               r == -ERANGE ? "%s: \"%s\" names a CPU beyond any machine"
                                            : "%s: \"%s\" is no CPU list, such as \"2-15,18-31\" or \"0-31:2/4\"",
                               name, text_printable(pool, list, 80));
        return -EINVAL;
}

/* kernel/sched/isolation.c takes every leading word that starts with a letter for a flag, and skips those it does not know. */
static int lint_isolation(const char *value, struct pool *pool, const char **problem)
{
        static const char *const flags[] = { "managed_irq", "domain", "nohz" };
        const char *list = value;

        while (isalpha((unsigned char)*list)) {
                struct slice word = { list, strcspn(list, ",") };
                bool known = false;

                for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
                        known |= slice_equals(word, flags[i]);
                if (!known) {
                        *problem = pool_format(pool,
                                               "isolcpus: the kernel takes \"%s\" for a flag and skips it; the flags are "
                                               "managed_irq, domain and nohz, and a list starts with a digit",
                                               text_printable(pool, slice_dup(pool, word), 40));
                        return -EINVAL;
                }
                list += word.size;
                list += *list == ',';
        }
        return lint_list("isolcpus", list, pool, problem);
}

static int lint_value(const char *name, const char *value, struct pool *pool, const char **problem)
{
        static const char *const lists[] = { "nohz_full", "rcu_nocbs", "irqaffinity", "kthread_cpus",
                                             "workqueue.unbound_cpus" };

        if (text_equals(name, "isolcpus"))
                return lint_isolation(value, pool, problem);
        if (text_equals(name, "rcu_nocbs") && text_equals(value, "true"))
                return 0;
        for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
                if (text_equals(name, lists[i]))
                        return lint_list(name, value, pool, problem);
        if (text_equals(name, "nohz") && !text_equals(value, "on") && !text_equals(value, "off") &&
            !text_equals(value, "true")) {
                *problem = "nohz: on or off was expected";
                return -EINVAL;
        }
        return 0;
}

int cmdline_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        char *name;
        int r;

        r = lint_name(setting->keys[0], pool, problem);
        if (r < 0)
                return r;
        if (!setting->text)
                return 0;
        r = lint_letters(setting->text, pool, problem);
        if (r < 0)
                return r;
        if (strlen(setting->keys[0]) + strlen(setting->text) + 1 > CMDLINE_MAX) {
                *problem = pool_format(pool, "%s: the kernel takes %u bytes in all", text_printable(pool, setting->keys[0], 80),
                                       CMDLINE_MAX);
                return -EINVAL;
        }
        if (is_wanted_absent(setting))
                return 0;
        name = pool_dup(pool, setting->keys[0]);
        for (char *c = name; *c; c++)
                if (*c == '-')
                        *c = '_';
        return lint_value(name, setting->text, pool, problem);
}
