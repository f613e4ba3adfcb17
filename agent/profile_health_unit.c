/* The part `units` of the section `health`: services that must run, and run what their files say. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define NAME_SIZE_MAX   255U /* UNIT_NAME_MAX of systemd */
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@"

/* "postgresql" is "postgresql.service". NULL: a unit of another kind, or no name of one. */
static const char *service_name(struct pool *pool, const char *name)
{
        static const char *const others[] = { ".socket", ".timer", ".path", ".mount",  ".target",
                                              ".slice",  ".scope", ".swap", ".device", ".automount" };
        const char *full = text_ends(name, ".service") ? name : pool_format(pool, "%s.service", name);

        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
                if (text_ends(name, others[i]))
                        return NULL;
        if (text_starts(full, ".") || strlen(full) > NAME_SIZE_MAX || full[strspn(full, NAME_CHARACTERS)])
                return NULL;
        return full;
}

static int require_service(struct sections *sections, const struct node *at, const char *unit)
{
        static const struct {
                const char *fact, *want, *why;
                enum tier tier;
        } rows[] = {
                { "state", "active (running)", "a service that must run", TIER_CRITICAL },
                { "restart_needed", "false", "what runs is what was deployed", TIER_CRITICAL },
                { "reload_needed", "false", "what runs is what the unit's files say", TIER_CRITICAL },
                { "restarts", "0", "a service that crashes runs most of the time, too", TIER_IMPORTANT },
        };
        int r = 0;

        for (size_t i = 0; r == 0 && i < sizeof rows / sizeof rows[0]; i++)
                r = profile_require_fact(sections, at, pool_format(sections->profile->pool, "unit.%s.%s", unit, rows[i].fact),
                                         rows[i].want, rows[i].tier, rows[i].why);
        return r;
}

int profile_health_units(struct sections *sections, const struct node *node)
{
        int r;

        r = node_is_list(sections->reading, node, "the services that must run");
        for (size_t i = 0; r == 0 && i < node->count; i++) {
                const char *unit;

                r = node_is_line(sections->reading, node->items[i], "the name of a service");
                if (r < 0)
                        return r;
                unit = service_name(sections->profile->pool, node->items[i]->text);
                if (!unit)
                        return reading_problem(sections->reading, node->items[i],
                                               "found %s, expected the name of a service, such as postgresql.service",
                                               reading_found(sections->reading, node->items[i]));
                r = require_service(sections, node->items[i], unit);
        }
        return r;
}
