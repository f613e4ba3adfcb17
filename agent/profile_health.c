/* The section `health`: what must run, answer and be quiet. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

int profile_health(struct sections *sections, const struct node *node)
{
        static const char *const keys[] = { "units", "journal", "endpoints", NULL };
        static const struct {
                const char *key;
                int (*read)(struct sections *sections, const struct node *node);
        } parts[] = {
                { "units", profile_health_units },
                { "journal", profile_health_journal },
                { "endpoints", profile_health_endpoints },
        };
        int r;

        if (!node)
                return 0;
        r = node_is_map(sections->reading, node, "units, journal and endpoints");
        if (r == 0)
                r = node_has_keys(sections->reading, node, keys);
        for (size_t i = 0; r == 0 && i < sizeof parts / sizeof parts[0]; i++) {
                const struct pair *pair = node_find(node, parts[i].key);

                r = pair ? parts[i].read(sections, pair->value) : 0;
        }
        return r;
}
