#!/bin/sh
# run.sh BUILD: reports of every tree of tests/hosts and here in each format, read by other people's programs: xmllint and
# junitparser, prove and the parser behind it, promtool, html5lib, and for Nagios by the words of its plugin guidelines.
set -u

build=$1
plumbline=$build/plumbline
out=$build/formats
work=$(mktemp -d "${TMPDIR:-/tmp}/plumbline-formats-XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"
promtool=$(command -v promtool || echo build/tools/promtool)

# reports NAME VERB ARGUMENT...
reports()
{
        name=$1
        shift
        "$plumbline" "$@" --format json >"$out/$name.json"
        for format in junit tap nagios prometheus html; do
                status=0
                "$plumbline" "$@" --format "$format" >"$out/$name.$format" || status=$?
                echo "$status" >"$out/$name.$format.status"
        done
}

# facts NAME ARGUMENT...
facts()
{
        name=$1
        shift
        "$plumbline" facts "$@" --format json >"$out/$name.facts.json"
}

for tree in tests/hosts/*.tree tests/formats/*.tree; do
        host=$(basename "$tree" .tree)
        root=$work/$host
        "$build/tree" "$tree" "$root" || exit 1
        facts "$host" --root "$root"
        reports "$host" check --root "$root"
        # What apply changes must not change which series there are.
        "$plumbline" apply --root "$root" >/dev/null 2>&1
        facts "$host-again" --root "$root"
        reports "$host-again" check --root "$root"
done

install -m 0644 tests/formats/hostile.yaml "$work/hostile.yaml"
facts hostile --root "$work/hostile-words"
reports hostile check --root "$work/hostile-words" --profile "$work/hostile.yaml"

# What an audit leaves unread is neither hidden nor judged.
facts audit --root "$work/nic-nvme-irqs" --quiet-only
reports audit audit --root "$work/nic-nvme-irqs" --quiet-only

# A box that is ready, and one of which something cannot be told.
printf 'plumbline: 1\nname: ready\nrequire: { critical: { cpu.cores: 4 }, info: { cpu.smt: true } }\n' >"$work/ready.yaml"
printf 'plumbline: 1\nname: unknown\nrequire: { critical: { cpu.cores: 4, memory.ecc: true } }\n' >"$work/unknown.yaml"
for profile in ready unknown; do
        facts "$profile" --root "$work/debian-plain"
        reports "$profile" check --root "$work/debian-plain" --profile "$work/$profile.yaml"
done

# Many hosts on a page; some are no hosts at all.
facts fleet --root "$work/debian-plain"
status=0
"$plumbline" fleet "$out"/*.json --format html >"$work/fleet.html" || status=$?
"$plumbline" fleet "$out"/*.json --format json >"$work/fleet.json"
mv "$work/fleet.html" "$work/fleet.json" "$out"
echo "$status" >"$out/fleet.html.status"

chmod -R u+rwX "$work"

/usr/bin/python3 tests/formats/readers.py "$out" "$promtool"
