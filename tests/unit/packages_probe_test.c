/* What the probe of the packages makes of apt's answer and of dpkg's status. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ANSWER       "/.plumbline/ask/packages/pending"
#define LIST         "/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4"
#define STATUS       "/var/lib/dpkg/status"

static void expect_fact(const char *name, struct tree *tree, const char *fact, const char *want, const char *note)
{
        const struct fact_row row = { fact, want };
        const struct fact *found;
        struct facts *facts = probe_facts(tree_host(tree), &probe_packages);

        expect_facts(name, facts, &row, 1);
        found = fact_find(facts, fact);
        if (note)
                EXPECT_TEXT(name, found && found->note ? found->note : "", note);
        facts_free(facts);
        tree_free(tree);
}

static void test_pending(void)
{
#define SUMMARY(upgraded, kept) upgraded " upgraded, 0 newly installed, 0 to remove and " kept " not upgraded.\n"
        static const struct {
                const char *name, *answer, *want;
        } cases[] = {
                { "none", "Reading package lists...\n" SUMMARY("0", "0"), "0" },
                { "both",
                  "Calculating upgrade...\nThe following packages have been kept back:\n  linux-image-amd64\n" SUMMARY(
                          "7", "2") "Inst unzip [6.0-28] (6.0-28+deb12u1 Debian-Security:12 [amd64])\n",
                  "9" },
                { "no answer", NULL, "unreadable ENODATA" },
                { "empty", "", "unreadable EBADMSG" },
                { "no summary", "Reading package lists...\n", "unreadable EBADMSG" },
                { "cut off", "7 upgraded, 0 newly installed, 0 to rem", "unreadable EBADMSG" },
                { "said twice", SUMMARY("1", "0") SUMMARY("0", "0"), "unreadable EBADMSG" },
                { "a huge number", SUMMARY("99999999999999999999", "0"), "unreadable EBADMSG" },
                { "too many", SUMMARY("18446744073709551615", "1"), "unreadable EBADMSG" },
                { "negative", SUMMARY("-1", "0"), "unreadable EBADMSG" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                tree_file(tree, LIST, "x");
                if (cases[i].answer)
                        tree_file(tree, ANSWER, "%s", cases[i].answer);
                expect_fact(cases[i].name, tree, "packages.pending", cases[i].want, NULL);
        }
}

/* Without lists nothing is newer, and that says nothing. */
static void test_without_lists(void)
{
        static const char note[] = "apt has no lists of packages: apt-get update gets them";
        struct tree *tree = tree_new();

        tree_file(tree, ANSWER, "%s", SUMMARY("0", "0"));
        expect_fact("no folder", tree, "packages.pending", "unreadable ENODATA", note);
        tree = tree_new();
        tree_file(tree, ANSWER, "%s", SUMMARY("0", "0"));
        tree_folder(tree, "/var/lib/apt/lists/partial");
        tree_file(tree, "/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease", "x");
        expect_fact("no lists", tree, "packages.pending", "unreadable ENODATA", note);
}

static void test_binary(void)
{
        struct tree *tree = tree_new();

        tree_file(tree, LIST, "x");
        tree_bytes(tree, ANSWER, "0 upgraded\0, 0 newly installed", 30);
        expect_fact("binary", tree, "packages.pending", "unreadable EILSEQ", NULL);
}

static void test_held(void)
{
#define PACKAGE(name, status) "Package: " name "\nStatus: " status "\nVersion: 1\n"
        static const struct {
                const char *name, *status, *want, *note;
        } cases[] = {
                { "no file", NULL, "unreadable ENODATA", "" },
                { "empty", "", "unreadable ENODATA", "" },
                { "binaries",
                  "\x7f"
                  "ELF\n\n",
                  "unreadable ENODATA", "" },
                { "not held", PACKAGE("linux-image-amd64", "install ok installed"), "false", "" },
                { "another held",
                  PACKAGE("linux-image-amd64", "install ok installed") "\n" PACKAGE("nginx", "hold ok installed"), "false",
                  "" },
                { "held", PACKAGE("a", "install ok installed") "\n" PACKAGE("linux-image-rt-amd64", "hold ok installed"),
                  "true", "linux-image-rt-amd64" },
                { "two held",
                  PACKAGE("linux-image-a", "hold ok installed") "\n" PACKAGE("linux-image-b", "hold ok installed") "\n\n",
                  "true", "linux-image-a, linux-image-b" },
                { "held, and removed since", PACKAGE("linux-image-5.10.0-1-amd64", "hold ok config-files"), "false", "" },
                { "held, and never installed", PACKAGE("linux-image-5.10.0-1-amd64", "hold ok not-installed"), "false", "" },
                { "held, and half there", PACKAGE("linux-image-amd64", "hold ok half-configured"), "true",
                  "linux-image-amd64" },
                { "cut off", "Package: linux-image-a\nStatus: hold", "false", "" },
                { "one release, and nothing brings the next", PACKAGE("linux-image-6.1.0-28-amd64", "hold ok installed"),
                  "true", "linux-image-6.1.0-28-amd64" },
                { "one release, and the next comes",
                  PACKAGE("linux-image-6.1.0-28-amd64", "hold ok installed") "\n" PACKAGE("linux-image-amd64",
                                                                                          "install ok installed"),
                  "false", "linux-image-6.1.0-28-amd64 is on hold, and linux-image-amd64, which brings the next one, is not" },
                { "what brought the next is gone",
                  PACKAGE("linux-image-6.1.0-28-amd64", "hold ok installed") "\n" PACKAGE("linux-image-amd64",
                                                                                          "deinstall ok config-files"),
                  "true", "linux-image-6.1.0-28-amd64" },
                { "both",
                  PACKAGE("linux-image-6.1.0-28-amd64", "hold ok installed") "\n" PACKAGE("linux-image-amd64",
                                                                                          "hold ok installed"),
                  "true", "linux-image-6.1.0-28-amd64, linux-image-amd64" },
                { "another flavour comes",
                  PACKAGE("linux-image-6.1.0-28-rt-amd64", "hold ok installed") "\n" PACKAGE("linux-image-amd64",
                                                                                             "install ok installed"),
                  "true", "linux-image-6.1.0-28-rt-amd64" },
                { "the next comes by a dependency",
                  PACKAGE("linux-image-5.15.0-91-generic", "hold ok installed") "\n" PACKAGE(
                          "linux-image-generic-hwe-22.04",
                          "install ok installed") "Depends: linux-firmware, linux-image-6.5.0-1-generic (= 6.5.0-1.1)\n",
                  "false",
                  "linux-image-5.15.0-91-generic is on hold, and linux-image-generic-hwe-22.04, which brings the next one, is "
                  "not" },
                { "a field of another package",
                  "Status: hold ok installed\n\nPackage: linux-image-a\n\n" PACKAGE("b", "install ok installed"), "false", "" },
                { "a line of a description",
                  PACKAGE("a", "install ok installed") "Description: x\n Package: linux-image-a\n Status: hold ok installed\n",
                  "false", "" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                if (cases[i].status)
                        tree_file(tree, STATUS, "%s", cases[i].status);
                expect_fact(cases[i].name, tree, "packages.kernel_held", cases[i].want, cases[i].note);
        }
}

/* What a pin does is apt's to say; that there is one is told. */
static void test_pinned(void)
{
#define PIN(packages) "Explanation: tested\nPackage: " packages "\nPin: release *\nPin-Priority: -1\n"
#define TOLD(path)    path " has a pin of a kernel, which is no hold: apt-cache policy tells what it does"
        static const struct {
                const char *name, *status, *path, *text, *want, *note;
        } cases[] = {
                { "no pin", "install ok installed", "/etc/apt/preferences.d/nginx", PIN("nginx"), "false", "" },
                { "in the file", "install ok installed", "/etc/apt/preferences", PIN("linux-image-rt-amd64"), "false",
                  TOLD("/etc/apt/preferences") },
                { "among others", "install ok installed", "/etc/apt/preferences.d/kernel.pref", PIN("nginx linux-image-*"),
                  "false", TOLD("/etc/apt/preferences.d/kernel.pref") },
                { "a name that apt passes over", "install ok installed", "/etc/apt/preferences.d/kernel.old",
                  PIN("linux-image-*"), "false", "" },
                { "only mentioned", "install ok installed", "/etc/apt/preferences.d/kernel",
                  "Explanation: linux-image-*\n" PIN("not-linux-image"), "false", "" },
                { "held as well", "hold ok installed", "/etc/apt/preferences.d/kernel", PIN("linux-image-*"), "true",
                  "linux-image-a" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                struct tree *tree = tree_new();

                tree_file(tree, STATUS, "Package: linux-image-a\nStatus: %s\n", cases[i].status);
                tree_file(tree, cases[i].path, "%s", cases[i].text);
                expect_fact(cases[i].name, tree, "packages.kernel_held", cases[i].want, cases[i].note);
        }
}

static void test_unasked(void)
{
        static const char *const none[] = { NULL };
        static const struct fact_row rows[] = { { "packages.pending", "none" }, { "packages.kernel_held", "none" } };
        struct tree *tree = tree_new();
        struct facts *facts = probe_facts_asked(tree_host(tree), &probe_packages, none);

        expect_facts("unasked", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static const struct test tests[] = {
        { "pending", test_pending },
        { "without lists", test_without_lists },
        { "binary answer", test_binary },
        { "held kernels", test_held },
        { "pinned kernels", test_pinned },
        { "unasked", test_unasked },
        { NULL, NULL },
};
const struct suite suite_packages_probe = { "packages_probe", tests };
