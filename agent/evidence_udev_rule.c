/* What one rule of udev does to an item: a rule is matches, all of which must hold, and assignments (udev(7)). */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* Up to the comma behind it, which may be missing: KEY{attribute} OP "value". */
static bool read_clause(struct pool *pool, const char **cursor, struct udev_clause *clause)
{
        const char *at = *cursor + strspn(*cursor, " \t,"), *op, *end;

        op = strpbrk(at, "=");
        while (op && op > at && memchr(at, '{', (size_t)(op - at)) && !memchr(at, '}', (size_t)(op - at)))
                op = strpbrk(op + 1, "=");
        if (!op)
                return false;
        clause->asks = op[1] == '=' || (op > at && op[-1] == '!');
        clause->denies = op > at && op[-1] == '!';
        end = op;
        while (end > at && strchr("!+-:", end[-1]))
                end--;
        clause->key = text_trim(pool, pool_copy(pool, at, (size_t)(end - at)));
        op += op[1] == '=' ? 2 : 1;
        op += strspn(op, " \t");
        op += *op == 'e' || *op == 'i';
        if (*op != '"') {
                *cursor = op + strcspn(op, ",");
                clause->value = pool_copy(pool, op, (size_t)(*cursor - op));
                return true;
        }
        for (end = ++op; *end && *end != '"'; end++)
                end += *end == '\\' && end[1];
        clause->value = pool_copy(pool, op, (size_t)(end - op));
        *cursor = *end ? end + 1 : end;
        return true;
}

static bool does_something(const struct udev_clause *clause)
{
        return !clause->asks && (text_starts(clause->key, "ATTR{") || text_starts(clause->key, "SYSCTL{") ||
                                 text_equals(clause->key, "RUN") || text_starts(clause->key, "RUN{"));
}

bool evidence_read_rule(struct pool *pool, const char *text, struct udev_rule *rule)
{
        autobuffer struct text_buffer names = { 0 };
        struct udev_clause clause;
        bool does = false;

        *rule = (struct udev_rule){ 0 };
        text_add(&names, "");
        while (read_clause(pool, &text, &clause)) {
                rule->clauses = pool_grow(pool, rule->clauses, rule->count, sizeof *rule->clauses);
                rule->clauses[rule->count++] = clause;
                does = does || does_something(&clause);
                if (!clause.denies)
                        text_addf(&names, "%s \"%s\" ", clause.key, clause.value);
        }
        rule->names = pool_dup(pool, names.at);
        return does;
}

/* "speed" of nic.eth0.speed; NULL: the item is of no device, and a text that names it names the very thing. */
static const char *part_of_device(const struct drift_row *row)
{
        size_t size = text_equals(row->layer, "fact") ? drift_device_size(row->name) : 0;

        return size ? row->name + size : NULL;
}

static bool calls_it(const char *text, const char *part)
{
        static const struct {
                const char *part, *words;
        } others[] = { { "speed", "autoneg advertise" }, { "duplex", "autoneg advertise" }, { "vfs", "sriov_numvfs" } };

        if (evidence_has_word(text, part))
                return true;
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
                const char *words = others[i].words;
                struct slice word;

                while (text_equals(others[i].part, part) && text_word(&words, " ", &word)) {
                        const char *at = memmem(text, strlen(text), word.at, word.size);

                        if (at)
                                return true;
                }
        }
        return false;
}

enum saying evidence_rule_says(const struct evidence *evidence, const struct drift_row *row, const struct udev_rule *rule)
{
        const char *part = part_of_device(row);
        enum saying saying = SAYS_NOT;

        for (size_t i = 0; i < rule->count; i++) {
                const struct udev_clause *clause = &rule->clauses[i];
                bool runs = text_starts(clause->key, "RUN");
                const char *what = runs ? clause->value : clause->key;
                enum saying here;

                if (!does_something(clause) || !(part ? calls_it(what, part) : evidence_names(evidence, row, what)))
                        continue;
                here = runs ? SAYS : evidence_saying(evidence->pool, row, clause->value);
                saying = here > saying ? here : saying;
        }
        return saying;
}
