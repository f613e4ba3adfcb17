/* One host by its reports: whole and partial ones, old ones, those of two hosts of one name, and those of another version. */

#include "agent/fleet.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "check 10:00 not-ready A", "audit 10:05 ready B *": a letter is the boot, and a star says that it left something unread. */
static void add_report(struct fleet *fleet, const char *text, size_t number)
{
        const char *cursor = text;
        struct slice words[5] = { 0 };
        struct fleet_report report = { .host = "a", .place = pool_format(fleet->pool, "%zu.json", number), .version = "1.0.0" };

        for (size_t i = 0; i < COUNT(words) && text_word(&cursor, " ", &words[i]); i++)
                ;
        report.verb = slice_dup(fleet->pool, words[0]);
        report.kind = text_equals(report.verb, "facts") ? FLEET_FACTS : FLEET_FINDINGS;
        report.time = pool_format(fleet->pool, "2026-01-01T%sZ", slice_dup(fleet->pool, words[1]));
        for (enum verdict verdict = VERDICT_READY; verdict <= VERDICT_UNKNOWN; verdict++)
                if (slice_equals(words[2], verdict_name(verdict)))
                        report.verdict = verdict;
        report.boot_id = slice_dup(fleet->pool, words[3]);
        report.partial = words[4].size > 0;
        fleet_add(fleet, &report);
}

static const char *words_of(const struct fleet *fleet)
{
        const struct fleet_host *host = &fleet->hosts[0];

        return pool_format(fleet->pool, "%s%s, %zu older, exit %d", fleet_verdict_words(host), host->namesakes ? ", twins" : "",
                           fleet->older_count, fleet->exit);
}

static void verdicts(void)
{
        static const struct {
                const char *name, *reports[4], *words;
        } cases[] = {
                { "an audit alone", { "audit 10:00:00 ready A *" }, "ready as far as looked, 0 older, exit 0" },
                { "an audit that left nothing", { "audit 10:00:00 ready A" }, "ready, 0 older, exit 0" },
                { "an audit alone waits",
                  { "audit 10:00:00 pending A *" },
                  "ready after a reboot, as far as looked, 0 older, exit 4" },
                { "an audit alone fails", { "audit 10:00:00 not-ready A *" }, "not ready, 0 older, exit 1" },
                { "an audit replaces no check",
                  { "check 10:00:00 not-ready A", "audit 11:00:00 ready A *" },
                  "not ready, 0 older, exit 1" },
                { "of one second", { "check 10:00:00 not-ready A", "audit 10:00:00 ready A *" }, "not ready, 0 older, exit 1" },
                { "the audit is worse",
                  { "check 10:00:00 ready A", "audit 11:00:00 not-ready A *" },
                  "not ready, 0 older, exit 1" },
                { "the check said that all is right",
                  { "check 10:00:00 ready A", "audit 11:00:00 ready A *" },
                  "ready, 0 older, exit 0" },
                { "a newer check replaces an audit",
                  { "check 12:00:00 ready A", "audit 11:00:00 not-ready A *" },
                  "ready, 1 older, exit 0" },
                { "an audit replaces an audit",
                  { "audit 10:00:00 not-ready A *", "audit 11:00:00 ready A *" },
                  "ready as far as looked, 1 older, exit 0" },
                { "a reboot between", { "check 10:00:00 not-ready A", "check 10:05:00 ready B" }, "ready, 1 older, exit 0" },
                { "two boots at once",
                  { "check 10:00:00 not-ready A", "check 10:05:00 ready B", "facts 10:10:00 - A" },
                  "not ready, twins, 1 older, exit 1" },
                { "two boots within a minute",
                  { "check 10:00:00 not-ready A", "check 10:00:20 ready B" },
                  "not ready, twins, 1 older, exit 1" },
                { "both are ready, and one is not told of",
                  { "check 10:00:00 ready A", "check 10:00:20 ready B" },
                  "ready, twins, 1 older, exit 3" },
                { "the audit of one of them",
                  { "check 10:00:00 ready A", "audit 10:00:20 not-ready B *", "audit 10:01:00 ready A *" },
                  "not ready, twins, 1 older, exit 1" },
                { "no boot is told", { "check 10:00:00 not-ready", "check 10:00:20 ready" }, "ready, 1 older, exit 0" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                for (unsigned backwards = 0; backwards < 2; backwards++) {
                        autofleet struct fleet *fleet = fleet_new();
                        size_t count = 0;

                        while (count < COUNT(cases[i].reports) && cases[i].reports[count])
                                count++;
                        for (size_t j = 0; j < count; j++)
                                add_report(fleet, cases[i].reports[backwards ? count - 1 - j : j], j);
                        fleet_judge(fleet);
                        EXPECT_NUMBER(cases[i].name, fleet->host_count, 1);
                        EXPECT_TEXT(cases[i].name, words_of(fleet), cases[i].words);
                }
        }
}

/* What a partial report left unread is as the whole one found it; what it saw is as it saw it, and one host has one voice. */
static void voices(void)
{
        static const struct {
                const char *name, *whole, *partial, *others, *words;
        } cases[] = {
                { "seen again", "fail", "pass", "pass", "most pass of 3, 0 stand out" },
                { "left unread", "fail", "unread", "pass", "most pass of 3, 1 stand out" },
                { "left unread by the only one", NULL, "unread", "pass", "most pass of 2, 0 stand out" },
                { "not spoken of by the newer", "pass", NULL, "pass", "most pass of 3, 0 stand out" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();
                static const char *const hosts[] = { "a", "a", "b", "c" };

                for (size_t j = 0; j < COUNT(hosts); j++) {
                        const char *said = j == 0 ? cases[i].whole : j == 1 ? cases[i].partial : cases[i].others;
                        struct fleet_report report = { .place = "x",
                                                       .host = hosts[j],
                                                       .verb = "check",
                                                       .time = j ? "2026-01-02T00:00:00Z" : "2026-01-01T00:00:00Z",
                                                       .partial = j == 1 };
                        size_t number = fleet_add(fleet, &report);

                        if (said)
                                fleet_say(fleet, number, "x", said, NULL, NULL);
                }
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->kinds[FLEET_FINDINGS], 3);
                EXPECT_TEXT(cases[i].name,
                            pool_format(fleet->pool, "most %s of %zu, %zu stand out",
                                        fleet->items[0].most ? fleet->items[0].most->status : "-", fleet->items[0].of,
                                        fleet->outlier_count),
                            cases[i].words);
        }
}

static void ages(void)
{
        static const struct {
                const char *name, *time, *age;
        } cases[] = {
                { "now", "2026-01-10T00:00:00Z", "less than a minute" },
                { "a minute", "2026-01-09T23:59:00Z", "1 minute" },
                { "hours", "2026-01-09T21:30:00Z", "2 hours" },
                { "days", "2026-01-01T00:00:00Z", "9 days" },
                { "years", "2019-01-01T00:00:00Z", "2566 days" },
                { "of tomorrow", "2026-01-10T12:00:00Z", "less than a minute" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();

                EXPECT_TEXT(cases[i].name, fleet_age(fleet->pool, cases[i].time, fleet_seconds("2026-01-10T00:00:00Z")),
                            cases[i].age);
        }
}

/* Older than the newest of all by more than a day, whatever counts of the host. */
static void stale(void)
{
        static const struct {
                const char *name, *time;
                size_t stale;
        } cases[] = {
                { "of the same day", "2026-01-09T00:00:00Z", 0 },
                { "a second more", "2026-01-08T23:59:59Z", 1 },
                { "of another year", "2019-01-01T00:00:00Z", 1 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();

                fleet_add(fleet, &(struct fleet_report){ .place = "1", .host = "old", .verb = "check", .time = cases[i].time });
                fleet_add(fleet, &(struct fleet_report){
                                         .place = "2", .host = "new", .verb = "check", .time = "2026-01-10T00:00:00Z" });
                fleet_judge(fleet);
                EXPECT_TEXT(cases[i].name, fleet->oldest, cases[i].time);
                EXPECT_NUMBER(cases[i].name, fleet->stale_count, cases[i].stale);
                EXPECT_NUMBER(cases[i].name, fleet->hosts[1].stale, cases[i].stale);
                EXPECT_NUMBER(cases[i].name, fleet->hosts[0].stale, 0);
        }
}

/* Facts of two versions: what one of them does not know of is counted, and no difference; what a version tells elsewhere is one. */
static void versions(void)
{
        static const struct {
                const char *name, *said; /* "VERSION:FACT,FACT" of each host */
                size_t outliers, splits, untold[2];
        } cases[] = {
                { "an older one among newer", "1:x 2:x,y,z 2:x,y,z", 1, 0, { 2, 0 } },
                { "a newer one among older", "1:x 1:x 2:x,y,z", 1, 0, { 2, 0 } },
                { "half and half", "1:x 1:x 2:x,y,z 2:x,y,z", 0, 1, { 2, 0 } },
                { "missing on one of its version", "1:x 1:x,y 1:x,y 2:x,y", 2, 0, { 0, 0 } },
                { "each has what the other has not", "1:x,a 2:x,y", 0, 1, { 1, 1 } },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autofleet struct fleet *fleet = fleet_new();
                struct tree *tree = tree_new();
                const char *cursor = cases[i].said;
                struct slice word;

                for (size_t host = 0; text_word(&cursor, " ", &word); host++) {
                        autobuffer struct text_buffer facts = { 0 };
                        struct slice rest = { word.at + 2, word.size - 2 }, fact;

                        while (slice_word(&rest, ",", &fact))
                                text_addf(&facts,
                                          "%s{\"name\": \"%.*s\", \"status\": \"known\", \"value\": 1, \"unit\": \"count\"}",
                                          facts.size ? ", " : "", (int)fact.size, fact.at);
                        tree_file(tree, pool_format(fleet->pool, "/%zu", host),
                                  "{\"plumbline\": \"%c.0.0\", \"schema\": 1, \"verb\": \"facts\", \"host\": \"h%zu\", "
                                  "\"time\": \"2026-01-01T00:00:00Z\", \"facts\": [%s]}",
                                  *word.at, host, facts.at);
                        fleet_read(fleet, pool_format(fleet->pool, "%s/%zu", tree_path(tree), host));
                }
                fleet_judge(fleet);
                EXPECT_NUMBER(cases[i].name, fleet->damaged_count, 0);
                EXPECT_NUMBER(cases[i].name, fleet->outlier_count, cases[i].outliers);
                EXPECT_NUMBER(cases[i].name, fleet->split_count, cases[i].splits);
                for (size_t j = 0; j < fleet->version_count; j++)
                        EXPECT_NUMBER(cases[i].name, fleet->versions[j].untold, cases[i].untold[j]);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "verdicts", verdicts }, { "voices", voices },     { "ages", ages },
        { "stale", stale },       { "versions", versions }, { NULL, NULL },
};

const struct suite suite_fleet_hosts = { "fleet_hosts", tests };
