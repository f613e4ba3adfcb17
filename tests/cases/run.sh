#!/bin/sh
# run.sh BUILD [CASE...]: runs plumbline as each case says and compares what it prints. UPDATE=1 takes what it prints for right.
#
# A case is a folder of tests/cases:
#   cmd     the arguments, one line for each run; @ROOT@ is the tree, @CASE@ the case's folder, @WORK@ a folder that goes away
#   run     instead of cmd: a shell script, with ROOT, WORK, CASE, PLUMBLINE and FINGERPRINT set; with status 77 it says that it
#           cannot run here, and why
#   *.yaml  profiles, copied to @WORK@, where nobody else can write
#   host    the name of a tree of tests/hosts; none: an empty folder
#   capture.tar.zst   instead of host: a capture, unpacked; from-capture.sh makes a case of one
#   exit    the exit status of the last run; none: 0
#   stdout  what the runs print, one behind the other; none: nothing is compared
#   stderr  what they print to standard error; none: nothing is expected
#   same    an empty file: the tree is afterwards what it was before
#   after   what must hold then: a shell script, with the same variables set; none: nothing more
# CASES names another folder of cases. What differs from run to run (folders, times, versions, hashes) is written as @ROOT@, @UID@, @TIME@, @VERSION@, @SHA256@.
set -u
umask 022

build=$(cd "$1" && pwd)
shift
project=$(pwd)
PLUMBLINE=$build/plumbline
# "$FINGERPRINT FOLDER" prints what is in it, without what plumbline keeps of itself there: names, modes, links and bytes.
FINGERPRINT="sh $project/tests/cases/fingerprint.sh"
export PLUMBLINE FINGERPRINT
version=$("$PLUMBLINE" version 2>/dev/null | grep -o -E '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 | sed 's/[.]/[.]/g')
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"' EXIT
passed=0
failed=0

# As a test of its own would do it: the same words on every machine and on every day.
settle()
{
        sed -e "s#$ROOT#@ROOT@#g" -e "s#$WORK#@WORK@#g" -e "s#$case#@CASE@#g" -e "s#$project/##g" \
                -e 's/uid [0-9]*/uid @UID@/' -e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9:]*Z\{0,1\}/@TIME@/g' \
                -e 's/^\(the oldest report is of .*, \).* old$/\1@AGE@ old/' \
                -e 's/\(check_time_seconds\) [0-9]*$/\1 @TIME@/' \
                -e 's/\b[0-9a-f]\{64\}\b/@SHA256@/g' \
                -e "s/\b${version:-no version}\b/@VERSION@/g" "$1"
}

run_lines()
{
        status=0
        : >"$WORK.out"
        : >"$WORK.err"
        if [ -f "$case/run" ]; then
                (cd "$WORK" && sh -u "$case/run") </dev/null >"$WORK.out" 2>"$WORK.err" || status=$?
        fi
        [ ! -f "$case/cmd" ] || while read -r line || [ -n "$line" ]; do
                line=$(echo "$line" | sed -e "s#@ROOT@#$ROOT#g" -e "s#@CASE@#$case#g" -e "s#@WORK@#$WORK#g")
                status=0
                eval "\"\$PLUMBLINE\" $line" </dev/null >>"$WORK.out" 2>>"$WORK.err" || status=$?
        done <"$case/cmd"
        settle "$WORK.out" >"$WORK.stdout"
        settle "$WORK.err" >"$WORK.stderr"
}

# What is wrong with this case, if anything.
judge()
{
        want=0
        [ ! -f "$case/exit" ] || want=$(cat "$case/exit")
        [ "$status" -eq "$want" ] || echo "exit status $status, want $want"
        [ ! -f "$case/stdout" ] || diff -u "$case/stdout" "$WORK.stdout"
        if [ -f "$case/stderr" ]; then
                diff -u "$case/stderr" "$WORK.stderr"
        else
                diff -u /dev/null "$WORK.stderr"
        fi
        [ ! -f "$case/same" ] || $FINGERPRINT "$ROOT" | diff -u "$WORK.before" - || echo "the tree is not what it was"
        if [ -f "$case/after" ]; then
                (cd "$WORK" && sh -eu "$case/after") 2>&1 || echo "what must hold afterwards does not"
        fi
}

update()
{
        echo "$status" >"$case/exit"
        [ "$status" -ne 0 ] || rm -f "$case/exit"
        [ ! -f "$case/stdout" ] && [ -f "$case/after" ] || cp "$WORK.stdout" "$case/stdout"
        cp "$WORK.stderr" "$case/stderr"
        [ -s "$case/stderr" ] || rm -f "$case/stderr"
}

for case in "${CASES:-$project/tests/cases}"/*/; do
        case=${case%/}
        name=${case##*/}
        case " $* " in
        "  " | *" $name "*) ;;
        *) continue ;;
        esac
        [ -f "$case/cmd" ] || [ -f "$case/run" ] || continue
        ROOT=$work/root/$name
        WORK=$work/$name
        CASE=$case
        export ROOT WORK CASE
        mkdir -p "$work/root" "$WORK"
        if [ -f "$case/host" ]; then
                "$build/tree" "tests/hosts/$(cat "$case/host").tree" "$ROOT" || exit 1
        else
                mkdir -p "$ROOT"
                [ ! -f "$case/capture.tar.zst" ] || tar -x --zstd -f "$case/capture.tar.zst" -C "$ROOT" || exit 1
        fi
        for profile in "$case"/*.yaml; do
                [ ! -f "$profile" ] || install -m 0644 "$profile" "$WORK/"
        done
        [ ! -f "$case/same" ] || $FINGERPRINT "$ROOT" >"$WORK.before"
        run_lines
        if [ "$status" -eq 77 ]; then
                echo "skipped $name: $(tail -n 1 "$WORK.err")"
                continue
        fi
        if [ "${UPDATE:-0}" = 1 ]; then
                update
        fi
        problem=$(judge)
        if [ -n "$problem" ]; then
                echo "FAILED $name"
                echo "$problem" | sed 's/^/        /' | head -n 60
                failed=$((failed + 1))
        else
                echo "ok     $name"
                passed=$((passed + 1))
        fi
        chmod -R u+rwX "$ROOT" "$WORK" 2>/dev/null
        rm -rf "$ROOT" "$WORK" "$WORK".*
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
