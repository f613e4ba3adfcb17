"""What lscpu, numactl, ethtool, nvme and lspci say of the hardware."""

import json
import re

from said import cpus, fields, kept, near, said, same, same_cpus

# Between two looks a drive gets warmer.
SLACK_KELVIN = 5


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
    # Of a tree without the old masks of siblings it knows neither cores nor sockets, and says 0, or nothing.
    threads = int(told.get("Thread(s) per core", 0))
    if threads:
        yield "cpu.sockets", len({row[2] for row in online}), same
        yield "cpu.cores", len({(row[1], row[2]) for row in online}), same
        yield "cpu.smt", threads > 1, same
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


def fastest(text, title):
    """The highest speed among the link modes of this title, which go on in the lines below it; None: it names none."""
    block = re.search(rf"^\t{title} link modes:(.*(?:\n\t +.*)*)", text, re.M)
    speeds = [int(speed) for speed in re.findall(r"\b(\d+)base", block[1])] if block else []
    return max(speeds) * 1000000 if speeds else None


def of_ethtool():
    for name in kept("ethtool.*"):
        text = said("ethtool." + name)
        link, driver, clock = fields(text), fields(said("ethtool-driver." + name)), fields(said("ethtool-clock." + name))
        if not driver:
            continue
        speed = re.fullmatch(r"(\d+)Mb/s", link.get("Speed", ""))
        duplex = link.get("Duplex", "").split("!")[0].lower()
        # What some drivers go on saying without a link is none.
        up = link["Link detected"] == "yes"
        yield f"nic.{name}.speed", int(speed[1]) * 1000000 if speed and up else None, same
        yield f"nic.{name}.duplex", duplex if duplex in ("full", "half") and up else None, same
        yield f"nic.{name}.max_speed", fastest(text, "Supported"), same
        yield f"nic.{name}.peer_speed", fastest(text, "Link partner advertised"), same
        yield f"nic.{name}.link", up, same
        yield f"nic.{name}.driver", driver["driver"], same
        yield f"nic.{name}.firmware", driver["firmware-version"] or None, same
        if re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d", driver.get("bus-info", "")):
            yield f"nic.{name}.pci", driver["bus-info"], same
        if clock.get("PTP Hardware Clock", "").isdigit():
            yield f"nic.{name}.ptp", "ptp" + clock["PTP Hardware Clock"], same


def of_nvme():
    drives = kept("nvme-id.*")
    for name in drives:
        controller, health = json.loads(said("nvme-id." + name)), json.loads(said("nvme-smart." + name) or "{}")
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
    if drives:
        yield "nvme.count", len(said("drives").split()), same


# --- lspci: where a device is attached, and its link -----------------------------------------------------------------------------


def devices():
    """The blocks of lspci -D -vv by address."""
    return {block.split(" ", 1)[0]: block for block in said("lspci").split("\n\n") if block.strip()}


def node_of(block):
    node = re.search(r"^\tNUMA node: (\d+)$", block, re.M)
    return int(node[1]) if node else None


def link_of(block):
    """As plumbline words it: "8.0 GT/s x4"."""
    link = re.search(r"LnkSta:\s+Speed ([0-9.]+)GT/s(?: \(\w+\))?, Width x(\d+)", block)
    return f"{float(link[1]):.1f} GT/s x{link[2]}" if link and link[2] != "0" else None


def of_lspci():
    known = devices()
    for line in said("places").splitlines():
        fact, address = line.split()
        if address not in known:
            continue
        link = link_of(known[address])
        yield fact + ".node", node_of(known[address]), same
        if fact.startswith("nvme."):
            yield fact + ".link", link, same
        if link:
            yield f"pcie.{address}.link", link, same


TOOLS = {"lscpu": of_lscpu, "numactl": of_numactl, "ethtool": of_ethtool, "nvme": of_nvme, "lspci": of_lspci}
