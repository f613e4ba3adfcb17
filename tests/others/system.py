"""What lsblk, findmnt, df, swapon, ss, ip, uname and systemd's own tools say of the system."""

import json
import re

from said import begins, facts, fields, near, pairs, said, same, same_options, same_words

# Between two looks a disk fills.
SLACK_PERCENT = 1.0
# Nobody writes to them, or they have no room of their own.
NO_DISK = ("squashfs", "iso9660", "overlay", "9p")
# Of these the mount names one device at most.
SEVERAL_DEVICES = ("btrfs", "zfs", "bcachefs")


def runs(tool):
    return tool in said("tools").split()


# --- disks -----------------------------------------------------------------------------------------------------------------------


def mounts():
    """The rows of findmnt that plumbline has facts of: no folder of a filesystem that is mounted once more."""
    for row in pairs(said("findmnt")):
        if "[" not in row["SOURCE"] and row["FSTYPE"] not in NO_DISK and "ro" not in row["OPTIONS"].split(","):
            yield row


def of_findmnt():
    for row in mounts():
        yield f"disk.{row['TARGET']}.filesystem", row["FSTYPE"], same
        yield f"disk.{row['TARGET']}.options", row["OPTIONS"], same_options
        if row.get("AVAIL"):
            room = int(row["AVAIL"]) + int(row["USED"])
            yield f"disk.{row['TARGET']}.free", 100 * int(row["AVAIL"]) / room, near(SLACK_PERCENT)


def of_df():
    points = {row["TARGET"] for row in mounts()}
    for line in said("df").splitlines()[1:]:
        total, free, point = line.split(None, 2)
        if point in points:
            # btrfs makes inodes as it goes.
            share = None if total in ("0", "-") else 100 * int(free) / int(total)
            yield f"disk.{point}.inodes", share, near(SLACK_PERCENT)


def of_lsblk():
    """What a filesystem lies on has one size, however many disks are below; a drive's namespaces are added up."""
    if said("lsblk-bus").strip():
        disks = json.loads(said("lsblk-bus"))["blockdevices"]
        yield "usb.storage", [disk["name"] for disk in disks if disk["tran"] == "usb"] or ["none"], same_words
    rows = pairs(said("lsblk"))
    points = {row["TARGET"]: row["FSTYPE"] for row in mounts()}
    sizes = {}
    for row in rows:
        drive = re.fullmatch(r"(nvme\d+)n\d+", row["NAME"])
        if drive and row["TYPE"] == "disk":
            sizes.setdefault(drive[1], {})[row["NAME"]] = int(row["SIZE"])
        for point in set(row["MOUNTPOINTS"].split("\n")) & set(points):
            yield f"disk.{point}.size", None if points[point] in SEVERAL_DEVICES else int(row["SIZE"]), same
    for drive, namespaces in sizes.items():
        yield f"nvme.{drive}.size", sum(namespaces.values()), same
    if rows and said("swap"):
        yield "swap.separate", is_apart(rows), same


def disks_below(rows, wanted):
    """The disks at the bottom of each device that the function picks. lsblk names a device once for each parent."""
    parents = {}
    for row in rows:
        parents.setdefault(row["KNAME"], set()).update({row["PKNAME"]} - {""})
    found, left = set(), [row["KNAME"] for row in rows if wanted(row)]
    while left:
        name = left.pop()
        left += parents.get(name, ())
        if not parents.get(name):
            found.add(name)
    return found


def is_calm(point):
    """Nothing is written there while the box trades."""
    return point == "/boot" or point.startswith("/boot/") or point == "/efi"


def is_apart(rows):
    """Has swap disks of its own? A file, a loop device and memory are none."""
    names = [line.split()[0] for line in said("swap").splitlines()]
    swaps = disks_below(rows, lambda row: "[SWAP]" in row["MOUNTPOINTS"])
    written = {row["TARGET"] for row in mounts() if not is_calm(row["TARGET"])}
    others = disks_below(rows, lambda row: set(row["MOUNTPOINTS"].split("\n")) & written)
    whole = all(name.startswith("/dev/") and not re.match(r"/dev/(loop|zram|ram)\d", name) for name in names)
    return whole and not swaps & others


def of_swapon():
    if not runs("swapon"):
        return
    rows = [line.split() for line in said("swap").splitlines()]
    size, used = (sum(int(row[column]) for row in rows) for column in (1, 2))
    yield "swap.size", size, same
    yield "swap.used", 100 * used / size if size else None, near(SLACK_PERCENT)


# --- network ---------------------------------------------------------------------------------------------------------------------


def of_ss():
    if not runs("ss"):
        return
    for protocol in ("tcp", "udp"):
        ports = {}
        for line in said(protocol).splitlines():
            address, _, port = line.split()[3].rpartition(":")
            address = address.split("%")[0].strip("[]")
            ports.setdefault(port, set()).add("::" if address == "*" else address)
        for port, addresses in sorted(ports.items()):
            yield f"port.{protocol}.{port}.state", "listening", same
            yield f"port.{protocol}.{port}.addresses", addresses, same_words
        for port in sorted({"1", "7", "65535"} - set(ports)):
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
    known, everywhere, ports = facts("facts.json"), [], said("ports").split()
    for interface in interfaces:
        name = interface["ifname"]
        told = [address for address in interface["addr_info"] if address["family"] in ("inet", "inet6") and in_use(address)]
        everywhere += [own_end(address) for address in told if address["scope"] not in ("host", "link", "nowhere")]
        if name in ports:
            yield f"nic.{name}.addresses", sorted({own_end(address) for address in told}), same_words
            if f"nic.{name}.mtu" in known:
                yield f"nic.{name}.mtu", interface["mtu"], same
    if interfaces:
        yield "net.addresses", sorted(set(everywhere)), same_words
        yield from default_routes()


def same_list(have, want):
    """What is said behind the last of them is the same for all."""
    return sorted(re.sub(", which goe?s? before a default route$", "", have).split(", ")) == sorted(want)


def default_routes():
    """A route that is down, or whose port is, leads nowhere; "dead" and "linkdown" are flags of a route or of one of its hops."""
    routes = [route for route in json.loads(said("ip-routes") or "[]")
              if route["dst"] == "default" and route.get("type", "unicast") == "unicast" and "dead" not in route["flags"]]
    words = [f"{hop['dev']} metric {route.get('metric', 0)}" for route in routes for hop in route.get("nexthops") or [route]
             if "dead" not in hop.get("flags", [])]
    halves = [[hop["dev"] for route in json.loads(said("ip-routes") or "[]") if route["dst"] == dst and "dead" not in route["flags"]
               for hop in route.get("nexthops") or [route]] for dst in ("0.0.0.0/1", "128.0.0.0/1")]
    yield "net.default_routes", len(words) + (max(map(len, halves)) if all(halves) else 0), same
    words += [f"lower half {dev}" for dev in halves[0]] + [f"upper half {dev}" for dev in halves[1]]
    yield "net.default_routes note", words or None, same_list


# --- the kernel and systemd ------------------------------------------------------------------------------------------------------


def of_uname():
    if said("uname"):
        yield "kernel.release", said("uname").strip(), same


def of_detect_virt():
    if said("virt"):
        yield "host.virtual", said("virt").strip(), same


def of_timedatectl():
    told = fields(said("timedatectl"), "=")
    if "NTPSynchronized" in told:
        yield "clock.synchronised", told["NTPSynchronized"] == "yes", same


def of_systemctl():
    """plumbline's own services do not count as failed: an audit fails where the host is not ready."""
    if said("units") and said("units-failed") == said("units-failed-after"):
        failed = [line.split()[0] for line in said("units-failed").splitlines()]
        yield "units.failed", len([name for name in failed if not re.fullmatch(r"plumbline-\w+\.service", name)]), same
    # What came, went or changed while plumbline looked says nothing.
    for block in set(said("units").strip().split("\n\n")) & set(said("units-after").strip().split("\n\n")):
        told = fields(block, "=")
        if not told.get("Id", "").endswith(".service"):
            continue
        missing = told["LoadState"] == "not-found"
        state = f"{told['ActiveState']} ({told['SubState']})"
        yield f"unit.{told['Id']}.state", None if missing and told["ActiveState"] == "inactive" else state, same
        if not missing:
            yield f"unit.{told['Id']}.restarts", int(told["NRestarts"]), same
            yield f"unit.{told['Id']}.reload_needed", told["NeedDaemonReload"] == "yes", same


def of_btrfs():
    """A filesystem on two devices of one size, by `btrfs filesystem usage` and `show`."""
    overall = fields(said("btrfs"))
    stored = {kind.lower() for kind in re.findall(r"^(?:Data|Metadata|System),(\w+):", said("btrfs"), re.M)}
    devices = re.findall(r"^\s*devid .*$", said("btrfs-show"), re.M)
    there = [line for line in devices if "MISSING" not in line.upper()]
    name = "raid.btrfs-" + re.search("Label: '(.*)'", said("btrfs-show")).group(1)
    yield f"{name}.level", stored.pop() if len(stored) == 1 else None, same
    yield f"{name}.members", len(there), same
    yield f"{name}.state", "active" if len(there) == 2 else "degraded", same
    yield f"{name}.transport", said("btrfs-transport").strip() or "loop", same
    whole = len(there) == 2 and int(overall["Device missing"]) == 0
    yield f"{name}.size", int(int(overall["Device size"]) / float(overall["Data ratio"])) if whole else None, same


def of_resolver():
    """What libresolv has loaded; 127.0.0.1 stands for none."""
    servers = [line for line in said("resolver").split() if line != "127.0.0.1"]
    yield "net.nameservers", servers, same_words
    if len(servers) > 1:
        yield "net.nameservers note", "in this order: " + " ".join(servers), begins


TOOLS = {"lsblk": of_lsblk, "findmnt": of_findmnt, "df": of_df, "swapon": of_swapon, "ss": of_ss, "ip": of_ip, "uname": of_uname,
         "systemd-detect-virt": of_detect_virt, "timedatectl": of_timedatectl, "systemctl": of_systemctl}
if said("btrfs"):
    TOOLS["btrfs"] = of_btrfs
if said("resolver"):
    TOOLS["resolver"] = of_resolver
