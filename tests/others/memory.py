"""What dmidecode says of the memory modules, the firmware and the maker, in the words of the SMBIOS tables."""

import re

from said import begins, fields, said, same, same_words

# By the first letter: "kB", "MB" and, in later versions, "MiB" are all powers of two.
SIZES = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
# These keep what they hold without power, and are no memory of the kernel's.
KEEPING = {"ROM", "Flash", "EEPROM", "FEPROM", "EPROM", "Logical non-volatile device"}
PLAIN = {None, "Unknown", "Other", "DRAM", "<OUT OF SPEC>"}
NODE_SLACK = 0.9
# A riser for modules is a proprietary card.
ON_BOARD = {"System Board Or Motherboard", "Proprietary Add-on Card", "Other", "Unknown"}


def blocks(name):
    told = [fields(block) for block in said(name).split("\n\n")]
    return [block for block in told if len(block) > 2]


def measured(text):
    """Bytes; 0: the slot is empty; None: the firmware does not know."""
    size = re.fullmatch(r"(\d+) (\w+)", text or "")
    if size:
        return int(size[1]) * SIZES[size[2][0].lower()]
    return 0 if text == "No Module Installed" else None


def number(text):
    """Of "3200 MT/s" or "72 bits"; None: it is not known."""
    found = re.match(r"\d+", text or "")
    return int(found[0]) if found else None


def slower(modules):
    """How many run below what they are rated at. Firmware rounds 2933 1/3 either way."""
    speeds = [(number(told.get("Speed")), configured(told)) for told in modules]
    return sum(1 for rated, now in speeds if rated and now and now + 1 < rated)


def configured(told):
    return number(told.get("Configured Memory Speed", told.get("Configured Clock Speed")))


def kind(modules):
    """The words of memory.type; None: some module does not tell."""
    types = {told["Type"].split()[0] for told in modules}
    return None if types & {"Unknown", "Other", "<OUT"} else types


def corrects(modules):
    """By the widths of the modules, else by the array's word; None: nothing is said, or one contradicts the other."""
    widths = [(number(told.get("Total Width")), number(told.get("Data Width"))) for told in modules]
    wide = {total > data for total, data in widths if total and data}
    arrays = set()
    for array in blocks("dmidecode-array"):
        word = array.get("Error Correction Type", "")
        if array.get("Use") == "System Memory" and array.get("Location") in ON_BOARD and word not in ("Unknown", "Other", ""):
            arrays.add(word not in ("None", "Parity"))
    opinions = wide or arrays
    if len(opinions) != 1 or (wide and len(arrays) == 1 and arrays != wide):
        return None
    return opinions.pop()


def balanced(slots):
    """Have all channels that have any memory the same? None: neither the names of the slots nor the sizes tell."""
    sizes = [(told.get("Locator", ""), size) for told, size in slots]
    if any(size is None for _, size in sizes):
        return None
    if all(re.search(r"(^|DIMM|[^A-Za-z])[A-P]\d+$", place) for place, _ in sizes):
        channels = {}
        for place, size in sizes:
            channel = place.rstrip("0123456789")
            channels[channel] = channels.get(channel, 0) + size
        if len({size for size in channels.values() if size}) > 1:
            return False
        # A letter alone is a channel, or a socket with all of its own.
        if all(len(channel) > 1 for channel in channels):
            return True
    return True if len({size for _, size in sizes if size}) == 1 else None


def foreign_arrays():
    """The handles of arrays that are no memory of the system on the board."""
    told = [(re.match(r"Handle (0x\w+)", block), fields(block)) for block in said("dmidecode-array").split("\n\n")]
    return {handle[1] for handle, array in told
            if handle and "Use" in array and (array["Use"] != "System Memory" or array.get("Location") not in ON_BOARD)}


def of_modules():
    slots = [(told, measured(told.get("Size"))) for told in blocks("dmidecode-memory")
             if told.get("Array Handle") not in foreign_arrays()]
    keeping = [told for told, _ in slots if told.get("Type") in KEEPING or told.get("Memory Technology") not in PLAIN]
    slots = [(told, 0 if told in keeping else size) for told, size in slots]
    modules = [told for told, size in slots if size != 0]
    if not modules:
        return
    speeds = [configured(told) for told in modules]
    if all(size is not None for _, size in slots):
        yield "memory.installed", sum(size for _, size in slots), same
    yield "memory.dimms", len(modules), same
    filled = len(modules) + len([told for told in keeping if measured(told.get("Size"))])
    yield "memory.dimms note", f"{len(slots)} slots, of which {filled} filled", same
    yield "memory.type", kind(modules), same_words
    yield "memory.speed", min(speeds) if None not in speeds else None, same
    rated = [number(told.get("Speed")) for told in modules]
    yield "memory.rated_speed", min(rated) if None not in rated else None, same
    if None not in speeds:
        count = slower(modules)
        yield "memory.speed note", f"{count} of {len(modules)} modules run below their rated speed: " if count else None, begins
    yield "memory.ecc", corrects(modules), same
    nodes = [int(size) for size in re.findall(r"^node \d+ size: (\d+) MB", said("numactl"), re.M)]
    if not nodes or min(nodes) >= max(nodes) * NODE_SLACK:
        yield "memory.balanced", balanced(slots), same


def of_dmidecode():
    yield from of_modules()
    for word, name in (("bios-version", "host.bios.version"), ("bios-release-date", "host.bios.date"),
                       ("system-manufacturer", "host.vendor"), ("system-product-name", "host.product")):
        text = said("dmidecode-" + word).strip()
        if text and not text.startswith("#"):
            yield name, text, same


TOOLS = {"dmidecode": of_dmidecode}
