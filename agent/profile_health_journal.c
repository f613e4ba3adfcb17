/* The part `journal` of the section `health`: which errors count. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/journal.h"
#include "agent/core/pattern.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define WINDOW_MAX (10 * 366 * 86400.0) /* seconds */
#define ID_SIZE    32

static int read_window(struct sections *sections, const struct node *node, struct journal_watch *watch)
{
        static const char what[] = "boot, or a time such as \"1 h\"";
        struct value value;
        int r;

        r = node_is_line(sections->reading, node, what);
        if (r < 0 || text_equals(node->text, "boot"))
                return r;
        r = value_parse(sections->profile->pool, node->text, VALUE_REAL, UNIT_SECONDS, &value);
        if (r < 0 || !(value.real >= 1 && value.real <= WINDOW_MAX))
                return reading_problem(sections->reading, node, "found %s, expected %s", reading_found(sections->reading, node),
                                       what);
        watch->window_s = (uint64_t)value.real;
        return 0;
}

/* As journalctl shows it, or with the dashes of a UUID. */
static int check_id(struct sections *sections, const struct node *node, const char **text)
{
        autobuffer struct text_buffer id = { 0 };

        for (const char *c = node->text; *c; c++) {
                if (*c == '-')
                        continue;
                text_addf(&id, "%c", *c >= 'A' && *c <= 'F' ? *c - 'A' + 'a' : *c);
        }
        if (id.size != ID_SIZE || strspn(id.at, "0123456789abcdef") != ID_SIZE)
                return reading_problem(sections->reading, node, "found %s, expected a message id of 32 hex digits",
                                       reading_found(sections->reading, node));
        *text = pool_dup(sections->profile->pool, id.at);
        return 0;
}

static int read_allow(struct sections *sections, const struct node *node, struct journal_watch *watch)
{
        static const char *const keys[] = { "unit", "message_id", "pattern", NULL };
        struct pool *pool = sections->profile->pool;
        const struct node *value;
        struct journal_allow allow = { 0 };
        const char *problem;
        int r;

        r = node_is_map(sections->reading, node, "unit, message_id or pattern");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        if (r < 0)
                return r;
        if (node->count != 1)
                return reading_problem(sections->reading, node, "found %s, expected one of unit, message_id and pattern",
                                       node->count ? "several keys" : "none");
        value = node->pairs[0].value;
        r = node_is_line(sections->reading, value, "the unit, the message id or the regular expression");
        if (r < 0)
                return r;
        for (unsigned i = 0; keys[i]; i++)
                if (text_equals(node->pairs[0].key->text, keys[i]))
                        allow = (struct journal_allow){ (enum journal_by)i, value->text };
        if (allow.by == JOURNAL_BY_MESSAGE_ID)
                r = check_id(sections, value, &allow.text);
        if (allow.by == JOURNAL_BY_PATTERN && pattern_check(pool, value->text, &problem) < 0)
                r = reading_problem(sections->reading, value, "found %s, expected a regular expression: %s",
                                    reading_found(sections->reading, value), problem);
        if (r < 0)
                return r;
        watch->allows = pool_grow(pool, watch->allows, watch->allow_count, sizeof *watch->allows);
        watch->allows[watch->allow_count++] = allow;
        return 0;
}

int profile_health_journal(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "window", "allow", NULL };
        struct journal_watch *watch = pool_zero(sections->profile->pool, sizeof *watch);
        const struct pair *window, *allow;
        int r;

        r = node_is_map(sections->reading, node, "window and allow");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        if (r < 0)
                return r;
        window = node_find(node, "window");
        allow = node_find(node, "allow");
        if (window)
                r = read_window(sections, window->value, watch);
        if (r == 0 && allow)
                r = node_is_list(sections->reading, allow->value, "the entries that do not count");
        for (size_t i = 0; r == 0 && allow && i < allow->value->count; i++)
                r = read_allow(sections, allow->value->items[i], watch);
        if (r == 0)
                sections->profile->journal = watch;
        return r;
}
