# story-stack.sh: what stands on other things: a mirror of LVM, one of btrfs, and a bond with a VLAN, made, broken and mended for real, compared with
# lvs, btrfs, ip and /proc/net/bonding. On the standby box where that is up, else on a box of its own; either is thrown away afterwards.
# shellcheck shell=bash

# The same standby as in its own story, without what is timed there.
stack_box()
{
        box_cpus=8
        box_new_disk stack "$cache/disk.raw" raw
        box_arguments
        box_drives
        box_start
        claim "a bare box comes up" box_wait 600 || return
        box_settled 200
        prepare_box
        claim "the package installs" patience_for 300 install_package
        to_box "$here/standby.yaml" /root/standby.yaml
        in_box 'cp /root/standby.yaml /etc/plumbline/profile.yaml'
        claim "apply of standby needs no reboot" exits 0 plumbline apply
}

# An initramfs that can start from LVM takes the emulator minutes, and nobody starts from it.
install_lvm()
{
        in_box 'export DEBIAN_FRONTEND=noninteractive
                sed -i s/^update_initramfs=.*/update_initramfs=no/ /etc/initramfs-tools/update-initramfs.conf
                apt-get update -q && apt-get install -q -y --no-install-recommends lvm2 btrfs-progs'
}

# A first sync at one KiB a second lasts longer than the claims about it.
make_mirror()
{
        in_box 'mdadm --quiet --stop /dev/md0 && mdadm --zero-superblock /dev/nvme0n1 /dev/nvme1n1 && wipefs -q -a /dev/nvme0n1 /dev/nvme1n1 &&
                pvcreate -q /dev/nvme0n1 /dev/nvme1n1 && vgcreate -q trade /dev/nvme0n1 /dev/nvme1n1 &&
                lvcreate -q --yes --type raid1 -m 1 -L 64M --maxrecoveryrate 1 -n data trade'
}

# kernel_says NAME LINE: by itself, within a minute.
kernel_says()
{
        in_box "for try in \$(seq 60); do dmsetup status '$1' | grep -q -x '$2' && exit 0; sleep 1; done; dmsetup status '$1'; exit 1"
}

mirror_is()
{
        kernel_says trade-data "$1"
}

make_old_mirror()
{
        in_box lvcreate -q --yes --type mirror -m 1 -L 16M -n old trade && kernel_says trade-old '.* mirror 2 .* \([0-9]*\)/\1 1 AA 3 disk .* A'
}

# says_state STATE [OPTION...]: of the array that is looked at.
array=trade-data
says_state()
{
        local want=$1
        shift
        in_box plumbline facts "raid.$array.state" --format json "$@" >"$work/facts.json"
        python3 -c 'import json, sys
fact = json.load(open(sys.argv[1]))["facts"][0]
have = fact.get("value", fact["status"])
sys.exit(have != sys.argv[2] and "the state is %s, expected %s" % (have, sys.argv[2]))' "$work/facts.json" "$want"
}

lvs_agrees()
{
        in_box plumbline facts "'raid.*'" --format json >"$work/facts.json" || return
        in_box 'lvs -a --reportformat json --units b --nosuffix -o vg_name,lv_name,segtype,lv_size,sync_percent,lv_health_status,devices 2>/dev/null' >"$work/lvs.json" || return
        python3 "$here/stack.py" lvm "$work/facts.json" "$work/lvs.json"
}

capture_agrees()
{
        in_box 'plumbline capture -o /root/stack.tar.zst && plumbline facts "raid.*" >/root/now && plumbline facts "raid.*" --root /root/stack.tar.zst | diff /root/now -'
}

stack_mirror()
{
        claim "a mirror of LVM takes the place of md's" make_mirror || return
        claim "it is written for the first time: a resync" says_state resync
        claim "lvs says the same" lvs_agrees
        claim "that is not ready" exits 1 plumbline check
        in_box 'lvchange -q --maxrecoveryrate 0 trade/data'
        claim "both of its images are in sync" mirror_is '.* raid1 2 AA \([0-9]*\)/\1 idle .*'
        claim "it is in order" says_state active
        claim "the older kind of mirror is made beside it" make_old_mirror
        claim "lvs says the same of both" lvs_agrees
        claim "what is too small for the market data is not ready" exits 1 plumbline check
        in_box 'sed -i "s/^    cpu.cores:/    any raid.*.size: !drop\n&/" /etc/plumbline/profile.yaml'
        claim "check of standby says ready on LVM" exits 0 plumbline check
        claim "a capture holds it" capture_agrees
        in_box 'lvremove -q --yes trade/old'
}

# A mirror writes its own records a while after everybody else is done, and a write is how the kernel finds out about a drive that is gone.
mirror_still()
{
        in_box 'writes() { for device in /sys/class/block/dm-*; do read -r _ _ _ _ count _ <$device/stat; printf "%s " $count; done; }
                still=0
                for try in $(seq 120); do
                        before=$(writes); sleep 1; [ "$(writes)" = "$before" ] && still=$((still + 1)) || still=0
                        [ $still = 12 ] && exit 0
                done
                exit 1'
}

pull_drive()
{
        qmp 20 device_del '{"id": "ssd2"}' >/dev/null
        in_box 'for try in $(seq 60); do [ "$(ls -d /sys/bus/pci/drivers/nvme/0000:* | wc -l)" = 1 ] && exit 0; sleep 0.5; done; exit 1'
}

stack_drive()
{
        claim "nobody writes to the mirror" mirror_still
        claim "a drive is pulled" pull_drive
        # Mostly it has not, until somebody writes. That is the kernel's affair; what is claimed holds either way.
        in_box 'dmsetup status trade-data' >"$work/noticed"
        claim "it is degraded, whether the kernel has noticed or not" says_state degraded
        claim "also for those who ask nobody" says_state degraded --quiet-only
        grep -q ' raid1 2 AA ' "$work/noticed" || echo "note: stack: the kernel had noticed the drive by itself: $(cat "$work/noticed")" >&3
        in_box 'dd if=/dev/zero of=/dev/trade/data bs=1M count=1 oflag=direct status=none'
        claim "somebody writes: now the kernel has" mirror_is '.* raid1 2 AD .*'
        claim "it is degraded" says_state degraded
        claim "lvs says the same" lvs_agrees
        claim "check of standby ends with 1" exits 1 plumbline check
        qmp 20 device_add '{"driver": "nvme", "id": "ssd2", "drive": "nvme2", "serial": "PHLJ0002", "bus": "rp2", "max_ioqpairs": 8}' >/dev/null
        claim "the drive comes back" in_box 'for try in $(seq 60); do pvs 2>/dev/null | grep -c trade | grep -q -x 2 && exit 0; sleep 1; done; exit 1'
        in_box 'lvchange --refresh trade/data'
        claim "the mirror takes it" mirror_is '.* raid1 2 AA \([0-9]*\)/\1 idle .*'
        claim "lvs says the same again" lvs_agrees
        claim "check of standby says ready again" exits 0 plumbline check
}

# Into the place of LVM's. A drive that came back may have another name.
make_btrfs()
{
        in_box 'drives=$(pvs --noheadings --options pv_name) && vgremove -q -q --force trade && pvremove -q -q $drives && wipefs -q -a $drives &&
                mkdir -p /srv/trade && mkfs.btrfs -q -L trade -d raid1 -m raid1 $drives && udevadm settle && mount LABEL=trade /srv/trade'
}

btrfs_agrees()
{
        local said=$work/btrfs
        rm -rf "$said" && mkdir "$said" && echo '{ "facts": [] }' >"$said/ports.json" && echo nvme >"$said/btrfs-transport"
        in_box plumbline facts "'raid.*'" --format json >"$said/facts.json" || return
        in_box btrfs filesystem usage -b /srv/trade >"$said/btrfs" && in_box btrfs filesystem show --raw /srv/trade >"$said/btrfs-show" || return
        python3 "$here/../others/compare.py" "$said" btrfs
}

stack_btrfs()
{
        claim "a mirror of btrfs takes the place of LVM's" make_btrfs || return
        array=btrfs-trade
        claim "btrfs says the same" btrfs_agrees
        claim "check of standby says ready on btrfs" exits 0 plumbline check
        claim "a capture holds it, too" capture_agrees
        claim "a drive of it is pulled" pull_drive
        claim "it is degraded" says_state degraded
        claim "also for those who ask nobody" says_state degraded --quiet-only
        claim "check of standby ends with 1" exits 1 plumbline check
        claim "it goes" in_box 'umount /srv/trade && wipefs -q -a /dev/nvme0n1'
}

# The second port has the place of the second drive, the only one where something can be plugged in.
make_bond()
{
        in_box '[ "$(ls -d /sys/bus/pci/drivers/nvme/0000:* | wc -l)" = 1 ]' || pull_drive || return
        qmp 20 netdev_add '{"type": "user", "id": "spare", "restrict": true}' >/dev/null &&
                qmp 20 device_add '{"driver": "virtio-net-pci", "id": "spareport", "netdev": "spare", "bus": "rp2", "romfile": "", "speed": 10000,
                        "duplex": "full", "mac": "52:54:00:12:34:60"}' >/dev/null || return
        in_box 'for try in $(seq 60); do [ -e /sys/class/net/eth2 ] && break; sleep 0.5; done
                ip link add bond0 type bond mode active-backup miimon 100 && ip link add link bond0 name bond0.5 type vlan id 5 || exit
                for port in eth1 eth2; do ip link set $port down && ip link set $port master bond0 || exit; done
                ip link set bond0 up && ip link set bond0.5 up'
}

# bond_is ACTIVE DOWN: by the kernel, until it is; then everything else.
bond_is()
{
        in_box "for try in \$(seq 40); do grep -q -x 'Currently Active Slave: $1' /proc/net/bonding/bond0 &&
                        [ \"\$(sed 1,/^Slave/d /proc/net/bonding/bond0 | grep -c -x 'MII Status: down')\" = $2 ] && exit 0; sleep 0.5; done
                cat /proc/net/bonding/bond0; exit 1" || return
        in_box plumbline facts "'interface.*'" --format json >"$work/facts.json" || return
        in_box 'ip -j -d link' >"$work/links.json" && in_box cat /proc/net/bonding/bond0 >"$work/bonding" || return
        python3 "$here/stack.py" bond "$work/facts.json" "$work/links.json" "$work/bonding"
}

# port_makes NAME true|false ACTIVE DOWN: a cable is plugged in, or pulled out.
port_makes()
{
        qmp 20 set_link "{\"name\": \"$1\", \"up\": $2}" >/dev/null && bond_is "$3" "$4"
}

stack_bond()
{
        claim "a bond of two ports with a VLAN is made" make_bond || return
        claim "ip and /proc/net/bonding say the same" bond_is eth1 0
        claim "its spare port goes: they say the same" port_makes spareport false eth1 1
        claim "it comes back: they say the same" port_makes spareport true eth1 0
        claim "its active port goes, the other takes over: they say the same" port_makes trading false eth2 1
}

# plug_card NETDEV: a card whose driver names link modes, its own and those of the other end, in the place where something can be plugged in. An
# address that a router gave it between two looks would be told by one of them.
plug_card()
{
        qmp 20 device_add '{"driver": "rtl8139", "id": "card", "netdev": "'"$1"'", "bus": "rp2", "romfile": "", "mac": "52:54:00:12:34:61"}' >/dev/null || return
        in_box 'for try in $(seq 120); do
                        card=$(grep -l -x 52:54:00:12:34:61 /sys/class/net/*/address) && card=$(basename "${card%/address}") &&
                                echo 0 >/proc/sys/net/ipv6/conf/$card/accept_ra && ip link set "$card" up &&
                                [ "$(cat /sys/class/net/$card/carrier 2>/dev/null)" = 1 ] && exit 0
                        sleep 0.5
                done
                ip link; exit 1'
}

exchange_card()
{
        qmp 20 device_del '{"id": "spareport"}' >/dev/null || return
        in_box 'for try in $(seq 120); do [ -e /sys/class/net/eth2 ] || exit 0; sleep 0.5; done; ip link; exit 1' && plug_card spare
}

# ethtool has something to tell of each kind, or the claim would say nothing.
card_agrees()
{
        local said=$work/card
        to_box "$here/../others/collect.sh" /root/collect.sh
        in_box 'sh /root/collect.sh plumbline /root/card && systemctl -q stop systemd-timedated; tar -C /root/card -c .' >"$work/card.tar" || return
        rm -rf "$said" && mkdir "$said" && tar -x -C "$said" -f "$work/card.tar" || return
        grep -q '100baseT/Full' "$said"/ethtool.* && grep -q '^.Link partner advertised link modes: .*[0-9]base' "$said"/ethtool.* || { cat "$said"/ethtool.*; return 1; }
        python3 "$here/../others/compare.py" "$said" ethtool lspci ip
}

stack_card()
{
        claim "a card with link modes takes the place of the spare port" exchange_card || return
        claim "ethtool, lspci and ip say of it what plumbline says" patience_for 300 card_agrees
}

story_stack()
{
        story=stack
        [ -n "$qemu" ] || stack_box || return
        claim "LVM and btrfs are installed" patience_for 600 install_lvm
        stack_mirror
        stack_drive
        stack_btrfs
        stack_bond
        stack_card
        box_cut_power
}
