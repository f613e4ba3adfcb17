#!/bin/sh
# run.sh BUILD: opens HTML reports in Chromium, and looks at them as a reader would: wide and narrow, light and dark, by mouse and by key.
# What they look like is for people to see: the pages are left in BUILD/browser.
set -u

build=$1
out=$build/browser
for program in chromium chromedriver; do
        if ! command -v "$program" >/dev/null; then
                echo "skipped: browser: there is no $program (make browser-test installs it)"
                echo "0 passed, 0 failed"
                exit 0
        fi
done
work=$(mktemp -d "${TMPDIR:-/tmp}/plumbline-browser-XXXXXX")
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$out"

# page NAME ARGUMENT...
page()
{
        name=$1
        shift
        "$build/plumbline" "$@" --format html >"$out/$name.html" || true
}

for tree in tests/formats/many-cpus.tree tests/formats/markup.tree tests/hosts/offline-cpus.tree; do
        name=$(basename "$tree" .tree)
        "$build/tree" "$tree" "$work/$name" || exit 1
        page "$name" check --root "$work/$name"
done

# One that has a past: right, then wrong, then wrong after a boot.
"$build/tree" tests/hosts/nic-nvme-irqs.tree "$work/past" || exit 1
printf 'plumbline: 1\nname: past\nrequire: { critical: { cpu.cores: 6 } }\ntune: { sysctl: { vm.swappiness: 60 } }\n' >"$work/past.yaml"
"$build/plumbline" apply --root "$work/past" --profile "$work/past.yaml" >"$out/apply.log" 2>&1
"$build/plumbline" audit --root "$work/past" --profile "$work/past.yaml" >>"$out/apply.log" 2>&1
page ready audit --root "$work/past" --profile "$work/past.yaml"
echo 10 >"$work/past/proc/sys/vm/swappiness"
"$build/plumbline" audit --root "$work/past" --profile "$work/past.yaml" >>"$out/apply.log" 2>&1
echo 11111111-2222-3333-4444-555555555555 >"$work/past/proc/sys/kernel/random/boot_id"
page past audit --root "$work/past" --profile "$work/past.yaml"

# Values of all lengths.
printf 'plumbline: 1\nname: wide\nrequire: { critical: { cpu.cores: 6, memory.installed: ">= 128 GiB", any nic.*.speed: ">= 10 Gbit/s" }, info: { kernel.rt: true } }\n' >"$work/wide.yaml"
printf 'tune:\n  sysctl: { net.ipv4.tcp_rmem: "4096 131072 67108864", net.core.rmem_max: 67108864, fs.file-max: ">= 2097152", kernel.shmmax: 137438953472 }\n' >>"$work/wide.yaml"
printf '  cpu: { governor: performance }\n  limits: { hft_user: { nofile: 65536, memlock: unlimited } }\n  cmdline: { isolcpus: "managed_irq,domain,2-5,8-11", skew_tick: 1 }\n' >>"$work/wide.yaml"
page wide check --root "$work/past" --profile "$work/wide.yaml"

# Many hosts: two alike, one that stands out, one that is damaged.
for host in one two three; do
        [ $host = three ] && echo 99 >"$work/past/proc/sys/vm/swappiness"
        printf '%s\n' "$host<b>" >"$work/past/proc/sys/kernel/hostname"
        "$build/plumbline" check --root "$work/past" --profile "$work/past.yaml" --format json >"$work/$host.json"
done
page fleet fleet "$work"/*.json "$work/past.yaml"

python3 tests/browser/browse.py "$out" "$work"
