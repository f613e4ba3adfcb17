"""Makes a machine with 1024 CPUs on 64 nodes, and 4096 interrupts, in the folder of its argument."""

import pathlib
import sys

ROOT = pathlib.Path(sys.argv[1])
CPUS, NODES, IRQS = 1024, 64, 4096
# From here on only /proc/interrupts, of 46 MB, names them; one of them it does not name, and so nobody uses it.
TOLD_BY_TABLE, UNUSED = 4000, 4094
CORES = CPUS // 2
PER_NODE = CORES // NODES
CPU, NODE = "sys/devices/system/cpu", "sys/devices/system/node"


def put(path, text):
    place = ROOT / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text + "\n")


def main():
    everyone = f"0-{CPUS - 1}"
    for name in ("present", "online", "possible"):
        put(f"{CPU}/{name}", everyone)
    put(f"{CPU}/isolated", "")
    put(f"{CPU}/smt/active", "1")
    for cpu in range(CPUS):
        core = cpu % CORES
        topology, policy = f"{CPU}/cpu{cpu}/topology", f"{CPU}/cpufreq/policy{cpu}"
        put(f"{topology}/physical_package_id", str(core // 64))
        put(f"{topology}/die_id", "0")
        put(f"{topology}/core_id", str(core % 64))
        put(f"{topology}/core_cpus_list", f"{core},{core + CORES}")
        put(f"{policy}/scaling_governor", "performance")
        put(f"{policy}/scaling_driver", "acpi-cpufreq")
        put(f"{policy}/scaling_available_governors", "performance powersave")
    for node in range(NODES):
        low = node * PER_NODE
        put(f"{NODE}/node{node}/cpulist", f"{low}-{low + PER_NODE - 1},{low + CORES}-{low + CORES + PER_NODE - 1}")
        put(f"{NODE}/node{node}/meminfo", f"Node {node} MemTotal: 33554432 kB")
        put(f"{NODE}/node{node}/distance", " ".join("10" if other == node else "32" for other in range(NODES)))
    put("proc/irq/default_smp_affinity", ",".join(["ffffffff"] * (CPUS // 32)))
    for irq in range(IRQS):
        put(f"proc/irq/{irq}/smp_affinity_list", everyone)
        put(f"proc/irq/{irq}/effective_affinity_list", str(irq % CPUS))
        if irq < TOLD_BY_TABLE:
            put(f"sys/kernel/irq/{irq}/actions", f"dev{irq}")
            put(f"sys/kernel/irq/{irq}/type", "edge")
    rows = "".join(f"{irq:4}:" + " 0000000001" * CPUS + f" IR-PCI-MSI {irq}-edge dev{irq}\n" for irq in range(IRQS) if irq != UNUSED)
    put("proc/interrupts", " ".join(f"CPU{cpu}" for cpu in range(CPUS)) + "\n" + rows + "MCE:" + " 0" * (CPUS - 1) + " 7")
    put("proc/meminfo", "MemTotal: 2147483648 kB\nMemAvailable: 2047483648 kB")
    put("etc/os-release", 'ID=debian\nVERSION_ID="12"')
    put("proc/sys/kernel/hostname", "huge")
    put("proc/cmdline", "quiet")


main()
