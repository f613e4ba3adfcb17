/* Whether a text, such as a command, names an item: its key, its device, its subject, or a file that holds it. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

/* sysctl(8)'s spellings, which begin no other word, and the names of the files, which both ways of setting it share. */
#define HUGEPAGES_WORDS                                                                                                        \
        "vm.nr_hugepages vm/nr_hugepages vm.nr_overcommit_hugepages nr_hugepages nr_overcommit_hugepages hugepages hugeadm"

/* What people and programs call a subject when they do something to it. */
static const struct {
        const char *pattern; /* of an item's name */
        const char *words;
        bool at_boot; /* it only takes effect with another boot */
} subjects[] = {
        { "cpu.governor*", "scaling_governor governor cpupower cpufreq-set cpufrequtils", false },
        { "cpu.smt", "smt", false },
        { "cpu.online", "chcpu online offline", false },
        { "cpu.turbo", "no_turbo boost cpupower", false },
        { "cpu.microcode*", "intel-microcode amd64-microcode", false },
        { "cmdline*", "grub update-grub cmdline", false },
        { "kernel.cmdline", "grub update-grub cmdline", true },
        { "kernel.next", "grub update-grub grub-set-default linux-image linux-realtime", false },
        { "kernel.reboot_needed", "linux-image linux-realtime linux-modules", false },
        { "kernel.tainted", "taints tainted tainting modprobe insmod dkms", false },
        { "kernel.*", "linux-image linux-realtime linux-modules", true },
        { "hugepages*", HUGEPAGES_WORDS, false },
        { "sysctl.vm.nr_hugepages*", HUGEPAGES_WORDS, false },
        { "irq*", "smp_affinity smp_affinity_list default_smp_affinity irqbalance", false },
        { "limits*", "limits.conf limits.d prlimit", false },
        { "clock.*", "chrony chronyd ntpd ntpsec timesyncd ptp4l phc2sys clocksource", false },
        { "nic.fastest", "ethtool", false },
        { "net.nameservers", "resolv.conf resolvectl resolvconf systemd-resolved netplan", false },
        { "memory.errors*", "EDAC", false },
        { "cpu.machine_checks", "mce", false },
        { "swap.*", "swapon swapoff fstab", false },
        { "host.bios.*", "fwupd fwupdmgr", false },
};

/* Only what the kernel itself calls so may have a dot in it: eth0.100 is a VLAN of eth0, 0000:3b:00.0 a device on PCI. */
static bool is_kernels(const char *name)
{
        return text_starts(name, "nic.") || text_starts(name, "interface.") || text_starts(name, "pcie.");
}

/* "vm.swappiness" of sysctl.vm.swappiness, "cups" of services.off.cups. */
static const char *key_of(const char *name)
{
        static const char *const heads[] = { "sysctl.", "services.off.", "cmdline.", "limits." };

        for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
                if (text_starts(name, heads[i]))
                        return name + strlen(heads[i]);
        return NULL;
}

static bool names_key(struct pool *pool, const char *key, const char *text)
{
        const char *ending = strrchr(key, '.');
        char *path;

        if (ending && !text_equals(ending, ".service") && !strstr(text, ending + 1))
                return false;
        path = pool_dup(pool, key);
        for (char *c = path; *c; c++)
                *c = (char)(*c == '.' ? '/' : *c);
        return evidence_has_word(text, key) || evidence_has_word(text, path) ||
               (ending && text_equals(ending, ".service") &&
                evidence_has_word(text, pool_copy(pool, key, (size_t)(ending - key))));
}

const char *evidence_mount_device(const struct evidence *evidence, const struct drift_row *row)
{
        const char *point = text_starts(row->name, "disk.") ? evidence_device(evidence->pool, row->name) : NULL;

        return point && *point == '/' ? evidence_mounted(evidence, point) : NULL;
}

/* What stands below a mount point or behind a file's name has nothing to do with it. */
static bool is_named_by_device(const struct evidence *evidence, const struct drift_row *row, const char *text)
{
        const char *device = evidence_device(evidence->pool, row->name);
        const char *address = evidence->addresses[row - evidence->drift->rows];
        const struct evidence_array *array = &evidence->arrays[row - evidence->drift->rows];

        if (!device)
                return false;
        if (*device != '/')
                return ((!strchr(device, '.') || is_kernels(row->name)) && evidence_has_word(text, device)) ||
                       (text_starts(row->name, "nvme.") && evidence_has_drive(text, device)) ||
                       evidence_names_array(evidence->pool, array, text) || (address && evidence_has_word(text, address));
        if (text_starts(row->name, "disk."))
                return evidence_names_mount(evidence->pool, device, evidence->devices[row - evidence->drift->rows], text);
        return evidence_names_path(evidence->pool, device, text);
}

bool evidence_names(const struct evidence *evidence, const struct drift_row *row, const char *text)
{
        const char *key = key_of(row->name);
        bool setting = !text_equals(row->layer, "fact") && !text_equals(row->layer, "package");

        /* Who sets the key on the host does not change what the profile wants. */
        if (text_equals(row->layer, "profile"))
                return false;
        if (text_equals(row->layer, "package"))
                return evidence_has_word(text, row->name);
        if (key && names_key(evidence->pool, key, text))
                return true;
        if (!setting && is_named_by_device(evidence, row, text))
                return true;
        for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
                const char *words = subjects[i].words;
                struct slice word;

                if (subjects[i].at_boot && !evidence_started_again(evidence, row))
                        continue;
                while (text_matches(row->name, subjects[i].pattern) && text_word(&words, " ", &word))
                        if (evidence_begins_word(text, slice_dup(evidence->pool, word)))
                                return true;
        }
        return false;
}

/* A new version of what only does as it is told changes nothing by itself. */
bool evidence_names_package(const struct evidence *evidence, const struct drift_row *row, const char *package)
{
        static const char *const told[] = { "ethtool", "fwupd" };

        for (size_t i = 0; i < sizeof told / sizeof told[0] && !text_equals(row->layer, "package"); i++)
                if (text_starts(package, told[i]) && !isalnum((unsigned char)package[strlen(told[i])]))
                        return false;
        return evidence_names(evidence, row, package);
}

/* --- files ---------------------------------------------------------------------------------------------------------------- */

/* Where files stand that hold the keys of an item, each of them a line of its own. */
static const struct {
        const char *pattern; /* of the item's name */
        const char *key;     /* in the file; NULL: the item's own */
        const char *folders;
} holders[] = {
#define SYSCTL_FOLDERS                                                                                                         \
        "/etc/sysctl.conf /etc/sysctl.d/ /run/sysctl.d/ /usr/local/lib/sysctl.d/ /usr/lib/sysctl.d/ /lib/sysctl.d/"
        { "sysctl.*", NULL, SYSCTL_FOLDERS },
        { "hugepages*", "vm.nr_hugepages", SYSCTL_FOLDERS },
};

static bool is_below(const char *path, const char *folders)
{
        struct slice folder;

        while (text_word(&folders, " ", &folder))
                if (folder.at[folder.size - 1] == '/' ? !strncmp(path, folder.at, folder.size) : slice_equals(folder, path))
                        return true;
        return false;
}

/* The same file is asked for one item after the other, and by one command after the other. */
static const char *read_again(const struct evidence *evidence, const char *path)
{
        struct evidence_file *file = evidence->file;

        if (!text_equals(file->path, path)) {
                pool_free(file->pool);
                *file = (struct evidence_file){ .pool = pool_new() };
                file->path = pool_dup(file->pool, path);
                if (host_read(evidence->session->host, file->pool, &file->text, "%s", path) < 0)
                        file->text = NULL;
        }
        return file->text;
}

static bool holds_key(const struct evidence *evidence, const char *path, const char *key)
{
        const char *text = read_again(evidence, path), *last = strrchr(key, '.');
        struct slice line;

        if (!text || !strstr(text, last ? last + 1 : key))
                return false;
        while (text_line(&text, &line)) {
                const char *words = slice_dup(evidence->pool, slice_trim(line));

                words += *words == '-'; /* that it may fail (sysctl.d(5)) */
                if (*words != '#' && *words != ';' && names_key(evidence->pool, key, words))
                        return true;
        }
        return false;
}

enum naming evidence_names_holder(const struct evidence *evidence, const struct drift_row *row, const char *path)
{
        enum naming naming = NAMES_NOT;

        if (text_equals(row->layer, "profile") || !text_ends(path, ".conf"))
                return NAMES_NOT;
        for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++) {
                const char *key = holders[i].key ? holders[i].key : key_of(row->name);

                if (!key || !text_matches(row->name, holders[i].pattern) || !is_below(path, holders[i].folders))
                        continue;
                if (holds_key(evidence, path, key))
                        return NAMES_FILE;
                naming = NAMES_PERHAPS;
        }
        return naming;
}

enum naming evidence_names_loaded(const struct evidence *evidence, const struct drift_row *row, const char *path)
{
        enum naming naming = NAMES_NOT;

        for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++) {
                const char *key = holders[i].key ? holders[i].key : key_of(row->name);

                if (key && text_matches(row->name, holders[i].pattern))
                        naming = holds_key(evidence, path, key) || naming == NAMES_FILE ? NAMES_FILE : NAMES_PERHAPS;
        }
        return naming;
}
