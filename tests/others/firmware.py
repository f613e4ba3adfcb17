"""firmware.py FOLDER [TREE...]: writes SMBIOS tables twice each: for plumbline as a tree, FOLDER/NAME/root, and for dmidecode --from-dump as
FOLDER/NAME/dump. A TREE gets a dump of its own bytes beside it: of its table, else of its entries of types 16 and 17."""

import pathlib
import struct
import sys

# Less than any of the tables has: plumbline does not believe one that the kernel contradicts.
MEMINFO = "MemTotal: 1048576 kB\nMemAvailable: 1024 kB\n"
END = b"\x7f\x04\xfe\xff\0\0"


def texts(*words):
    return b"".join(word.encode() + b"\0" for word in words) + b"\0"


def array(correction, use=3, handle=0x1000, location=3):
    """Type 16; correction 3: none, 5: single-bit, 6: multi-bit ECC; use 3: system memory; location 3: the board, 0xA4: a CXL card."""
    return struct.pack("<BBHBBBIHH", 16, 15, handle, location, use, correction, 0x80000000, 0xFFFE, 16) + b"\0\0"


def module(place, mib, kind=0x1A, width=72, rated=3200, now=3200, length=0x5C, technology=3, within=0x1000):
    """Type 17 as DSP0134 3.7 has it, cut to the length. mib None: not known; a size or speed that does not fit goes into its extended
    field; kind 0x1A: DDR4."""
    size, extended = (0xFFFF, 0) if mib is None else (mib, 0) if mib < 0x7FFF else (0x7FFF, mib)
    fast = [(speed, 0) if speed < 0xFFFF else (0xFFFF, speed) for speed in (rated, now)]
    body = bytearray(0x5C)
    struct.pack_into("<BBHHHHHHBBBBBHHBBBBBIH", body, 0, 17, length, 0x1100, within, 0xFFFE, width, 64, size, 9, 0, 1, 2, kind, 0x80,
                     fast[0][0], 3, 4, 5, 6, 2, extended, fast[1][0])
    body[0x28] = technology
    struct.pack_into("<II", body, 0x54, fast[0][1], fast[1][1])
    return bytes(body[:length]) + texts(place, "BANK 0", "Samsung", "S1", "A1", "M393A2K43DB3-CWE")


def modules(places, *rest, **more):
    return b"".join(module(place, *rest, **more) for place in places)


EIGHT = [f"P{socket}-DIMM{channel}1" for socket in (1, 2) for channel in "ABCD"]
TABLES = {
    "server": array(6) + modules(EIGHT, 16384) + modules([place[:-1] + "2" for place in EIGHT], 0),
    "slowed": array(6) + modules(EIGHT, 16384, now=2933) + module("P2-DIMME1", 16384),
    "rounded": array(6) + modules(EIGHT, 16384, rated=2934, now=2933),
    "large": array(5) + modules(EIGHT, 65536, kind=0x22, width=80, rated=70000, now=68000),
    "uneven": array(6) + modules(["DIMM_A1", "DIMM_A2", "DIMM_B1"], 16384) + module("DIMM_B2", 0),
    "sockets": array(6) + modules(["A1", "A3", "B1", "B3"], 32768) + modules(["A2", "A4", "B2", "B4"], 16384),
    "nameless": array(6) + modules(["Slot 1", "Slot 2"], 8192),
    "nameless-uneven": array(6) + module("Slot 1", 8192) + module("Slot 2", 16384),
    "desktop": array(3) + modules(["DIMM_A1", "DIMM_B1"], 8192, width=64, rated=5600, now=5600, kind=0x22),
    "contradiction": array(3) + modules(["DIMM_A1", "DIMM_B1"], 8192),
    "widthless": array(6) + modules(["DIMM_A1", "DIMM_B1"], 8192, width=0xFFFF),
    "video": array(6, use=4) + modules(["DIMM_A1"], 8192, width=0xFFFF),
    "card": array(6) + array(3, handle=0x2000, location=0xA4) + module("CXL1", 131072, kind=0x22, within=0x2000)
            + modules(["DIMM_A1", "DIMM_B1"], 16384),
    "mixed": array(6) + module("A1", 16384) + module("B1", 16384, kind=0x22, rated=4800, now=4400),
    "typeless": array(6) + module("A1", 16384) + module("B1", 16384, kind=2),
    "silent": array(6) + module("A1", 16384) + module("B1", 16384, now=0),
    "old": array(6) + modules(["A1", "B1"], 4096, kind=0x18, rated=1333, length=0x1C),
    "sizeless": array(6) + module("A1", 16384) + module("B1", None),
    "flash": array(6) + modules(["A1", "B1"], 16384) + module("BIOS", 0x8000 | 16384, kind=9, width=8),
    "persistent": array(6) + modules(["A1", "B1"], 16384) + module("A2", 131072, kind=0x1F, technology=7),
}


def own_table(tree):
    """The bytes of a tree; None: it has none that are whole."""
    firmware = tree / "sys/firmware/dmi"
    if (firmware / "tables/DMI").is_file():
        return (firmware / "tables/DMI").read_bytes() or None
    entries = sorted(firmware.glob("entries/1[67]-*/raw"))
    return b"".join(entry.read_bytes() for entry in entries) + END if entries else None


def dump(table):
    """An entry point of SMBIOS 3 at the beginning, which says that the table stands 32 bytes behind; all bytes of it add up to 0."""
    entry = bytearray(struct.pack("<5sBBBBBBBIQ", b"_SM3_", 0, 24, 3, 5, 0, 1, 0, len(table), 32))
    entry[5] = -sum(entry) & 0xFF
    return bytes(entry) + bytes(8) + table


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, table in TABLES.items():
        root = folder / name / "root"
        (root / "sys/firmware/dmi/tables").mkdir(parents=True)
        (root / "proc").mkdir()
        (root / "proc/meminfo").write_text(MEMINFO)
        (root / "sys/firmware/dmi/tables/DMI").write_bytes(table + END)
        (folder / name / "dump").write_bytes(dump(table + END))
    for tree in map(pathlib.Path, sys.argv[2:]):
        table = own_table(tree)
        if table:
            (tree.parent / "dump").write_bytes(dump(table))


main()
