/* What the probe of accounts finds in passwd and group, hostile lines among them. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_accounts(void)
{
        static const struct fact_row rows[] = {
                { "user.hft.uid", "1001" },
                { "user.hft.gid", "1002" },
                { "user.hft.home", "/srv/hft" },
                { "user.hft.shell", "/usr/sbin/nologin" },
                { "user.hft.groups", "feed hft realtime" },
                { "user.svc.feed.uid", "4294967294" },
                { "user.svc.feed.shell", "/bin/sh" },
                { "user.twice.uid", "1" },
                { "user.huge.uid", "unreadable EINVAL" },
                { "user.none.uid", "unreadable EINVAL" },
                { "user.minus.uid", "unreadable EINVAL" },
                { "user.long.uid", "unreadable EINVAL" },
                { "user.short.uid", "absent" },
                { "user.+nis.uid", "absent" },
                { "user.nobody.uid", "absent" },
                { "user..uid", "none" },
                { "group.realtime.gid", "77" },
                { "group.realtime.members", "hft other" },
                { "group.empty.members", "" },
                { "group.hf.gid", "absent" },
                { "group.short.gid", "absent" },
        };
        const char *asked[COUNT(rows) + 1] = { NULL };
        struct tree *tree = tree_new();
        struct facts *facts;

        for (size_t i = 0; i < COUNT(rows); i++)
                asked[i] = rows[i].name;
        tree_file(tree, "/etc/group", "%s",
                  "hft:x:1002:\nrealtime:x:77:hft,other\nfeed:x:78:x,hft\nempty:x:79:\nshort:x:80\nhftx:x:81:hftx\n");
        /* The last line is cut off. */
        tree_file(tree, "/etc/passwd", "%s",
                  "root:x:0:0:root:/root:/bin/bash\n\n# a comment:x:1:1:::\n+nis:x:5:5:::\nshort:x:5\n"
                  "hft:x:1001:1002:HFT,,,:/srv/hft:/usr/sbin/nologin\nsvc.feed:x:4294967294:1:::\n"
                  "twice:x:1:1:::\ntwice:x:0:0:::\nhuge:x:99999999999999999999:1:::\nnone:x:4294967295:1:::\n"
                  "minus:x:-1:1:::\nlong:x: 1:1:::\nnobody:x:65534:1::/");
        facts = probe_facts_asked(tree_host(tree), &probe_account, asked);
        expect_facts("accounts", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static void test_unreadable(void)
{
        static const char *const asked[] = { "user.root.uid", "group.root.gid", "user.root.groups", NULL };
        static const struct fact_row none[] = { { "user.root.uid", "unreadable ENODATA" },
                                                { "group.root.gid", "unreadable ENODATA" } },
                                     binary[] = { { "user.root.uid", "unreadable EILSEQ" },
                                                  { "group.root.gid", "unreadable ENODATA" } };
        struct tree *tree = tree_new();
        struct facts *facts = probe_facts_asked(tree_host(tree), &probe_account, asked);

        expect_facts("no files", facts, none, COUNT(none));
        facts_free(facts);
        tree_bytes(tree, "/etc/passwd", "root:x:0:0\0:::\n", 15);
        facts = probe_facts_asked(tree_host(tree), &probe_account, asked);
        expect_facts("binary", facts, binary, COUNT(binary));
        facts_free(facts);
        tree_free(tree);
}

/* What a directory may know is not absent, and a user's groups in the files are not all there are. */
static void test_directories(void)
{
        static const char *const asked[] = { "user.root.uid", "user.feed.uid",      "user.root.groups",
                                             "group.adm.gid", "group.root.members", NULL };
        static const struct {
                const char *name, *text, *wants[5];
        } cases[] = {
                { "no file", NULL, { "0", "absent", "root", "absent", "" } },
                { "files",
                  "passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\n",
                  { "0", "absent", "root", "absent", "" } },
                { "a comment", "# passwd: sss\npasswd: files # sss\ngroup: files\n", { "0", "absent", "root", "absent", "" } },
                { "another database",
                  "passwd_compat: nis\nshadow: sss\nhosts: dns\n",
                  { "0", "absent", "root", "absent", "" } },
                { "users elsewhere",
                  "passwd:\tfiles sss\ngroup: files\n",
                  { "0", "unreadable ENODATA", "root", "absent", "" } },
                { "groups elsewhere",
                  "passwd: files\n  group: files [NOTFOUND=return] ldap\n",
                  { "0", "absent", "unreadable ENODATA", "unreadable ENODATA", "" } },
                { "groups of users elsewhere",
                  "group: files\ninitgroups: files winbind\n",
                  { "0", "absent", "unreadable ENODATA", "absent", "" } },
                { "the directory first",
                  "passwd: sss files\ngroup: sss files\n",
                  { "unreadable ENODATA", "unreadable ENODATA", "unreadable ENODATA", "unreadable ENODATA",
                    "unreadable ENODATA" } },
                { "members of both",
                  "group: files [ SUCCESS=merge ] sss\n",
                  { "0", "absent", "unreadable ENODATA", "unreadable ENODATA", "unreadable ENODATA" } },
                { "a folder", "/", { "0", "unreadable EISDIR", "unreadable EISDIR", "unreadable EISDIR", "" } },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();
                struct fact_row wanted[COUNT(asked) - 1];
                struct facts *facts;

                tree_file(tree, "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
                tree_file(tree, "/etc/group", "root:x:0:\n");
                if (text_equals(cases[i].text, "/"))
                        tree_folder(tree, "/etc/nsswitch.conf");
                else if (cases[i].text)
                        tree_file(tree, "/etc/nsswitch.conf", "%s", cases[i].text);
                for (size_t k = 0; k < COUNT(wanted); k++)
                        wanted[k] = (struct fact_row){ asked[k], cases[i].wants[k] };
                facts = probe_facts_asked(tree_host(tree), &probe_account, asked);
                expect_facts(cases[i].name, facts, wanted, COUNT(wanted));
                if (text_equals(cases[i].name, "groups elsewhere"))
                        EXPECT_TEXT("who else", fact_find(facts, "user.root.groups")->note,
                                    "in the files: root; /etc/nsswitch.conf also names ldap, which is not asked");
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_many(void)
{
        static const char *const asked[] = { "user.u9999.uid", "user.u9999.groups", NULL };
        static const struct fact_row rows[] = { { "user.u9999.uid", "9999" }, { "user.u9999.groups", "g" } };
        autobuffer struct text_buffer passwd = { 0 }, group = { 0 };
        struct tree *tree = tree_new();
        struct facts *facts;

        text_add(&group, "g:x:1:u0");
        for (unsigned i = 0; i < 10000; i++) {
                text_addf(&passwd, "u%u:x:%u:1:::\n", i, i);
                text_addf(&group, ",u%u", i);
        }
        tree_file(tree, "/etc/passwd", "%s", passwd.at);
        tree_file(tree, "/etc/group", "%s\n", group.at);
        facts = probe_facts_asked(tree_host(tree), &probe_account, asked);
        expect_facts("10000 users", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "accounts", test_accounts },
        { "unreadable", test_unreadable },
        { "directories", test_directories },
        { "many", test_many },
        { NULL, NULL },
};
const struct suite suite_account_probe = { "account_probe", tests };
