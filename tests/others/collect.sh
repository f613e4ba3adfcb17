#!/bin/sh
# collect.sh PLUMBLINE FOLDER: asks plumbline and the tools that everybody knows about this machine, one after the other, and keeps what
# each of them says. It needs nothing but a shell, so that it runs in a bare box too; compare.py reads what it kept.
set -u

plumbline=$1
folder=$2
export LC_ALL=C
mkdir -p "$folder"

# keep FILE COMMAND...: what is not there, or refuses, leaves an empty file.
keep()
{
        file=$folder/$1
        shift
        "$@" >"$file" 2>/dev/null || : >"$file"
}

# Some have nothing to say where there is nothing: no line of them, but no fault either.
for tool in swapon ss; do
        ! command -v "$tool" >/dev/null || echo "$tool"
done >"$folder/tools"

keep uname uname -r
keep lscpu lscpu
keep lscpu-rows lscpu --all --parse=CPU,CORE,SOCKET,NODE,ONLINE
keep numactl numactl --hardware
keep dmidecode-memory dmidecode --type 17
keep dmidecode-array dmidecode --type 16
for word in bios-version bios-release-date system-manufacturer system-product-name; do
        keep "dmidecode-$word" dmidecode --string "$word"
done
keep lspci lspci -D -vv
keep findmnt findmnt --real --bytes --pairs --output TARGET,SOURCE,FSTYPE,OPTIONS,AVAIL,USED
keep df df --output=itotal,iavail,target
keep lsblk-bus lsblk --all --json --nodeps --output NAME,TRAN
keep lsblk lsblk --bytes --pairs --output NAME,KNAME,PKNAME,TYPE,SIZE,MOUNTPOINTS
keep swap swapon --show=NAME,SIZE,USED --bytes --noheadings --raw
keep tcp ss --no-header --listening --tcp --numeric
keep udp ss --no-header --listening --udp --numeric
keep ip ip -json address
keep ip-routes ip -json -4 route show table main
# It ends with 1 where there is none.
keep virt sh -c 'systemd-detect-virt --vm || true'
keep timedatectl timedatectl show
: >"$folder/ports"
: >"$folder/places"
: >"$folder/drives"
for way in /sys/class/net/*; do
        name=${way##*/}
        [ -e "$way/device" ] || continue
        echo "$name" >>"$folder/ports"
        keep "ethtool.$name" ethtool "$name"
        keep "ethtool-driver.$name" ethtool --driver "$name"
        keep "ethtool-clock.$name" ethtool --show-time-stamping "$name"
done
for way in /sys/class/nvme/*; do
        [ -e "$way" ] || continue
        echo "${way##*/}" >>"$folder/drives"
        keep "nvme-id.${way##*/}" nvme id-ctrl "/dev/${way##*/}" --output-format=json
        keep "nvme-smart.${way##*/}" nvme smart-log "/dev/${way##*/}" --output-format=json
done
# At which address of PCI each of them is; a virtio port is one level below its card.
for way in /sys/class/net/* /sys/class/nvme/*; do
        device=$(readlink -f "$way/device") || continue
        case ${device##*/} in virtio*) device=${device%/*} ;; esac
        case $way,${device##*/} in
        */net/*,????:*) echo "nic.${way##*/} ${device##*/}" ;;
        */nvme/*,????:*) echo "nvme.${way##*/} ${device##*/}" ;;
        esac
done >"$folder/places"

# What runs may change under our eyes: before and after plumbline looks.
units()
{
        [ -d /run/systemd/system ] || return 0
        keep "units$1" systemctl show --property=Id,LoadState,ActiveState,SubState,NRestarts,NeedDaemonReload '*.service'
        keep "units-failed$1" systemctl list-units --all --state=failed --plain --no-legend
}

# Every port that somebody listens at, and three at which nobody should; every service.
units ""
asked=$(for protocol in tcp udp; do
        awk -v protocol="$protocol" '{ port = $4; sub(/.*:/, "", port)
                print "port." protocol "." port ".state port." protocol "." port ".addresses" }' "$folder/$protocol"
        echo "port.$protocol.1.state port.$protocol.7.state port.$protocol.65535.state"
done
[ ! -e "$folder/units" ] || sed -n 's/^Id=\(.*\.service\)$/unit.\1.state unit.\1.restarts unit.\1.reload_needed/p' "$folder/units")
"$plumbline" facts --format json >"$folder/facts.json" || exit 1
# It takes so many arguments at once, and a long-winded tree of units has more.
part=0
# shellcheck disable=SC2086 # words
set -- $asked
while [ $# -gt 0 ]; do
        part=$((part + 1))
        some=
        while [ $# -gt 0 ] && [ "$(echo "$some" | wc -w)" -lt 60 ]; do
                some="$some $1"
                shift
        done
        # shellcheck disable=SC2086 # words
        "$plumbline" facts --format json $some >"$folder/asked.$part" || exit 1
done
units -after
