/* Name servers, as the C library reads them. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define PATH         "/etc/resolv.conf"

static struct facts *run(const char *text)
{
        struct tree *tree = tree_new();
        struct facts *facts;

        tree_file(tree, PATH, "%s", text);
        facts = probe_facts(tree_host(tree), &probe_resolver);
        tree_free(tree);
        return facts;
}

static void servers(void)
{
        static const struct {
                const char *name, *text, *want, *note;
        } cases[] = {
                { "one", "search a\nnameserver 10.0.0.1\n", "10.0.0.1", NULL },
                { "in an order of their own", "nameserver 10.0.0.1\nnameserver 8.8.8.8\n", "8.8.8.8 10.0.0.1",
                  "in this order: 10.0.0.1 8.8.8.8" },
                { "the fourth is not asked",
                  "nameserver 4.4.4.4\nnameserver 3.3.3.3\nnameserver 2.2.2.2\nnameserver 1.1.1.1\nnameserver 1.0.0.1\n",
                  "2.2.2.2 3.3.3.3 4.4.4.4", "in this order: 4.4.4.4 3.3.3.3 2.2.2.2; 2 more are never asked" },
                { "a tab, and more", "nameserver\t10.0.0.1 # of the rack\n", "10.0.0.1", NULL },
                { "a remark without a blank", "nameserver 10.0.0.1;old\nnameserver 10.0.0.2#old\nnameserver fe80::1#old\n", "",
                  NULL },
                { "IPv6", "nameserver 2001:DB8::0:53\nnameserver fe80::1%eth0\n", "2001:db8::53 fe80::1%eth0",
                  "in this order: 2001:db8::53 fe80::1%eth0" },
                { "short", "nameserver 10.1\n", "10.0.0.1", NULL },
                { "no newline", "nameserver 127.0.0.53", "127.0.0.53", NULL },
                { "none", "# nameserver 10.0.0.1\n;nameserver 10.0.0.2\nsearch a\n", "", NULL },
                { "empty", "", "", NULL },
                { "not at the beginning", " nameserver 10.0.0.1\n", "", NULL },
                { "another word", "nameservers 10.0.0.1\nnameserver10.0.0.1\nnameserver=10.0.0.1\nNAMESERVER 10.0.0.1\n", "",
                  NULL },
                { "no address", "nameserver\nnameserver \nnameserver box\nnameserver 10.0.0.256\nnameserver #1\nnameserver %\n",
                  "", NULL },
                { "what the library does not take for one",
                  "nameserver 10.0.0.1\r\nnameserver 10.0.0.1x\nnameserver fe80::1::2\n", "", NULL },
                { "a hostile scope", "nameserver fe80::1%\033[31m\n", "fe80::1%?[31m", NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct facts *facts = run(cases[i].text);
                const struct fact *fact = fact_find(facts, "net.nameservers");

                expect_facts(cases[i].name, facts, &(struct fact_row){ "net.nameservers", cases[i].want }, 1);
                EXPECT_TEXT(cases[i].name, fact ? fact->note : "no fact", cases[i].note);
                facts_free(facts);
        }
}

static void without(void)
{
        static const struct {
                const char *name, *path, *text, *want;
        } cases[] = {
                { "no file", "/etc/hosts", "", "absent" },
                { "nothing", "/proc/version", "", "unreadable ENODATA" },
                { "not for us", "/.plumbline/seen", "read EACCES " PATH "\n", "unreadable EACCES" },
                { "a folder", PATH "/x", "", "unreadable EISDIR" },
        };
        struct tree *tree;
        struct facts *facts;

        for (size_t i = 0; i < COUNT(cases); i++) {
                tree = tree_new();
                tree_file(tree, cases[i].path, "%s", cases[i].text);
                facts = probe_facts(tree_host(tree), &probe_resolver);
                expect_facts(cases[i].name, facts, &(struct fact_row){ "net.nameservers", cases[i].want }, 1);
                facts_free(facts);
                tree_free(tree);
        }
        tree = tree_new();
        tree_link(tree, PATH, "../run/systemd/resolve/stub-resolv.conf");
        tree_file(tree, "/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
        facts = probe_facts(tree_host(tree), &probe_resolver);
        expect_facts("by a link", facts, &(struct fact_row){ "net.nameservers", "127.0.0.53" }, 1);
        facts_free(facts);
        tree_free(tree);
}

/* A line of megabytes, and a million of lines. */
static void large(void)
{
        autobuffer struct text_buffer text = { 0 };
        struct facts *facts;

        text_add(&text, "nameserver ");
        for (unsigned i = 0; i < 100000; i++)
                text_add(&text, "1.1.1.1.1.1.");
        text_add(&text, "\n");
        for (unsigned i = 0; i < 100000; i++)
                text_add(&text, "nameserver 10.0.0.1\n");
        facts = run(text.at);
        expect_facts("large", facts, &(struct fact_row){ "net.nameservers", "10.0.0.1" }, 1);
        facts_free(facts);
}

static const struct test tests[] = { { "servers", servers }, { "without", without }, { "large", large }, { NULL, NULL } };
const struct suite suite_resolver_probe = { "resolver_probe", tests };
