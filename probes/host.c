/* The machine as a whole: its name, its maker and firmware, and whether it is a real one. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/processor.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define DMI        "/sys/class/dmi/id"
#define HOSTNAME   "/proc/sys/kernel/hostname"
#define PCI        "/proc/bus/pci/devices"
#define CLOCKS     "/sys/devices/system/clocksource/clocksource0/available_clocksource"
#define TEXT_LIMIT 200

static const struct fact_info host_facts[] = {
        { "host.name", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Name of the host, as the running kernel has it.",
          "/proc/sys/kernel/hostname, /etc/hostname" },
        { "host.virtual", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "\"none\" on real hardware, else the hypervisor below: kvm, vmware, xen, microsoft, amazon... or vm-other. What a "
          "virtual machine says of its hardware is its hypervisor's word.",
          "the CPUID instruction, /sys/class/dmi/id, /sys/hypervisor/type, /proc/bus/pci/devices; /proc/cpuinfo of a tree" },
        { "host.vendor", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Maker of the machine.", "/sys/class/dmi/id/sys_vendor" },
        { "host.product", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Model of the machine.", "/sys/class/dmi/id/product_name" },
        { "host.bios.version", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "Version of the firmware. Boxes of one fleet should have the same.", "/sys/class/dmi/id/bios_version" },
        { "host.bios.date", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "Date of the firmware, as its maker writes it.",
          "/sys/class/dmi/id/bios_date" },
        { 0 },
};

/* One line, trimmed. -ENODATA where it is empty. */
static int read_line(struct host *host, struct pool *pool, const char *path, const char **line)
{
        const char *text;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        text = text_trim(pool, text);
        if (!*text)
                return -ENODATA;
        *line = text_printable(pool, text, TEXT_LIMIT);
        return 0;
}

static void add_name(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *name = NULL, *source = HOSTNAME;
        int r;

        r = read_line(host, pool, HOSTNAME, &name);
        /* What the kernel calls a host that nobody has named: init/Kconfig, DEFAULT_HOSTNAME. */
        if (r == 0 && text_equals(name, "(none)"))
                r = -ENODATA;
        if (r < 0 && read_line(host, pool, "/etc/hostname", &name) == 0) {
                source = "/etc/hostname";
                r = 0;
        }
        if (r == 0)
                fact_known(facts, value_text(pool, name), source, "host.name");
        else
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, HOSTNAME, "host.name");
}

/* The kernel makes a file only for what the firmware states (drivers/firmware/dmi-id.c), and no folder without SMBIOS. */
static const char *add_dmi(struct host *host, struct facts *facts, struct pool *pool, const char *file, const char *name)
{
        const char *source = pool_format(pool, DMI "/%s", file), *text = NULL;
        int r;

        r = read_line(host, pool, source, &text);
        if (r == 0)
                fact_known(facts, value_text(pool, text), source, "%s", name);
        else if (r == -ENOENT && (host_exists(host, DMI) || host_exists(host, "/sys/class")))
                fact_absent(facts, source, "%s", name);
        else
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, source, "%s", name);
        return text;
}

/* --- is it a real one? ------------------------------------------------------------------------------------------------ */

/* A cloud puts its name on its bare-metal machines too: there the name alone proves nothing. */
struct brand {
        const char *vendor, *product, *name; /* patterns */
        bool cloud;
};
static const struct brand brands[] = {
        { "Amazon EC2*", "*", "amazon", true },
        { "Google*", "Google Compute Engine*", "google", true },
        { "Alibaba Cloud*", "*", "kvm", true },
        { "QEMU*", "*", "qemu", false },
        { "*", "KVM*", "kvm", false },
        { "*", "OpenStack*", "kvm", false },
        { "VMware*", "*", "vmware", false },
        { "*", "VMware*", "vmware", false },
        { "innotek GmbH*", "*", "oracle", false },
        { "*", "VirtualBox*", "oracle", false },
        { "Xen*", "*", "xen", false },
        { "Microsoft Corporation*", "Virtual Machine*", "microsoft", false },
        { "Parallels*", "*", "parallels", false },
        { "Bochs*", "*", "bochs", false },
        { "BHYVE*", "*", "bhyve", false },
        { "*", "BHYVE*", "bhyve", false },
        { "Apple*", "Apple Virtualization*", "apple", false },
        { "Nutanix*", "AHV*", "kvm", false },
};

/* What hypervisors answer to CPUID leaf 0x40000000. */
static const struct {
        const char *signature, *name;
} signatures[] = {
        { "KVMKVMKVM", "kvm" },          { "Linux KVM Hv", "kvm" },  { "VMwareVMware", "vmware" },
        { "Microsoft Hv", "microsoft" }, { "XenVMMXenVMM", "xen" },  { "TCGTCGTCGTCG", "qemu" },
        { "VBoxVBoxVBox", "oracle" },    { "bhyve bhyve", "bhyve" }, { "prl hyperv", "parallels" },
        { "lrpepyh  vr", "parallels" },  { "ACRNACRNACRN", "acrn" }, { "QNXQVMBSQG", "qnx" },
};

/* Clocks that only a guest has. */
static const struct {
        const char *clock, *name;
} clocks[] = {
        { "kvm-clock", "kvm" },
        { "xen", "xen" },
        { "hyperv_clocksource*", "microsoft" },
};

/* Vendor numbers of devices that hypervisors make up (PCI ID database): these a guest has even where CPUID does not tell. virtio's
 * 1af4 is not among them, since real network cards show virtio devices too. */
static const struct {
        const char *vendor, *name;
} pci_vendors[] = { { "80ee", "oracle" }, { "15ad", "vmware" }, { "5853", "xen" }, { "1414", "microsoft" } };

static const struct brand *find_brand(const char *vendor, const char *product, bool cloud)
{
        for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
                if (brands[i].cloud == cloud && text_matches(vendor, brands[i].vendor) &&
                    text_matches(product, brands[i].product))
                        return &brands[i];
        return NULL;
}

static const char *name_by_signature(const char *signature)
{
        for (size_t i = 0; signature && i < sizeof signatures / sizeof signatures[0]; i++)
                if (text_equals(signature, signatures[i].signature))
                        return signatures[i].name;
        return NULL;
}

static const char *name_by_clock(struct host *host, struct pool *pool)
{
        const char *text;
        struct slice word;

        if (host_read(host, pool, &text, CLOCKS) < 0)
                return NULL;
        while (text_word(&text, " \t\n", &word))
                for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++)
                        if (text_matches(slice_dup(pool, word), clocks[i].clock))
                                return clocks[i].name;
        return NULL;
}

/* A line a device: bus and function, then vendor and device as eight hex digits. */
static const char *name_by_pci(struct host *host, struct pool *pool)
{
        struct slice line, word;
        const char *text;

        if (host_read(host, pool, &text, PCI) < 0)
                return NULL;
        while (text_line(&text, &line)) {
                bool found = slice_word(&line, " \t", &word);

                found = found && slice_word(&line, " \t", &word) && word.size == 8;
                if (!found)
                        continue;
                for (size_t i = 0; i < sizeof pci_vendors / sizeof pci_vendors[0]; i++)
                        if (!strncmp(word.at, pci_vendors[i].vendor, 4))
                                return pci_vendors[i].name;
        }
        return NULL;
}

struct evidence {
        const char *name, *source;
};

static struct evidence judge(struct host *host, struct pool *pool, const struct processor *processor, const char *vendor,
                             const char *product)
{
        const struct brand *cloud = find_brand(vendor ?: "", product ?: "", true);
        const struct brand *brand = find_brand(vendor ?: "", product ?: "", false);
        const char *type = NULL, *name;

        if (processor->guest) {
                name = cloud ? cloud->name : name_by_signature(processor->hypervisor);
                if (!name)
                        name = brand ? brand->name : name_by_clock(host, pool);
                return (struct evidence){ name ?: "vm-other", processor->source };
        }
        if (brand)
                return (struct evidence){ brand->name, DMI };
        if (read_line(host, pool, "/sys/hypervisor/type", &type) == 0)
                return (struct evidence){ type, "/sys/hypervisor/type" };
        name = name_by_pci(host, pool);
        if (name)
                return (struct evidence){ name, PCI };
        if (processor->guest_known)
                return (struct evidence){ "none", processor->source };
        if (cloud && !text_ends(product ?: "", ".metal"))
                return (struct evidence){ cloud->name, DMI };
        if (vendor || product)
                return (struct evidence){ "none", DMI };
        return (struct evidence){ NULL, processor->source };
}

static int host_run(struct host *host, struct facts *facts)
{
        autopool struct pool *scratch = pool_new();
        struct processor processor;
        const char *vendor, *product;
        struct evidence evidence;
        int r;

        add_name(host, facts, scratch);
        vendor = add_dmi(host, facts, scratch, "sys_vendor", "host.vendor");
        product = add_dmi(host, facts, scratch, "product_name", "host.product");
        add_dmi(host, facts, scratch, "bios_version", "host.bios.version");
        add_dmi(host, facts, scratch, "bios_date", "host.bios.date");
        r = processor_read(host, scratch, &processor);
        evidence = judge(host, scratch, &processor, vendor, product);
        if (evidence.name)
                fact_known(facts, value_text(scratch, evidence.name), evidence.source, "host.virtual");
        else
                fact_unknown(facts, r == -ECANCELED ? r : -ENODATA, evidence.source, "host.virtual");
        return 0;
}

const struct probe probe_host = {
        .name = "host",
        .help = "The machine as a whole: its name, its maker and firmware, and whether it is a real one.",
        .facts = host_facts,
        .run = host_run,
};
