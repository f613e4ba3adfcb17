# story-refusals.sh: a kernel that refuses, or takes something else than it was asked for: met for real, and called by its name.
# shellcheck shell=bash

# result FILE TARGET: what apply said came of a target, from its JSON.
result()
{
        in_box cat "$1" | python3 -c '
import json, sys
for step in json.load(sys.stdin)["steps"]:
    if step["target"].endswith(sys.argv[1]):
        print(step["result"], step.get("kept", ""), step.get("error", ""))' "$2"
}

# applies STATUS PROFILE
applies()
{
        exits "$1" "plumbline apply --profile /root/$2.yaml --format json -o /root/$2.json"
}

came_of()
{
        local want=$1 have
        have=$(result "$2" "$3")
        [[ "$have" = $want ]] && return 0
        echo "result: $have, expected: $want"
        return 1
}

# check_managed NAME WORDS: what the kernel answers whoever moves an interrupt that it manages itself, and how that is told.
check_managed()
{
        local irq
        # A queue of a drive that serves isolated CPUs alone, so that the kernel cannot have put it elsewhere by itself.
        irq=$(in_box 'for file in $(grep -l "^nvme0q[1-9]" /sys/kernel/irq/*/actions); do irq=${file%/actions}; irq=${irq##*/}
                case $(cat /proc/irq/$irq/effective_affinity_list) in 0 | 1 | 16 | 17 | "") ;; *) echo $irq; break ;; esac; done')
        # Not by echo: a shell's own calls every refusal an I/O error.
        claim "$1: the kernel refuses to move a queue of a drive" says "$2" \
                "echo 0 | tee /proc/irq/$irq/smp_affinity_list 2>&1 >/dev/null | sed 's/.*: //'"
        claim "$1: plumbline calls that interrupt exempt" in_box "plumbline plan --verbose --color never | grep -q 'exempt: .*/proc/irq/$irq/'"
}

story_refusals()
{
        story=refusals
        check_managed EIO "Input/output error"

        small_profile einval '  sysctl: { vm.stat_interval: 7, vm.swappiness: 900 }'
        look before values files
        claim "EINVAL: the apply fails" applies 1 einval
        claim "EINVAL: the refused value says so" came_of 'failed*Invalid argument*' /root/einval.json vm/swappiness
        look after values files
        claim "EINVAL: all else was taken back" same before after

        to_box "$work/hold-callchains" /root/hold-callchains
        in_box 'chmod 0755 /root/hold-callchains; /root/hold-callchains >/dev/null 2>&1 </dev/null & echo $! >/root/holder; sleep 1'
        small_profile ebusy '  sysctl: { vm.stat_interval: 7, kernel.perf_event_max_stack: 64 }'
        claim "EBUSY: the apply fails" applies 1 ebusy
        claim "EBUSY: the busy value says so" came_of 'failed*busy*' /root/ebusy.json kernel/perf_event_max_stack
        in_box 'kill $(cat /root/holder)'
        look after values files
        claim "EBUSY: all else was taken back" same before after

        small_profile clamped '  sysctl: { fs.pipe-max-size: 100000 }'
        claim "clamped: apply ends with 1, for it is not as asked" applies 1 clamped
        claim "clamped: it says what the kernel kept" came_of 'kept 131072*' /root/clamped.json fs/pipe-max-size
        claim "clamped: so says the kernel" says 131072 sysctl -n fs.pipe-max-size
        claim "clamped: undo brings the old value back" exits 0 plumbline undo

        in_box 'echo 20 >/sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages'
        small_profile short '  hugepages: { 2M: { node0: 28000 } }'
        look before values files
        claim "short: node 0 has no room for 28000 hugepages" applies 1 short
        claim "short: it says how many the kernel gave" came_of "kept $(in_box cat /sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages)*" \
                /root/short.json node0/hugepages/hugepages-2048kB/nr_hugepages
        claim "short: undo gives them back" exits 0 plumbline undo
        look after values files
        claim "short: all is as it was" same before after
        in_box 'echo 0 >/sys/devices/system/node/node0/hugepages/hugepages-1048576kB/nr_hugepages'
}
