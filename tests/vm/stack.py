"""stack.py lvm FACTS LVS | bond FACTS LINKS BONDING: do the facts of plumbline (JSON) say what the tools of others say? Prints what differs."""

import json
import sys

differences = []


def read_facts(path):
    with open(path, encoding="utf-8") as file:
        return {fact["name"]: fact.get("value", fact["status"]) for fact in json.load(file)["facts"]}


def compare(facts, name, want):
    have = facts.get(name, "nothing of that name")
    if have != want:
        differences.append("%s: %s, expected %s" % (name, have, want))


def array_state(volume):
    if volume["lv_health_status"]:
        return "degraded"
    return "active" if float(volume["sync_percent"]) == 100 else "resync"


def lvm(facts, path):
    with open(path, encoding="utf-8") as file:
        volumes = json.load(file)["report"][0]["lv"]
    arrays = [volume for volume in volumes if volume["segtype"].startswith(("raid", "mirror"))]
    compare(facts, "raid.count", len(arrays))
    for volume in arrays:
        name = "raid." + "-".join(volume[part].replace("-", "--") for part in ("vg_name", "lv_name"))
        missing = [line["lv_name"] for line in volumes if line["segtype"] == "linear" and "partial" in line["lv_health_status"]]
        images = volume["devices"].count("image_")
        lost = [image for image in missing if "[%s_" % volume["lv_name"] in image and "image_" in image]
        compare(facts, name + ".level", "raid1" if volume["segtype"] == "mirror" else volume["segtype"].split("_")[0])
        compare(facts, name + ".state", array_state(volume))
        compare(facts, name + ".members", images - len(lost))
        compare(facts, name + ".size", int(volume["lv_size"]))
        compare(facts, name + ".transport", "nvme")
    return len(arrays)


def read_bonding(path):
    """The active port, and those that are up, with their speeds; None: no link."""
    active, ports, port = None, {}, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, _, value = (part.strip() for part in line.partition(":"))
            if key == "Currently Active Slave":
                active = value
            elif key == "Slave Interface":
                port = value
            elif port and key == "MII Status":
                ports[port] = {"up": value == "up"}
            elif port and key == "Speed":
                ports[port]["speed"] = int(value.split()[0]) * 1000000 if value.endswith("Mbps") else None
    return active, ports


def bond(facts, links_path, bonding_path):
    with open(links_path, encoding="utf-8") as file:
        links = json.load(file)
    active, ports = read_bonding(bonding_path)
    slaves = sorted(link["ifname"] for link in links if link.get("master") == "bond0")
    if slaves != sorted(ports):
        differences.append("ip says %s, /proc/net/bonding %s" % (slaves, sorted(ports)))
    up = sorted(name for name in ports if ports[name]["up"])
    checked = 0
    for link in links:
        kind = link.get("linkinfo", {}).get("info_kind")
        if kind not in ("bond", "vlan"):
            continue
        name = "interface." + link["ifname"]
        compare(facts, name + ".kind", kind)
        compare(facts, name + ".ports", " ".join(slaves))
        compare(facts, name + ".up", " ".join(up))
        compare(facts, name + ".down", len(slaves) - len(up))
        compare(facts, name + ".slowest", min(ports[port]["speed"] for port in up) if up else "absent")
        if kind == "bond":
            compare(facts, name + ".active", active)
        checked += 1
    return checked


def main():
    checked = {"lvm": lvm, "bond": bond}[sys.argv[1]](read_facts(sys.argv[2]), *sys.argv[3:])
    if not checked:
        differences.append("there is nothing to compare")
    print("\n".join(differences))
    sys.exit(1 if differences else 0)


main()
