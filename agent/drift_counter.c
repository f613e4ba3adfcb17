/* Counters start anew with each boot: what they were before says nothing of what they are now. */

#include "agent/drift_inside.h"

#include "agent/core/text.h"

static bool is_counter(const char *name)
{
        return text_matches(name, "nic.*.flaps") || text_matches(name, "pcie.*.errors.uncorrected");
}

/* What the first look of this boot saw; NULL: nobody looked, or could not tell. */
static const char *first_of_boot(const struct history *history, const char *boot, const char *name)
{
        const char *text = NULL;

        for (size_t i = 0; history && i < history->count; i++) {
                const struct history_record *record = &history->records[i];
                const json_t *state = json_object_get(record->json, "state");
                const json_t *value = json_object_get(json_object_get(state, "fact"), name);

                if (value || record->whole)
                        text = json_string_value(value);
                if (record->lost)
                        text = NULL;
                if (text_equals(json_string_value(history_member(record, "boot_id")), boot))
                        return text && !text_starts(text, STATE_UNREADABLE) ? text : NULL;
        }
        return NULL;
}

json_t *drift_facts(const json_t *baseline, const json_t *now, const char *boot, const struct history *history)
{
        json_t *facts = json_object_get(json_object_get(baseline, "state"), "fact"), *copy, *value;
        const char *name, *began = json_string_value(json_object_get(baseline, "boot_id"));

        if (!boot || !began || text_equals(began, boot))
                return json_incref(facts);
        copy = json_copy(facts);
        json_object_foreach(facts, name, value)
        {
                const char *text = json_string_value(json_object_get(json_object_get(now, "fact"), name));

                if (!is_counter(name) || !text || text_starts(text, STATE_UNREADABLE))
                        continue;
                value = json_string(first_of_boot(history, boot, name));
                json_object_set_new(copy, name, value ? value : json_string(text));
        }
        return copy;
}
