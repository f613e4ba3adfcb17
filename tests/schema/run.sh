#!/bin/sh
# run.sh BUILD: collects every JSON answer of plumbline, over all trees of tests/hosts and this host, and has each validated by
# python3-jsonschema; wrong answers made of right ones must be refused.
set -u

build=$1
plumbline=$build/plumbline
out=$build/schema
work=$(mktemp -d "${TMPDIR:-/tmp}/plumbline-schema-XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"

# answer FILE ARGUMENT...: a run that ends with wrong usage or a crash has no answer, and that must not pass for one.
answer()
{
        answer_of "$plumbline" "$@"
}

# The same of a program with its first words.
answer_of()
{
        program=$1
        file=$2
        shift 2
        status=0
        # shellcheck disable=SC2086 # words
        $program "$@" --format json >"$out/$file.json" 2>"$out/$file.err" || status=$?
        case $status in
        0 | 1 | 3 | 4) ;;
        *) echo "status $status: $(cat "$out/$file.err")" >>"$out/$file.json" ;;
        esac
}

answer version.here version
answer profile.list profile list
for profile in profiles/*.yaml; do
        name=$(basename "$profile" .yaml)
        answer "profile.show-$name" profile show "$name"
        answer "profile.lint-$name" profile lint "$profile"
done
for name in $("$plumbline" facts | awk '/^[a-z]+\./ { print $1 }'); do
        answer "explain.$(echo "$name" | tr / _)" explain "$name"
done
for name in sysctl.vm.swappiness cpu.governor hugepages.2M limits.hft_user.nofile services.off irq.default kernel.flavour \
        cmdline.isolcpus; do
        answer "explain.setting-$name" explain "$name"
done

for name in kernel cmdline services sysctl hugepages cpu limits irq; do
        answer "explain.knob-$name" explain "$name"
done

answer check.here check
kept=$work/kept
"$build/tree" tests/hosts/debian-plain.tree "$kept" || exit 1
answer check.gate check --root "$kept" --before-start
# What is kept from run to run is kept on a live host alone.
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
        PLUMBLINE=$plumbline
        export PLUMBLINE
        live="sh tests/cases/live.sh $kept"
        cp profiles/trading.yaml profiles/base.yaml "$kept/"
        answer_of "$live" check.kept check --profile /trading.yaml --max-age "1 h"
        answer_of "$live" check.past check --profile /trading.yaml --max-age "1 h"
        answer_of "$live" check.first check --profile /trading.yaml --alert-after 2
        answer_of "$live" check.second check --profile /trading.yaml --alert-after 2
        echo junk >"$(echo "$kept"/run/plumbline/failures-*)"
        answer_of "$live" check.uncounted check --profile /trading.yaml --alert-after 2
fi
answer facts.here facts
answer diff.here diff /
answer diff.facts diff "$out/facts.here.json" /
answer plan.here plan
for tree in tests/hosts/*.tree; do
        name=$(basename "$tree" .tree)
        root=$work/$name
        "$build/tree" "$tree" "$root" || exit 1
        answer "check.$name" check --root "$root"
        answer "audit.$name" audit --root "$root"
        answer "facts.$name" facts --root "$root"
        answer "plan.$name" plan --root "$root"
        # The manifest is the answer of a capture.
        answer "capture.$name" capture --root "$root" -o "$work/capture.tar.zst"
        tar -x -O --zstd -f "$work/capture.tar.zst" .plumbline/manifest.json >"$out/capture.$name.json"
        answer "apply.$name-none" apply --running --root "$root"
        answer "apply.$name" apply --root "$root"
        answer "apply.$name-again" apply --root "$root"
        answer "apply.$name-running" apply --running --root "$root"
        answer "baseline.$name" baseline --root "$root"
        answer "baseline.$name-again" baseline --after-apply --root "$root"
        answer "audit.$name-compared" audit --root "$root"
        [ ! -f "$root/proc/sys/vm/swappiness" ] || echo 7 >"$root/proc/sys/vm/swappiness"
        answer "drift.$name" drift --root "$root"
        answer "audit.$name-drifted" audit --root "$root"
        answer "history.$name" history --root "$root"
        answer "history.$name-whole" history 1 --root "$root"
        answer "history.$name-change" history 4 --root "$root"
        answer "check.$name-applied" check --root "$root"
        "$build/tree" "$tree" "$work/other" || exit 1
        answer "diff.$name" diff --root "$work/other" "$root" --verbose
        chmod -R u+rwX "$work/other"
        rm -rf "$work/other"
        answer "undo.$name" undo --root "$root"
        answer "undo.$name-recover" recover --root "$root"
        chmod -R u+rwX "$root"
        rm -rf "$root"
done

answer fleet.findings fleet "$out"/check.*.json "$out"/audit.*.json
answer fleet.facts fleet "$out"/facts.*.json
answer fleet.all fleet "$out"/check.*.json "$out"/facts.*.json "$out/plan.here.json"
answer fleet.one fleet "$out/check.bare.json"

# What is refused has an answer, too: here nothing but that.
printf 'plumbline: 1\nfoo: 1\n' >"$work/broken.yaml"
refused()
{
        "$plumbline" "$@" --root "$kept" --format json 2>/dev/null
        [ $? -eq 2 ] || echo "not refused"
}
refused check --profile "$work/broken.yaml" >"$out/check.refused.json"
refused audit --profile "$work/broken.yaml" >"$out/audit.refused.json"
refused profile lint "$work/broken.yaml" >"$out/profile.lint-refused.json"

/usr/bin/python3 tests/schema/validate.py "$out"
