/* The section `waivers`: what may fail for a while, who says so, and why. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define DATE_SHAPE "0000-00-00"

static unsigned digits(const char *text, size_t count)
{
        unsigned number = 0;

        while (count-- > 0)
                number = number * 10 + (unsigned)(*text++ - '0');
        return number;
}

static bool is_date(const char *text)
{
        static const unsigned lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        unsigned year, month, day;
        bool leap;

        if (strlen(text) != strlen(DATE_SHAPE))
                return false;
        for (size_t i = 0; i < strlen(DATE_SHAPE); i++) {
                if (DATE_SHAPE[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
                        return false;
        }
        year = digits(text, 4);
        month = digits(text + 5, 2);
        day = digits(text + 8, 2);
        leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] + (month == 2 && leap);
}

/* Nobody can judge a waiver later without each of the four. */
static const char *read_part(struct reading *reading, const struct node *map, const char *key)
{
        const struct pair *pair = node_find(map, key);
        const char *text = NULL;

        if (!pair)
                reading_problem(reading, map, "found a waiver without \"%s\", expected id, until, why and who", key);
        else if (node_sentence(reading, pair->value, key, &text) < 0)
                return NULL;
        return text;
}

static int read_waiver(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "id", "until", "why", "who", NULL };
        struct profile *profile = sections->profile;
        struct reading *reading = sections->reading;
        struct waiver waiver = { 0 };
        int r;

        r = node_is_map(reading, node, "a waiver with id, until, why and who");
        if (r == 0)
                r = node_has_keys(reading, node, keys);
        if (r < 0)
                return r;
        waiver.id = read_part(reading, node, "id");
        waiver.until = waiver.id ? read_part(reading, node, "until") : NULL;
        waiver.why = waiver.until ? read_part(reading, node, "why") : NULL;
        waiver.who = waiver.why ? read_part(reading, node, "who") : NULL;
        if (!waiver.who)
                return -EINVAL;
        if (!is_date(waiver.until))
                return reading_problem(reading, node_find(node, "until")->value,
                                       "found %s, expected a date such as \"2026-12-31\"",
                                       reading_quote(reading, waiver.until));
        waiver.from = node_from(profile->pool, node);
        profile->waivers = pool_grow(profile->pool, profile->waivers, profile->waiver_count, sizeof(waiver));
        profile->waivers[profile->waiver_count++] = waiver;
        return 0;
}

int profile_waivers(struct sections *sections, const struct node *node)
{
        int r;

        if (!node)
                return 0;
        r = node_is_list(sections->reading, node, "waivers, each { id: ..., until: ..., why: ..., who: ... }");
        for (size_t i = 0; r == 0 && i < node->count; i++)
                r = read_waiver(sections, node->items[i]);
        return r;
}

const struct waiver *profile_waiver(const struct profile *profile, const char *id, const char *today,
                                    const struct waiver **expired)
{
        const struct waiver *holds = NULL, *over = NULL;

        for (size_t i = 0; i < profile->waiver_count; i++) {
                const struct waiver *waiver = &profile->waivers[i];

                if (!text_equals(waiver->id, id))
                        continue;
                /* Dates of this form have the order of their text. */
                if (strcmp(today, waiver->until) > 0) {
                        if (!over || strcmp(waiver->until, over->until) > 0)
                                over = waiver;
                } else if (!holds || strcmp(waiver->until, holds->until) > 0) {
                        holds = waiver;
                }
        }
        if (expired)
                *expired = over;
        return holds;
}
