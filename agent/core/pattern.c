/* Regular expressions, kept from costing time or memory without bound. */

#include "agent/core/pattern.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX 1024U
/* glibc's regcomp copies what stands before "+" or "{n}", one copy inside the other, and walks a heap of "*" more than once for
 * each: a dozen nested "+" fill any memory, a hundred "*" in a row take minutes. */
#define UNFOLDED_MAX 2048U
#define DEPTH_MAX    32U
#define SHOWN_MAX    60U

/* A group being read: the size of all in it, and of its last part, which a repetition multiplies. */
struct group {
        unsigned long size, last;
};

/* Behind the bracket expression at `at`: "[]a]", "[^]a]" and "[[:alpha:]]" do not end at their first "]". */
static const char *bracket_skip(const char *at)
{
        at += at[1] == '^' ? 2 : 1;
        at += *at == ']';
        while (*at != '\0' && *at != ']') {
                const char end[] = { at[1], ']', '\0' };
                const char *behind = NULL;

                if (at[0] == '[' && at[1] != '\0' && strchr(":.=", at[1]))
                        behind = strstr(at + 2, end);
                at = behind ? behind + 2 : at + 1;
        }
        return *at == ']' ? at + 1 : at;
}

/* How many parts the repetition at `at` makes of the one before it; 0 for what is no repetition. *behind: what follows it. */
static unsigned long copies_of(const char *at, const char **behind)
{
        unsigned long most = 0;

        *behind = at + 1;
        if (*at == '*' || *at == '+' || *at == '?')
                return 2;
        if (at[0] != '{' || (at[1] != ',' && !(at[1] >= '0' && at[1] <= '9')))
                return 0;
        at++;
        do {
                unsigned long number = strtoul(at, NULL, 10);

                most = number > most ? number : most;
                at += strspn(at, "0123456789");
                at += strspn(at, ",");
        } while (*at >= '0' && *at <= '9');
        *behind = *at == '}' ? at + 1 : at;
        return most < UNFOLDED_MAX ? most + 1 : UNFOLDED_MAX + 1;
}

static void group_add(struct group *group, unsigned long size)
{
        group->last = size;
        group->size += size;
}

/* Errors in the pattern are left to regcomp: they cost nothing. */
static bool unfolds_within_reason(const char *pattern)
{
        struct group groups[DEPTH_MAX] = { 0 };
        struct group *group = groups;

        while (*pattern != '\0') {
                const char *next;
                unsigned long copies = copies_of(pattern, &next);

                if (copies > 0) {
                        group->size += group->last * (copies - 1);
                        group->last *= copies;
                } else if (*pattern == '(') {
                        if (++group == groups + DEPTH_MAX)
                                return false;
                        *group = (struct group){ 0 };
                } else if (*pattern == ')' && group > groups) {
                        group--;
                        group_add(group, group[1].size + 1);
                } else {
                        next = *pattern == '[' ? bracket_skip(pattern) : next + (pattern[0] == '\\' && pattern[1] != '\0');
                        group_add(group, 1);
                }
                if (group->size > UNFOLDED_MAX)
                        return false;
                pattern = next;
        }
        return true;
}

/* A back-reference can cost time without bound. */
static bool refers_back(const char *pattern)
{
        for (; *pattern != '\0'; pattern++) {
                if (pattern[0] == '\\' && pattern[1] >= '1' && pattern[1] <= '9')
                        return true;
                pattern += pattern[0] == '\\' && pattern[1] != '\0';
        }
        return false;
}

int pattern_check(struct pool *pool, const char *pattern, const char **problem)
{
        size_t size = strlen(pattern);
        char words[128];
        regex_t regex;
        int r;

        if (size == 0 || size > PATTERN_MAX) {
                *problem = pool_format(pool, "a regular expression has 1 to %u characters, not %zu", PATTERN_MAX, size);
                return -EINVAL;
        }
        if (!unfolds_within_reason(pattern) || refers_back(pattern)) {
                *problem = pool_format(pool, "the regular expression \"%s\" repeats too much or refers back",
                                       text_printable(pool, pattern, SHOWN_MAX));
                return -EINVAL;
        }
        r = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);
        if (r != 0) {
                regerror(r, NULL, words, sizeof(words));
                *problem = pool_format(pool, "the regular expression \"%s\" is not valid: %s",
                                       text_printable(pool, pattern, SHOWN_MAX), words);
                return -EINVAL;
        }
        regfree(&regex);
        return 0;
}

static bool text_holds(const regex_t *regex, const struct value *have)
{
        autopool struct pool *pool = pool_new();
        const char *words = have->text;
        struct slice word;
        bool any = false;

        if (have->kind != VALUE_WORDS)
                return regexec(regex, have->text, 0, NULL, 0) == 0;
        while (text_word(&words, " ", &word)) {
                /* A copy, since glibc 2.31 looks past the end that REG_STARTEND sets. */
                if (regexec(regex, slice_dup(pool, word), 0, NULL, 0) != 0)
                        return false;
                any = true;
        }
        return any;
}

bool pattern_matches(const char *pattern, const struct value *have)
{
        regex_t regex;
        bool holds;

        switch (have->kind) {
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                break;
        case VALUE_FLAG:
        case VALUE_NUMBER:
        case VALUE_REAL:
        case VALUE_CPUS:
        case VALUE_MASK:
        case VALUE_FIELDS:
                return false;
        }
        if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
                return false;
        holds = text_holds(&regex, have);
        regfree(&regex);
        return holds;
}
