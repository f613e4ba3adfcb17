/* The table of interrupts, added up: any number of CPUs becomes one. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define TABLE "/proc/interrupts"
#define ONE   "           CPU0\n"

static const struct {
        const char *name, *table, *sums;
        int r;
} cases[] = {
        { "two CPUs",
          "           CPU0       CPU1\n"
          "   0:         40          2   IO-APIC   2-edge      timer\n"
          " 128:          1      70000  IR-PCI-MSIX-0000:3b:00.0    0-edge      mlx5_async0@pci:0000:3b:00.0, mlx5\n"
          " NMI:          3          4   Non-maskable interrupts\n"
          " ERR:          5\n",
          ONE "   0:         42  IO-APIC   2-edge      timer\n"
              " 128:      70001  IR-PCI-MSIX-0000:3b:00.0    0-edge      mlx5_async0@pci:0000:3b:00.0, mlx5\n"
              " NMI:          7  Non-maskable interrupts\n"
              " ERR:          5  \n",
          0 },
        { "no more counts than CPUs", "CPU0\n 5: 1 2 chip\n", ONE "   5:          1  2 chip\n", 0 },
        { "fewer", "CPU0 CPU3\n 5: 1 chip 8-edge a\n", ONE "   5:          1  chip 8-edge a\n", 0 },
        { "leading zeros", "CPU0 CPU1\n5: 0000000001 0000000009 chip\n", ONE "   5:         10  chip\n", 0 },
        { "no first row, no last end", "MCE: 4 5", ONE " MCE:          9  \n", 0 },
        { "a count that is none", "CPU0 CPU1\nMCE: 4 5x Machine\n", ONE "MCE: 4 5x Machine\n", 0 },
        { "too much", "CPU0 CPU1\nMCE: 9223372036854775807 1 x\n", ONE "MCE: 9223372036854775807 1 x\n", 0 },
        { "far too much", "CPU0\nMCE: 99999999999999999999 x\n", ONE "MCE: 99999999999999999999 x\n", 0 },
        { "no counts", "CPU0\n 77:\n 78: chip\n", ONE " 77:\n 78: chip\n", 0 },
        { "no row at all", "CPU0\ngarbage 1 2\n\n", ONE "garbage 1 2\n", 0 },
        { "CPUs alone", "CPU0 CPU1\n", ONE, 0 },
        { "empty", "", "", 0 },
        { "nothing but white space", "\n  \n", "", 0 },
};

static int read_back(struct tree *tree, struct pool *pool, const char *table, const char **sums)
{
        *sums = "";
        tree_file(tree, TABLE, "%s", table);
        host_forget(tree_host(tree));
        return host_interrupts(tree_host(tree), pool, sums);
}

/* The words of the text, one blank between. */
static const char *words_of(struct pool *pool, const char *text)
{
        autobuffer struct text_buffer words = { 0 };
        struct slice word;

        while (text_word(&text, " \n", &word))
                text_addf(&words, "%.*s ", (int)word.size, word.at);
        return pool_dup(pool, words.size ? words.at : "");
}

static void test_sums(void)
{
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autopool struct pool *pool = pool_new();
                struct tree *tree = tree_new();
                const char *sums, *again;

                EXPECT_NUMBER(cases[i].name, read_back(tree, pool, cases[i].table, &sums), cases[i].r);
                EXPECT_TEXT(cases[i].name, sums, cases[i].sums);
                /* What a capture holds says the same again. */
                EXPECT_NUMBER(cases[i].name, read_back(tree, pool, sums, &again), 0);
                EXPECT_TEXT(cases[i].name, words_of(pool, again), words_of(pool, sums));
                tree_free(tree);
        }
}

/* As many CPUs as the kernel can be built for, in rows that end at every place of what is read at once. */
static void test_wide(void)
{
        enum { CPUS = 8192, ROWS = 20 };
        autopool struct pool *pool = pool_new();
        autobuffer struct text_buffer table = { 0 };
        struct tree *tree = tree_new();
        const char *sums;

        for (unsigned cpu = 0; cpu < CPUS; cpu++)
                text_addf(&table, " CPU%u", cpu);
        for (unsigned row = 0; row < ROWS; row++) {
                text_addf(&table, "\n%5u:", row);
                for (unsigned cpu = 0; cpu < CPUS; cpu++)
                        text_addf(&table, " %u", row);
                text_addf(&table, " chip a%u", row);
        }
        EXPECT_NUMBER(NULL, read_back(tree, pool, table.at, &sums), 0);
        EXPECT_TEXT("whole", pool_copy(pool, sums, strcspn(sums, ":")), ONE "   0");
        for (unsigned row = 0; row < ROWS; row++)
                EXPECT("row", strstr(sums, pool_format(pool, "\n%4u: %10u  chip a%u\n", row, row * CPUS, row)) != NULL);
        EXPECT("rows", strlen(sums) < ROWS * 40);
        tree_free(tree);
}

static void test_bounds(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const char *sums = "untouched";
        char *wide = pool_zero(pool, 1100000);

        EXPECT_NUMBER("no such table", host_interrupts(tree_host(tree), pool, &sums), -ENOENT);
        tree_bytes(tree, TABLE, "CPU0\n1: 1\0 x\n", 13);
        EXPECT_NUMBER("a zero", host_interrupts(tree_host(tree), pool, &sums), -EILSEQ);
        memset(wide, '1', 1099999);
        tree_file(tree, TABLE, "CPU0\n1: %s", wide);
        EXPECT_NUMBER("a row without an end", host_interrupts(tree_host(tree), pool, &sums), -EFBIG);
        EXPECT_TEXT("nothing is told", sums, "untouched");
        tree_remove(tree, TABLE);
        tree_folder(tree, TABLE);
        EXPECT_NUMBER("a folder", host_interrupts(tree_host(tree), pool, &sums), -EISDIR);
        tree_free(tree);
}

/* A capture holds the sums. */
static void test_captured(void)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree = tree_new();
        const struct member *members;
        const char *sums, *held = "nothing";
        size_t count;

        host_record(tree_host(tree));
        EXPECT_NUMBER(NULL, read_back(tree, pool, "CPU0 CPU1\n5: 1 2 chip\n", &sums), 0);
        members = host_members(tree_host(tree), 0, &count);
        for (size_t i = 0; i < count; i++)
                if (text_equals(members[i].path, &TABLE[1]))
                        held = pool_copy(pool, members[i].bytes, members[i].size);
        EXPECT_TEXT(NULL, held, sums);
        tree_free(tree);
}

static const struct test tests[] = {
        { "captured", test_captured }, { "sums", test_sums }, { "many CPUs", test_wide }, { "bounds", test_bounds }, { 0 },
};

const struct suite suite_interrupts = { "interrupts", tests };
