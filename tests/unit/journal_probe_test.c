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
#define WHOLE "boot_oldest_us 1000\nboot_begins kernel\nboot_since_us 2000\n"
#define FOUR                                                                                                                   \
        WHOLE "entry nginx.service - bind() to 0.0.0.0:80 failed\n"                                                            \
              "entry kernel - ACPI BIOS Error (bug): Could not resolve symbol\n"                                               \
              "entry - " ID " core dumped\n"                                                                                   \
              "entry plumbline - not ready\n"                                                                                  \
              "entry plumbline-audit.service - Failed to start plumbline-audit.service\n"                                      \
              "entry plumbline-x.socket - bad\n"

/* The tree is freed. */
static struct facts *run_on(struct tree *tree, const char *path, const void *answer, size_t size,
                            const struct journal_watch *watch)
{
        struct facts *facts = facts_new();

        if (answer)
                tree_bytes(tree, path, answer, size);
        facts->infos = probe_journal.facts;
        facts->journal = watch;
        EXPECT_NUMBER("journal", probe_journal.run(tree_host(tree), facts), 0);
        tree_free(tree);
        return facts;
}

static struct facts *run(const char *path, const void *answer, size_t size, const struct journal_watch *watch)
{
        return run_on(tree_new(), path, answer, size, watch);
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
#define HEADS(oldest, begins, since) "boot_oldest_us " oldest "\nboot_begins " begins "\nboot_since_us " since "\n"
        static const struct {
                const char *name;
                uint64_t window_s;
                const char *answer, *want;
        } cases[] = {
                { "the kernel's first line", 0, HEADS("99000000", "kernel", "0"), "0" },
                { "the beginning is gone", 0, HEADS("3000000", "later", "0"), "unreadable ENODATA" },
                { "as long as the window", 3600, HEADS("9", "later", "9"), "0" },
                { "shorter than the window", 3600, HEADS("10", "later", "9"), "unreadable ENODATA" },
                { "a boot shorter than the window", 3600, HEADS("4000000", "kernel", "0"), "0" },
                { "of which the beginning is gone", 3600, HEADS("4000000", "later", "0"), "unreadable ENODATA" },
                { "by the clock of the day", 0, "oldest_us 9\nearlier_boot 1\nafter_boot_us 9\nsince_us 0\n",
                  "unreadable ENODATA" },
                { "likewise, a window", 3600, "oldest_us 9\nearlier_boot 0\nafter_boot_us 9\nsince_us 9\n",
                  "unreadable ENODATA" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct journal_watch watch = { .window_s = cases[i].window_s };

                expect_errors(cases[i].name,
                              run(watch.window_s ? HOUR : BOOT, cases[i].answer, strlen(cases[i].answer), &watch),
                              cases[i].want, NULL);
        }
}

/* Where the kernel says nothing, journald's first words are the beginning, if they are as old as the first process. */
static void test_journald(void)
{
#define STAT(start) "1 (a) (b) S 0 0 0 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 " start " 4850 42\n"
        static const struct {
                const char *name, *stat, *answer, *want;
        } cases[] = {
                { "at once", STAT("500"), HEADS("5000000", "journald", "0"), "0" },
                { "after a minute", STAT("500"), HEADS("65000000", "journald", "0"), "0" },
                { "started again", STAT("500"), HEADS("65000001", "journald", "0"), "unreadable ENODATA" },
                { "before the first process", STAT("500"), HEADS("4999999", "journald", "0"), "unreadable ENODATA" },
                { "not journald's", STAT("500"), HEADS("5000000", "later", "0"), "unreadable ENODATA" },
                { "nobody knows", NULL, HEADS("5000000", "journald", "0"), "unreadable ENODATA" },
                { "no name", "1 2 3\n", HEADS("5000000", "journald", "0"), "unreadable ENODATA" },
                { "no number", STAT("x"), HEADS("5000000", "journald", "0"), "unreadable ENODATA" },
                { "a huge number", STAT("18446744073709551615"), HEADS("5000000", "journald", "0"), "unreadable ENODATA" },
                { "cut off", "1 (a) S 0 0\n", HEADS("5000000", "journald", "0"), "unreadable ENODATA" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                if (cases[i].stat)
                        tree_bytes(tree, "/proc/1/stat", cases[i].stat, strlen(cases[i].stat));
                expect_errors(cases[i].name, run_on(tree, BOOT, cases[i].answer, strlen(cases[i].answer), NULL), cases[i].want,
                              NULL);
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
                { "a head is missing", "boot_oldest_us 1\nboot_begins kernel\n", "unreadable EBADMSG" },
                { "a head twice", WHOLE "boot_oldest_us 1\n", "unreadable EBADMSG" },
                { "no number", HEADS("x", "kernel", "1"), "unreadable EBADMSG" },
                { "another beginning", HEADS("1", "kernels", "1"), "unreadable EBADMSG" },
                { "no beginning", HEADS("1", "", "1"), "unreadable EBADMSG" },
                { "a huge number", HEADS("99999999999999999999", "kernel", "1"), "unreadable EBADMSG" },
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

/* libsystemd goes on without it, and what is in it may be errors. */
static void test_damaged(void)
{
#define WHAT_TO_DO ", alone once it is moved away; journalctl --verify tells more"
        static const struct {
                const char *name, *answer, *want, *note;
        } cases[] = {
                { "a file", WHOLE "damaged system@*-01-02.journal\nentry a - b\n", "unreadable EBADMSG",
                  "system@*-01-02.journal of the journal is damaged, and left out; 1 count in the others" WHAT_TO_DO },
                { "some file", WHOLE "entry a - b\ndamaged -\n", "unreadable EBADMSG",
                  "a file of the journal is damaged, and left out; 1 count in the others" WHAT_TO_DO },
                { "no errors in the others", WHOLE "damaged system.journal\n", "unreadable EBADMSG",
                  "system.journal of the journal is damaged, and left out; 0 count in the others" WHAT_TO_DO },
                { "with too many entries", WHOLE "entry a - b\nmore\ndamaged -\n", "unreadable EBADMSG",
                  "a file of the journal is damaged, and left out; 1 count in the others" WHAT_TO_DO },
                { "with the boot's beginning",
                  "boot_oldest_us 3000000\nboot_begins later\nboot_since_us 0\ndamaged user-1\t.journal\n",
                  "unreadable EBADMSG",
                  "user-1?.journal of the journal is damaged, and left out; 0 count in the others" WHAT_TO_DO },
                { "without a name", WHOLE "damaged\n", "unreadable EBADMSG", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                expect_errors(cases[i].name, run(BOOT, cases[i].answer, strlen(cases[i].answer), NULL), cases[i].want,
                              cases[i].note);
}

static const struct test tests[] = {
        { "damaged files", test_damaged },
        { "allow-list", test_allowed },
        { "windows", test_windows },
        { "without a kernel's words", test_journald },
        { "hostile answers", test_hostile },
        { "many entries", test_many },
        { NULL, NULL },
};
const struct suite suite_journal_probe = { "journal_probe", tests };
