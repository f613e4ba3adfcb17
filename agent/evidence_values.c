/* What a command sets an item to, where it says so: what it is now, or something else. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define QUOTES "'\""

/* sysctl(8) takes dots and slashes. */
static bool is_key(struct slice word, const char *key)
{
        size_t i = 0;

        for (; i < word.size && key[i]; i++)
                if (word.at[i] != key[i] && !(word.at[i] == '/' && key[i] == '.'))
                        return false;
        return !key[i] && i < word.size && word.at[i] == '=';
}

/* "4096 87380" of "net.ipv4.tcp_rmem=4096 87380", of which an older sudo does not tell where it ends. */
static const char *by_sysctl(struct pool *pool, const char *arguments, const char *key)
{
        const char *value = NULL;
        struct slice word;

        while (evidence_argument(&arguments, &word)) {
                struct slice rest = { word.at + strlen(key) + 1, 0 };

                if (!is_key(word, key))
                        continue;
                rest.at += rest.at < word.at + word.size && strchr(QUOTES, *rest.at);
                rest.size = strcspn(rest.at, QUOTES);
                value = slice_dup(pool, rest);
        }
        return value;
}

/* "60" of `echo -n '60'` and of `printf 60`. */
static const char *by_echo(struct pool *pool, const char *command)
{
        const char *arguments, *program = evidence_program(pool, command, &arguments);
        struct slice word;

        if (!program || !evidence_is_among(slice_of(program), "echo printf"))
                return NULL;
        for (const char *at = arguments; evidence_argument(&at, &word) && evidence_is_among(word, "-n -e -E -ne -en");
             arguments = at)
                ;
        arguments += strspn(arguments, " \t'\"");
        word = slice_trim((struct slice){ arguments, strcspn(arguments, "'\"\\") });
        return word.size ? slice_dup(pool, word) : NULL;
}

/* What stands behind a word: "100" of `speed 100`. */
static const char *behind(struct pool *pool, const char *arguments, const char *words)
{
        const char *value = NULL;
        struct slice word;

        while (evidence_argument(&arguments, &word))
                if (evidence_is_among(word, words))
                        value = evidence_argument(&arguments, &word) ? slice_dup(pool, word) : NULL;
        return value;
}

static bool is_kernels(const char *folder)
{
        return folder && (text_starts(folder, "/proc/") || text_starts(folder, "/sys/"));
}

static const char *value_of(struct pool *pool, const struct drift_row *row, const struct act *act)
{
        const char *arguments, *program = evidence_program(pool, act->words, &arguments), *value = NULL;
        bool key = text_starts(row->name, "sysctl."), governor = text_starts(row->name, "cpu.governor");
        bool port = text_starts(row->name, "nic.") || text_starts(row->name, "interface.");

        if (!program)
                return NULL;
        if (key && text_equals(program, "sysctl"))
                value = by_sysctl(pool, arguments, row->name + strlen("sysctl."));
        else if (governor && evidence_is_among(slice_of(program), "cpupower cpufreq-set"))
                value = behind(pool, arguments, "-g --governor");
        else if (port && text_equals(program, "ethtool") && text_ends(row->name, ".speed"))
                value = behind(pool, arguments, "speed");
        else if (port && text_equals(program, "ip") && text_ends(row->name, ".mtu"))
                value = behind(pool, arguments, "mtu");
        if (value || !(key || governor || text_ends(row->name, ".mtu")))
                return value;
        value = by_echo(pool, act->targets ? act->words : act->fed && text_equals(program, "tee") ? act->fed : "");
        if (value && key && strchr(value, '='))
                return by_sysctl(pool, value, row->name + strlen("sysctl."));
        /* What a file of the disk's is told may be anything. */
        return is_kernels(act->folder) || evidence_is_live(pool, act) ? value : NULL;
}

/* A file of the kernel's shows 1 and 0x1 alike, and blanks as tabs. */
static bool is_same_word(struct pool *pool, struct slice a, struct slice b)
{
        uint64_t left, right;

        if (a.size == b.size && !memcmp(a.at, b.at, a.size))
                return true;
        return text_u64(slice_dup(pool, a), 0, &left) == 0 && text_u64(slice_dup(pool, b), 0, &right) == 0 && left == right;
}

/* As far as what it is now goes: behind an older sudo's value other arguments may stand. */
static bool begins_with(struct pool *pool, const char *value, const char *now)
{
        struct slice have, want;

        while (text_word(&now, " \t", &have))
                if (!text_word(&value, " \t", &want) || !is_same_word(pool, have, want))
                        return false;
        return true;
}

/* "1000" of "1 Gbit/s", "9000" of "9000 B", in what the commands take; NULL: it is not in such a form. */
static const char *in_commands_unit(struct pool *pool, const char *now)
{
        static const struct {
                const char *ending;
                unsigned factor;
        } units[] = { { " Gbit/s", 1000 }, { " Mbit/s", 1 }, { " B", 1 } };
        uint64_t number;

        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (text_ends(now, units[i].ending))
                        return text_u64(pool_copy(pool, now, strlen(now) - strlen(units[i].ending)), 10, &number) == 0
                                       ? pool_format(pool, "%llu", (unsigned long long)number * units[i].factor)
                                       : NULL;
        return NULL;
}

enum sets evidence_sets(struct pool *pool, const struct drift_row *row, const struct act *act)
{
        const char *value = row->now && !row->unreadable ? value_of(pool, row, act) : NULL, *now = row->now;

        if (!value || strchr(value, '$'))
                return SETS_UNKNOWN;
        if (text_starts(row->name, "cpu.governor"))
                return evidence_has_word(now, value) ? SETS_NOW : SETS_OTHER;
        if (!text_starts(row->name, "sysctl."))
                now = in_commands_unit(pool, now);
        if (!now)
                return SETS_UNKNOWN;
        return begins_with(pool, value, now) ? SETS_NOW : SETS_OTHER;
}
