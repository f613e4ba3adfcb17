#!/bin/sh
# drive.sh deaf|hears NVME: takes from an NVMe drive on PCIe what it hears its driver by, and gives it back. Runs in the box.
#
# A device whose memory is not decoded is sent doorbells that never arrive: the kernel waits for a command that the drive knows nothing of,
# as for one whose firmware hangs. Given back, it is told of that command by the doorbell of the next.
set -eu

registers=$(readlink -f "/sys/class/nvme/$2/device")/config
memory=2 # PCI_COMMAND_MEMORY (linux/pci_regs.h)
now=$(od -An -t u1 -j 4 -N 1 "$registers")
case $1 in
deaf) now=$((now & ~memory)) ;;
hears) now=$((now | memory)) ;;
esac
# shellcheck disable=SC2059 # a byte
printf "\\$(printf %o "$now")" | dd of="$registers" bs=1 seek=4 conv=notrunc status=none
[ "$1" = deaf ] || timeout 60 nvme smart-log "/dev/$2" >/dev/null
