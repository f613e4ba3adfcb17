/* From the settings of a profile to those of one host: CPU lists in place of variables. */

#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* Why a variable has no value here; NULL if each has one. */
static const char *why_held(const struct topology *topology, const struct partition *partition, const char *text)
{
        if (partition && !partition->valid)
                return "the CPU partition does not fit this host: see the finding cpus";
        if (!topology || !partition)
                return "the CPUs of this host are not known";
        if (strstr(text, ISOLATED) && cpus_empty(&partition->isolated))
                return "no CPU of this host is isolated";
        if (strstr(text, HOUSEKEEPING) && cpus_empty(&partition->housekeeping))
                return "no CPU of this host is for housekeeping";
        return NULL;
}

static void resolve(struct pool *pool, const struct topology *topology, const struct partition *partition,
                    struct setting *setting)
{
        const char *problem = NULL;

        setting->held = why_held(topology, partition, setting->text);
        if (setting->held)
                return;
        setting->text = profile_replace_variables(pool, setting->text, cpus_format(pool, &partition->housekeeping),
                                                  cpus_format(pool, &partition->isolated));
        if (profile_want(pool, setting->field, setting->text, &setting->want, &problem) < 0)
                setting->held = pool_format(pool, "\"%s\": %s", setting->text, problem);
}

void profile_settings(const struct profile *profile, const struct knob *knob, struct pool *pool,
                      const struct topology *topology, const struct partition *partition, struct settings *settings)
{
        struct setting *rows = NULL;

        *settings = (struct settings){ .topology = topology, .partition = partition };
        for (size_t i = 0; i < profile->tune_count; i++) {
                struct setting *row;

                if (profile->tunes[i].knob != knob)
                        continue;
                rows = pool_grow(pool, rows, settings->count, sizeof(*rows));
                row = &rows[settings->count++];
                *row = profile->tunes[i].setting;
                if (profile_has_variable(row->text))
                        resolve(pool, topology, partition, row);
                settings->held = settings->held || row->held;
        }
        settings->rows = rows;
}
