# story-drift.sh: on a box that trades somebody, or something, changes one thing: the next audit of the timer has to say so.
# shellcheck shell=bash

# The timer as it ships, but every ten seconds and at once.
hurry_timer()
{
        in_box 'mkdir -p /etc/systemd/system/plumbline-audit.timer.d &&
                printf "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/10\nRandomizedDelaySec=0\nAccuracySec=1s\n" \
                        >/etc/systemd/system/plumbline-audit.timer.d/hurry.conf &&
                systemctl daemon-reload && systemctl restart plumbline-audit.timer'
}

calm_timer()
{
        in_box 'rm -r /etc/systemd/system/plumbline-audit.timer.d; systemctl daemon-reload; systemctl restart plumbline-audit.timer'
}

# drift WHAT ID STATUS BREAK MEND
drift()
{
        note_time
        in_box "$4"
        claim "$1: the timer's audit says so" audit_tells "$2" "$3"
        claim "$1: check ends with 1" exits 1 plumbline check
        in_box "$5"
}

# unknown_are ID FILE: what could not be told of all that must hold, in a report of the box.
unknown_are()
{
        local have
        have=$(in_box cat "$2" | python3 -c '
import json, sys
print(*[f["id"] for f in json.load(sys.stdin)["findings"] if f["status"] == "unknown" and f["tier"] == "critical"])')
        [ "$have" = "$1" ] && return 0
        echo "unknown: $have"
        return 1
}

# The kernel waits for the drive where no signal reaches: whoever asks has to leave that behind.
drive_hangs()
{
        to_box "$here/drive.sh" /root/drive.sh
        in_box 'sh /root/drive.sh deaf nvme0'
        claim "a drive hangs: check comes back, and cannot tell" exits 3 \
                'timeout --signal=KILL 60 plumbline check --time-limit "20 s" --format json -o /root/hang.json'
        claim "a drive hangs: its report names what was given up" says '"given_up": "nvme/nvme0/smart"' \
                'grep -o "\"given_up\": .*[^,]" /root/hang.json'
        claim "a drive hangs: it names the drive" in_box 'grep "nvme.nvme0.health unreadable: given up" /root/hang.json'
        claim "a drive hangs: nothing else that must hold is unknown" unknown_are 'every nvme.*.health' /root/hang.json
        claim "a drive hangs: facts come back, and know the other" says "nvme.nvme0.health unreadable: did not answer in time nvme.nvme1.health ok" \
                'timeout --signal=KILL 60 plumbline facts "nvme.*.health" | sed "s/  (.*//"'
        # Of an audit that the timer has just started there may be a process, too.
        claim "a drive hangs: who asked it is held by the kernel" says 2 'ps -C plumbline -o stat=,wchan:20= | grep -c "^D.* blk_"'
        claim "the drive hears again: nobody is left behind" in_box 'sh /root/drive.sh hears nvme0
                for try in $(seq 30); do pgrep -x plumbline || exit 0; sleep 1; done; exit 1'
        claim "the drive hears again: check says ready" exits 0 plumbline check
}

drive_goes()
{
        note_time
        qmp 20 device_del '{"id": "ssd2"}' >/dev/null
        claim "a drive of the mirror goes: the timer's audit says so" audit_tells 'every raid.*.state' fail
        claim "a drive of the mirror goes: check ends with 1" exits 1 plumbline check
        claim "mdadm sees it too" in_box 'mdadm --detail /dev/md0 | grep -q degraded'
        claim "drift names the drive, and what the kernel said of the mirror" in_box 'plumbline drift --color never >/root/why
                grep -q "nvme[01] is gone" /root/why && grep -q "the kernel said: md/raid1:md[0-9]*: Disk failure" /root/why ||
                { cat /root/why; exit 1; }'
        qmp 20 device_add '{"driver": "nvme", "id": "ssd2", "drive": "nvme2", "serial": "PHLJ0002", "bus": "rp2", "max_ioqpairs": 8}' >/dev/null
        claim "the drive comes back into the mirror" in_box 'for try in $(seq 60); do
                for disk in /dev/nvme?n1; do
                        mdadm --detail /dev/md0 | grep -q "$disk" || mdadm --quiet /dev/md0 --re-add "$disk" || mdadm --quiet /dev/md0 --add "$disk"
                done
                ! grep -q "\[UU\]" /proc/mdstat || exit 0; sleep 1; done; cat /proc/mdstat; exit 1'
}

story_drift()
{
        story=drift
        hurry_timer
        note_time
        claim "before: the timer's audit is content" audit_is_content
        drift "a sysctl" sysctl.vm.swappiness drift 'sysctl -q -w vm.swappiness=60' 'sysctl -q -w vm.swappiness=1'
        drift "a governor" cpu.governor drift 'echo schedutil >/sys/devices/system/cpu/cpufreq/policy5/scaling_governor' \
                'echo performance >/sys/devices/system/cpu/cpufreq/policy5/scaling_governor'
        drift "a file" sysctl drift 'cp -p /etc/sysctl.d/99-zz-plumbline.conf /root/kept; echo "vm.swappiness = 60" >>/etc/sysctl.d/99-zz-plumbline.conf' \
                'cp -p /root/kept /etc/sysctl.d/99-zz-plumbline.conf'
        drift "a link at 1 Gbit/s" nic.fastest fail 'ethtool -s eth1 speed 1000 duplex full' 'ethtool -s eth1 speed 10000 duplex full'
        drive_hangs
        drive_goes
        drift "another default kernel" kernel.flavour drift \
                'echo "GRUB_DEFAULT=\"Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux $(ls /boot | sed -n "s/^vmlinuz-//p" | grep -v rt)\"" \
                        >/etc/default/grub.d/zz-somebody.cfg && update-grub' \
                'rm /etc/default/grub.d/zz-somebody.cfg && update-grub'
        note_time
        claim "all mended: the timer's audit is content" audit_is_content
        claim "all mended: check says ready" exits 0 plumbline check
        calm_timer
}

audit_is_content()
{
        local end=$((SECONDS + 150)) said
        while [ "$SECONDS" -lt "$end" ]; do
                said=$(in_box cat /var/lib/plumbline/audit.json | python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["time"], r["verdict"])')
                [[ "$said" > "$changed" && "$said" = *" ready" ]] && return 0
                sleep 1
        done
        echo "the last audit: $said"
        in_box plumbline audit --color never
        return 1
}

# The seventh: only the next boot shows it.
story_dimm()
{
        story=drift
        # As it ships the gate would wait five minutes for the DIMM.
        in_box 'mkdir -p /etc/systemd/system/plumbline-ready.service.d &&
                printf "[Service]\nExecStart=\nExecStart=/usr/bin/plumbline check --settle 90 --journal gate\n" \
                        >/etc/systemd/system/plumbline-ready.service.d/hurry.conf && sync'
        box_power_off
        box_last_dimm=empty7
        box_arguments
        box_drives
        box_start
        claim "a DIMM is missing: the box comes back" box_wait 600
        box_settled 200
        claim "dmidecode counts seven" says 7 'dmidecode -t 17 | grep -c "Size: 16 GB"'
        hurry_timer
        note_time
        claim "a DIMM is missing: the timer's audit says so" audit_tells memory.installed fail
        claim "a DIMM is missing: check ends with 1" exits 1 plumbline check
        claim "plumbline-ready.target is not reached" exits 3 systemctl is-active plumbline-ready.target
        claim "the trading unit was not started" exits 3 systemctl is-active hft_system.service
        calm_timer
        in_box 'rm -r /etc/systemd/system/plumbline-ready.service.d; systemctl daemon-reload'
        box_last_dimm=dimm7
}
