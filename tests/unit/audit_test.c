/* What an audit reads and what it leaves unread: the sources behind the facts that a profile names, and the verdict without the rest. */

#include "agent/audit_reach.h"
#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void sources(void)
{
        static const struct fact_touch touches[] = {
                { "nic.*.speed", "ethtool/linkmodes/*" },
                { "nic.*.firmware", "ethtool/drvinfo/*" },
                { "nic.*.speed", "rtnl/links" },
                { "units.failed", "units" },
                { "interface.*.slowest", "ethtool/linkstate/**" },
                { NULL, NULL },
        };
        static const struct probe probe = { .name = "x", .touches = touches }, silent = { .name = "y" };
        static const struct probe *const table[] = { &silent, &probe, NULL };
        static const struct {
                const char *pattern, *sources;
        } cases[] = {
                { "nic.*.speed", "ethtool/linkmodes/* rtnl/links" },
                { "nic.eth0.speed", "ethtool/linkmodes/eth0 rtnl/links" },
                { "nic.eth0.100.speed", "ethtool/linkmodes/eth0.100 rtnl/links" },
                { "nic.eth*.speed", "ethtool/linkmodes/eth* rtnl/links" },
                { "nic.eth0.*", "ethtool/linkmodes/eth0 ethtool/drvinfo/eth0 rtnl/links" },
                { "nic.eth0*", "ethtool/linkmodes/eth0* ethtool/drvinfo/eth0* rtnl/links" },
                { "nic.*", "ethtool/linkmodes/* ethtool/drvinfo/* rtnl/links" },
                { "*.speed", "ethtool/linkmodes/* rtnl/links" },
                { "interface.bond0.slowest", "ethtool/linkstate/**" },
                { "*", "ethtool/linkmodes/* ethtool/drvinfo/* rtnl/links units ethtool/linkstate/**" },
                { "units.failed", "units" },
                { "cpu.cores", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autobuffer struct text_buffer text = { 0 };
                const char *touching[] = { cases[i].pattern };
                struct profile profile = { .touching_count = 1, .touching = touching };

                text_add(&text, "");
                for (const char *const *source = audit_sources(pool, &profile, table); *source; source++)
                        text_addf(&text, "%s%s", text.size ? " " : "", *source);
                EXPECT_TEXT(cases[i].pattern, text.at, cases[i].sources);
        }
}

/* A fact that says it touches, and does not say what, could not be named by any profile. */
static void every_touching_fact_names_its_sources(void)
{
        for (const struct probe *const *probe = probes; *probe; probe++) {
                for (const struct fact_info *info = (*probe)->facts; info->name; info++) {
                        bool named = false;

                        for (const struct fact_touch *touch = (*probe)->touches; touch && touch->fact; touch++)
                                named = named || text_equals(touch->fact, info->name);
                        EXPECT(info->name, named || info->reach != REACH_TOUCHING);
                }
                for (const struct fact_touch *touch = (*probe)->touches; touch && touch->fact; touch++)
                        EXPECT(touch->fact, fact_info_match((*probe)->facts, touch->fact) != NULL);
        }
}

static const struct fact_info infos[] = {
        { "nic.*.speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING, "", "" },
        { "units.failed", VALUE_NUMBER, UNIT_COUNT, REACH_TOUCHING, "", "" },
        { "kernel.rt", VALUE_FLAG, UNIT_NONE, REACH_QUIET, "", "" },
        { 0 },
};

static void require(struct profile *profile, const char *id, enum quantifier quantifier, const char *pattern, const char *want,
                    const struct fact_info *info)
{
        struct requirement *row;
        const char *problem;

        profile->requirements = pool_grow(profile->pool, profile->requirements, profile->requirement_count, sizeof *row);
        row = &profile->requirements[profile->requirement_count++];
        *row = (struct requirement){ .id = id, .quantifier = quantifier, .pattern = pattern, .info = info };
        EXPECT_NUMBER(id, want_parse(profile->pool, want, info->kind, info->unit, 0, &row->want, &problem), 0);
}

static void set_aside(void)
{
        static const struct {
                const char *name;
                int eth0, eth1, failed; /* 0: known and right; 1: known and wrong; or why it is not known */
                const char *words;      /* exit status of the audit, and what was left unread */
        } cases[] = {
                { "all read", 0, 0, 0, "0" },
                { "one left unread", 0, 0, -ECANCELED, "0 failed" },
                { "all left unread", -ECANCELED, -ECANCELED, -ECANCELED, "0 any every failed" },
                { "tried, and not read", 0, 0, -EIO, "3" },
                { "a port left unread, the other right", 0, -ECANCELED, 0, "0 every" },
                { "a port left unread, the other wrong", 1, -ECANCELED, 0, "1 any" },
                { "a port left unread, the other not readable", -EIO, -ECANCELED, 0, "3" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autobuffer struct text_buffer words = { 0 };
                autofindings struct findings *findings = findings_new(), *unread = findings_new();
                autofacts struct facts *facts = facts_new();
                const int *each[] = { &cases[i].eth0, &cases[i].eth1, &cases[i].failed };
                static const char *const names[] = { "nic.eth0.speed", "nic.eth1.speed", "units.failed" };
                struct profile profile = { .pool = pool, .important_pass = 90 };
                struct judgement judgement;

                facts->infos = infos;
                for (size_t j = 0; j < COUNT(each); j++) {
                        if (*each[j] < 0)
                                fact_unknown(facts, *each[j], "test", "%s", names[j]);
                        else
                                fact_known(facts, value_number(*each[j], j < 2 ? UNIT_BITRATE : UNIT_COUNT), "test", "%s",
                                           names[j]);
                }
                require(&profile, "any", QUANTIFIER_ANY, "nic.*.speed", "= 0", &infos[0]);
                require(&profile, "every", QUANTIFIER_EVERY, "nic.*.speed", "= 0", &infos[0]);
                require(&profile, "failed", QUANTIFIER_ONE, "units.failed", "= 0", &infos[1]);
                judge_requirements(facts, &profile, "2026-11-20", findings);
                judge_set_aside(findings, unread);
                judge_all(findings, &profile, &judgement);
                text_addf(&words, "%d", judgement.exit);
                for (size_t j = 0; j < unread->count; j++)
                        text_addf(&words, " %s", unread->rows[j].id);
                EXPECT_TEXT(cases[i].name, words.at, cases[i].words);
        }
}

/* The rows of a setting that were read speak for it; one of which nothing was read decides nothing. */
static void settings(void)
{
        const char *refused = error_words(-ECANCELED);
        struct setting rows[] = { { .id = "half" }, { .id = "whole" }, { .id = "broken" } };
        struct settings wanted = { .count = COUNT(rows), .rows = rows };
        autofindings struct findings *findings = findings_new(), *unread = findings_new();
        autoplan struct plan *plan = plan_new();
        struct profile profile = { .important_pass = 90 };
        struct judgement judgement;

        plan_begin(plan, "services", &wanted);
        plan_note(plan, &rows[0], STATUS_UNKNOWN, LAYER_RUNNING, "unit/half", refused, "inactive", NULL);
        plan_note(plan, &rows[0], STATUS_DRIFT, LAYER_FILES, "/etc/half", "there", "absent", NULL);
        plan_note(plan, &rows[1], STATUS_UNKNOWN, LAYER_RUNNING, "unit/whole",
                  pool_format(plan->pool, "unreadable: %s", refused), "inactive", NULL);
        plan_note(plan, &rows[2], STATUS_UNKNOWN, LAYER_RUNNING, "unit/broken", refused, "inactive", NULL);
        plan_note(plan, &rows[2], STATUS_UNKNOWN, LAYER_FILES, "/etc/broken", "unreadable: needs root", "absent", NULL);
        judge_drop_refused(plan, unread);
        EXPECT_NUMBER("rows left", plan->count, 3);
        judge_settings(plan, &profile, "2026-11-20", findings);
        judge_set_aside(findings, unread);
        judge_all(findings, &profile, &judgement);
        EXPECT_NUMBER("judged", findings->count, 2);
        EXPECT_TEXT("by what was read", status_name(findings->rows[0].status), "drift");
        EXPECT_TEXT("unknown where it was tried", findings->rows[1].id, "broken");
        EXPECT_NUMBER("named", unread->count, 3);
        EXPECT_NUMBER("exit", judgement.exit, 1);
}

static const struct test tests[] = {
        { "sources", sources },
        { "every touching fact names its sources", every_touching_fact_names_its_sources },
        { "set aside", set_aside },
        { "settings", settings },
        { NULL, NULL },
};

const struct suite suite_audit = { "audit", tests };
