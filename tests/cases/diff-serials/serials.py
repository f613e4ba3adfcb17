"""Gives a tree serial numbers and addresses of its own wherever a machine has them. Arguments: the tree, and four hex digits that stand in
each of them. Prints all of them."""

import os
import struct
import sys

root, own = sys.argv[1], sys.argv[2]
MAC = f"02:{own[:2]}:{own[2:]}:c0:ff:ee"
UUID = f"5ab1b5ae-{own}-4333-8222-1234567890ab"
MACHINE = f"{own}5ab1b5ae43338222" + "1234567890ab"
WWN = f"50014ee2{own}c0de"
DRIVE, BOX, BOARD, DIMM, TAG = f"S4EWNX{own}1", f"CZJ{own}2", f"PWB{own}3", f"DIMM{own}4", f"TAG{own}5"


def put(path, content):
    path = root + path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        os.remove(path)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else (content + "\n").encode())


def link(path, target):
    os.makedirs(os.path.dirname(root + path), exist_ok=True)
    os.symlink(target, root + path)


def structure(kind, handle, formatted, *strings):
    return bytes([kind, 4 + len(formatted)]) + struct.pack("<H", handle) + formatted + b"".join(s.encode() + b"\0" for s in strings) + b"\0"


def attribute(kind, payload):
    return struct.pack("<HH", 4 + len(payload), kind) + payload + b"\0" * (-len(payload) % 4)


drive = "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0"
put(drive + "/serial", DRIVE)
put(drive + "/subsysnqn", f"nqn.2014.08.org.nvmexpress:144d144d{DRIVE}      Samsung SSD 970 PRO")
for name, text in ("wwid", f"eui.{WWN}"), ("nguid", UUID), ("uuid", UUID), ("eui", WWN):
    put(f"{drive}/nvme0n1/{name}", text)
put(drive + "/nvme0n1/dev", "259:0")
link("/sys/class/block/nvme0n1", "../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1")
for name, text in ("product_serial", BOX), ("board_serial", BOARD), ("chassis_serial", BOX), ("chassis_asset_tag", TAG), ("product_uuid", UUID):
    put(f"/sys/class/dmi/id/{name}", text)
module = struct.pack("<HHHHHBBBBBHHBBBBBIH", 0x1000, 0xFFFE, 72, 64, 32768, 9, 0, 1, 0, 26, 0, 3200, 2, 3, 4, 5, 2, 0, 3200)
put("/sys/firmware/dmi/tables/DMI",
    structure(1, 1, bytes([1, 2, 0, 3]) + bytes(16) + bytes([6, 4, 5]), "maker", "box", BOX, TAG, "family")
    + structure(16, 0x1000, struct.pack("<BBBIHH", 3, 3, 6, 0x80000000, 0xFFFE, 1) + struct.pack("<Q", 0), "")
    + structure(17, 0x1100, module, "A1", "maker", DIMM, TAG, "part")
    + structure(127, 0x7F00, b"", ""))
for name, text in ("address", MAC), ("phys_port_id", MAC.replace(":", "")), ("phys_switch_id", MAC.replace(":", "")), ("ifalias", BOX):
    put(f"/sys/devices/pci0000:80/0000:81:00.0/net/enp129s0f0/{name}", text)
hardware = bytes.fromhex(MAC.replace(":", ""))
message = struct.pack("<BxHiII", 0, 1, 3, 0x1043, 0xFFFFFFFF) + attribute(3, b"enp129s0f0\0") + attribute(1, hardware) + attribute(54, hardware)
put("/.plumbline/ask/rtnl/links", struct.pack("<IHHII", 16 + len(message), 16, 2, 1, 0) + message)
put("/etc/machine-id", MACHINE)
put("/var/lib/dbus/machine-id", MACHINE)
put("/proc/cmdline", f"BOOT_IMAGE=/vmlinuz root=UUID={UUID} resume=/dev/disk/by-id/nvme-Samsung_{DRIVE} rd.luks.uuid={UUID} "
    f"rd.md.uuid={UUID} BOOTIF=01-{MAC.replace(':', '-')} systemd.machine_id={MACHINE} quiet")
link(f"/dev/disk/by-id/nvme-Samsung_SSD_{DRIVE}", "../../nvme0n1")
link(f"/dev/disk/by-uuid/{UUID}", "../../md0")
put("/etc/fstab", f"/dev/disk/by-id/nvme-Samsung_SSD_{DRIVE} /data xfs defaults 0 0\nUUID={UUID} / ext4 defaults 0 1")
put("/etc/crypttab", f"luks-{UUID} UUID={UUID} none luks")
put("/sys/devices/virtual/block/md0/md/uuid", UUID)
for name, text in ("level", "raid1"), ("array_state", "clean"), ("raid_disks", "2"), ("degraded", "0"), ("sync_action", "idle"), ("metadata_version", "1.2"):
    put(f"/sys/devices/virtual/block/md0/md/{name}", text)
put("/sys/devices/virtual/block/md0/size", "1000000")
link("/sys/block/md0", "../devices/virtual/block/md0")
link("/sys/class/block/md0", "../../devices/virtual/block/md0")
put("/sys/devices/virtual/block/dm-0/dm/uuid", f"CRYPT-LUKS2-{UUID.replace('-', '')}-luks-{UUID}")
put("/sys/devices/virtual/block/dm-0/dm/name", f"luks-{UUID}")
put("/sys/devices/virtual/block/dm-0/size", "1000000")
link("/sys/block/dm-0", "../devices/virtual/block/dm-0")
link("/sys/class/block/dm-0", "../../devices/virtual/block/dm-0")
put("/proc/mounts", f"/dev/mapper/luks-{UUID} / ext4 rw,relatime 0 0\n/dev/md0 /data xfs rw,logdev=/dev/disk/by-id/nvme-Samsung_SSD_{DRIVE} 0 0")
put("/proc/self/mountinfo", f"25 1 253:0 / / rw,relatime - ext4 /dev/mapper/luks-{UUID} rw\n26 25 9:0 / /data rw - xfs /dev/md0 rw")
put("/proc/swaps", f"Filename Type Size Used Priority\n/dev/disk/by-uuid/{UUID} partition 8388604 0 -2")
for secret in (MAC, MAC.replace(":", ""), MAC.replace(":", "-"), UUID, UUID.replace("-", ""), MACHINE, WWN, DRIVE, BOX, BOARD, DIMM, TAG):
    print(secret)
