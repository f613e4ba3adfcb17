/* Requirements against facts, and the verdict over all findings. */

#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

const char *verdict_name(enum verdict verdict)
{
        static const char *const names[] = { "ready", "not-ready", "pending", "unknown" };

        return names[verdict];
}

/* There may be more: what is enough stays enough, what is too much stays too much, and nothing else is known. */
static enum status judge_bound(const struct want *want, bool holds)
{
        if (holds && (want->op == OP_GE || want->op == OP_GT))
                return STATUS_PASS;
        return !holds && (want->op == OP_LE || want->op == OP_LT) ? STATUS_FAIL : STATUS_UNKNOWN;
}

/* What one fact says to a requirement. */
static enum status judge_fact(const struct requirement *requirement, const struct fact *fact)
{
        if (fact->status == FACT_UNREADABLE)
                return STATUS_UNKNOWN;
        if (fact->status == FACT_ABSENT)
                return STATUS_FAIL;
        if (fact->at_least)
                return judge_bound(&requirement->want, want_holds(&requirement->want, &fact->value));
        return want_holds(&requirement->want, &fact->value) ? STATUS_PASS : STATUS_FAIL;
}

/* Does not hold now, and will after a reboot. */
static bool is_pending(const struct requirement *requirement, const struct fact *fact)
{
        return judge_fact(requirement, fact) == STATUS_FAIL && fact->next && want_holds(&requirement->want, fact->next);
}

/* The door's answer for a source that is too loud. */
static bool was_refused(const struct fact *fact)
{
        return fact->status == FACT_UNREADABLE && fact->error == -ECANCELED;
}

static const char *fact_words(struct pool *pool, const struct fact *fact)
{
        if (fact->status == FACT_ABSENT)
                return "absent";
        if (fact->status == FACT_UNREADABLE)
                return pool_format(pool, "unreadable: %s", error_words(fact->error));
        return pool_format(pool, "%s%s", fact->at_least ? "at least " : "", value_show(pool, &fact->value));
}

/* Several facts: all that hold the verdict back (every), or all there are (any), so that the reader sees which. */
static void describe(struct pool *pool, const struct facts *facts, const struct requirement *requirement, enum status status,
                     struct finding *finding)
{
        autobuffer struct text_buffer have = { 0 };
        const struct fact *unlisted = status == STATUS_UNKNOWN ? fact_family_unlisted(facts, requirement->pattern) : NULL;
        unsigned named = 0, more = 0;

        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];

                if (!text_matches(fact->name, requirement->pattern))
                        continue;
                if (requirement->quantifier == QUANTIFIER_EVERY
                            ? status != STATUS_PASS && judge_fact(requirement, fact) != status
                            : status == STATUS_PASS && judge_fact(requirement, fact) != status)
                        continue;
                if (!finding->source)
                        finding->source = fact->source;
                if (named == 4) {
                        more++;
                        continue;
                }
                text_addf(&have, "%s%s %s", named++ ? ", " : "", fact->name, fact_words(pool, fact));
        }
        if (more)
                text_addf(&have, " and %u more", more);
        if (unlisted) {
                text_addf(&have, "%s%s %s", named ? ", " : "", unlisted->name, fact_words(pool, unlisted));
                finding->source = unlisted->source;
        }
        finding->have = pool_dup(pool, have.at ? have.at : "nothing of that name");
}

static void judge_many(struct pool *pool, const struct facts *facts, const struct requirement *requirement,
                       struct finding *finding)
{
        const struct fact *unlisted = fact_family_unlisted(facts, requirement->pattern);
        unsigned count[STATUS_FAIL + 1] = { 0 }, all = 0, refused = 0;

        for (size_t i = 0; i < facts->count; i++) {
                if (!text_matches(facts->rows[i].name, requirement->pattern))
                        continue;
                count[judge_fact(requirement, &facts->rows[i])]++;
                refused += was_refused(&facts->rows[i]);
                all++;
        }
        if (unlisted) {
                count[STATUS_UNKNOWN]++;
                refused += was_refused(unlisted);
                all++;
        }
        finding->unread = refused && refused == count[STATUS_UNKNOWN];
        if (requirement->quantifier == QUANTIFIER_ANY)
                finding->status = count[STATUS_PASS] ? STATUS_PASS : count[STATUS_UNKNOWN] ? STATUS_UNKNOWN : STATUS_FAIL;
        else
                finding->status = count[STATUS_FAIL] || !all ? STATUS_FAIL
                                  : count[STATUS_UNKNOWN]    ? STATUS_UNKNOWN
                                                             : STATUS_PASS;
        describe(pool, facts, requirement, finding->status, finding);
}

static void judge_one(struct pool *pool, const struct facts *facts, const struct requirement *requirement,
                      struct finding *finding)
{
        const struct fact *fact = fact_find(facts, requirement->pattern);

        if (!fact)
                fact = fact_family_unlisted(facts, requirement->pattern);
        if (!fact) {
                finding->status = STATUS_FAIL;
                finding->have = "absent";
                finding->source = requirement->info->where;
                return;
        }
        finding->status = is_pending(requirement, fact) ? STATUS_PENDING : judge_fact(requirement, fact);
        finding->unread = was_refused(fact);
        finding->have = fact_words(pool, fact);
        finding->source = fact->source;
        finding->note = fact->note;
}

static const char *fix_of(const struct finding *finding)
{
        if (finding->status == STATUS_UNKNOWN && finding->have && strstr(finding->have, "needs root"))
                return "run it as root";
        if (finding->status == STATUS_PENDING)
                return "reboot";
        return NULL;
}

void judge_requirements(const struct facts *facts, const struct profile *profile, const char *today, struct findings *findings)
{
        const char *guest = judge_guest(facts, profile, today);
        struct pool *pool = findings->pool;

        for (size_t i = 0; i < profile->requirement_count; i++) {
                const struct requirement *requirement = &profile->requirements[i];
                struct finding finding = {
                        .id = requirement->id,
                        .kind = FINDING_REQUIREMENT,
                        .tier = requirement->tier,
                        .want = requirement->want.text,
                        .unit = unit_name(requirement->info->unit),
                        .from = requirement->from,
                        .why = requirement->why,
                };

                if (requirement->quantifier == QUANTIFIER_ONE)
                        judge_one(pool, facts, requirement, &finding);
                else
                        judge_many(pool, facts, requirement, &finding);
                judge_doubt(pool, facts, guest, requirement, &finding);
                finding.unread = finding.unread && finding.status == STATUS_UNKNOWN;
                finding.fix = fix_of(&finding);
                judge_waive(pool, profile, today, &finding);
                finding_add(findings, &finding);
        }
}

/* --- verdict ----------------------------------------------------------------------------------------------------------- */

static void count(struct tally *tally, enum status status)
{
        tally->pass += status_is_fine(status) && status != STATUS_WAIVED;
        tally->waived += status == STATUS_WAIVED;
        tally->pending += status == STATUS_PENDING;
        tally->unknown += status == STATUS_UNKNOWN;
        tally->fail += status_is_failure(status);
}

unsigned tally_all(const struct tally *tally)
{
        return tally->pass + tally->waived + tally->pending + tally->unknown + tally->fail;
}

struct tally judge_settings_tally(const struct judgement *judgement)
{
        struct tally tally = { 0 };

        for (unsigned status = STATUS_PASS; status <= STATUS_FAIL; status++)
                for (unsigned i = 0; i < judgement->settings[status]; i++)
                        count(&tally, (enum status)status);
        return tally;
}

void judge_all(const struct findings *findings, const struct profile *profile, struct judgement *judgement)
{
        struct tally critical = { 0 };
        unsigned unread = 0;
        double needed;
        bool failed, unknown;

        memset(judgement, 0, sizeof *judgement);
        judgement->important_needed = profile->important_pass;
        for (size_t i = 0; i < findings->count; i++) {
                const struct finding *finding = &findings->rows[i];

                if (finding->kind == FINDING_REQUIREMENT)
                        count(&judgement->tiers[finding->tier], finding->status);
                else if (!judge_is_of_waiver(profile, finding))
                        judgement->settings[finding->status]++;
                if (finding->tier == TIER_CRITICAL)
                        count(&critical, finding->status);
                if (finding->tier == TIER_IMPORTANT) {
                        judgement->important_of++;
                        judgement->important_pass += status_is_fine(finding->status) || finding->status == STATUS_PENDING;
                        unread += finding->status == STATUS_UNKNOWN;
                }
                if (finding->tier == TIER_IMPORTANT && finding->status == STATUS_PENDING)
                        critical.pending++;
        }
        /* When what could not be read would make the difference, the share is not too low: it cannot be told. */
        needed = judgement->important_needed * judgement->important_of;
        failed = critical.fail || (judgement->important_pass + unread) * 100.0 < needed;
        unknown = critical.unknown || judgement->important_pass * 100.0 < needed;
        judgement->verdict = failed             ? VERDICT_NOT_READY
                             : unknown          ? VERDICT_UNKNOWN
                             : critical.pending ? VERDICT_PENDING
                                                : VERDICT_READY;
        judgement->exit = failed ? 1 : unknown ? 3 : critical.pending ? 4 : 0;
}

bool judge_decides(const struct finding *finding, const struct judgement *judgement)
{
        if (status_is_fine(finding->status) || finding->tier == TIER_INFO)
                return false;
        if (finding->tier == TIER_CRITICAL || finding->status == STATUS_PENDING)
                return true;
        return judgement->important_pass * 100.0 < judgement->important_needed * judgement->important_of;
}
