/* When a look is recorded to have been, where others are recorded while it looks. */

#include "agent/baseline.h"

#include "agent/history.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void times(void)
{
        static const struct {
                const char *name, *boot, *verb;
                int before, began, recorded; /* of the record before, and of this one, from now on */
        } cases[] = {
                { "one after the other", "b", "audit", -100, -50, -50 },
                { "began first and ended last", "b", "audit", -50, -100, -50 },
                { "the same, and found something else", "b", "apply", -50, -100, -50 },
                { "of another boot", "c", "audit", -50, -100, -100 },
                { "the clock was set back", "b", "audit", 1000, -10, -10 },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoexamination struct examination examination = {
                        .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
                };
                struct profile profile = { .name = "p", .sha256 = "s" };
                struct tree *tree = tree_new();
                struct session session = { .host = tree_host(tree), .profile = &profile, .boot_id = "b" };
                autojson json_t *baseline = NULL;
                autohistory struct history *history = NULL;
                int64_t now = time(NULL), at = 0;
                const char *damage;
                unsigned id;
                int error;

                tree_folder(tree, "/var/lib/plumbline");
                session.seconds = now + cases[i].before;
                EXPECT_NUMBER(cases[i].name, history_remember(&session, &examination, "audit", 0, NULL), 0);
                session.seconds = now + cases[i].began;
                session.boot_id = cases[i].boot;
                EXPECT_NUMBER(cases[i].name, history_remember(&session, &examination, cases[i].verb, 0, &id), 0);
                EXPECT_NUMBER(cases[i].name, history_read(session.host, &history), 0);
                EXPECT(cases[i].name, history && history_find(history, id, &at));
                EXPECT_NUMBER(cases[i].name, at - now, cases[i].recorded);
                EXPECT_NUMBER(cases[i].name, baseline_accept(&session, &examination, "baseline", 0, &id), 0);
                baseline = baseline_read(session.host, &damage, &error);
                EXPECT_NUMBER("the baseline is of the same time as its record",
                              json_integer_value(json_object_get(baseline, "at")) - now, cases[i].recorded);
                tree_free(tree);
        }
}

static void cut_off(const char *path)
{
        struct stat st;

        EXPECT_NUMBER(path, stat(path, &st), 0);
        EXPECT_NUMBER(path, truncate(path, st.st_size - 5), 0);
}

/* The file is damaged or none: the history has what was accepted, and nothing else stands for it. */
static void damage(void)
{
        static const struct {
                const char *name;
                const char *looks; /* an 'a' accepts what is then; else it only looks */
                const char *file;  /* NULL: as it was written; "": a FIFO */
                bool lost;         /* the newest record of the history is cut off */
                unsigned id;       /* of what is found; 0: nothing */
                const char *damage;
        } cases[] = {
                { "a good one", "la", NULL, false, 2, NULL },
                { "edited", "la", "0123456789abcdef {}\n", false, 2, "is damaged" },
                { "empty", "lal", "", false, 2, "is no file" },
                { "looked at since", "lalll", "x", false, 2, "is damaged" },
                { "accepted twice", "alal", "x", false, 3, "is damaged" },
                { "the newest is lost with its record", "aa", "x", true, 1, "is damaged" },
                { "never recorded", "ll", "x", false, 0, "is damaged" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autoexamination struct examination examination = {
                        .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
                };
                struct profile profile = { .name = "p", .sha256 = "s" };
                struct tree *tree = tree_new();
                struct session session = { .host = tree_host(tree), .profile = &profile, .boot_id = "b", .seconds = 1000 };
                autojson json_t *baseline = NULL;
                autopool struct pool *pool = pool_new();
                const char *damage;
                unsigned id;
                int error;

                tree_folder(tree, "/var/lib/plumbline");
                for (const char *look = cases[i].looks; *look; look++)
                        EXPECT_NUMBER(cases[i].name,
                                      *look == 'a' ? baseline_accept(&session, &examination, "apply", 0, &id)
                                                   : history_remember(&session, &examination, "apply", 0, &id),
                                      0);
                if (cases[i].file)
                        tree_remove(tree, "/var/lib/plumbline/baseline");
                if (cases[i].file && *cases[i].file)
                        tree_file(tree, "/var/lib/plumbline/baseline", "%s", cases[i].file);
                else if (cases[i].file)
                        EXPECT_NUMBER(NULL, mkfifo(pool_format(pool, "%s/var/lib/plumbline/baseline", tree_path(tree)), 0600),
                                      0);
                if (cases[i].lost)
                        cut_off(pool_format(pool, "%s/var/lib/plumbline/history/00000001.log", tree_path(tree)));
                baseline = baseline_read(session.host, &damage, &error);
                EXPECT_NUMBER(cases[i].name, json_integer_value(json_object_get(baseline, "id")), cases[i].id);
                EXPECT_TEXT(cases[i].name, damage, cases[i].damage);
                EXPECT(cases[i].name, !baseline || json_is_object(json_object_get(baseline, "state")));
                EXPECT(cases[i].name, !baseline || json_is_string(json_object_get(baseline, "boot_id")));
                tree_free(tree);
        }
}

/* A waiver may be for the drift of what was there and is gone. */
static void waivers(void)
{
        static const struct fact_info infos[] = { { "nic.*.link", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" }, { 0 } };
        struct waiver rows[] = { { .id = "nic.eth0.link" }, { .id = "linux-image-amd64" }, { .id = "nic.eth0.lnik" } };
        autoexamination struct examination examination = {
                .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
        };
        struct profile profile = { .name = "p", .sha256 = "s", .waivers = rows, .waiver_count = COUNT(rows) };
        autofindings struct findings *before = findings_new();
        autofacts struct facts *none = facts_new();
        struct tree *tree = tree_new();
        struct session session = { .host = tree_host(tree), .profile = &profile, .boot_id = "b", .seconds = 1000 };
        unsigned id;

        tree_file(tree, "/var/lib/dpkg/status",
                  "Package: linux-image-amd64\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6.1\n");
        tree_folder(tree, "/var/lib/plumbline");
        judge_waivers(session.host, none, &profile, before);
        EXPECT_NUMBER("without a baseline", before->count, 3);
        examination.facts->infos = infos;
        fact_known(examination.facts, value_text(examination.facts->pool, "yes"), "test", "nic.eth0.link");
        EXPECT_NUMBER(NULL, baseline_accept(&session, &examination, "baseline", 0, &id), 0);
        judge_waivers(session.host, none, &profile, examination.findings);
        EXPECT_NUMBER("with one", examination.findings->count, 1);
        EXPECT_TEXT("what neither has", examination.findings->count ? examination.findings->rows[0].id : NULL, "nic.eth0.lnik");
        tree_free(tree);
}

static const struct test tests[] = { { "times", times }, { "damage", damage }, { "waivers", waivers }, { NULL, NULL } };

const struct suite suite_baseline = { "baseline", tests };
