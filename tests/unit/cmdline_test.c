/* The kernel command line: taken apart, asked and compared as the kernel would. */

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* "name", "name=<value>" between bars. */
static const char *shown(struct pool *pool, const struct cmdline *cmdline)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < cmdline->count; i++) {
                const struct parameter *row = &cmdline->rows[i];

                text_addf(&text, row->value ? "|%s=<%s>" : "|%s", row->name, row->value);
        }
        return pool_dup(pool, text.at);
}

static void parses(void)
{
        static const struct {
                const char *name, *text, *rows;
        } cases[] = {
                { "empty", "", "" },
                { "blanks", " \t\n", "" },
                { "plain", "ro quiet root=/dev/sda1\n", "|ro|quiet|root=</dev/sda1>" },
                { "dashes in names only", "a-b=c-d e-f", "|a_b=<c-d>|e_f" },
                { "quoted value", "a=\"b c\" d", "|a=<b c>|d" },
                { "quoted word", "\"a=b c\" d", "|a=<b c>|d" },
                { "quotes within a value", "a=b\"c d\"e f", "|a=<b\"c d\"e>|f" },
                { "open quote", "a=\"b c", "|a=<b c>" },
                { "lone quote", "\"", "|" },
                { "no name", "=x y", "|=x|y" },
                { "empty value", "a= b", "|a=<>|b" },
                { "second equals sign", "a=b=c", "|a=<b=c>" },
                { "for init", "a -- b c=d", "|a" },
                { "no end of options", "--=x a", "|__=<x>|a" },
                { "backslash is no escape", "a=\\\"b c\\\"", "|a=<\\\"b c\\\">" },
        };
        autopool struct pool *pool = pool_new();
        struct cmdline cmdline;

        for (size_t i = 0; i < COUNT(cases); i++) {
                EXPECT_NUMBER(cases[i].name, cmdline_parse(pool, cases[i].text, &cmdline), 0);
                EXPECT_TEXT(cases[i].name, shown(pool, &cmdline), cases[i].rows);
        }
}

static void too_much(void)
{
        autopool struct pool *pool = pool_new();
        struct cmdline cmdline = { .count = 7 };
        char *text = pool_zero(pool, 100000);

        memset(text, 'a', 99999);
        EXPECT_NUMBER("a long word", cmdline_parse(pool, text, &cmdline), -E2BIG);
        for (size_t i = 0; i < 99999; i += 2)
                text[i] = ' ';
        text[60001] = '\0';
        EXPECT_NUMBER("many words", cmdline_parse(pool, text, &cmdline), -E2BIG);
        EXPECT_NUMBER("untouched", cmdline.count, 7);
}

static void asks(void)
{
        static const struct {
                const char *text, *name, *value;
                bool has;
        } cases[] = {
                { "quiet", "quiet", NULL, true },
                { "quiet", "quiet", "", true },
                { "quiet=1", "quiet", NULL, false },
                { "quiet", "quiet", "1", false },
                { "", "quiet", NULL, false },
                { "a-b=1", "a_b", "1", true },
                { "a_b=1", "a-b", "1", true },
                { "a=1 a=2", "a", "2", true },
                { "a=1 a=2", "a", "1", false },
                { "skew_tick=1", "skew_tick", "01", false },
                { "isolcpus=2-3", "isolcpus", "2,3", true },
                { "isolcpus=2-3", "isolcpus", "domain,2-3", true },
                { "isolcpus=2-3", "isolcpus", "managed_irq,2-3", false },
                { "isolcpus=managed_irq,domain,2-15,18-31", "isolcpus", "domain,managed_irq,18-31,2-15", true },
                { "isolcpus=nohz,domain,2", "isolcpus", "domain,2", false },
                { "isolcpus=sparkle,2-3", "isolcpus", "2-3", true },
                { "isolcpus=0-31:1/2", "isolcpus", "0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30", true },
                { "isolcpus=1 isolcpus=2", "isolcpus", "1", true },
                { "isolcpus=1 isolcpus=2", "isolcpus", "2", false },
                { "nohz_full=1 nohz_full=2", "nohz_full", "1", true },
                { "nohz_full=2-N", "nohz_full", "2-N", true },
                { "nohz_full=2-N", "nohz_full", "2-7", false },
                { "rcu_nocbs=1 rcu-nocbs=2,3", "rcu_nocbs", "2-3", true },
                { "rcu_nocbs=all", "rcu_nocbs", "all", true },
                { "irqaffinity=99999999999", "irqaffinity", "0", false },
                { "default_hugepagesz=1024M", "default_hugepagesz", "1G", true },
                { "hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2", "hugepages", "4", true },
                { "hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2", "hugepagesz", "2048k", true },
                { "mem=4096M", "mem", "4G", true },
                { "crashkernel=262144K", "crashkernel", "256M", true },
                { "crashkernel=256M,high", "crashkernel", "262144k,high", true },
                { "crashkernel=256M,high", "crashkernel", "256M,low", false },
                { "crashkernel=1G-:256M", "crashkernel", "1024M-:256M", true },
                { "crashkernel=1G-:256M", "crashkernel", "1G,:256M", false },
                { "console=tty0 console=ttyS0", "console", "tty0", true },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *row = pool_format(pool, "%s: %s", cases[i].text, cases[i].value);
                struct cmdline cmdline;

                EXPECT_NUMBER(row, cmdline_parse(pool, cases[i].text, &cmdline), 0);
                EXPECT_NUMBER(row, cmdline_has(&cmdline, cases[i].name, cases[i].value), cases[i].has);
        }
}

static void in_force(void)
{
        autopool struct pool *pool = pool_new();
        struct cmdline cmdline;

        cmdline_parse(pool, "quiet a=1 a=2 isolcpus=1 isolcpus=2 hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2",
                      &cmdline);
        EXPECT_TEXT("bare", cmdline_get(&cmdline, "quiet"), "");
        EXPECT_TEXT("absent", cmdline_get(&cmdline, "splash"), NULL);
        EXPECT_TEXT("the last", cmdline_get(&cmdline, "a"), "2");
        EXPECT_TEXT("the first", cmdline_get(&cmdline, "isolcpus"), "1");
        EXPECT_TEXT("pages", cmdline_pages(pool, &cmdline), "2 of 1073741824, 4 of 2097152");
        EXPECT("pages of their size", cmdline_has_pages(&cmdline, "1024M", "2"));
        EXPECT("pages of another size", !cmdline_has_pages(&cmdline, "1G", "4"));
        EXPECT("first wins", cmdline_keeps_first("nohz-full") && !cmdline_keeps_first("rcu_nocbs"));
}

static void compares(void)
{
        static const struct {
                const char *a, *b;
                bool equal;
        } cases[] = {
                { "", "", true },
                { "ro quiet", "quiet ro", true },
                { "ro quiet", "ro", false },
                { "BOOT_IMAGE=/boot/vmlinuz-6.1 root=UUID=1 ro quiet", "root=UUID=1 ro quiet", true },
                { "initrd=\\x\\initrd ro", "ro", true },
                { "ro vt.handoff=7", "ro", true },
                { "a=1 a=2", "a=2", true },
                { "a=2 a=1", "a=2", false },
                { "isolcpus=1 isolcpus=2", "isolcpus=1", true },
                { "isolcpus=domain,2-3 nohz_full=2-3", "nohz-full=3,2 isolcpus=2,3", true },
                { "console=tty0 console=ttyS0", "console=ttyS0 console=tty0", false },
                { "console=tty0 ro console=ttyS0", "ro console=tty0 console=ttyS0", true },
                { "hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2", "hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=4",
                  true },
                { "hugepagesz=2M hugepages=4 hugepagesz=1G hugepages=2", "hugepagesz=2M hugepages=2 hugepagesz=1G hugepages=4",
                  false },
                { "default_hugepagesz=1G hugepages=4", "default_hugepagesz=1024M hugepagesz=1G hugepages=4", true },
                { "hugepages=4", "hugepagesz=2M hugepages=4", true },
                { "quiet", "quiet=1", false },
                { "init=/a -- b", "init=/a -- c", true },
        };
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < COUNT(cases); i++) {
                const char *row = pool_format(pool, "%s / %s", cases[i].a, cases[i].b);
                struct cmdline a, b;

                EXPECT_NUMBER(row, cmdline_parse(pool, cases[i].a, &a), 0);
                EXPECT_NUMBER(row, cmdline_parse(pool, cases[i].b, &b), 0);
                EXPECT_NUMBER(row, cmdline_equals(&a, &b), cases[i].equal);
                EXPECT_NUMBER(row, cmdline_equals(&b, &a), cases[i].equal);
        }
}

static const struct test tests[] = {
        { "parses", parses }, { "too much", too_much }, { "asks", asks },
        { "gets", in_force }, { "compares", compares }, { NULL, NULL },
};
const struct suite suite_cmdline = { "cmdline", tests };
