/* The HTML page: what a hostile text becomes, what each state is shown as, since when, and what the drawing says. */

#include "agent/core/pool.h"
#include "agent/history.h"
#include "agent/survey.h"
#include "probes/probes.h"
#include "tests/support/tree.h"
#include "tests/unit/report_make.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void escaping(void)
{
        static const struct {
                const char *name, *text, *shown;
        } cases[] = {
                { "plain", "cpu.cores", "<span class=\"id\">cpu.cores</span>" },
                { "a script", "<script>x</script>", "<span class=\"id\">&lt;script&gt;x&lt;/script&gt;</span>" },
                { "an attribute", "\"'onclick=x>", "<span class=\"id\">&quot;&#39;onclick=x&gt;</span>" },
                { "an entity", "&lt;&#0;", "<span class=\"id\">&amp;lt;&amp;#0;</span>" },
                { "a comment", "--><!--", "<span class=\"id\">--&gt;&lt;!--</span>" },
                { "a format", "%s%n%u", "<span class=\"id\">%s%n%u</span>" },
                { "control characters", "\x01\x1b[31m\x7f\nz", "<span class=\"id\">??[31m??z</span>" },
                { "no UTF-8", "\xff\xc0\x80\xed\xa0\x80z", "<span class=\"id\">??????z</span>" },
                { "backwards",
                  "\xe2\x80\xae"
                  "evil",
                  "<span class=\"id\">?evil</span>" },
                { "other letters", "\xc3\xa9\xe6\x97\xa5", "<span class=\"id\">\xc3\xa9\xe6\x97\xa5</span>" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *text = cases[i].text;
                struct finding finding = { .id = text,
                                           .status = STATUS_FAIL,
                                           .have = text,
                                           .want = text,
                                           .source = text,
                                           .from = text,
                                           .why = text,
                                           .fix = text,
                                           .note = text };
                struct made made;
                const char *page;

                made_open(&made, &finding, 1);
                made.session.host_name = made.session.boot_id = made.profile.name = text;
                page = made_report(&made, FORMAT_HTML);
                EXPECT(cases[i].name, strstr(page, cases[i].shown));
                EXPECT(cases[i].name, i == 0 || !strstr(page, text) || strchr("%\xc3", text[0]));
                made_close(&made);
        }
}

static void states(void)
{
        static const struct {
                const char *name;
                enum tier tier;
                enum status status;
                const char *cell, *verdict;
                bool card;
        } cases[] = {
                { "pass", TIER_CRITICAL, STATUS_PASS, "class=\"s ok\">&#10003; pass<", "&#10003;</span> READY</h1>", false },
                { "fail", TIER_CRITICAL, STATUS_FAIL, "class=\"s bad\">&#10007; fail<", "&#10007;</span> NOT READY</h1>",
                  true },
                { "unknown", TIER_CRITICAL, STATUS_UNKNOWN, "class=\"s warn\">? unknown<", "?</span> CANNOT TELL</h1>", true },
                { "pending", TIER_CRITICAL, STATUS_PENDING, "class=\"s warn\">&#8635; pending<",
                  "&#8635;</span> READY AFTER A REBOOT</h1>", true },
                { "waived", TIER_CRITICAL, STATUS_WAIVED, "class=\"s warn\">&#8776; waived<", "&#10003;</span> READY</h1>",
                  false },
                { "exempt", TIER_CRITICAL, STATUS_EXEMPT, "class=\"s ok\">&#10003; exempt<", "&#10003;</span> READY</h1>",
                  false },
                { "info", TIER_INFO, STATUS_FAIL, "class=\"s bad\">&#10007; fail<", "&#10003;</span> READY</h1>", true },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct finding finding = { .id = "x", .tier = cases[i].tier, .status = cases[i].status };
                struct made made;
                const char *page;

                made_open(&made, &finding, 1);
                page = made_report(&made, FORMAT_HTML);
                EXPECT(cases[i].name, strstr(page, cases[i].cell));
                EXPECT(cases[i].name, strstr(page, cases[i].verdict));
                EXPECT_NUMBER(cases[i].name, strstr(page, "<article") != NULL, cases[i].card);
                EXPECT_NUMBER(cases[i].name, strstr(page, "does not decide: 1") != NULL, cases[i].tier == TIER_INFO);
                EXPECT_NUMBER(cases[i].name, made.status, made.judgement.exit);
                EXPECT_TEXT(cases[i].name, made_report(&made, FORMAT_HTML), page);
                made_close(&made);
        }
}

/* However much is wrong, the page can be opened. */
static void bounded(void)
{
        autofree struct finding *rows = memory_zero(3000 * sizeof *rows);
        struct made made;
        const char *page;
        size_t cards = 0;

        for (size_t i = 0; i < 3000; i++)
                rows[i] = (struct finding){ .id = "x", .status = STATUS_FAIL };
        made_open(&made, rows, 3000);
        page = made_report(&made, FORMAT_HTML);
        for (const char *at = page; (at = strstr(at, "<article")); at++)
                cards++;
        EXPECT_NUMBER("cards", cards, 300);
        EXPECT("says so", strstr(page, "2700 more: see the tables below"));
        made_close(&made);
}

/* Of one audit, or of an apply. unread: NULL: of before the list was kept. */
struct remembered {
        const char *sha256, *wrong;
        unsigned count;
        const char *unread;
        bool apply;
};

static void remember(struct tree *tree, int64_t at, const struct remembered *what)
{
        json_t *entry = json_pack("{s:I, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:{}}", "at", (json_int_t)at, "verb",
                                  what->apply ? "apply" : "audit", "exit", 1, "boot_id", "b", "profile", "p", "sha256",
                                  what->sha256, "verdict", "not-ready", "wrong", "state");
        json_t *list = json_object_get(entry, "wrong");
        unsigned id;

        for (unsigned i = 0; i < what->count; i++)
                json_array_append_new(list, json_string(what->wrong));
        if (what->unread)
                json_object_set_new(entry, "unread", *what->unread ? json_pack("[s]", what->unread) : json_array());
        EXPECT_NUMBER(NULL, history_add(tree_host(tree), entry, NULL, &id), 0);
        json_decref(entry);
}

static void since(void)
{
        static const struct {
                const char *name, *since; /* NULL: not said */
                struct remembered records[4];
        } cases[] = {
                { "no history", NULL, { { 0 } } },
                { "always",
                  "1970-01-01T00:16:40Z at least, as far back as the history tells",
                  { { "00ff", "x", 1, "", 0 }, { "00ff", "x", 2, "", 0 } } },
                { "since the second",
                  "1970-01-01T00:33:20Z; not yet wrong at 1970-01-01T00:16:40Z",
                  { { "00ff", "y", 1, "", 0 }, { "00ff", "x", 1, "", 0 }, { "00ff", "x", 2, "", 0 } } },
                { "not yet",
                  "now: not yet wrong at 1970-01-01T00:33:20Z, the last record",
                  { { "00ff", "x", 1, "", 0 }, { "00ff", "y", 1, "", 0 } } },
                { "another profile says nothing of it",
                  "1970-01-01T00:33:20Z at least, as far back as the history tells",
                  { { "00", "y", 1, "", 0 }, { "00ff", "x", 1, "", 0 } } },
                { "the last was of another profile",
                  "1970-01-01T00:16:40Z at least, as far back as the history tells; 1 record since tells nothing of it",
                  { { "00ff", "x", 1, "", 0 }, { "00", "y", 1, "", 0 } } },
                { "one between was of another profile",
                  "1970-01-01T00:50:00Z; not yet wrong at 1970-01-01T00:16:40Z",
                  { { "00ff", "y", 1, "", 0 }, { "00", "y", 1, "", 0 }, { "00ff", "x", 1, "", 0 } } },
                { "one after it was",
                  "1970-01-01T00:16:40Z at least, as far back as the history tells; 2 records since tell nothing of it",
                  { { "00ff", "x", 1, "", 0 }, { "00", "y", 1, "", 0 }, { "00ff", "x", 1, "x", 1 }, { "00", "y", 1, "", 0 } } },
                { "so many that some are not named",
                  "1970-01-01T00:33:20Z at least, as far back as the history tells",
                  { { "00ff", "y", 64, "", 0 }, { "00ff", "x", 1, "", 0 } } },
                { "left unread by all", NULL, { { "00ff", "y", 1, "x", 0 }, { "00ff", "y", 2, "x", 0 } } },
                { "left unread, and seen right before",
                  "now: not yet wrong at 1970-01-01T00:16:40Z, the last record that tells of it",
                  { { "00ff", "y", 1, "", 1 }, { "00ff", "y", 1, "x", 0 } } },
                { "left unread, and seen wrong before",
                  "1970-01-01T00:16:40Z at least, as far back as the history tells; 1 record since tells nothing of it",
                  { { "00ff", "x", 1, "", 1 }, { "00ff", "y", 1, "x", 0 } } },
                { "wrong as far as it was read",
                  "1970-01-01T00:16:40Z at least, as far back as the history tells",
                  { { "00ff", "x", 1, "x", 0 } } },
                { "an audit of before the list was kept", NULL, { { "00ff", "y", 1, NULL, 0 } } },
                { "an apply of before it was",
                  "now: not yet wrong at 1970-01-01T00:16:40Z, the last record",
                  { { "00ff", "y", 1, NULL, 1 } } },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct finding finding = { .id = "x", .status = STATUS_FAIL };
                struct tree *tree = tree_new();
                struct made made;
                const char *page;

                tree_folder(tree, "/var/lib/plumbline");
                tree_file(tree, "/sys/devices/system/cpu/online", "0\n");
                for (unsigned j = 0; j < COUNT(cases[i].records) && cases[i].records[j].sha256; j++)
                        remember(tree, 1000 * (j + 1), &cases[i].records[j]);
                made_open(&made, &finding, 1);
                made.session.host = tree_host(tree);
                page = made_report(&made, FORMAT_HTML);
                EXPECT_NUMBER(cases[i].name, strstr(page, "<dt>since</dt>") != NULL, cases[i].since != NULL);
                if (cases[i].since)
                        EXPECT(cases[i].name,
                               strstr(page, pool_format(made.pool, "<dt>since</dt><dd>%s</dd>", cases[i].since)));
                made_close(&made);
                tree_free(tree);
        }
}

/* Of records of before they told what was left unread: an audit looked at what the kernel answers from memory. */
static void since_by_reach(void)
{
        static const struct fact_info infos[] = { { .name = "cpu.cores", .kind = VALUE_NUMBER, .reach = REACH_QUIET },
                                                  { .name = "nic.*.speed", .kind = VALUE_NUMBER, .reach = REACH_TOUCHING },
                                                  { 0 } };
        static const struct {
                const char *id;
                enum finding_kind kind;
                bool told;
        } cases[] = {
                { "cpu.cores", FINDING_REQUIREMENT, true },        { "every nic.*.speed", FINDING_REQUIREMENT, false },
                { "any nic.*.speed", FINDING_REQUIREMENT, false }, { "any disk.*.size", FINDING_REQUIREMENT, false },
                { "sysctl.vm.swappiness", FINDING_SETTING, true }, { "services.off.cups", FINDING_SETTING, false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct finding finding = { .id = cases[i].id, .kind = cases[i].kind, .status = STATUS_FAIL };
                struct tree *tree = tree_new();
                struct made made;

                tree_folder(tree, "/var/lib/plumbline");
                tree_file(tree, "/sys/devices/system/cpu/online", "0\n");
                remember(tree, 1000, &(struct remembered){ "00ff", "y", 1, NULL, false });
                made_open(&made, &finding, 1);
                made.facts->infos = infos;
                fact_known(made.facts, value_number(2, UNIT_COUNT), "/x", "%s", "cpu.cores");
                fact_known(made.facts, value_number(2, UNIT_COUNT), "/x", "%s", "nic.eth0.speed");
                made.session.host = tree_host(tree);
                EXPECT_NUMBER(cases[i].id, strstr(made_report(&made, FORMAT_HTML), "<dt>since</dt>") != NULL, cases[i].told);
                made_close(&made);
                tree_free(tree);
        }
}

/* What is said beside the drawing, of machines whose odd sides are known. */
static void machines(void)
{
        static const struct {
                const char *host, *says;
        } cases[] = {
                { "nic-nvme-irqs",
                  "<b>enp129s0f0</b> is at node 1; 1 of 4 queues handled on another node: queue 2 on CPU 0 (node 0)" },
                { "nic-nvme-irqs", "queue 1: CPU 4; queue 2: CPU 0, far; queue 3: CPU 11" },
                { "two-nodes-smt", "1 of 1 queues of network cards are handled on the node of their card." },
                { "offline-cpus", "<b>offline</b>: " },
                { "odd-nodes", "node 8, no CPUs" },
                { "bare", "The CPUs of this host cannot be read, so there is nothing to draw." },
                { "one-cpu", "The machine: 1 socket, 1 core, 1 CPUs" },
                { "garbage", "</html>" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_load(cases[i].host);
                struct finding finding = { .id = "x" };
                struct made made;

                made_open(&made, &finding, 1);
                made.session.host = tree_host(tree);
                survey_run(made.session.host, probes, made.facts);
                EXPECT(pool_format(made.pool, "%s: %s", cases[i].host, cases[i].says),
                       strstr(made_report(&made, FORMAT_HTML), cases[i].says));
                made_close(&made);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "escaping", escaping },
        { "states", states },
        { "bounded", bounded },
        { "since", since },
        { "since, by reach", since_by_reach },
        { "machines", machines },
        { NULL, NULL },
};

const struct suite suite_report_html = { "report_html", tests };
