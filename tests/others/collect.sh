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

keep uname uname -r
keep lscpu lscpu
keep lscpu-rows lscpu --all --parse=CPU,CORE,SOCKET,NODE,ONLINE
keep numactl numactl --hardware
keep dmidecode-memory dmidecode --type 17
keep dmidecode-array dmidecode --type 16
for word in bios-version bios-release-date system-manufacturer system-product-name; do
        keep "dmidecode-$word" dmidecode --string "$word"
done
keep findmnt findmnt --real --bytes --pairs --output TARGET,SOURCE,FSTYPE,OPTIONS,AVAIL,USED
keep swap swapon --show=NAME,SIZE,USED --bytes --noheadings --raw
keep tcp ss --no-header --listening --tcp --numeric
keep udp ss --no-header --listening --udp --numeric
keep ip ip -json address
: >"$folder/ports"
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
        keep "nvme-id.${way##*/}" nvme id-ctrl "/dev/${way##*/}" --output-format=json
        keep "nvme-smart.${way##*/}" nvme smart-log "/dev/${way##*/}" --output-format=json
done

# Every port that somebody listens at, and three at which nobody should.
ports=$(for protocol in tcp udp; do
        awk -v protocol="$protocol" '{ port = $4; sub(/.*:/, "", port)
                print "port." protocol "." port ".state port." protocol "." port ".addresses" }' "$folder/$protocol"
        echo "port.$protocol.1.state port.$protocol.7.state port.$protocol.65535.state"
done)
"$plumbline" facts --format json >"$folder/facts.json" || exit 1
# shellcheck disable=SC2086 # words
"$plumbline" facts --format json $ports >"$folder/ports.json"
