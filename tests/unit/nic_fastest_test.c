/* The fastest port, and ports beside it of which nobody knows how fast they are. */

#include "probes/probes.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"
#include "tests/unit/probe_facts.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ETH0         "/sys/devices/pci0000:00/0000:00:01.0"
#define ETH1         "/sys/devices/pci0000:00/0000:00:02.0"
#define USER         "1 port belongs to a user-space driver"
#define AWAY         "1 port is in another network namespace"

enum { SILENT = 1, BYPASSED = 2, ELSEWHERE = 4, FUNCTION = 8, DISK = 16, EMPTY_HANDED = 32, VIRTIO = 64 };

/* eth0 with a gigabit, and another device. */
static struct tree *make(const char *state, unsigned kind)
{
        struct tree *tree = tree_new();

        tree_file(tree, ETH0 "/net/eth0/operstate", "%s\n", state);
        tree_file(tree, ETH0 "/net/eth0/speed", "1000\n");
        tree_file(tree, ETH0 "/net/eth0/type", "1\n");
        tree_file(tree, ETH0 "/class", "0x020000\n");
        tree_link(tree, ETH0 "/net/eth0/device", "../../../0000:00:01.0");
        tree_link(tree, "/sys/class/net/eth0", "../../devices/pci0000:00/0000:00:01.0/net/eth0");
        tree_link(tree, "/sys/bus/pci/devices/0000:00:01.0", "../../../devices/pci0000:00/0000:00:01.0");
        tree_file(tree, ETH1 "/class", "%s\n", kind & DISK ? "0x010802" : "0x020000");
        tree_link(tree, "/sys/bus/pci/devices/0000:00:02.0", "../../../devices/pci0000:00/0000:00:02.0");
        if (kind & SILENT) {
                tree_file(tree, ETH1 "/net/eth1/operstate", "up\n");
                tree_file(tree, ETH1 "/net/eth1/speed", "-1\n");
                tree_link(tree, ETH1 "/net/eth1/device", "../../../0000:00:02.0");
                tree_link(tree, "/sys/class/net/eth1", "../../devices/pci0000:00/0000:00:02.0/net/eth1");
        }
        if (kind & VIRTIO)
                tree_link(tree, ETH1 "/subsystem", "../../../bus/virtio");
        if (kind & BYPASSED)
                tree_link(tree, "/sys/bus/pci/drivers/vfio-pci/0000:00:02.0", "../../../../devices/pci0000:00/0000:00:02.0");
        if (kind & ELSEWHERE)
                tree_folder(tree, ETH1 "/net");
        if (kind & FUNCTION)
                tree_link(tree, ETH1 "/physfn", "../0000:00:01.0");
        return tree;
}

static void test_unseen(void)
{
        static const struct {
                const char *name, *state;
                unsigned kind;
                const char *want;
                bool at_least;
                const char *note;
        } cases[] = {
                { "alone", "up", EMPTY_HANDED, "1000000000", false, NULL },
                { "beside a silent one", "up", SILENT, "1000000000", true, "at least: the speed of eth1 is not known" },
                { "beside one without a wire", "up", SILENT | VIRTIO, "1000000000", false, NULL },
                { "down, beside one without a wire", "down", SILENT | VIRTIO, "unreadable ENODATA", false,
                  "the speed of eth1 is not known" },
                { "beside one in user space", "up", BYPASSED, "1000000000", true, "at least: " USER },
                { "beside one elsewhere", "up", ELSEWHERE, "1000000000", true, "at least: " AWAY },
                { "beside both", "up", BYPASSED | ELSEWHERE, "1000000000", true, "at least: " USER "; " AWAY },
                { "beside a function in user space", "up", BYPASSED | FUNCTION, "1000000000", false, NULL },
                { "beside a function elsewhere", "up", ELSEWHERE | FUNCTION, "1000000000", false, NULL },
                { "beside a drive in user space", "up", BYPASSED | DISK, "1000000000", false, NULL },
                { "down, alone", "down", EMPTY_HANDED, "absent", false, "no physical port has a link" },
                { "down, beside one in user space", "down", BYPASSED, "unreadable ENODATA", false, USER },
                { "down, beside one elsewhere", "down", ELSEWHERE, "unreadable ENODATA", false, AWAY },
                { "down, beside a silent one", "down", SILENT, "unreadable ENODATA", false, "the speed of eth1 is not known" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                const struct fact_row row = { "nic.fastest", cases[i].want };
                struct tree *tree = make(cases[i].state, cases[i].kind);
                struct facts *facts = probe_facts(tree_host(tree), &probe_nic);
                const struct fact *fact = fact_find(facts, row.name);

                expect_facts(cases[i].name, facts, &row, 1);
                EXPECT_TEXT(cases[i].name, fact ? fact->note : NULL, cases[i].note);
                EXPECT_NUMBER(cases[i].name, fact && fact->at_least, cases[i].at_least);
                facts_free(facts);
                tree_free(tree);
        }
}

static const struct test tests[] = {
        { "ports that nobody sees", test_unseen },
        { NULL, NULL },
};

const struct suite suite_nic_fastest = { "nic_fastest", tests };
