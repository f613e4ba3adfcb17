/* The baseline: one file, replaced whole. */

#include "agent/baseline.h"

#include "agent/drift_known.h"
#include "agent/history_inside.h"
#include "agent/ledger.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "probes/probes.h"

#include <string.h>
#include <unistd.h>

static json_t *wrong_of(const struct examination *examination)
{
        const struct findings *findings = examination->findings;
        autopool struct pool *pool = pool_new();
        json_t *wrong = json_array();

        for (size_t i = 0; i < findings->count && json_array_size(wrong) < HISTORY_WRONG_MAX; i++) {
                const struct finding *finding = &findings->rows[i];

                if (!status_is_fine(finding->status) && finding->tier != TIER_INFO)
                        json_array_append_new(wrong, report_json_text(text_printable(pool, finding->id, 200)));
        }
        return wrong;
}

/* What was left unread on purpose: it is neither wrong nor right. */
static json_t *unread_of(const struct examination *examination)
{
        const struct findings *unread = examination->unread;
        autopool struct pool *pool = pool_new();
        json_t *names = json_array();

        for (size_t i = 0; i < unread->count && i < HISTORY_UNREAD_MAX; i++)
                json_array_append_new(names, report_json_text(text_printable(pool, unread->rows[i].id, 200)));
        return names;
}

static json_t *entry_of(const struct session *session, const struct examination *examination, const char *verb, int status)
{
        json_t *entry = json_pack("{s:I, s:s, s:i}", "at", (json_int_t)session->seconds, "verb", verb, "exit", status);

        json_object_set_new(entry, "boot_id", report_json_text(session->boot_id ? session->boot_id : ""));
        json_object_set_new(entry, "profile", report_json_text(session->profile->name));
        json_object_set_new(entry, "sha256", json_string(session->profile->sha256));
        json_object_set_new(entry, "verdict", json_string(verdict_name(examination->judgement.verdict)));
        json_object_set_new(entry, "wrong", wrong_of(examination));
        json_object_set_new(entry, "unread", unread_of(examination));
        json_object_set_new(entry, "known", drift_known(probes));
        json_object_set_new(entry, "state", state_look(session, examination));
        return entry;
}

struct look {
        const struct session *session;
        const struct examination *examination;
};

/* Two looks at once are recorded as they end: the one that began first and ended last would say that the clock went back. One that did is
 * behind the newest record still. */
static int64_t time_of(const struct session *session, int64_t newest)
{
        struct session ended = { .host = session->host };

        session_now(&ended);
        return newest > session->seconds && newest <= ended.seconds ? newest : session->seconds;
}

static void complete(json_t *entry, const json_t *before, int64_t newest, const void *with)
{
        const struct look *look = with;
        json_t *carried = json_array();

        if (before)
                state_carry(json_object_get(entry, "state"), before, look->examination, carried);
        json_object_set_new(entry, "carried", carried);
        json_object_set_new(entry, "at", json_integer(time_of(look->session, newest)));
}

static int add(const struct session *session, const struct examination *examination, json_t *entry, unsigned *id)
{
        const struct look look = { session, examination };

        return history_add(session->host, entry, &(struct history_fill){ complete, &look }, id);
}

int history_remember(const struct session *session, const struct examination *examination, const char *verb, int status,
                     unsigned *id)
{
        autojson json_t *entry = entry_of(session, examination, verb, status);

        return add(session, examination, entry, id);
}

/* The last apply that an administrator made. What a boot applies anew is no reason to accept what the boot found. */
static unsigned last_ledger(struct host *host, struct pool *pool)
{
        struct ledger ledger;
        unsigned *ids;
        size_t count;

        if (ledger_ids(host, pool, &ids, &count) < 0)
                return 0;
        while (count-- > 0)
                if (ledger_read(host, pool, ids[count], &ledger) == 0 && !ledger.running)
                        return ids[count];
        return 0;
}

int baseline_accept(const struct session *session, const struct examination *examination, const char *verb, int status,
                    unsigned *id)
{
        autojson json_t *entry = entry_of(session, examination, verb, status), *record = NULL;
        struct content content = { .kind = CONTENT_FILE, .mode = 0600, .uid = geteuid(), .gid = getegid() };
        autopool struct pool *pool = pool_new();
        int r;

        json_object_set_new(entry, "ledger", json_integer(last_ledger(session->host, pool)));
        record = json_deep_copy(entry);
        r = add(session, examination, entry, id);
        if (r < 0)
                return r;
        json_object_set(record, "at", json_object_get(entry, "at"));
        json_object_set_new(record, "record", json_string("whole"));
        json_object_set_new(record, "id", json_integer(*id));
        content.bytes = history_line(pool, record);
        content.size = strlen(content.bytes);
        return host_replace(session->host, BASELINE_PATH, &content);
}

bool baseline_is_stale(struct host *host)
{
        autopool struct pool *pool = pool_new();
        autojson json_t *baseline = NULL;
        const char *damage;
        int error;

        baseline = baseline_read(host, &damage, &error);
        return last_ledger(host, pool) > (baseline ? json_integer_value(json_object_get(baseline, "ledger")) : 0);
}
