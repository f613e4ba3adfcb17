#!/bin/bash
# lane.sh NAME STORY...: one virtual box after another, in a network of their own, with everything they need in $work/NAME.
set -u

here=$(dirname "$(readlink -f "$0")")
lane=$1
shift
work=$work/$lane
qemu=
mkdir -p "$work"
. "$here/box.sh"
. "$here/claims.sh"
for file in "$here"/story-*.sh; do . "$file"; done
trap '[ -z "$qemu" ] || kill -9 "$qemu" 2>/dev/null; [ -z "${clock:-}" ] || kill "$clock"; box_hang_up' EXIT
trap 'exit 1' INT TERM HUP

# What the boxes of this lane are plugged into.
set_up()
{
        ip link set lo up || return
        ip tuntap add dev boxtap mode tap multi_queue && ip link set boxtap up && ip addr add 10.9.0.1/24 dev boxtap || return
        python3 "$here/clock.py" 10.9.0.1 &
        clock=$!
        for box_cpus in 8 32; do
                python3 "$here/tables.py" "$work" "$box_cpus" || return
                iasl -p "$work/cpufreq$box_cpus" "$work/cpufreq$box_cpus.asl" >"$work/iasl.log" 2>&1 || return
        done
        truncate -s 1920383410176 "$work/nvme1.raw" "$work/nvme2.raw"
        truncate -s 16G "$work/swap.raw"
        mkswap -q -L boxswap "$work/swap.raw"
        gcc -O -static -o "$work/hold-callchains" "$here/hold-callchains.c"
}

# Only claims speak here; what a command says without being asked goes with the rest.
exec 3>&1 >"$work/chatter" 2>&1
story=$lane
claim "the lane is set up" set_up || exit 1
for name in "$@"; do
        "story_$name"
done
