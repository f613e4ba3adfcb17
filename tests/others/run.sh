#!/bin/sh
# run.sh BUILD: the facts of this machine, held against what other tools say of it. Nothing is written but what they said.
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

# Addresses of all kinds, in a network namespace that goes away with its last process.
counts=$build/others/counts
: >"$counts"
{
        compare "$build/others"
        status=77
        ! unshare --net true 2>/dev/null || { unshare --net sh "$here/addresses.sh" "$build/plumbline" "$build/others/addresses"; status=$?; }
        case $status in
        0) compare "$build/others/addresses" ip ;;
        77) echo "skipped: facts against ip, with addresses of all kinds: no network namespace with a pair of interfaces can be had here" ;;
        *)
                echo "FAILED addresses of all kinds cannot be told (status $status)"
                echo "0 passed, 1 failed"
                ;;
        esac
} | tee "$counts" | grep -v '^[0-9]* passed, [0-9]* failed$'
awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 }
        END { print passed + 0 " passed, " failed + 0 " failed"; exit failed || !passed }' "$counts"
