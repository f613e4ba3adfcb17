#!/bin/sh
# look.sh files|values|services: what this box is, a line for each thing, in the words of the system's own tools. Runs in the box.
set -u

# Files that the system itself rewrites, and the profile that the tests put there.
look_files()
{
        find /etc /boot -xdev \( -name ld.so.cache -o -name adjtime -o -path /etc/plumbline -o -name '*-' \) -prune -o \
                -type l -printf 'link %p -> %l\n' -o -type f -printf 'file %p %m %u:%g\n'
        find /etc /boot -xdev \( -name ld.so.cache -o -name adjtime -o -path /etc/plumbline -o -name '*-' \) -prune -o \
                -type f -print0 | xargs -0 sha256sum
        dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' | grep '^ii'
}

# Every key that can be read, but for those that count, or that the kernel sizes anew at each boot.
look_values()
{
        sysctl -a 2>/dev/null | grep -v -E '^(fs\.(dentry-state|inode|file-nr|aio-nr|binfmt)|kernel\.(random|ns_last_pid|pty\.nr|perf_event_max_sample_rate|sched_domain)|net\.netfilter|vm\.stat)'
        grep . /sys/devices/system/cpu/cpufreq/policy*/scaling_governor
        grep . /sys/devices/system/node/node*/hugepages/*/nr_hugepages
        grep . /proc/irq/default_smp_affinity /proc/irq/*/smp_affinity_list
}

look_services()
{
        for unit in irqbalance.service unattended-upgrades.service apt-daily.timer apt-daily-upgrade.timer man-db.timer; do
                echo "$unit $(systemctl is-enabled $unit) $(systemctl is-active $unit)"
        done
}

for part in "$@"; do
        "look_$part" | sort
done
