#!/bin/sh
# btrfs.sh PLUMBLINE FOLDER: makes a mirror of btrfs on two loop devices, takes one away, and keeps what plumbline and btrfs say of it each time.
# It is run in a mount namespace of its own; 77: none can be made here.
set -eu

plumbline=$1
folder=$(mkdir -p "$2" && cd "$2" && pwd)
label=plumbline-test
[ "$(id -u)" -eq 0 ] && command -v mkfs.btrfs >/dev/null || exit 77
grep -q btrfs /proc/filesystems || modprobe btrfs 2>/dev/null || exit 77
work=$(mktemp -d /var/tmp/plumbline-btrfs.XXXXXX)
first=
second=

leave()
{
        umount "$work/on" 2>/dev/null || true
        for device in $first $second; do
                losetup -d "$device" 2>/dev/null || true
                btrfs device scan --forget "$device" >/dev/null 2>&1 || true
        done
        rm -rf "$work"
}
trap leave EXIT
trap 'exit 1' INT TERM HUP

# Both are sparse, and hardly anything is written.
truncate -s 512M "$work/one" "$work/two"
mkdir "$work/on"
first=$(losetup -f --show "$work/one" 2>/dev/null) || exit 77
second=$(losetup -f --show "$work/two" 2>/dev/null) || exit 77
mkfs.btrfs -q -f -L "$label" -d raid1 -m raid1 "$first" "$second" >/dev/null 2>&1
btrfs device scan "$first" "$second" >/dev/null
mount -t btrfs "$first" "$work/on" 2>/dev/null || exit 77

# keep NAME: a capture says the same as the host does.
keep()
{
        mkdir -p "$folder/$1"
        btrfs filesystem usage -b "$work/on" >"$folder/$1/btrfs" 2>/dev/null
        btrfs filesystem show --raw "$work/on" >"$folder/$1/btrfs-show" 2>/dev/null
        "$plumbline" facts 'raid.*' --format json >"$folder/$1/facts.json"
        echo '{ "facts": [] }' >"$folder/$1/ports.json"
        "$plumbline" capture -o "$work/capture.tar.zst" 2>"$folder/$1/errors"
        "$plumbline" facts "raid.btrfs-$label.*" >"$folder/$1/now"
        "$plumbline" facts "raid.btrfs-$label.*" --root "$work/capture.tar.zst" | diff "$folder/$1/now" -
}

keep mirror
# Stored once, then twice again: the kernel makes and removes the folders that tell.
dd if=/dev/zero of="$work/on/some" bs=1M count=8 status=none
sync -f "$work/on/some"
btrfs balance start -f -dconvert=single -mconvert=single "$work/on" >/dev/null 2>&1
keep single
btrfs balance start -dconvert=raid1 -mconvert=raid1 "$work/on" >/dev/null 2>&1
umount "$work/on"
losetup -d "$second"
btrfs device scan --forget "$first" >/dev/null 2>&1 || true
btrfs device scan --forget "$second" >/dev/null 2>&1 || true
mount -t btrfs -o degraded "$first" "$work/on"
keep degraded
