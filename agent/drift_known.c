/* What another version of plumbline could not tell is no drift: which facts a version knows is recorded beside what it saw. */

#include "agent/drift_known.h"

#include "agent/drift.h"
#include "agent/state.h"
#include "agent/survey.h"

#include "agent/core/pool.h"

#include <string.h>

/* "nic.*" and "speed" of nic.*.speed; "" and the whole where there is one part. */
static const char *split(struct pool *pool, const char *pattern, const char **word)
{
        const char *dot = strrchr(pattern, '.');

        *word = dot ? dot + 1 : pattern;
        return dot ? pool_format(pool, "%.*s", (int)(dot - pattern), pattern) : "";
}

static bool has_word(const char *words, const char *word)
{
        size_t size = strlen(word);

        for (const char *at = words; at && (at = strstr(at, word)); at += size)
                if ((at == words || at[-1] == ' ') && (!at[size] || at[size] == ' '))
                        return true;
        return false;
}

static void add(json_t *known, struct pool *pool, const char *pattern)
{
        const char *word, *family = split(pool, pattern, &word), *words = json_string_value(json_object_get(known, family));

        if (!has_word(words, word))
                json_object_set_new(known, family, json_string(words ? pool_format(pool, "%s %s", words, word) : word));
}

json_t *drift_known(const struct probe *const *probes)
{
        autopool struct pool *pool = pool_new();
        json_t *known = json_object();

        for (; *probes; probes++)
                for (const struct fact_info *info = (*probes)->facts; info->name; info++)
                        if (state_records(info->name))
                                add(known, pool, info->name);
        return known;
}

static bool is_known(const json_t *known, const char *pattern)
{
        autopool struct pool *pool = pool_new();
        const char *word, *family = split(pool, pattern, &word);

        return has_word(json_string_value(json_object_get(known, family)), word);
}

void drift_pass_over(struct drift *drift, const json_t *baseline, const struct probe *const *probes)
{
        const json_t *known = json_object_get(baseline, "known");
        size_t left = 0;

        for (size_t i = 0; i < drift->count; i++) {
                const struct drift_row *row = &drift->rows[i];
                const struct fact_info *info = survey_info(probes, row->name);
                bool is_fact = text_equals(row->layer, "fact");

                if (is_fact && !row->baseline && json_is_object(known) && info && !is_known(known, info->name))
                        drift->new_count++;
                else if (is_fact && !row->now && (!info || !state_records(row->name)))
                        drift->untold_count++;
                else
                        drift->rows[left++] = *row;
        }
        drift->count = left;
}
