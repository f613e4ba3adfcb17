# story-power.sh: the power is cut in the middle of an apply: after the next boot the box is as it was before, file by file, or as wanted.
# shellcheck shell=bash

# The moments: three while the package of the kernel goes in, which takes longest, and the others spread over the changes behind it.
cuts=${POWER_CUTS:-8}

# changes: how many the apply is going to make.
power_moments()
{
        local changes=$1 rest=$((cuts - 3)) i
        echo "unpacking configuring menu"
        for ((i = 1; i <= rest; i++)); do echo "record-$((1 + i * changes / (rest + 1)))"; done
}

# Says each moment once, when it has come. Runs in the box, since a question from outside takes too long.
# watcher LAST MOMENT...: LAST is the newest ledger of before.
watcher='
ledger=/var/lib/plumbline/ledger
last=$1
shift
until [ "$(ls $ledger | tail -n 1)" != "$last" ]; do sleep 0.05; done
log=$ledger/$(ls $ledger | tail -n 1)
for moment in "$@"; do
        while :; do
                case $moment in
                unpacking) grep -q "half-installed linux-image.*-rt" /var/log/dpkg.log && sleep 3 && break ;;
                configuring) grep -q "half-configured linux-image.*-rt" /var/log/dpkg.log && sleep 10 && break ;;
                menu) pgrep -f grub-mkconfig >/dev/null && sleep 2 && break ;;
                record-*) [ "$(grep -c "\"record\":\"row\"" $log)" -ge ${moment#record-} ] && break ;;
                esac
                grep -q "\"record\":\"end\"" $log && exit 0
                case $moment in record-*) sleep 0.05 ;; *) sleep 0.5 ;; esac
        done
        echo $moment
done'

# Applies, and freezes the disk at every moment; the box waits for nobody meanwhile.
apply_and_freeze()
{
        local changes last moment status=0
        last=$(in_box 'ls /var/lib/plumbline/ledger | tail -n 1')
        changes=$(in_box plumbline plan --format json | grep -c '"setting"')
        printf '%s' "$watcher" >"$work/watcher"
        to_box "$work/watcher" /root/watcher
        rm -f "$layers/moments"
        # shellcheck disable=SC2046 # a list of words
        patience=900 in_box sh /root/watcher "$last" $(power_moments "$changes") | while read -r moment; do
                box_freeze "cut-$moment" && echo "$moment" >>"$work/moments"
        done &
        patience=900 exits 4 'time plumbline apply' || status=$?
        wait $!
        mv "$work/moments" "$layers/moments"
        return "$status"
}

# After a cut at MOMENT: the same disk in a smaller box, which is enough and starts faster.
power_cut()
{
        local moment=$1
        box_new_disk "cut-$moment" "$(readlink -f "$layers/cut-$moment")" qcow2
        box_cpus=8
        box_arguments
        box_start
        claim "power cut at $moment: the box comes back" box_wait 600 || return
        # The gate, which would wait for more of this box than it will ever have, is none of this.
        patience=600 in_box 'for try in $(seq 500); do case $(systemctl show -P ActiveState plumbline-boot.service) in active | failed) exit 0 ;; esac; sleep 1; done'
        claim "power cut at $moment: the boot has recovered" says "nothing to recover: no apply was cut off" plumbline recover
        look "$moment" files
        claim "power cut at $moment: every file is as before, or as wanted" before_or_wanted "$moment"
        box_cut_power
}

before_or_wanted()
{
        same_files prepared "$1" && return 0
        same_files wanted "$1" && return 0
        echo "before against now:"
        diff "$work/look-prepared" "$work/look-$1"
        return 1
}

same_files()
{
        cmp -s "$work/look-$1" "$work/look-$2"
}

# Both lanes take from the same heap.
story_power()
{
        local moment
        story=power
        claim "an apply was cut" wait_for_layer look-wanted || return
        cp "$layers/look-prepared" "$layers/look-wanted" "$work/"
        while read -r moment; do
                ! mkdir "$layers/taken-$moment" 2>/dev/null || power_cut "$moment"
        done <"$layers/moments"
}
