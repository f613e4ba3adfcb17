#!/bin/sh
# trees.sh BUILD: what plumbline says of machines that are folders, held against the tools that can look into a folder or a file of
# one too: every machine of tests/hosts, the captures in ${PLUMBLINE_CAPTURES:-../shared/hosts}, and tables of memory modules of all kinds.
set -u

build=$1
here=tests/others
captures=${PLUMBLINE_CAPTURES:-../shared/hosts}
export LC_ALL=C
# Not below build/, where make takes each *.d for a file of its own: a host has an /etc/sysctl.d.
folder=$(mktemp -d)
trap 'chmod -R u+rwX "$folder"; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

keep()
{
        file=$1
        shift
        "$@" >"$file" 2>/dev/null || : >"$file"
}

# One folder a machine: root, and later what was said of it.
for tree in tests/hosts/*.tree; do
        name=$(basename "$tree" .tree)
        mkdir "$folder/$name"
        "$build/tree" "$tree" "$folder/$name/root"
done
for archive in "$captures"/*.tar.*; do
        [ -e "$archive" ] || { echo "skipped: facts of captured machines against other tools: there are none in $captures" && break; }
        name=$(basename "$archive" | sed 's/\.tar\..*//')
        mkdir -p "$folder/$name/root"
        # The rest is many thousand files; what one of them lacks is no fault.
        tar -x --strip-components=1 --no-same-owner -C "$folder/$name/root" -f "$archive" --wildcards '*/proc' '*/sys/devices/system' \
                '*/sys/firmware' 2>/dev/null || :
        chmod -R u+rwX "$folder/$name/root"
done
python3 "$here/firmware.py" "$folder" "$folder"/*/root || { echo "FAILED no tables of memory modules" && echo "0 passed, 1 failed"; }

# What a machine has not is not compared: many have no list of CPUs that lscpu takes, or no table. lsblk and numactl take no folder.
for machine in "$folder"/*/; do
        machine=${machine%/}
        keep "$machine/lscpu" lscpu --sysroot "$machine/root"
        keep "$machine/lscpu-rows" lscpu --sysroot "$machine/root" --all --parse=CPU,CORE,SOCKET,NODE,ONLINE
        [ ! -e "$machine/root/proc/self/mountinfo" ] ||
                keep "$machine/findmnt" findmnt --tab-file "$machine/root/proc/self/mountinfo" --real --pairs --output TARGET,SOURCE,FSTYPE,OPTIONS
        if [ -e "$machine/dump" ]; then
                keep "$machine/dmidecode-memory" dmidecode --from-dump "$machine/dump" --type 17
                keep "$machine/dmidecode-array" dmidecode --from-dump "$machine/dump" --type 16
        fi
        tools=$(cd "$machine" && find . -name lscpu -size +0 -printf 'lscpu ' -o -name findmnt -size +0 -printf 'findmnt ' -o \
                -name dmidecode-memory -size +0 -printf 'dmidecode ')
        [ -n "$tools" ] || continue
        "$build/plumbline" facts --root "$machine/root" --format json 'cpu.*' 'numa.*' 'memory.*' 'disk.*' >"$machine/facts.json"
        # shellcheck disable=SC2086 # words
        python3 "$here/compare.py" "$machine" $tools >"$machine/compared" 2>&1
        grep -q '^[0-9]* passed, [0-9]* failed$' "$machine/compared" || echo "FAILED ${machine##*/}: nothing was compared" >>"$machine/compared"
        sed -n "s/^FAILED /&${machine##*/}: /p" "$machine/compared"
done

# One line a tool, and the sum.
for tool in lscpu findmnt dmidecode; do
        cat "$folder"/*/compared | awk -v tool="$tool" '$1 == "ok" && $2 == tool ":" { machines++; facts += $3 }
                $1 == "FAILED" && $2 == tool ":" { wrong++ }
                END { if (wrong) print "       " tool ": " wrong " differences"
                      else if (machines) print "ok     " tool ": " facts " facts of " machines " machines that are folders, and no difference"
                      else print "skipped: facts of machines that are folders against " tool ": it is not here, or has nothing to tell" }'
done
cat "$folder"/*/compared | awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed += $1; failed += $3 } /^FAILED .*: nothing was compared$/ { failed++ }
        END { print passed + 0 " passed, " failed + 0 " failed" }'
