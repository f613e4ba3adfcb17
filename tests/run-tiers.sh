#!/bin/sh
# run-tiers.sh BUILD TIER...: runs the tests of each tier and adds up their counts. Every tier ends with a line
# "N passed, N failed"; one that ends without such a line, or fails with no failure counted, is one failure. A tier that cannot run on
# this machine counts nothing, and says so in a line "skipped: WHAT: WHY", which is said again at the end.
set -u

build=$1
shift
logs=$build/logs
mkdir -p "$logs"
passed=0
failed=0
skipped=

run_tier()
{
        case $1 in
        unit) "$build/unit" ;;
        laws)
                # This very machine is one of the machines.
                mkdir -p "$build/captures"
                "$build/plumbline" capture --profile trading -o "$build/captures/this-machine.tar.zst" &&
                        PLUMBLINE_OWN_CAPTURES="$build/captures" "$build/laws"
                ;;
        cases) sh tests/cases/run.sh "$build" ;;
        schema) sh tests/schema/run.sh "$build" ;;
        formats) sh tests/formats/run.sh "$build" ;;
        browser) sh tests/browser/run.sh "$build" ;;
        others) sh tests/others/run.sh "$build" ;;
        systemd) sh tests/systemd/run.sh ;;
        rules) sh tests/rules.sh ;;
        *) echo "no such tier: $1" ;;
        esac
}

for tier in "$@"; do
        echo "== $tier"
        began=$(date +%s)
        # A pipe hides the status of what is before it. The count gets the tier's name, so that only one line bears none: the last.
        { run_tier "$tier" 2>&1; echo $? >"$logs/$tier.status"; } |
                sed "s/^\([0-9]* passed, [0-9]* failed\)\$/$tier: \1/" | tee "$logs/$tier.log"
        status=$(cat "$logs/$tier.status")
        counts=$(sed -n "s/^$tier: \([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed\$/\1 \2/p" "$logs/$tier.log" | tail -n 1)
        if [ -z "$counts" ]; then
                echo "FAILED $tier printed no count (status $status)"
                counts="0 1"
        elif [ "$status" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then
                echo "FAILED $tier counted no failure, but ended with status $status"
                counts="${counts% *} 1"
        fi
        skipped="$skipped$(sed -n 's/^skipped: /\n&/p' "$logs/$tier.log")"
        passed=$((passed + ${counts% *}))
        failed=$((failed + ${counts#* }))
        echo "   ($(($(date +%s) - began)) s)"
done

echo "$skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
