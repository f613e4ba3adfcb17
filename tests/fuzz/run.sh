#!/bin/sh
# run.sh SECONDS PROGRAM...: runs each fuzzer for so long. What it learns stays in build/fuzz/corpus/NAME, which begins with
# tests/fuzz/seeds/NAME; what breaks it is left in build/fuzz/found.
set -u

seconds=$1
shift
passed=0
failed=0
mkdir -p build/fuzz/found

for program in "$@"; do
        name=${program##*/fuzz_}
        corpus=build/fuzz/corpus/$name
        log=build/fuzz/$name.log
        mkdir -p "$corpus"
        set -- "$corpus"
        [ ! -d "tests/fuzz/seeds/$name" ] || set -- "$corpus" "tests/fuzz/seeds/$name"
        # A fuzzer's first folder is where it writes; the seeds of the project stay as they are.
        if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
                -artifact_prefix="build/fuzz/found/$name-" "$@" >"$log" 2>&1; then
                runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
                echo "ok     $name: ${runs:-no} inputs in $seconds s, $(find "$corpus" -type f | wc -l) kept"
                passed=$((passed + 1))
        else
                echo "FAILED $name: see $log"
                grep -E 'ERROR|SUMMARY|runtime error|Test unit written' "$log" | head -n 5 | sed 's/^/        /'
                failed=$((failed + 1))
        fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
