/* Keeps the result of a full check under /run, which no boot outlives, and takes it for an answer while it holds. */

#include "agent/past.h"

#include "agent/examine.h"
#include "agent/json_text.h"
#include "agent/kept.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define FORM         1
#define PAST_FILE    KEPT_FOLDER "/check.json"
#define LEDGERS      "/var/lib/plumbline/ledger"
#define FINDINGS_MAX 20000

/* Seconds since the boot, suspended ones included: no daemon sets that clock. */
static int uptime(const struct session *session, double *seconds)
{
        const char *text;
        char *end;
        int r;

        r = host_read(session->host, session->pool, &text, "/proc/uptime");
        if (r < 0)
                return r;
        *seconds = strtod(text, &end);
        return end == text || !(*seconds >= 0) ? -EINVAL : 0;
}

/* What plumbline itself has changed so far, as one word: an apply or undo since makes a result one of another machine. */
static int ledgers(const struct session *session, char word[65])
{
        autobuffer struct text_buffer text = { 0 };
        const char *const *names = NULL;
        int r;

        r = host_list(session->host, session->pool, &names, LEDGERS);
        if (r < 0 && r != -ENOENT)
                return r;
        text_add(&text, "");
        for (; r == 0 && *names; names++) {
                struct host_stat stat;

                r = host_stat(session->host, &stat, LEDGERS "/%s", *names);
                if (r < 0)
                        return r;
                text_addf(&text, "%s %" PRIu64 " %" PRId64 "\n", *names, stat.size, stat.modified);
        }
        sha256_hex(text.at, text.size, word);
        return 0;
}

/* --- keeping ------------------------------------------------------------------------------------------------------------- */

void past_begin(const struct session *session, struct past_begin *begin)
{
        *begin = (struct past_begin){ 0 };
        begin->error = uptime(session, &begin->uptime_s);
        if (begin->error == 0)
                begin->error = ledgers(session, begin->changes);
}

int past_keep(const struct session *session, const struct past_begin *begin, const struct examination *examination)
{
        autojson json_t *json = report_json_head("check", session);
        autofree char *text = NULL;

        if (begin->error < 0)
                return begin->error;
        json_object_set_new(json, "form", json_integer(FORM));
        json_object_set_new(json, "uptime", json_real(begin->uptime_s));
        json_object_set_new(json, "changes", json_string(begin->changes));
        json_object_set_new(json, "findings", report_json_findings(examination->findings));
        text = json_dumps(json, JSON_COMPACT);
        return text ? kept_write(session, PAST_FILE, text) : -EINVAL;
}

/* --- recalling ----------------------------------------------------------------------------------------------------------- */

/* Which of the names it is; -1: none. */
static int number_of(const char *word, const char *(*name)(unsigned number), unsigned last)
{
        for (unsigned i = 0; word && i <= last; i++)
                if (text_equals(word, name(i)))
                        return (int)i;
        return -1;
}

static const char *name_of_status(unsigned number)
{
        return status_name((enum status)number);
}

static const char *name_of_tier(unsigned number)
{
        return tier_name((enum tier)number);
}

static const char *name_of_kind(unsigned number)
{
        return finding_kind_name((enum finding_kind)number);
}

static bool add_finding(struct findings *findings, const json_t *json)
{
        int kind = number_of(json_text(json, "kind"), name_of_kind, FINDING_CONFLICT);
        int tier = number_of(json_text(json, "tier"), name_of_tier, TIER_INFO);
        int status = number_of(json_text(json, "status"), name_of_status, STATUS_FAIL);
        struct finding finding = {
                .id = json_text(json, "id"),
                .have = json_text(json, "have"),
                .want = json_text(json, "want"),
                .unit = json_text(json, "unit"),
                .source = json_text(json, "source"),
                .from = json_text(json, "from"),
                .why = json_text(json, "why"),
                .fix = json_text(json, "fix"),
                .note = json_text(json, "note"),
                .waiver = json_text(json, "waiver"),
        };

        if (!finding.id || kind < 0 || tier < 0 || status < 0)
                return false;
        finding.kind = (enum finding_kind)kind;
        finding.tier = (enum tier)tier;
        finding.status = (enum status)status;
        finding_add(findings, &finding);
        return true;
}

static json_t *read_kept(const struct session *session)
{
        const void *bytes;
        size_t size;

        if (kept_read(session, PAST_FILE, &bytes, &size) < 0)
                return NULL;
        return json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
}

/* Waivers end with the day. */
static bool is_of_now(const struct session *session, const json_t *json)
{
        const char *time = json_text(json, "time");
        char changes[65];

        return json_integer_value(json_object_get(json, "form")) == FORM &&
               text_equals(json_text(json, "plumbline"), PLUMBLINE_VERSION) && session->boot_id &&
               text_equals(json_text(json, "boot_id"), session->boot_id) &&
               text_equals(json_text(json_object_get(json, "profile"), "sha256"), session->profile->sha256) && time &&
               (session->profile->waiver_count == 0 || text_starts(time, session->today)) && ledgers(session, changes) == 0 &&
               text_equals(json_text(json, "changes"), changes);
}

static struct findings *findings_of(const json_t *json)
{
        const json_t *list = json_object_get(json, "findings");
        struct findings *findings;

        if (!json_is_array(list) || json_array_size(list) > FINDINGS_MAX)
                return NULL;
        findings = findings_new();
        for (size_t i = 0; i < json_array_size(list); i++) {
                if (add_finding(findings, json_array_get(list, i)))
                        continue;
                findings_free(findings);
                return NULL;
        }
        return findings;
}

bool past_recall(const struct session *session, double max_age_s, struct examination *examination)
{
        autojson json_t *json = read_kept(session);
        const json_t *then = json_object_get(json, "uptime");
        struct findings *findings;
        double now;

        if (!json || !is_of_now(session, json) || !json_is_real(then) || uptime(session, &now) < 0 ||
            json_real_value(then) > now || now - json_real_value(then) > max_age_s)
                return false;
        findings = findings_of(json);
        if (!findings)
                return false;
        *examination = (struct examination){ .facts = facts_new(),
                                             .plan = plan_new(),
                                             .findings = findings,
                                             .unread = findings_new(),
                                             .past = pool_dup(session->pool, json_text(json, "time")),
                                             .past_age_s = now - json_real_value(then) };
        judge_all(findings, session->profile, &examination->judgement);
        return true;
}
