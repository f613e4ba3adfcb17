/* From the settings of a profile to those of one host: CPU lists in place of variables. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define HOUSEKEEPING "${cpus.housekeeping}"
#define ISOLATED     "${cpus.isolated}"

bool profile_has_variable(const char *text)
{
        return strstr(text, "${") != NULL;
}

int profile_check_variables(struct sections *sections, const struct node *at)
{
        static const char *const names[] = { "cpus.housekeeping", "cpus.isolated", NULL };
        struct reading *reading = sections->reading;

        for (const char *start = strstr(at->text, "${"); start; start = strstr(start + 2, "${")) {
                const char *end = strchr(start, '}');
                struct node wrong = *at;

                if (!end)
                        return reading_problem(reading, at,
                                               "found \"${\" without \"}\" in %s, expected " HOUSEKEEPING " or " ISOLATED,
                                               reading_found(reading, at));
                wrong.text = pool_copy(reading->pool, start + 2, (size_t)(end - start) - 2);
                if (!text_equals(wrong.text, names[0]) && !text_equals(wrong.text, names[1]))
                        return reading_unknown(reading, &wrong, "variable", names);
        }
        if (!sections->profile->cpus_from)
                return reading_problem(reading, at, "found a variable in %s, expected a section \"cpus\" that gives it a value",
                                       reading_found(reading, at));
        return 0;
}

const char *profile_replace_variables(struct pool *pool, const char *text, const char *housekeeping, const char *isolated)
{
        autobuffer struct text_buffer result = { 0 };
        const char *start;

        while ((start = strstr(text, "${"))) {
                text_add_bytes(&result, text, (size_t)(start - text));
                if (text_starts(start, HOUSEKEEPING)) {
                        text_add(&result, housekeeping);
                        text = start + strlen(HOUSEKEEPING);
                } else if (text_starts(start, ISOLATED)) {
                        text_add(&result, isolated);
                        text = start + strlen(ISOLATED);
                } else { /* not reached with a text that was checked */
                        text_add(&result, "${");
                        text = start + 2;
                }
        }
        text_add(&result, text);
        return pool_dup(pool, result.at);
}

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
