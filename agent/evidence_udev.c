/* Which rule of udev sets the item whenever a device comes. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 200
#define RULES_MAX 500
#define ABOUT_IT  40 /* the weight of a rule that does something else with the device, or runs what nobody knows */

struct rules {
        size_t count;
        const char **names, **paths;
};

/* A file hides those of the same name in the folders behind it (udev(7)). */
static void list_folder(const struct evidence *evidence, const char *folder, struct rules *rules)
{
        const char *const *names;

        if (host_list(evidence->session->host, evidence->pool, &names, "%s", folder) < 0)
                return;
        for (; *names && rules->count < RULES_MAX; names++) {
                bool hidden = false;

                for (size_t i = 0; i < rules->count; i++)
                        hidden = hidden || text_equals(rules->names[i], *names);
                if (hidden || !text_ends(*names, ".rules"))
                        continue;
                rules->names = pool_grow(evidence->pool, rules->names, rules->count, sizeof *rules->names);
                rules->paths = pool_grow(evidence->pool, rules->paths, rules->count, sizeof *rules->paths);
                rules->names[rules->count] = *names;
                rules->paths[rules->count++] = pool_format(evidence->pool, "%s/%s", folder, *names);
        }
}

/* A port that only stands in the rule as what it is for is named by it as well, but not one that it is not for; a CPU's rule has to be about
 * CPUs. */
static bool is_about(const struct evidence *evidence, const struct drift_row *row, const struct udev_rule *rule)
{
        if (text_equals(row->layer, "profile") || text_equals(row->layer, "package") || text_equals(row->layer, "files"))
                return false;
        if (text_starts(row->name, "cpu.") && !strstr(rule->names, "cpu"))
                return false;
        return evidence_names(evidence, row, rule->names);
}

static const char *rule_words(enum saying saying)
{
        return saying == SAYS ? "that names it" : saying == SAYS_OTHER ? "that sets it to something else" : "about it";
}

static void hold_rule(const struct evidence *evidence, const char *path, unsigned line, const struct udev_rule *rule)
{
        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];
                enum saying saying;
                int64_t at;

                if (!is_about(evidence, row, rule))
                        continue;
                saying = evidence_rule_says(evidence, row, rule);
                if (saying == SAYS_BASELINE)
                        continue;
                at = evidence_written(evidence, path);
                evidence_add(evidence, row, "file",
                             saying == SAYS         ? evidence_weigh_file(row, at, 66, 22)
                             : saying == SAYS_OTHER ? CLUE_OTHER
                                                    : ABOUT_IT,
                             at,
                             pool_format(evidence->pool, "%s:%u, %s, is a rule of udev %s",
                                         text_printable(evidence->pool, path, SHOWN_MAX), line, evidence_owner(evidence, path),
                                         rule_words(saying)));
        }
}

static void leave_out(const struct evidence *evidence, const char *path)
{
        struct drift *drift = evidence->drift;

        drift->unseen = pool_format(drift->pool, "%s%s%s: left unread, since not everybody may read it",
                                    drift->unseen ? drift->unseen : "", drift->unseen ? "; " : "",
                                    text_printable(evidence->pool, path, SHOWN_MAX));
}

/* A line that ends with a backslash goes on in the next one. */
static void read_rules(const struct evidence *evidence, const char *path)
{
        autobuffer struct text_buffer rule = { 0 };
        unsigned number = 0, first = 0;
        struct udev_rule read;
        const char *text;
        struct slice line;

        if (!host_is_for_all(evidence->session->host, evidence->pool, path)) {
                leave_out(evidence, path);
                return;
        }
        if (host_read(evidence->session->host, evidence->pool, &text, "%s", path) < 0)
                return;
        while (text_line(&text, &line)) {
                bool goes_on = line.size && line.at[line.size - 1] == '\\';

                number++;
                if (!rule.size)
                        first = number;
                text_add_bytes(&rule, line.at, goes_on ? line.size - 1 : line.size);
                if (goes_on)
                        continue;
                if (rule.size && rule.at[strspn(rule.at, " \t")] != '#' && evidence_read_rule(evidence->pool, rule.at, &read))
                        hold_rule(evidence, path, first, &read);
                rule.size = 0;
        }
}

void evidence_of_udev(const struct evidence *evidence)
{
        static const char *const folders[] = { "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
                                               "/usr/lib/udev/rules.d", "/lib/udev/rules.d" };
        struct rules rules = { 0 };

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
                list_folder(evidence, folders[i], &rules);
        for (size_t i = 0; i < rules.count; i++)
                read_rules(evidence, rules.paths[i]);
}
