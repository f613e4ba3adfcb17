/* Running the probes: one that fails takes nothing else with it. */

#include "agent/survey.h"

#include "agent/core/host.h"

#include <errno.h>
#include <string.h>

static void add_missing(struct facts *facts, const struct probe *probe, int error)
{
        for (const struct fact_info *info = facts->infos; info->name; info++)
                if (strchr(info->name, '*'))
                        fact_unlisted(facts, error, probe->name, "%s", info->name);
                else
                        fact_unknown(facts, error, probe->name, "%s", info->name);
}

void survey_run(struct host *host, const struct probe *const *probes, struct facts *facts)
{
        for (; *probes; probes++) {
                size_t before = facts->count;
                int r;

                facts->infos = (*probes)->facts;
                r = (*probes)->run(host, facts);
                /* From somewhere in the middle on it was refused everything, and took what it did not see for this or that. */
                if (host_is_late(host)) {
                        fact_forget(facts, before, -ETIME);
                        r = -ETIME;
                }
                if (r < 0)
                        add_missing(facts, *probes, r);
        }
        facts->infos = NULL;
        facts_sort(facts);
}

const struct fact_info *survey_info(const struct probe *const *probes, const char *name)
{
        for (; *probes; probes++) {
                const struct fact_info *info = fact_info_match((*probes)->facts, name);

                if (info)
                        return info;
        }
        return NULL;
}
