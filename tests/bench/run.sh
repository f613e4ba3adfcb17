#!/bin/bash
# run.sh: what `check` costs beside a program that only reads the same files, its peak memory, and what `apply` writes to a host
# that is in line. ROUNDS=N: how often each is run (31).
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
        read -r cpu peak floor _ < <("$build/bench/measure" "$rounds" "$build/plumbline" check "$@" -- "$build/bench/floor" "$work/list")
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
