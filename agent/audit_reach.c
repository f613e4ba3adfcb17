/* From the facts that an audit may touch to the sources behind them. */

#include "agent/audit_reach.h"

#include "agent/profile.h"

#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"

#include <string.h>

/* Which devices a pattern of facts is about: "eth0" of "nic.eth0.speed" and of "nic.eth0.*", "*" of "nic.*". Where the pattern
 * leaves it open what belongs to the device's name, the answer takes in more. */
static const char *devices_of(struct pool *pool, const char *pattern, const char *fact)
{
        const char *star = strchr(fact, '*');
        size_t before = star ? (size_t)(star - fact) : 0, behind = star ? strlen(star + 1) : 0, size = strlen(pattern);
        const char *at = pattern + before;

        if (!star || size <= before || strncmp(pattern, fact, before) != 0)
                return "*";
        if (size > before + behind && text_ends(pattern, star + 1))
                return pool_format(pool, "%.*s", (int)(size - before - behind), at);
        return pool_format(pool, "%.*s%s", (int)strcspn(at, ".*"), at, at[strcspn(at, ".*")] == '*' ? "*" : "");
}

static const char *with_device(struct pool *pool, const char *source, const char *device)
{
        const char *star = strchr(source, '*');

        if (!star || star[1] == '*') /* "**" as a pattern takes in what '*' does */
                return source;
        return pool_format(pool, "%.*s%s%s", (int)(star - source), source, device, star + 1);
}

const char *const *audit_sources(struct pool *pool, const struct profile *profile, const struct probe *const *probes)
{
        const char **sources = NULL;
        size_t count = 0;

        for (size_t i = 0; i < profile->touching_count; i++) {
                const char *pattern = profile->touching[i];

                for (const struct probe *const *probe = probes; *probe; probe++) {
                        for (const struct fact_touch *touch = (*probe)->touches; touch && touch->fact; touch++) {
                                if (!text_patterns_meet(pattern, touch->fact))
                                        continue;
                                sources = pool_grow(pool, sources, count, sizeof *sources);
                                sources[count++] = with_device(pool, touch->source, devices_of(pool, pattern, touch->fact));
                        }
                }
        }
        sources = pool_grow(pool, sources, count, sizeof *sources);
        sources[count] = NULL;
        return sources;
}
