#!/bin/bash
# run.sh: what `check` costs beside a program that only reads the same files, its peak memory, what `apply` writes to a host that is in
# line, and beside each time that is aimed at the median that was measured. Nothing fails for being slow: the machine may be. ROUNDS=N: how
# often each is run (31; a sixth of it for what takes a second).
set -euo pipefail

rounds=${ROUNDS:-31}
captures=${PLUMBLINE_CAPTURES:-../shared/hosts}
build=$PWD/build
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT

# What check reads, each once: the door opens everything of the host by openat2, and -y says what that was. A path without
# contents (O_PATH) is no reading.
files_read()
{
        strace -f -y -e trace=openat2 -o "$work/trace" "$build/plumbline" check "$@" >/dev/null 2>&1 || true
        sed -n '/O_PATH/!s/.*) = [0-9]*<\(\/.*\)>$/\1/p' "$work/trace" | sort -u
}

# bench NAME [ARGUMENT...]
bench()
{
        local name=$1 cpu peak floor ratio
        shift
        files_read "$@" >"$work/list"
        read -r cpu _ peak floor _ < <("$build/bench/measure" "$rounds" "$build/plumbline" check "$@" -- "$build/bench/floor" "$work/list")
        ratio=$(awk "BEGIN { printf \"%.2f\", $cpu / ($floor > 0 ? $floor : 1) }")
        printf '%-24s %6d files  check %7.2f ms  floor %7.2f ms  ratio %5s  peak %5.2f MiB\n' "$name" "$(wc -l <"$work/list")" \
                "$(awk "BEGIN { print $cpu / 1000 }")" "$(awk "BEGIN { print $floor / 1000 }")" "$ratio" \
                "$(awk "BEGIN { print $peak / 1024 }")"
}

# A write is a call that makes, changes or removes something below the root, or opens it for that.
writes_of_apply()
{
        strace -f -y -e trace=openat,openat2,write,pwrite64,writev,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,symlink,symlinkat,link,linkat,fchmod,fchmodat,fchown,fchownat,ftruncate,truncate \
                -o "$work/trace" "$build/plumbline" apply "$@" >/dev/null 2>&1 || true
        grep -F "$work/inline" "$work/trace" | grep -c -E 'O_CREAT|O_TRUNC|O_APPEND|[0-9]+ +(write|pwrite64|writev|rename|unlink|mkdir|symlink|link|fchmod|fchown|f?truncate)' || true
}

bench "this host"
if [ -r "$captures/x86_64-epyc_7451.tar.gz" ]; then
        mkdir "$work/epyc"
        tar -x --strip-components=1 --no-same-owner -C "$work/epyc" -f "$captures/x86_64-epyc_7451.tar.gz"
        chmod -R u+rwX "$work/epyc"
        bench "EPYC 7451, 96 threads" --root "$work/epyc"
else
        echo "skipped: the EPYC 7451 capture is not here"
fi

"$build/test/tree" tests/hosts/two-nodes-smt.tree "$work/inline"
first=$(writes_of_apply --root "$work/inline")
again=$(writes_of_apply --root "$work/inline")
echo "apply: $first writes to a host that differs, $again writes to one that is in line"
[ "$first" -gt 0 ] && [ "$again" -eq 0 ]

# --- what is aimed at ----------------------------------------------------------------------------------------------------------

# aimed NAME AIMS ROUNDS COLUMN... -- COMMAND...: the columns of measure that the aims are about: cpu, wall, peak.
aimed()
{
        local name=$1 aims=$2 often=$3 columns=
        shift 3
        while [ "$1" != -- ]; do
                columns+=" $1"
                shift
        done
        shift
        "$build/bench/measure" "$often" "$@" >"$work/measured"
        awk -v name="$name" -v aims="$aims" -v columns="$columns" '
                function time(us) { return us < 1000000 ? sprintf("%.1f ms", us / 1000) : sprintf("%.2f s", us / 1000000) }
                { shown["cpu"] = "CPU " time($1); shown["wall"] = "clock " time($2); shown["peak"] = sprintf("peak %.1f MiB", $3 / 1024)
                  count = split(columns, wanted, " ")
                  for (i = 1; i <= count; i++) text = text (i > 1 ? ", " : "") shown[wanted[i]]
                  printf "%-36s %-28s aim %s\n", name, text, aims }' "$work/measured"
}

# The acceptance list is all that a gate can ask for, with a sample of the CPUs for a second; its services are not here.
gate()
{
        mkdir -m 0755 "$work/profiles"
        printf 'plumbline: 1\nname: gate\nextends: [%s]\nhealth: { endpoints: !drop }\n' "$PWD/profiles/acceptance.yaml" \
                >"$work/profiles/gate.yaml"
        echo "$work/profiles/gate.yaml"
}

# A year of audits every quarter of an hour, as tests/cases/history-year writes it.
year()
{
        local case=tests/cases/history-year
        "$build/test/tree" "tests/hosts/$(cat "$case/host").tree" "$work/year"
        "$build/plumbline" apply --root "$work/year" --profile tests/cases/drift/box.yaml >/dev/null
        python3 "$case/year.py" "$work/year/var/lib/plumbline" 200 >/dev/null
        echo 60 >"$work/year/proc/sys/vm/swappiness"
}

# What check says of a thousand hosts.
thousand()
{
        local number
        mkdir "$work/fleet"
        "$build/plumbline" check --root "$work/inline" --format json >"$work/one.json" || [ $? -ne 2 ]
        for number in $(seq 1000); do
                sed "s/^\( *\"host\": \)\"[^\"]*\"/\1\"ny4-$number\"/" "$work/one.json" >"$work/fleet/ny4-$number.json"
        done
}

few=$(((rounds + 5) / 6))
aimed "check --quiet-only" "20 ms" "$rounds" cpu -- "$build/plumbline" check --quiet-only
aimed "the gate without endpoints" "1.5 s, of which 1 s is the sample" "$few" wall -- "$build/plumbline" check --profile "$(gate)"
year
aimed "drift over a year of audits" "50 ms" "$rounds" cpu -- "$build/plumbline" drift --root "$work/year" --profile tests/cases/drift/box.yaml
thousand
aimed "fleet of a thousand reports" "2 s, 200 MiB" "$few" wall peak -- "$build/plumbline" fleet "$work"/fleet/*.json
