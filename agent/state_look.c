/* Looking at a host for the record: facts, and each setting in its layers. */

#include "agent/state.h"

#include "agent/report.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"

#include <errno.h>
#include <string.h>

#define TEXT_MAX   200
#define GROUPS_MAX 4

static void set(json_t *state, const char *layer, const char *name, const char *text)
{
        autopool struct pool *pool = pool_new();
        json_t *items = json_object_get(state, layer);

        json_object_set_new(items, text_printable(pool, name, TEXT_MAX),
                            report_json_text(text_printable(pool, text, TEXT_MAX)));
}

/* --- facts --------------------------------------------------------------------------------------------------------------- */

/* What is another number in every minute of a healthy host, and what names it: its name and its addresses. */
static bool is_volatile(const char *name)
{
        static const char *const patterns[] = {
                "memory.used",      "disk.*.free",
                "disk.*.inodes",    "swap.used",
                "cpu.busy",         "clock.error",
                "nic.*.errors",     "nic.*.drops",
                "nvme.*.used",      "nvme.*.spare",
                "hugepages.*.free", "journal.*",
                "unit.*",           "nvme.*.temperature",
                "host.name",        "packages.*",
                "cpu.throttles.*",  "file.*.age",
                "endpoint.*",       "nic.*.addresses",
                "net.addresses",    "interface.*.addresses",
                "net.nameservers",  "pcie.*.corrected",
                "cpu.steal",
        };

        for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
                if (text_matches(name, patterns[i]))
                        return true;
        return false;
}

bool state_records(const char *name)
{
        return !is_volatile(name);
}

/* A text too long to be kept is told from another by its hash. */
static const char *bounded(struct pool *pool, const char *text)
{
        char hash[65];

        if (strlen(text) < TEXT_MAX)
                return text;
        sha256_hex(text, strlen(text), hash);
        return pool_format(pool, "%.*s... (sha256 %.12s)", TEXT_MAX - 40, text, hash);
}

/* A family that could not be listed stands under its pattern, so that nobody takes its members for gone. */
static void add_unlisted(struct pool *pool, const struct facts *facts, json_t *state)
{
        for (size_t i = 0; i < facts->unlisted_count; i++)
                set(state, "fact", facts->unlisted[i].name,
                    pool_format(pool, STATE_UNREADABLE "%s", error_words(facts->unlisted[i].error)));
}

static void add_facts(const struct facts *facts, json_t *state)
{
        autopool struct pool *pool = pool_new();

        add_unlisted(pool, facts, state);
        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];
                const char *text = "absent";

                if (is_volatile(fact->name) || (fact->status == FACT_UNREADABLE && fact->error == -ECANCELED))
                        continue;
                if (fact->status == FACT_UNREADABLE)
                        text = pool_format(pool, STATE_UNREADABLE "%s", error_words(fact->error));
                else if (fact->status == FACT_KNOWN)
                        text = value_show(pool, &fact->value);
                if (fact->status == FACT_KNOWN && text_equals(fact->name, "kernel.cmdline"))
                        text = state_cmdline(pool, text);
                else if (fact->status == FACT_KNOWN && text_matches(fact->name, "disk.*.options"))
                        text = state_options(pool, text);
                else if (fact->status == FACT_KNOWN && text_equals(fact->name, "units.failed_names"))
                        text = state_units(pool, text);
                set(state, "fact", fact->name, bounded(pool, text));
        }
}

/* --- settings ------------------------------------------------------------------------------------------------------------- */

static const char *content_text(struct pool *pool, const struct content *content)
{
        char hash[65];

        if (content->kind != CONTENT_FILE)
                return content_words(pool, content);
        sha256_hex(content->bytes, content->size, hash);
        return pool_format(pool, "%zu bytes, mode %o, sha256 %.12s", content->size, (unsigned)content->mode, hash);
}

const char *state_row_text(struct pool *pool, const struct step *step)
{
        if (step->status == STATUS_UNKNOWN)
                return step->now && text_starts(step->now, STATE_UNREADABLE)
                               ? step->now
                               : pool_format(pool, STATE_UNREADABLE "%s", step->now ? step->now : "unknown");
        if (step->how == STEP_FILE)
                return content_text(pool, &step->before);
        return step->now ? step->now : "absent";
}

/* The values that the rows of one setting have in one layer, each with how many rows have it. */
struct groups {
        size_t count;
        struct {
                const char *text, *target;
                unsigned rows;
        } rows[GROUPS_MAX];
        unsigned all, other;
        struct text_buffer rest; /* of the rows that are of no group */
};

/* Before anything is cut off or hashed: half an address is one no longer, and a hash of it is soon worked back. */
static void add_row(struct pool *pool, struct groups *groups, const struct step *step)
{
        const char *text = state_without_private(pool, step->id, state_row_text(pool, step), STATE_UNRECORDED);

        groups->all++;
        for (size_t i = 0; i < groups->count; i++) {
                if (text_equals(groups->rows[i].text, text)) {
                        groups->rows[i].rows++;
                        return;
                }
        }
        if (groups->count < GROUPS_MAX) {
                groups->rows[groups->count].text = text;
                groups->rows[groups->count].target = step->target;
                groups->rows[groups->count++].rows = 1;
                return;
        }
        groups->other++;
        text_addf(&groups->rest, "%s %s\n", step->target, text);
}

static const char *groups_text(struct pool *pool, const struct groups *groups)
{
        autobuffer struct text_buffer text = { 0 };
        char hash[65];

        if (groups->count == 1)
                return bounded(pool, groups->rows[0].text);
        for (size_t i = 0; i < groups->count; i++) {
                const char *value = text_printable(pool, groups->rows[i].text, 40);

                text_addf(&text, "%s%s on ", i ? ", " : "", value);
                if (groups->rows[i].rows == 1)
                        text_addf(&text, "%s", groups->rows[i].target);
                else
                        text_addf(&text, "%u of %u", groups->rows[i].rows, groups->all);
        }
        if (groups->other) {
                sha256_hex(groups->rest.at, groups->rest.size, hash);
                text_addf(&text, ", %u more (sha256 %.12s)", groups->other, hash);
        }
        return bounded(pool, pool_dup(pool, text.at));
}

static bool is_first(const struct plan *plan, size_t at)
{
        for (size_t i = 0; i < at; i++)
                if (plan->rows[i]->layer == plan->rows[at]->layer && text_equals(plan->rows[i]->id, plan->rows[at]->id))
                        return false;
        return true;
}

static void add_settings(const struct plan *plan, json_t *state)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *first = plan->rows[i];
                struct groups groups = { 0 };

                if (!is_first(plan, i))
                        continue;
                if (first->setting && first->setting->text)
                        set(state, "profile", first->id,
                            bounded(pool, state_without_private(pool, first->id, first->setting->text, STATE_UNRECORDED)));
                for (size_t j = i; j < plan->count; j++)
                        if (plan->rows[j]->layer == first->layer && text_equals(plan->rows[j]->id, first->id) &&
                            !judge_was_refused(plan->rows[j]))
                                add_row(pool, &groups, plan->rows[j]);
                if (groups.count)
                        set(state, layer_name(first->layer), first->id, groups_text(pool, &groups));
                text_buffer_free(&groups.rest);
        }
}

static json_t *empty_state(void)
{
        json_t *state = json_object();

        for (size_t i = 0; i < STATE_LAYERS; i++)
                json_object_set_new(state, state_layers[i], json_object());
        return state;
}

json_t *state_settings(const struct plan *plan)
{
        json_t *state = empty_state();

        add_settings(plan, state);
        return state;
}

json_t *state_look(const struct session *session, const struct examination *examination)
{
        json_t *state = empty_state();

        add_facts(examination->facts, state);
        add_settings(examination->plan, state);
        json_object_set_new(state, "package", state_packages(session->host, false));
        return state;
}

/* --- what was left unread ------------------------------------------------------------------------------------------------- */

static bool was_left(const struct examination *examination, const char *layer, const char *name)
{
        const struct facts *facts = examination->facts;

        if (text_equals(layer, "fact")) {
                for (size_t i = 0; i < facts->count; i++)
                        if (text_equals(facts->rows[i].name, name))
                                return facts->rows[i].status == FACT_UNREADABLE && facts->rows[i].error == -ECANCELED;
                return false;
        }
        /* A knob that may not ask what runs can also leave the row out. */
        if (!text_equals(layer, "running"))
                return false;
        for (size_t i = 0; i < examination->plan->count; i++)
                if (text_equals(examination->plan->rows[i]->id, name))
                        return true;
        return false;
}

void state_carry(json_t *state, const json_t *before, const struct examination *examination, json_t *carried)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < STATE_LAYERS; i++) {
                json_t *items = json_object_get(state, state_layers[i]), *value;
                const char *name;

                json_object_foreach(json_object_get(before, state_layers[i]), name, value)
                {
                        if (json_object_get(items, name) || !was_left(examination, state_layers[i], name))
                                continue;
                        json_object_set(items, name, value);
                        if (carried)
                                json_array_append_new(carried,
                                                      report_json_text(pool_format(pool, "%s %s", state_layers[i], name)));
                }
        }
}
