/* Answers of entries that are met from the newest back. */

#include "agent/core/journal_told.h"

#include "tests/unit/suites.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void orders(void)
{
        static const struct {
                const char *name;
                size_t most;
                const char *met[5]; /* the newest first, at 9, 8, 7, ... */
                uint64_t ended_us;  /* 0: all of them were met */
                const char *text;
        } cases[] = {
                { "none", 1000, { NULL }, 0, "" },
                { "the oldest first",
                  1000,
                  { "sudo c", "shell b", "sudo a" },
                  0,
                  "entry 7 sudo a\nentry 8 shell b\nentry 9 sudo c\n" },
                { "equal ones",
                  1000,
                  { "sudo a", "sudo b", "sudo a", "sudo c", "sudo a" },
                  0,
                  "entry 5 sudo a\nentry 6 sudo c\nsame 1 7 sudo\nentry 8 sudo b\nsame 1 9 sudo\n" },
                { "of another kind", 1000, { "shell a", "sudo a" }, 0, "entry 8 sudo a\nsame 1 9 shell\n" },
                { "of other processes", 1000, { "sudo:12 a", "sudo:7 a" }, 0, "entry 8 sudo:7 a\nsame 1 9 sudo:12\n" },
                { "the oldest are missing",
                  100,
                  { "sudo c", "sudo b", "sudo a" },
                  0,
                  "older 8\nentry 8 sudo b\nentry 9 sudo c\n" },
                { "equal ones take less",
                  130,
                  { "sudo c", "sudo c", "sudo c", "sudo a" },
                  0,
                  "older 7\nentry 7 sudo c\nsame 1 8 sudo\nsame 1 9 sudo\n" },
                { "no time for more", 1000, { "sudo c" }, 4, "older 9\nentry 9 sudo c\n" },
                { "no time for any", 1000, { NULL }, 4, "older 4\n" },
                { "no room for any", 10, { "sudo c" }, 0, "older 9\n" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct journal_told *told = journal_told_new(cases[i].most);
                autobuffer struct text_buffer text = { 0 };

                for (size_t j = 0; j < COUNT(cases[i].met) && cases[i].met[j]; j++)
                        journal_told_add(told, 9 - j, cases[i].met[j]);
                if (cases[i].ended_us)
                        journal_told_end(told, cases[i].ended_us);
                text_add(&text, "");
                journal_told_tell(told, &text);
                EXPECT_TEXT(cases[i].name, text.at, cases[i].text);
                EXPECT(cases[i].name, text.size <= cases[i].most + 16);
                journal_told_free(told);
        }
}

/* What an answer has no room for is the older half; nothing behind the first that does not fit is taken, however short it is. */
static void bound(void)
{
        enum { MOST = 200000 };
        struct journal_told *told = journal_told_new(MOST);
        autobuffer struct text_buffer text = { 0 };
        char words[32];
        unsigned taken = 0;

        for (unsigned i = 0; i < 20000; i++) {
                snprintf(words, sizeof words, "sudo command %u", i);
                taken += journal_told_add(told, 1000000 - i, words);
        }
        EXPECT("some of them", taken > 1000 && taken < 20000);
        EXPECT("none behind", !journal_told_add(told, 1, "sudo command 0"));
        journal_told_tell(told, &text);
        EXPECT("within the bound", text.size <= MOST);
        snprintf(words, sizeof words, "older %u\nentry %u ", 1000000 - taken + 1, 1000000 - taken + 1);
        EXPECT("the oldest of those that are told stands first", text_starts(text.at, words));
        EXPECT("the newest stands last", text_ends(text.at, "\nentry 1000000 sudo command 0\n"));
        journal_told_free(told);
}

static const struct test tests[] = { { "orders", orders }, { "bound", bound }, { NULL, NULL } };

const struct suite suite_journal_told = { "journal_told", tests };
