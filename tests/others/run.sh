#!/bin/sh
# run.sh BUILD: the facts of this machine, and of machines that are folders, held against what other tools say of them. Nothing is written but
# what they said.
set -u

build=$1
here=tests/others

rm -rf "$build/others"
if ! sh "$here/collect.sh" "$build/plumbline" "$build/others"; then
        echo "FAILED plumbline tells no facts"
        echo "0 passed, 1 failed"
        exit 1
fi
# compare FOLDER [TOOL...]: one that breaks off has counted nothing.
compare()
{
        python3 "$here/compare.py" "$@" >"$1/compared" 2>&1
        cat "$1/compared"
        grep -q '^[0-9]* passed, [0-9]* failed$' "$1/compared" || echo "0 passed, 1 failed"
}

# in_namespace NAME TOOL PROGRAM...: what there is in a network namespace of its own, which goes away with its last process.
in_namespace()
{
        folder=$build/others/$1
        tool=$2
        what="facts against $tool, with $1 of all kinds"
        shift 2
        status=77
        ! unshare --net true 2>/dev/null || { unshare --net "$@" "$build/plumbline" "$folder"; status=$?; }
        case $status in
        0) compare "$folder" "$tool" ;;
        77) echo "skipped: $what: no network namespace with what it takes can be had here" ;;
        *)
                echo "FAILED $what: they cannot be told (status $status)"
                echo "0 passed, 1 failed"
                ;;
        esac
}

counts=$build/others/counts
: >"$counts"
{
        compare "$build/others"
        in_namespace addresses ip sh "$here/addresses.sh"
        in_namespace listeners ss python3 "$here/listeners.py"
        sh "$here/trees.sh" "$build"
        # What the C library makes of a resolv.conf, in a mount namespace of its own.
        status=77
        ! unshare --mount true 2>/dev/null || { unshare --mount sh "$here/resolver.sh" "$build/plumbline" "$build/others/resolver"; status=$?; }
        case $status in
        0) for conf in "$build"/others/resolver/*/; do compare "${conf%/}" resolver; done ;;
        77) echo "skipped: facts against libresolv: no resolv.conf can be laid over the one here" ;;
        *)
                echo "FAILED what the C library makes of a resolv.conf cannot be told (status $status)"
                echo "0 passed, 1 failed"
                ;;
        esac
        # A mirror of btrfs likewise.
        status=77
        ! unshare --mount true 2>/dev/null || { unshare --mount sh "$here/btrfs.sh" "$build/plumbline" "$build/others/btrfs"; status=$?; }
        case $status in
        0) for way in mirror single degraded; do compare "$build/others/btrfs/$way" btrfs; done ;;
        77) echo "skipped: facts against btrfs: no such filesystem can be made here" ;;
        *)
                echo "FAILED a mirror of btrfs cannot be told (status $status)"
                echo "0 passed, 1 failed"
                ;;
        esac
} | tee "$counts" | grep -v '^[0-9]* passed, [0-9]* failed$'
awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
        END { print passed + 0 " passed, " failed + 0 " failed"; exit failed || !passed }' "$counts"
