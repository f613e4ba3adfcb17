/* What the probe of the journal makes of its entries. */

#include "agent/core/journal.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define BOOT         "/.plumbline/ask/journal/errors/boot"
#define HOUR         "/.plumbline/ask/journal/errors/3600"

#define ID    "0123456789abcdef0123456789abcdef"
#define WHOLE "oldest_us 1000\nearlier_boot 1\nafter_boot_us 99000000\nsince_us 2000\n"
#define FOUR                                                                                                                   \
        WHOLE "entry nginx.service - bind() to 0.0.0.0:80 failed\n"                                                            \
              "entry kernel - ACPI BIOS Error (bug): Could not resolve symbol\n"                                               \
              "entry - " ID " core dumped\n"                                                                                   \
              "entry plumbline - not ready\n"                                                                                  \
              "entry plumbline-audit.service - Failed to start plumbline-audit.service\n"                                      \
              "entry plumbline-x.socket - bad\n"

static struct facts *run(const char *path, const void *answer, size_t size, const struct journal_watch *watch)
{
        struct tree *tree = tree_new();
        struct facts *facts = facts_new();

        if (answer)
                tree_bytes(tree, path, answer, size);
        facts->infos = probe_journal.facts;
        facts->journal = watch;
        EXPECT_NUMBER("journal", probe_journal.run(tree_host(tree), facts), 0);
        tree_free(tree);
        return facts;
}

static void expect_errors(const char *name, struct facts *facts, const char *want, const char *note)
{
        const struct fact_row row = { "journal.errors", want };
        const struct fact *found = fact_find(facts, "journal.errors");

        expect_facts(name, facts, &row, 1);
        if (note)
                EXPECT_TEXT(name, found && found->note ? found->note : "", note);
        facts_free(facts);
}

static void test_allowed(void)
{
        static const struct {
                const char *name;
                struct journal_allow allow;
                const char *want;
        } cases[] = {
                { "nothing", { JOURNAL_BY_UNIT, "x.service" }, "4" },
                { "a unit", { JOURNAL_BY_UNIT, "nginx.service" }, "3" },
                { "the kernel", { JOURNAL_BY_UNIT, "kernel" }, "3" },
                { "part of a unit", { JOURNAL_BY_UNIT, "nginx" }, "4" },
                { "an id", { JOURNAL_BY_MESSAGE_ID, ID }, "3" },
                { "a pattern", { JOURNAL_BY_PATTERN, "^ACPI (BIOS )?Error" }, "3" },
                { "every message", { JOURNAL_BY_PATTERN, "." }, "0" },
                { "a unit as a pattern", { JOURNAL_BY_PATTERN, "nginx" }, "4" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct journal_allow allow = cases[i].allow;
                const struct journal_watch watch = { .allow_count = 1, .allows = &allow };

                expect_errors(cases[i].name, run(BOOT, FOUR, strlen(FOUR), &watch), cases[i].want, NULL);
        }
        expect_errors("no list", run(BOOT, FOUR, strlen(FOUR), NULL), "4",
                      "2 allowed; nginx.service: bind() to 0.0.0.0:80 failed; kernel: ACPI BIOS Error (bug): Could not resolve "
                      "symbol; -: core dumped");
}

/* What was rotated away may have been errors. */
static void test_windows(void)
{
#define HEADS(oldest, earlier, after, since)                                                                                   \
        "oldest_us " oldest "\nearlier_boot " earlier "\nafter_boot_us " after "\nsince_us " since "\n"
        static const struct {
                const char *name;
                uint64_t window_s;
                const char *answer, *want;
        } cases[] = {
                { "an earlier boot", 0, HEADS("9", "1", "99000000", "0"), "0" },
                { "from the beginning", 0, HEADS("9", "0", "60000000", "0"), "0" },
                { "the beginning is gone", 0, HEADS("9", "0", "60000001", "0"), "unreadable ENODATA" },
                { "as long as the window", 3600, HEADS("9", "0", "99000000", "9"), "0" },
                { "shorter than the window", 3600, HEADS("10", "1", "0", "9"), "unreadable ENODATA" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct journal_watch watch = { .window_s = cases[i].window_s };

                expect_errors(cases[i].name,
                              run(watch.window_s ? HOUR : BOOT, cases[i].answer, strlen(cases[i].answer), &watch),
                              cases[i].want, NULL);
        }
}

static void test_hostile(void)
{
        static const struct {
                const char *name, *answer, *want;
        } cases[] = {
                { "no answer", NULL, "unreadable ENODATA" },
                { "empty", "", "unreadable EBADMSG" },
                { "no entries", WHOLE, "0" },
                { "no heads", "entry a - b\n", "unreadable EBADMSG" },
                { "a head is missing", "oldest_us 1\nearlier_boot 1\nsince_us 2\n", "unreadable EBADMSG" },
                { "a head twice", WHOLE "oldest_us 1\n", "unreadable EBADMSG" },
                { "no number", "oldest_us x\nearlier_boot 1\nafter_boot_us 1\nsince_us 1\n", "unreadable EBADMSG" },
                { "a huge number", "oldest_us 99999999999999999999\nearlier_boot 1\nafter_boot_us 1\nsince_us 1\n",
                  "unreadable EBADMSG" },
                { "cut off", WHOLE "entry a - b", "unreadable EBADMSG" },
                { "no message", WHOLE "entry a -\n", "unreadable EBADMSG" },
                { "an empty line", WHOLE "\n", "unreadable EBADMSG" },
                { "another word", WHOLE "exit\n", "unreadable EBADMSG" },
                { "too many", WHOLE "entry a - b\nmore\n", "unreadable EFBIG" },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                expect_errors(cases[i].name, run(BOOT, cases[i].answer, cases[i].answer ? strlen(cases[i].answer) : 0, NULL),
                              cases[i].want, NULL);
        expect_errors("binary", run(BOOT, WHOLE "entry a - b\0c\n", sizeof WHOLE + 13, NULL), "unreadable EILSEQ", NULL);
}

static void test_many(void)
{
        autobuffer struct text_buffer answer = { 0 };

        text_add(&answer, WHOLE);
        for (unsigned i = 0; i < 20000; i++)
                text_addf(&answer, "entry a.service - error %u\n", i);
        expect_errors("20000 entries", run(BOOT, answer.at, answer.size, NULL), "20000",
                      "0 allowed; a.service: error 0; a.service: error 1; a.service: error 2");
}

static const struct test tests[] = {
        { "allow-list", test_allowed },
        { "windows", test_windows },
        { "hostile answers", test_hostile },
        { "many entries", test_many },
        { NULL, NULL },
};
const struct suite suite_journal_probe = { "journal_probe", tests };
