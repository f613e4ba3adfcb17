# story-standby.sh: the second box of a pair: standby, made a trading box, and standby again. The box stays up for the story stack.
# shellcheck shell=bash

wait_for_layer()
{
        local end=$((SECONDS + 1500))
        until [ -e "$layers/$1" ]; do
                [ "$SECONDS" -lt "$end" ] || return 1
                sleep 1
        done
}

story_standby()
{
        story=standby
        claim "there is a prepared box to start from" wait_for_layer ready || return
        # Eight CPUs are enough for this, and start faster.
        box_cpus=8
        box_new_disk standby "$(readlink -f "$layers/prepared")" qcow2
        box_arguments
        box_drives
        box_start
        claim "the box comes up" box_wait 600 || return
        box_settled 200
        in_box 'mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --assume-clean --homehost=any /dev/nvme0n1 /dev/nvme1n1'
        to_box "$here/standby.yaml" /root/standby.yaml
        to_box "$here/pair.yaml" /root/pair.yaml
        in_box 'cp /root/standby.yaml /etc/plumbline/profile.yaml'
        claim "apply of standby needs no reboot" exits 0 plumbline apply
        claim "check of standby says ready" exits 0 plumbline check
        look standby files services
        in_box 'cp /root/pair.yaml /etc/plumbline/profile.yaml'
        claim "apply of trading ends with 4" patience_for 900 exits 4 plumbline apply
        claim "the box comes back" box_reboot 600
        claim "check of trading says ready" exits 0 plumbline check
        claim "the RT kernel runs" in_box 'uname -v | grep -q PREEMPT_RT'
        claim "undo of trading ends with 4" patience_for 600 exits 4 plumbline undo
        in_box 'cp /root/standby.yaml /etc/plumbline/profile.yaml'
        claim "the box comes back as standby" box_reboot 600
        look again files services
        claim "every file and service is as it was in standby" same standby again
        claim "no RT kernel, no isolated CPUs" in_box '! uname -v | grep -q PREEMPT_RT && [ -z "$(cat /sys/devices/system/cpu/isolated)" ]'
        claim "check of standby says ready again" exits 0 plumbline check
}

patience_for()
{
        local patience=$1
        shift
        "$@"
}
