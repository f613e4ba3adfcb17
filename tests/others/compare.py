"""Holds the facts of plumbline against what other tools said of the same machine, as collect.sh kept it in a folder.

Each fact that a tool knows too is compared, and compared once more with the fact changed, which must be seen. What no tool of this
machine could tell is skipped, in so many words. Behind the folder the tools may be named; none: all of them."""

import json
import pathlib
import re
import shlex
import sys

FOLDER = pathlib.Path(sys.argv[1])
SIZES = {"kB": 1 << 10, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
# Between two looks things happen: a disk fills, a drive gets warmer.
SLACK_PERCENT = 1.0
SLACK_KELVIN = 5


def said(name):
    path = FOLDER / name
    return path.read_text(errors="replace") if path.exists() else ""


def facts(name):
    return {fact["name"]: fact for fact in json.loads(said(name))["facts"]}


def fields(text, separator=":"):
    """The first value of each key of "key: value" lines."""
    found = {}
    for line in text.splitlines():
        key, between, value = line.partition(separator)
        if between:
            found.setdefault(key.strip(), value.strip())
    return found


def cpus(text):
    """A list such as 0-3,8 as a set."""
    ends = (part.split("-") for part in text.replace(" ", "").split(",") if part)
    return {cpu for end in ends for cpu in range(int(end[0]), int(end[-1]) + 1)}


def changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 2 + 10
    return "1023" if value is not None and re.fullmatch(r"[0-9,-]+", value) else f"x{value}"


def same(have, want):
    return have == want


def near(slack):
    return lambda have, want: abs(have - want) <= slack


def same_cpus(have, want):
    return cpus(have) == want


def same_words(have, want):
    return sorted(have.split()) == sorted(want)


# --- what the tools say: rows (tool, name of the fact, what it should be, how to compare); None: it does not know -----------------


def of_lscpu():
    told = fields(said("lscpu"))
    rows = [line.split(",") for line in said("lscpu-rows").splitlines() if line and not line.startswith("#")]
    if not told or not rows:
        return
    online = [row for row in rows if row[4] == "Y"]
    yield "cpu.vendor", told.get("Vendor ID"), same
    yield "cpu.model", told.get("Model name"), same
    yield "cpu.threads", len(rows), same
    yield "cpu.online", {int(row[0]) for row in online}, same_cpus
    yield "cpu.sockets", len({row[2] for row in online}), same
    yield "cpu.cores", len({(row[1], row[2]) for row in online}), same
    yield "cpu.smt", int(told["Thread(s) per core"]) > 1, same
    if "NUMA node(s)" in told:
        yield "numa.nodes", int(told["NUMA node(s)"]), same
    for key, value in told.items():
        node = re.fullmatch(r"NUMA node(\d+) CPU\(s\)", key)
        if node:
            yield f"numa.node{node[1]}.cpus", cpus(value), same_cpus


def of_numactl():
    text = said("numactl")
    nodes = re.search(r"available: (\d+) nodes", text)
    if not nodes:
        return
    yield "numa.nodes", int(nodes[1]), same
    for node, words in re.findall(r"node (\d+) cpus:(.*)", text):
        yield f"numa.node{node}.cpus", {int(word) for word in words.split()}, same_cpus
    for node, megabytes in re.findall(r"node (\d+) size: (\d+) MB", text):
        yield f"numa.node{node}.memory", int(megabytes), lambda have, want: have >> 20 == want
    distances = [int(word) for line in re.findall(r"^ *\d+: (.*)$", text, re.M) for word in line.split()]
    yield "numa.distance.max", max(distances), same


def of_dmidecode():
    dimms = []
    for block in said("dmidecode-memory").split("\n\n"):
        told = fields(block)
        size = re.fullmatch(r"(\d+) ([kKMGT]B)", told.get("Size", ""))
        if size:
            dimms.append((int(size[1]) * SIZES[size[2]], told))
    if dimms:
        speeds = [told.get("Configured Memory Speed", told.get("Configured Clock Speed", "")) for _, told in dimms]
        known = [int(speed.split()[0]) for speed in speeds if speed[:1].isdigit()]
        yield "memory.installed", sum(size for size, _ in dimms), same
        yield "memory.dimms", len(dimms), same
        yield "memory.speed", min(known) if len(known) == len(dimms) else None, same
        labels = [told.get("Speed", "") for _, told in dimms]
        rated = [int(label.split()[0]) for label in labels if label[:1].isdigit()]
        yield "memory.rated_speed", min(rated) if len(rated) == len(dimms) else None, same
        types = {told["Type"] for _, told in dimms}
        yield "memory.type", types.pop() if len(types) == 1 and types != {"Unknown"} else None, same
    for word, name in (("bios-version", "host.bios.version"), ("bios-release-date", "host.bios.date"),
                       ("system-manufacturer", "host.vendor"), ("system-product-name", "host.product")):
        text = said("dmidecode-" + word).strip()
        if text and not text.startswith("#"):
            yield name, text, same


def of_ethtool():
    for path in sorted(FOLDER.glob("ethtool.*")):
        name = path.name.split(".", 1)[1]
        link, driver, clock = fields(path.read_text()), fields(said("ethtool-driver." + name)), fields(said("ethtool-clock." + name))
        if not link or not driver:
            continue
        speed = re.fullmatch(r"(\d+)Mb/s", link.get("Speed", ""))
        duplex = link.get("Duplex", "").split("!")[0].lower()
        yield f"nic.{name}.speed", int(speed[1]) * 1000000 if speed else None, same
        yield f"nic.{name}.duplex", duplex if duplex in ("full", "half") else None, same
        yield f"nic.{name}.link", link["Link detected"] == "yes", same
        yield f"nic.{name}.driver", driver["driver"], same
        yield f"nic.{name}.firmware", driver["firmware-version"] or None, same
        if re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d", driver.get("bus-info", "")):
            yield f"nic.{name}.pci", driver["bus-info"], same
        if clock.get("PTP Hardware Clock", "").isdigit():
            yield f"nic.{name}.ptp", "ptp" + clock["PTP Hardware Clock"], same


def of_nvme():
    drives = sorted(FOLDER.glob("nvme-id.*"))
    known = 0
    for path in drives:
        name = path.name.split(".", 1)[1]
        if not path.read_text().strip():
            continue
        known += 1
        controller, health = json.loads(path.read_text()), json.loads(said("nvme-smart." + name) or "{}")
        yield f"nvme.{name}.model", controller["mn"].strip(), same
        yield f"nvme.{name}.firmware", controller["fr"].strip(), same
        if not health:
            continue
        yield f"nvme.{name}.used", health.get("percent_used", health.get("percentage_used")), same
        yield f"nvme.{name}.spare", health["avail_spare"], same
        # 128 bits are a string in some versions.
        yield f"nvme.{name}.media_errors", int(health["media_errors"]), same
        yield f"nvme.{name}.temperature", health["temperature"] - 273, near(SLACK_KELVIN)
        yield f"nvme.{name}.health", "ok" if health["critical_warning"] in (0, {"value": 0}) else "not ok", same
    if known:
        yield "nvme.count", len(drives), same


def of_findmnt():
    for line in said("findmnt").splitlines():
        row = dict(word.split("=", 1) for word in shlex.split(line))
        # A folder of a filesystem that is mounted once more; and what nobody writes to.
        if "[" in row["SOURCE"] or row["FSTYPE"] in ("squashfs", "iso9660", "overlay", "9p") or "ro" in row["OPTIONS"].split(","):
            continue
        room = int(row["AVAIL"]) + int(row["USED"])
        yield f"disk.{row['TARGET']}.filesystem", row["FSTYPE"], same
        yield f"disk.{row['TARGET']}.free", 100 * int(row["AVAIL"]) / room, near(SLACK_PERCENT)


def of_swapon():
    rows = [line.split() for line in said("swap").splitlines()]
    if rows:
        yield "swap.size", sum(int(row[1]) for row in rows), same
        yield "swap.used", 100 * sum(int(row[2]) for row in rows) / sum(int(row[1]) for row in rows), near(SLACK_PERCENT)


def of_ss():
    for protocol in ("tcp", "udp"):
        ports = {}
        for line in said(protocol).splitlines():
            address, _, port = line.split()[3].rpartition(":")
            address = address.split("%")[0].strip("[]")
            ports.setdefault(port, set()).add("::" if address == "*" else address)
        for port, addresses in sorted(ports.items()):
            yield f"port.{protocol}.{port}.state", "listening", same
            yield f"port.{protocol}.{port}.addresses", addresses, same_words
        for port in {"1", "7", "65535"} - set(ports):
            yield f"port.{protocol}.{port}.state", "closed", same


def in_use(address):
    """Of an address as `ip -json address` tells it: can it be spoken to, as far as the kernel knows?"""
    return not address.get("dadfailed") and (not address.get("tentative") or address.get("optimistic"))


def own_end(address):
    """The network belongs to the other end of a line to one host."""
    bits = 32 if address["family"] == "inet" else 128
    return f"{address['local']}/{bits if 'address' in address else address['prefixlen']}"


def of_ip():
    interfaces = json.loads(said("ip") or "[]")
    everywhere, ports = [], said("ports").split()
    for interface in interfaces:
        told = [address for address in interface["addr_info"] if address["family"] in ("inet", "inet6") and in_use(address)]
        everywhere += [own_end(address) for address in told if address["scope"] not in ("host", "link", "nowhere")]
        if interface["ifname"] in ports:
            yield f"nic.{interface['ifname']}.addresses", sorted({own_end(address) for address in told}), same_words
            yield f"nic.{interface['ifname']}.mtu", interface["mtu"], same
    if interfaces:
        yield "net.addresses", sorted(set(everywhere)), same_words


def of_uname():
    if said("uname"):
        yield "kernel.release", said("uname").strip(), same


TOOLS = {"lscpu": of_lscpu, "numactl": of_numactl, "dmidecode": of_dmidecode, "ethtool": of_ethtool, "nvme": of_nvme,
         "findmnt": of_findmnt, "swapon": of_swapon, "ss": of_ss, "ip": of_ip, "uname": of_uname}


def problem(fact, want, equal):
    """Why the fact is not what the tool says; None: it is."""
    if fact is None:
        return f"plumbline has no such fact, and it is {want!r}"
    if want is None:
        return None if fact["status"] != "known" else f"plumbline says {fact['value']!r}, and the tool does not know"
    if fact["status"] != "known":
        return f"plumbline says {fact['status']} ({fact.get('note') or fact.get('reason')}), and it is {want!r}"
    return None if equal(fact["value"], want) else f"plumbline says {fact['value']!r}, and it is {want!r}"


def main():
    have = {**facts("facts.json"), **facts("ports.json")}
    passed = failed = 0
    for tool, rows in TOOLS.items():
        if sys.argv[2:] and tool not in sys.argv[2:]:
            continue
        count, before = 0, failed
        for name, want, equal in rows():
            count += 1
            wrong = problem(have.get(name), want, equal)
            if not wrong and want is not None:
                other = dict(have[name], value=changed(have[name]["value"]))
                wrong = None if problem(other, want, equal) else f"{other['value']!r} passes for {want!r}"
            if wrong:
                print(f"FAILED {tool}: {name}: {wrong}")
                failed += 1
            else:
                passed += 1
        if not count:
            print(f"skipped: facts against {tool}: it is not here, or has nothing to tell")
        elif failed == before:
            print(f"ok     {tool}: {count} facts, and no difference")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
