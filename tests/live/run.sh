#!/bin/sh
# run.sh PLUMBLINE: applies and undoes a small profile on this very machine, and looks from outside whether it is as it was.
#
# Only for a machine that may be touched for a few seconds (as root, with no plumbline of its own): a sysctl, four huge pages, a limits
# file and the interrupts. Whatever happens, what was there before is put back at the end by this script itself.
set -u

plumbline=$1
work=$(mktemp -d)
passed=0
failed=0

if [ "$(id -u)" -ne 0 ] || [ -e /etc/plumbline ] || [ -e /var/lib/plumbline ]; then
        echo "skipped: needs root, and a machine on which plumbline is not in use"
        echo "0 passed, 0 failed, 1 skipped"
        exit 0
fi

pool=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
values="/proc/sys/vm/swappiness /proc/sys/kernel/hung_task_timeout_secs $pool"

look()
{
        for file in $values /proc/irq/default_smp_affinity /proc/irq/*/smp_affinity_list; do
                [ ! -e "$file" ] || echo "$file $(cat "$file" 2>&1)"
        done
        find /etc/sysctl.d /etc/security /etc/default -type f -o -type l | sort | xargs -r sha256sum 2>/dev/null
}

put_back()
{
        [ ! -e /var/lib/plumbline ] || "$plumbline" undo 1 >/dev/null 2>&1
        while read -r file value; do
                [ "$(cat "$file")" = "$value" ] || echo "$value" >"$file"
        done <"$work/values"
        rm -rf /etc/sysctl.d/99-zz-plumbline.conf /etc/security/limits.d/99-plumbline.conf /var/lib/plumbline /run/plumbline "$work"
}

check()
{
        name=$1
        shift
        if "$@" >"$work/out" 2>&1; then
                passed=$((passed + 1))
                echo "ok     $name"
        else
                failed=$((failed + 1))
                echo "FAILED $name"
                sed 's/^/       /' "$work/out"
        fi
}

for file in $values; do
        [ ! -e "$file" ] || echo "$file $(cat "$file")"
done >"$work/values"
trap put_back EXIT
trap 'exit 1' INT TERM HUP

housekeeping=$(sed 's/[,-].*//' /sys/devices/system/cpu/online)
pages=$(($(cat "$pool") + 4))
cat >"$work/live.yaml" <<END
plumbline: 1
name: live
tune:
  sysctl: { vm.swappiness: 7, kernel.hung_task_timeout_secs: 601, fs.file-max: ">= 1024" }
  hugepages: { 2M: $pages }
  limits: { nobody: { nofile: 4096 } }
  irq: { default: "$housekeeping" }
END
look >"$work/before"

check "plan changes nothing" sh -c "'$plumbline' plan --profile '$work/live.yaml'; [ \$? -eq 1 ]"
look >"$work/planned"
check "as before" diff "$work/before" "$work/planned"
check "apply" "$plumbline" apply --profile "$work/live.yaml" --verbose
check "swappiness" [ "$(cat /proc/sys/vm/swappiness)" = 7 ]
check "hung task timeout" sh -c "[ ! -e /proc/sys/kernel/hung_task_timeout_secs ] || [ \"\$(cat /proc/sys/kernel/hung_task_timeout_secs)\" = 601 ]"
check "huge pages" [ "$(cat "$pool")" = "$pages" ]
check "sysctl reads the file that apply wrote" sh -c "sysctl -n -p /etc/sysctl.d/99-zz-plumbline.conf | head -n 1 | grep -x 7"
check "limits file" grep -q "^nobody.*nofile.*4096" /etc/security/limits.d/99-plumbline.conf
check "check agrees" "$plumbline" check --profile "$work/live.yaml"
"$plumbline" apply --profile "$work/live.yaml" >"$work/again" 2>&1
check "nothing to do a second time" grep -q "nothing to do" "$work/again"
echo 11 >/proc/sys/vm/swappiness
check "somebody's hand is drift" sh -c "'$plumbline' check --profile '$work/live.yaml' | grep -q 'DRIFT.*vm.swappiness.*have 11, want 7'"
check "undo" "$plumbline" undo
look >"$work/after"
check "every byte as before" diff "$work/before" "$work/after"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
