/* Findings and the verdict: what counts, what waits, what cannot be told. */

#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct fact_info infos[] = {
        { "cpu.cores", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "", "" },
        { "disk.*.free", VALUE_REAL, UNIT_PERCENT, REACH_QUIET, "", "" },
        { "nvme.*.health", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "", "" },
        { "kernel.rt", VALUE_FLAG, UNIT_NONE, REACH_QUIET, "", "" },
        { "kernel.release", VALUE_VERSION, UNIT_NONE, REACH_QUIET, "", "" },
        { 0 },
};

static void add_requirement(struct profile *profile, const char *id, enum quantifier quantifier, const char *pattern,
                            enum value_kind kind, enum unit unit, const char *want)
{
        struct requirement *row;
        const char *problem;

        profile->requirements = pool_grow(profile->pool, profile->requirements, profile->requirement_count, sizeof *row);
        row = &profile->requirements[profile->requirement_count++];
        *row = (struct requirement){ .id = id, .quantifier = quantifier, .pattern = pattern, .info = &infos[0] };
        EXPECT_NUMBER(id, want_parse(profile->pool, want, kind, unit, 0, &row->want, &problem), 0);
}

static void requirements(void)
{
        static const struct {
                const char *name, *pattern, *want;
                enum quantifier quantifier;
                enum value_kind kind;
                enum unit unit;
                enum status status;
        } cases[] = {
                { "holds", "cpu.cores", ">= 32", QUANTIFIER_ONE, VALUE_NUMBER, UNIT_COUNT, STATUS_PASS },
                { "does not hold", "cpu.cores", ">= 64", QUANTIFIER_ONE, VALUE_NUMBER, UNIT_COUNT, STATUS_FAIL },
                { "unreadable is unknown", "kernel.rt", "true", QUANTIFIER_ONE, VALUE_FLAG, UNIT_NONE, STATUS_UNKNOWN },
                { "nothing of that name fails", "cpu.none", "1", QUANTIFIER_ONE, VALUE_NUMBER, UNIT_COUNT, STATUS_FAIL },
                { "any: one holds", "disk.*.free", ">= 50 %", QUANTIFIER_ANY, VALUE_REAL, UNIT_PERCENT, STATUS_PASS },
                { "any: none holds, one unknown", "disk.*.free", ">= 90 %", QUANTIFIER_ANY, VALUE_REAL, UNIT_PERCENT,
                  STATUS_UNKNOWN },
                { "every: one does not", "disk.*.free", ">= 50 %", QUANTIFIER_EVERY, VALUE_REAL, UNIT_PERCENT, STATUS_FAIL },
                { "every: one unknown", "disk.*.free", ">= 1 %", QUANTIFIER_EVERY, VALUE_REAL, UNIT_PERCENT, STATUS_UNKNOWN },
                { "every: nothing matches", "nvme.*.size", ">= 1", QUANTIFIER_EVERY, VALUE_NUMBER, UNIT_BYTES, STATUS_FAIL },
                { "any: nothing matches", "nvme.*.size", ">= 1", QUANTIFIER_ANY, VALUE_NUMBER, UNIT_BYTES, STATUS_FAIL },
        };
        autopool struct pool *pool = pool_new();
        struct findings *findings = findings_new();
        struct profile profile = { .pool = pool };
        struct facts *facts = facts_new();

        facts->infos = infos;
        fact_known(facts, value_number(48, UNIT_COUNT), "test", "cpu.cores");
        fact_unknown(facts, -EACCES, "test", "kernel.rt");
        fact_known(facts, value_real(80, UNIT_PERCENT), "test", "disk./.free");
        fact_known(facts, value_real(5, UNIT_PERCENT), "test", "disk./boot.free");
        fact_unknown(facts, -EIO, "test", "disk./data.free");
        for (size_t i = 0; i < COUNT(cases); i++)
                add_requirement(&profile, cases[i].name, cases[i].quantifier, cases[i].pattern, cases[i].kind, cases[i].unit,
                                cases[i].want);
        judge_requirements(facts, &profile, "2026-11-20", findings);
        EXPECT_NUMBER(NULL, findings->count, COUNT(cases));
        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_TEXT(cases[i].name, status_name(findings->rows[i].status), status_name(cases[i].status));
        EXPECT_TEXT("words for what root may read", findings->rows[2].have, "unreadable: needs root");
        EXPECT_TEXT("and what to do", findings->rows[2].fix, "run it as root");
        findings_free(findings);
        facts_free(facts);
}

/* A value that is the least there is: what is enough passes, what is too much fails, and the rest nobody knows. */
static void at_least(void)
{
        static const struct {
                const char *want, *status;
        } cases[] = {
                { ">= 48", "pass" },    { "> 47", "pass" },     { ">= 49", "unknown" }, { "> 48", "unknown" },
                { "<= 48", "unknown" }, { "< 49", "unknown" },  { "<= 47", "fail" },    { "< 48", "fail" },
                { "48", "unknown" },    { "!= 48", "unknown" }, { "64", "unknown" },    { "in [48, 64]", "unknown" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autofacts struct facts *facts = facts_new();
                struct findings *findings = findings_new();
                struct profile profile = { .pool = pool };

                facts->infos = infos;
                fact_known(facts, value_number(48, UNIT_COUNT), "test", "cpu.cores");
                fact_at_least(facts);
                add_requirement(&profile, cases[i].want, QUANTIFIER_ONE, "cpu.cores", VALUE_NUMBER, UNIT_COUNT, cases[i].want);
                judge_requirements(facts, &profile, "2026-11-20", findings);
                EXPECT_TEXT(cases[i].want, status_name(findings->rows[0].status), cases[i].status);
                EXPECT_TEXT(cases[i].want, findings->rows[0].have, "at least 48");
                findings_free(findings);
        }
}

/* Of a family that could not be listed, what is missing may be there: nothing is missed, and what is known is judged all the same. */
static void unlisted(void)
{
        static const struct {
                const char *name, *pattern, *want;
                enum quantifier quantifier;
                int health; /* of the one drive that is known; 0: none is */
                const char *status, *have;
        } cases[] = {
                { "one that may be there", "nvme.nvme1.health", "1", QUANTIFIER_ONE, 2, "unknown", "unreadable: needs root" },
                { "one that is there", "nvme.nvme0.health", "1", QUANTIFIER_ONE, 2, "fail", "2" },
                { "any: nothing there", "nvme.*.health", "1", QUANTIFIER_ANY, 0, "unknown", "nvme.* unreadable: needs root" },
                { "any: one holds", "nvme.*.health", "1", QUANTIFIER_ANY, 1, "pass", "nvme.nvme0.health 1" },
                { "any: only such that do not", "nvme.*.health", "1", QUANTIFIER_ANY, 2, "unknown",
                  "nvme.nvme0.health 2, nvme.* unreadable: needs root" },
                { "every: nothing there", "nvme.*.health", "1", QUANTIFIER_EVERY, 0, "unknown",
                  "nvme.* unreadable: needs root" },
                { "every: only such that hold", "nvme.*.health", "1", QUANTIFIER_EVERY, 1, "unknown",
                  "nvme.* unreadable: needs root" },
                { "every: one does not", "nvme.*.health", "1", QUANTIFIER_EVERY, 2, "fail", "nvme.nvme0.health 2" },
                { "a pattern that only meets it", "*.health", "1", QUANTIFIER_EVERY, 1, "unknown",
                  "nvme.* unreadable: needs root" },
                { "another family", "nvm.*.health", "1", QUANTIFIER_EVERY, 1, "fail", "nothing of that name" },
                { "one of another family", "nvm.0.health", "1", QUANTIFIER_ONE, 1, "fail", "absent" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                autofacts struct facts *facts = facts_new();
                struct profile profile = { .pool = pool };
                struct findings *findings = findings_new();
                struct judgement judgement;

                facts->infos = infos;
                if (cases[i].health > 0)
                        fact_known(facts, value_number(cases[i].health, UNIT_NONE), "test", "nvme.nvme0.health");
                fact_unlisted(facts, -EACCES, "/sys/class/nvme", "nvme.*");
                fact_unlisted(facts, -EIO, "/sys/class/block", "nvme.*");
                add_requirement(&profile, cases[i].name, cases[i].quantifier, cases[i].pattern, VALUE_NUMBER, UNIT_NONE,
                                cases[i].want);
                judge_requirements(facts, &profile, "2026-11-20", findings);
                judge_all(findings, &profile, &judgement);
                EXPECT_TEXT(cases[i].name, status_name(findings->rows[0].status), cases[i].status);
                EXPECT_TEXT(cases[i].name, findings->rows[0].have, cases[i].have);
                EXPECT_NUMBER(cases[i].name, judgement.exit,
                              text_equals(cases[i].status, "unknown") ? 3 : text_equals(cases[i].status, "fail"));
                findings_free(findings);
        }
}

/* What a reboot makes right is pending; what it makes wrong, or does not change, is judged by what is. */
static void after_reboot(void)
{
        static const struct {
                const char *name, *want, *status;
                const char *next; /* NULL: nobody knows */
                int exit;
        } cases[] = {
                { "the next one will do", ">= 6.1", "pending", "6.1.0-28-rt-amd64", 4 },
                { "nor will the next one", ">= 6.12", "fail", "6.1.0-28-rt-amd64", 1 },
                { "it holds, whatever comes next", ">= 5.15", "pass", "4.19.0", 0 },
                { "nobody knows the next one", ">= 6.1", "fail", NULL, 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct profile profile = { .pool = pool };
                struct findings *findings = findings_new();
                struct facts *facts = facts_new();
                struct judgement judgement;

                facts->infos = infos;
                fact_known(facts, value_version(pool, "5.15.0"), "test", "kernel.release");
                if (cases[i].next)
                        fact_next(facts, "kernel.release", value_version(pool, cases[i].next));
                add_requirement(&profile, "kernel.release", QUANTIFIER_ONE, "kernel.release", VALUE_VERSION, UNIT_NONE,
                                cases[i].want);
                judge_requirements(facts, &profile, "2026-11-20", findings);
                judge_all(findings, &profile, &judgement);
                EXPECT_TEXT(cases[i].name, status_name(findings->rows[0].status), cases[i].status);
                EXPECT_NUMBER(cases[i].name, judgement.exit, cases[i].exit);
                findings_free(findings);
                facts_free(facts);
        }
}

static void waivers(void)
{
        static const struct {
                const char *name, *today, *status;
        } cases[] = {
                { "before", "2026-11-30", "waived" },
                { "the last day", "2026-12-01", "waived" },
                { "the day after", "2026-12-02", "fail" },
        };
        struct waiver waiver = { .id = "cpu.cores", .why = "spare ordered", .who = "ops", .until = "2026-12-01" };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct profile profile = { .pool = pool, .waivers = &waiver, .waiver_count = 1 };
                struct findings *findings = findings_new();
                struct facts *facts = facts_new();
                struct judgement judgement;

                facts->infos = infos;
                fact_known(facts, value_number(2, UNIT_COUNT), "test", "cpu.cores");
                add_requirement(&profile, "cpu.cores", QUANTIFIER_ONE, "cpu.cores", VALUE_NUMBER, UNIT_COUNT, ">= 32");
                judge_requirements(facts, &profile, cases[i].today, findings);
                judge_all(findings, &profile, &judgement);
                EXPECT_TEXT(cases[i].name, status_name(findings->rows[0].status), cases[i].status);
                EXPECT_NUMBER(cases[i].name, judgement.exit, i == 2);
                if (i == 2)
                        EXPECT_TEXT("an ended waiver is named", findings->rows[0].note,
                                    "the waiver of ops ended on 2026-12-01");
                findings_free(findings);
                facts_free(facts);
        }
}

static void verdicts(void)
{
        static const struct {
                const char *name;
                struct {
                        enum tier tier;
                        enum status status;
                } rows[10];
                enum verdict verdict;
                int exit;
        } cases[] = {
                { "nothing", { { TIER_INFO, STATUS_PASS } }, VERDICT_READY, 0 },
                { "info never decides", { { TIER_INFO, STATUS_FAIL }, { TIER_INFO, STATUS_UNKNOWN } }, VERDICT_READY, 0 },
                { "critical fails", { { TIER_CRITICAL, STATUS_FAIL } }, VERDICT_NOT_READY, 1 },
                { "a failure outranks the unknown",
                  { { TIER_CRITICAL, STATUS_UNKNOWN }, { TIER_CRITICAL, STATUS_DRIFT } },
                  VERDICT_NOT_READY,
                  1 },
                { "unknown outranks pending",
                  { { TIER_CRITICAL, STATUS_PENDING }, { TIER_CRITICAL, STATUS_UNKNOWN } },
                  VERDICT_UNKNOWN,
                  3 },
                { "pending", { { TIER_CRITICAL, STATUS_PASS }, { TIER_CRITICAL, STATUS_PENDING } }, VERDICT_PENDING, 4 },
                { "as good as wanted",
                  { { TIER_CRITICAL, STATUS_NOT_APPLICABLE },
                    { TIER_CRITICAL, STATUS_EXEMPT },
                    { TIER_CRITICAL, STATUS_NO_EFFECT } },
                  VERDICT_READY,
                  0 },
                { "unsupported counts", { { TIER_CRITICAL, STATUS_UNSUPPORTED } }, VERDICT_NOT_READY, 1 },
                { "shadowed counts", { { TIER_CRITICAL, STATUS_SHADOWED } }, VERDICT_NOT_READY, 1 },
                { "contested counts", { { TIER_CRITICAL, STATUS_CONTESTED } }, VERDICT_NOT_READY, 1 },
                { "nine of ten important",
                  { { TIER_IMPORTANT, STATUS_FAIL },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS },
                    { TIER_IMPORTANT, STATUS_PASS } },
                  VERDICT_READY,
                  0 },
                { "one of two important",
                  { { TIER_IMPORTANT, STATUS_FAIL }, { TIER_IMPORTANT, STATUS_PASS } },
                  VERDICT_NOT_READY,
                  1 },
                { "unknown is no pass", { { TIER_IMPORTANT, STATUS_UNKNOWN } }, VERDICT_UNKNOWN, 3 },
                { "important waits for a reboot", { { TIER_IMPORTANT, STATUS_PENDING } }, VERDICT_PENDING, 4 },
                { "too few even if all unknown ones passed",
                  { { TIER_IMPORTANT, STATUS_UNKNOWN }, { TIER_IMPORTANT, STATUS_FAIL } },
                  VERDICT_NOT_READY,
                  1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct findings *findings = findings_new();
                struct profile profile = { .important_pass = 90 };
                struct judgement judgement;
                bool decides;

                for (size_t j = 0; j < COUNT(cases[i].rows); j++) {
                        struct finding row = { .id = "x", .tier = cases[i].rows[j].tier, .status = cases[i].rows[j].status };

                        if (j == 0 || row.tier || row.status)
                                finding_add(findings, &row);
                }
                judge_all(findings, &profile, &judgement);
                EXPECT_TEXT(cases[i].name, verdict_name(judgement.verdict), verdict_name(cases[i].verdict));
                EXPECT_NUMBER(cases[i].name, judgement.exit, cases[i].exit);
                decides = false;
                for (size_t j = 0; j < findings->count; j++)
                        decides = decides || judge_decides(&findings->rows[j], &judgement);
                EXPECT(cases[i].name, decides == (judgement.verdict != VERDICT_READY));
                findings_free(findings);
        }
}

/* Many rows of one setting are one finding, in which the worst row speaks. */
static void merging(void)
{
        struct setting setting = { .id = "cpu.governor", .tier = TIER_CRITICAL, .from = "x.yaml:1" };
        struct settings settings = { .count = 1, .rows = &setting };
        struct findings *findings = findings_new();
        struct plan *plan = plan_new();
        struct profile profile = { 0 };

        plan_begin(plan, "cpu", &settings);
        plan_note(plan, &setting, STATUS_PASS, LAYER_RUNNING, "policy0", "performance", "performance", NULL);
        plan_note(plan, &setting, STATUS_DRIFT, LAYER_RUNNING, "policy1", "powersave", "performance", NULL);
        plan_note(plan, &setting, STATUS_DRIFT, LAYER_RUNNING, "policy2", "powersave", "performance", NULL);
        plan_note(plan, &setting, STATUS_EXEMPT, LAYER_RUNNING, "policy3", "-", "performance", NULL);
        plan_note(plan, NULL, STATUS_PASS, LAYER_FILES, "/etc/x", "as wanted", "as wanted", NULL);
        judge_settings(plan, &profile, "2026-11-20", findings);
        EXPECT_NUMBER(NULL, findings->count, 2);
        EXPECT_TEXT(NULL, status_name(findings->rows[0].status), "drift");
        EXPECT_TEXT(NULL, findings->rows[0].have, "powersave (so on 2 of 4 targets)");
        EXPECT_TEXT(NULL, findings->rows[0].source, "policy1");
        EXPECT_TEXT("a row of the whole knob", findings->rows[1].id, "cpu");
        findings_free(findings);
        plan_free(plan);
}

static const struct test tests[] = {
        { "requirements", requirements }, { "after a reboot", after_reboot },
        { "waivers", waivers },           { "verdicts", verdicts },
        { "merging", merging },           { "at least", at_least },
        { "unlisted", unlisted },         { NULL, NULL },
};

const struct suite suite_judge = { "judge", tests };
