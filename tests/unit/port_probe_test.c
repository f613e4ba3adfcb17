/* What the probes of ports and routes make of the kernel's tables. */

#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define HEAD  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define REST  " 00000000:00000000 00:00000000 00000000     0        0 15317 1 0000000000000000 100 0 0 10 0\n"
#define HEAD6 "  sl  local_address                         remote_address                        st tx_queue rx_queue tr\n"

static void test_listening(void)
{
        static const struct fact_row rows[] = {
                { "port.tcp.22.state", "listening" },
                { "port.tcp.22.addresses", "0.0.0.0 ::" },
                { "port.tcp.6379.addresses", "127.0.0.1" },
                { "port.tcp.8080.addresses", "10.1.2.3 ::1" },
                { "port.tcp.9.state", "closed" },
                { "port.tcp.9.addresses", "" },
                { "port.tcp.50000.state", "closed" }, /* a connection */
                { "port.tcp.319.state", "closed" },
                { "port.udp.319.state", "listening" },
                { "port.udp.319.addresses", "0.0.0.0" },
                { "port.udp.40000.state", "closed" }, /* connected */
                { "port.tcp.65536.state", "unreadable EINVAL" },
                { "port.tcp.0.state", "unreadable EINVAL" },
                { "port.tcp.-1.state", "unreadable EINVAL" },
                { "port.tcp.ssh.state", "unreadable EINVAL" },
                { "port.tcp.99999999999999999999.state", "unreadable EINVAL" },
        };
        const char *asked[COUNT(rows) + 1] = { NULL };
        struct tree *tree = tree_new();
        struct facts *facts;

        for (size_t i = 0; i < COUNT(rows); i++)
                asked[i] = rows[i].name;
        tree_file(tree, "/proc/net/tcp", "%s",
                  HEAD "   0: 00000000:0016 00000000:0000 0A" REST "   1: 0100007F:18EB 00000000:0000 0A" REST
                       "   2: 0302010A:1F90 00000000:0000 0A" REST "   3: 0302010A:C350 0402010A:0016 01" REST
                       "   4: 0302010A:0016 0402010A:C350 01" REST);
        tree_file(tree, "/proc/net/tcp6", "%s",
                  HEAD6 "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A" REST
                        "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A" REST);
        tree_file(tree, "/proc/net/udp", "%s",
                  HEAD " 1234: 00000000:013F 00000000:0000 07" REST " 1235: 0302010A:9C40 0402010A:0035 01" REST);
        facts = probe_facts_asked(tree_host(tree), &probe_port, asked);
        expect_facts("listening", facts, rows, COUNT(rows));
        facts_free(facts);
        tree_free(tree);
}

static void test_hostile(void)
{
        static const char *const asked[] = { "port.tcp.22.state", NULL };
#define SOCKET "   0: 00000000:0016 00000000:0000 0A"
        static const struct {
                const char *name, *tcp, *tcp6, *want;
        } cases[] = {
                { "no file", NULL, NULL, "unreadable ENODATA" },
                { "empty", "", NULL, "unreadable EBADMSG" },
                { "no socket", HEAD, NULL, "closed" },
                { "no heading", SOCKET REST, NULL, "unreadable EBADMSG" },
                { "cut off in the state", HEAD "   0: 00000000:0016 00000000:0000 0", NULL, "unreadable EBADMSG" },
                { "cut off behind the state", HEAD SOCKET, NULL, "unreadable EBADMSG" },
                { "cut off in the address", HEAD "   0: 00000000:00", NULL, "unreadable EBADMSG" },
                { "an empty line", HEAD "\n" SOCKET REST, NULL, "unreadable EBADMSG" },
                { "a short address", HEAD "   0: 000000:0016 00000000:0000 0A" REST, NULL, "unreadable EBADMSG" },
                { "no hex", HEAD "   0: 0000000g:0016 00000000:0000 0A" REST, NULL, "unreadable EBADMSG" },
                { "a long port", HEAD "   0: 00000000:00016 00000000:0000 0A" REST, NULL, "unreadable EBADMSG" },
                { "no port", HEAD "   0: 00000000 00000000:0000 0A" REST, NULL, "unreadable EBADMSG" },
                { "damaged IPv6", HEAD SOCKET REST, "x", "unreadable EBADMSG" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row row = { "port.tcp.22.state", cases[i].want };
                struct tree *tree = tree_new();
                struct facts *facts;

                if (cases[i].tcp)
                        tree_file(tree, "/proc/net/tcp", "%s", cases[i].tcp);
                if (cases[i].tcp6)
                        tree_file(tree, "/proc/net/tcp6", "%s", cases[i].tcp6);
                facts = probe_facts_asked(tree_host(tree), &probe_port, asked);
                expect_facts(cases[i].name, facts, &row, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

static void test_many(void)
{
        static const char *const asked[] = { "port.tcp.4195.state", "port.tcp.4196.state", "port.tcp.4195.addresses", NULL };
        static const struct fact_row rows[] = { { "port.tcp.4195.state", "listening" },
                                                { "port.tcp.4196.state", "closed" },
                                                { "port.tcp.4195.addresses", "0.0.0.0" } },
                                     binary = { "port.tcp.4195.state", "unreadable EILSEQ" };
        autobuffer struct text_buffer text = { 0 };
        struct tree *tree = tree_new();
        struct facts *facts;

        text_add(&text, HEAD);
        for (unsigned i = 0; i < 4096; i++)
                text_addf(&text, "%4u: 00000000:%04X 00000000:0000 0A" REST, i, 100 + i);
        tree_file(tree, "/proc/net/tcp", "%s", text.at);
        facts = probe_facts_asked(tree_host(tree), &probe_port, asked);
        expect_facts("4096 sockets", facts, rows, COUNT(rows));
        facts_free(facts);
        text.at[text.size / 2] = '\0';
        tree_bytes(tree, "/proc/net/tcp", text.at, text.size);
        facts = probe_facts_asked(tree_host(tree), &probe_port, asked);
        expect_facts("binary", facts, &binary, 1);
        facts_free(facts);
        tree_free(tree);
}

/* Walking all sockets takes locks that the traffic needs. */
static void test_quiet(void)
{
        static const char *const asked[] = { "port.tcp.22.state", NULL };
        static const struct fact_row row = { "port.tcp.22.state", "unreadable ECANCELED" };
        struct tree *tree = tree_new();
        struct facts *facts;

        tree_file(tree, "/proc/net/tcp", "%s", HEAD);
        host_allow(tree_host(tree), REACH_QUIET);
        facts = probe_facts_asked(tree_host(tree), &probe_port, asked);
        expect_facts("quiet", facts, &row, 1);
        facts_free(facts);
        tree_free(tree);
}

#define ROUTES "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                     \n"

static void test_routes(void)
{
        static const struct {
                const char *name, *routes, *want;
        } cases[] = {
                { "no file", NULL, "unreadable ENODATA" },
                { "empty", "", "unreadable EBADMSG" },
                { "none", ROUTES, "0" },
                { "one",
                  ROUTES "eth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0      \n"
                         "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0      \n",
                  "1" },
                { "two",
                  ROUTES "eth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                         "eth1\t00000000\t010012AC\t0003\t0\t0\t200\t00000000\t0\t0\t0\n",
                  "2" },
                { "half of the addresses", ROUTES "tun0\t00000000\t010011AC\t0003\t0\t0\t0\t00000080\t0\t0\t0\n", "0" },
                { "unreachable", ROUTES "*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n", "0" },
                { "blackhole", ROUTES "*\t00000000\t00000000\t0001\t0\t0\t9\t00000000\t0\t0\t0\n", "0" },
                { "down", ROUTES "eth0\t00000000\t00000000\t0002\t0\t0\t0\t00000000\t0\t0\t0\n", "0" },
                { "cut off", ROUTES "eth0\t00000000\t010011AC\t0003\t0\t0\t1", "unreadable EBADMSG" },
                { "no hex", ROUTES "eth0\t0000000x\t010011AC\t0003\t0\t0\t1\t00000000\t0\t0\t0\n", "unreadable EBADMSG" },
                { "a huge number", ROUTES "eth0\t00000000\t010011AC\t0003\t0\t0\t99999999999999999999\t00000000\n",
                  "unreadable EBADMSG" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row row = { "net.default_routes", cases[i].want };
                struct tree *tree = tree_new();
                struct facts *facts;

                if (cases[i].routes)
                        tree_file(tree, "/proc/net/route", "%s", cases[i].routes);
                facts = probe_facts(tree_host(tree), &probe_route);
                expect_facts(cases[i].name, facts, &row, 1);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "listening", test_listening }, { "hostile tables", test_hostile }, { "many", test_many },
        { "quiet", test_quiet },         { "routes", test_routes },          { NULL, NULL },
};
const struct suite suite_port_probe = { "port_probe", tests };
