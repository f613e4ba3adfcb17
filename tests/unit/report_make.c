/* A report made of findings, without a host. */

#include "tests/unit/report_make.h"

#include "agent/core/pool.h"

void made_open(struct made *made, const struct finding *rows, size_t count)
{
        *made = (struct made){
                .pool = pool_new(),
                .profile = { .name = "p", .sha256 = "00ff", .important_pass = 90 },
                .session = { .now = "2026-11-21T09:29:46Z", .seconds = 1795253386, .host_name = "box", .boot_id = "id" },
                .findings = findings_new(),
                .facts = facts_new(),
        };
        for (size_t i = 0; i < count; i++)
                finding_add(made->findings, &rows[i]);
        judge_all(made->findings, &made->profile, &made->judgement);
}

void made_close(struct made *made)
{
        findings_free(made->findings);
        facts_free(made->facts);
        pool_free(made->pool);
}

char *made_report(struct made *made, enum format format)
{
        autobuffer struct text_buffer out = { 0 };
        struct options options = { .format = format };
        struct report report = {
                .verb = "check",
                .session = &made->session,
                .options = &options,
                .facts = made->facts,
                .findings = made->findings,
                .judgement = &made->judgement,
        };

        made->session.profile = &made->profile;
        made->status = report_check(&report, &out);
        return pool_dup(made->pool, out.at ? out.at : "");
}
