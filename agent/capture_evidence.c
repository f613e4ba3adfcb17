/* Makes the answers that a change ticket wants beside a capture. */

#include "agent/capture_evidence.h"

#include "agent/drift_report.h"
#include "agent/ledger.h"
#include "agent/report.h"

#include "agent/core/pool.h"

static struct member member_of(const struct session *session, const char *name, const struct text_buffer *text)
{
        return (struct member){
                .path = pool_format(session->pool, EVIDENCE_FOLDER "/%s", name),
                .kind = MEMBER_FILE,
                .known = true,
                .bytes = pool_copy(session->pool, text->at ? text->at : "", text->size),
                .size = text->size,
                .modified = session->seconds,
        };
}

static struct member check_as(const struct session *session, const struct options *options,
                              const struct examination *examination, const char *name, enum format format)
{
        autobuffer struct text_buffer text = { 0 };
        struct options as = *options;

        as.format = format;
        as.verbose = true;
        as.color = false;
        (void)examination_print("check", session, examination, &as, &text);
        return member_of(session, name, &text);
}

static struct member plan_of(const struct session *session, const struct examination *examination)
{
        autobuffer struct text_buffer text = { 0 };
        json_t *json = report_json_head("plan", session);

        json_object_set_new(json, "steps", report_json_steps(examination->plan));
        report_json_print(json, &text);
        return member_of(session, "plan.json", &text);
}

/* What apply did: the door writes down what is read of it. */
static void read_ledgers(const struct session *session)
{
        autopool struct pool *pool = pool_new();
        struct ledger ledger;
        unsigned *ids;
        size_t count;

        if (ledger_ids(session->host, pool, &ids, &count) < 0)
                return;
        for (size_t i = 0; i < count; i++)
                (void)ledger_read(session->host, pool, ids[i], &ledger);
}

/* Without what may have done it: that names people. */
static bool drift_of(const struct session *session, const struct options *options, const struct examination *examination,
                     struct member *member)
{
        autobuffer struct text_buffer text = { 0 };
        struct options as = *options;
        const char *problem;

        as.format = FORMAT_JSON;
        (void)drift_report(session, examination, &as, EVIDENCE_NONE, &text, &problem);
        if (problem)
                return false;
        *member = member_of(session, "drift.json", &text);
        return true;
}

void capture_evidence(const struct session *opened, const struct options *options, const struct examination *examination,
                      struct member members[EVIDENCE_MEMBERS], size_t *count)
{
        struct session unnamed = *opened;
        const struct session *session = options->no_redact ? opened : &unnamed;

        /* A name that is a plain word would be found by nobody later on. */
        unnamed.host_name = NULL;
        read_ledgers(session);
        *count = 0;
        members[(*count)++] = check_as(session, options, examination, "check.txt", FORMAT_TEXT);
        members[(*count)++] = check_as(session, options, examination, "check.json", FORMAT_JSON);
        members[(*count)++] = check_as(session, options, examination, "check.html", FORMAT_HTML);
        members[(*count)++] = plan_of(session, examination);
        if (drift_of(session, options, examination, &members[*count]))
                (*count)++;
}
