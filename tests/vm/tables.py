"""tables.py FOLDER CPUS: the firmware's tables of a virtual trading box: eight DIMMs (SMBIOS type 17), and frequencies and idle
states of its CPUs (an ACPI table that iasl compiles), which make the kernel's acpi-cpufreq driver offer governors."""

import struct
import sys

FREQUENCIES = [(3000, 9500, 0), (2600, 7500, 1), (2200, 6000, 2), (1800, 4500, 3), (1200, 2500, 4)]


def dimm(number, size_mib):
    """One memory device of SMBIOS 3.2: DDR4, registered, ECC (72 bits for 64 of data), rated and configured at 3200 MT/s. No size: an
    empty slot."""
    texts = [b"DIMM_%c1" % (65 + number), b"BANK %d" % (number // 4), b"Samsung", b"S%04d" % number, b"A1", b"M393A2K43DB3-CWE"]
    speed = 3200 if size_mib else 0
    body = struct.pack("<BBHHHHHHBBBBBHHBBBBBIHHHH", 17, 40, 0x1100 + number, 0x1000, 0xFFFE, 72, 64, size_mib, 9, 0, 1, 2,
                       0x1A, 0x2080, speed, 3, 4, 5, 6, 2, 0, speed, 1200, 1200, 1200)
    return body + b"".join(text + b"\0" for text in texts) + b"\0"


def frequencies(cpus):
    lines = ['DefinitionBlock ("", "SSDT", 2, "BOX   ", "CPUFREQ ", 1)', "{"]
    lines += ["  External (\\_SB.CPUS.C%03X, DeviceObj)" % cpu for cpu in range(cpus)]
    states = ",\n".join("      Package (6) { %d, %d, 10, 10, %d, %d }" % (mhz, mw, code, code) for mhz, mw, code in FREQUENCIES)
    for cpu in range(cpus):
        lines += [
            "  Scope (\\_SB.CPUS.C%03X) {" % cpu,
            "    Name (_PCT, Package (2) { ResourceTemplate () { Register (SystemIO, 16, 0, 0x5000) },"
            " ResourceTemplate () { Register (SystemIO, 16, 0, 0x5002) } })",
            "    Name (_PSS, Package (%d) {" % len(FREQUENCIES), states, "    })",
            "    Name (_PPC, 0)",
            "    Name (_PSD, Package (1) { Package (5) { 5, 0, %d, 0xFE, 1 } })" % cpu,
            "    Name (_CST, Package () { 1, Package () { ResourceTemplate () { Register (FFixedHW, 0, 0, 0, 0) }, 1, 1, 1000 } })",
            "  }",
        ]
    return "\n".join(lines + ["}", ""])


def main():
    folder, cpus = sys.argv[1], int(sys.argv[2])
    for number in range(8):
        with open("%s/dimm%d" % (folder, number), "wb") as file:
            file.write(dimm(number, 16384))
    with open("%s/empty7" % folder, "wb") as file:
        file.write(dimm(7, 0))
    with open("%s/cpufreq%d.asl" % (folder, cpus), "w", encoding="ascii") as file:
        file.write(frequencies(cpus))


main()
