#!/bin/bash
# run.sh [STORY...]: brings virtual trading boxes up, lets them drift, cuts their power and takes everything back, in software emulation: no
# /dev/kvm, no network but what it makes itself. One line for each claim; the last line is the sum.
#
# Two boxes at a time, each in a lane of its own; with stories named, one lane with these. What is built once is kept in $PLUMBLINE_CACHE (default
# /var/cache/plumbline-tests). POWER_CUTS: how many moments of an apply (default 8).
set -u

here=$(dirname "$(readlink -f "$0")")
cache=${PLUMBLINE_CACHE:-/var/cache/plumbline-tests}/box-${BOX_SUITE:-bookworm}-$(sha256sum <"$here/image.sh" | cut -c 1-16)
deb=$(readlink -f build/deb/plumbline_*_amd64.deb)
export POWER_CUTS=${POWER_CUTS:-8}

skip()
{
        echo "skipped: $*"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
}

[ "$(id -u)" -eq 0 ] || skip "the virtual boxes need root, for a network of their own and for the image"
[ -c /dev/net/tun ] || skip "the virtual boxes need /dev/net/tun"
unshare -n true || skip "the virtual boxes need a network namespace"

mkdir -p "$cache"
bash "$here/image.sh" "$cache" "${BOX_SUITE:-bookworm}" || exit 1
# Images of older recipes are of no use any more.
find "${cache%/*}" -mindepth 1 -maxdepth 1 -name "box-${BOX_SUITE:-bookworm}-*" ! -path "$cache" -exec rm -rf {} +

work=$(mktemp -d /var/tmp/plumbline-box.XXXXXX)
layers=$work/layers
mkdir "$layers"
export work cache layers deb
trap 'kill "$first" "$second" 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# lane NAME STORY...: in the background, its claims on standard output and in a log.
lane()
{
        unshare -n bash "$here/lane.sh" "$@" > >(tee "$work/$1.log") 2>&1 &
}

lane one ${*:-bringup drift refusals dimm purge power}
first=$!
: >"$work/two.log"
[ $# -gt 0 ] && second=$first || { lane two standby stack power; second=$!; }
wait "$first"
one=$?
two=0
[ "$second" = "$first" ] || { wait "$second"; two=$?; }
sleep 1

passed=$(cat "$work/one.log" "$work/two.log" | grep -c '^ok ')
failed=$(cat "$work/one.log" "$work/two.log" | grep -c '^FAILED ')
[ "$one" -eq 0 ] || { echo "FAILED the first lane ended with status $one"; failed=$((failed + 1)); }
[ "$two" -eq 0 ] || { echo "FAILED the second lane ended with status $two"; failed=$((failed + 1)); }
sed 's/^/note: /' "$work"/*/again 2>/dev/null
echo "vm: $SECONDS s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
