/* Running the probes: one that fails takes nothing else with it. */

#include "agent/survey.h"

#include <string.h>

void survey_run(struct host *host, const struct probe *const *probes, struct facts *facts)
{
        for (; *probes; probes++) {
                int r;

                facts->infos = (*probes)->facts;
                r = (*probes)->run(host, facts);
                if (r >= 0)
                        continue;
                for (const struct fact_info *info = facts->infos; info->name; info++)
                        if (strchr(info->name, '*'))
                                fact_unlisted(facts, r, (*probes)->name, "%s", info->name);
                        else
                                fact_unknown(facts, r, (*probes)->name, "%s", info->name);
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
