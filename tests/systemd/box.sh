# box.sh: a container that is switched on and off and keeps its files in between; read by claims.sh, which sets root and scratch.
# shellcheck shell=sh disable=SC2154 # set by those that read it

box=$scratch/box
leader=
engine=
passed=0
failed=0

# The root is shared by all runs and is never written to: what changes is kept in memory.
make_box()
{
        mount -t tmpfs -o mode=0700 tmpfs "$scratch" || return 1
        mkdir "$scratch/upper" "$scratch/work" "$box" || return 1
        # systemd-nspawn leaves folders there.
        mount -t tmpfs tmpfs /run || return 1
        mount -t overlay -o "lowerdir=$root,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$box"
}

wait_until()
{
        tries=$(($1 * 10))
        shift
        while ! "$@"; do
                tries=$((tries - 1))
                [ "$tries" -gt 0 ] || return 1
                sleep 0.1
        done
}

# inside COMMAND...: nothing is ever run outside of the container.
inside()
{
        [ -n "$leader" ] || return 125
        timeout --kill-after=2 "${patience:-20}" nsenter -t "$leader" --mount --uts --ipc --net --pid --cgroup --root --wd -- \
                /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

# Until the container's own root is in place its first process still sees this machine's.
find_leader()
{
        kill -0 "$engine" || return 0
        # shellcheck disable=SC2013 # names without blanks
        for status in $(grep -l "^PPid:[[:space:]]*$engine\$" /proc/[0-9]*/status 2>/dev/null); do
                process=${status%/status}
                [ -e "$process/root/etc/plumbline-box" ] || continue
                leader=${process#/proc/}
                return 0
        done
        return 1
}

is_up()
{
        state=$(inside systemctl is-system-running --wait 2>/dev/null)
        case $state in
        running | degraded) return 0 ;;
        esac
        ! kill -0 "$engine" 2>/dev/null
}

# state is then what systemd says of the whole. The container must never be given /proc/sys or /sys to write to.
power_on()
{
        leader=
        env -u SYSTEMD_NSPAWN_API_VFS_WRITABLE SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory="$box" \
                --machine="${scratch##*-}" --register=no --keep-unit --private-network --link-journal=no --boot \
                </dev/null >"$scratch/console" 2>&1 &
        engine=$!
        wait_until 10 find_leader && [ -n "$leader" ] && wait_until 20 is_up && kill -0 "$engine" 2>/dev/null
}

power_off()
{
        [ -n "$engine" ] || return 0
        inside systemctl poweroff --no-block 2>/dev/null
        (wait_until 15 false || kill -s KILL "$engine") &
        dog=$!
        wait "$engine" 2>/dev/null
        kill "$dog" 2>/dev/null
        wait "$dog" 2>/dev/null
        leader=
        engine=
}

# --- claims ------------------------------------------------------------------------------------------------------------------

# claim NAME COMMAND...: passes when the command ends with 0; else what it printed is shown.
claim()
{
        name=$1
        shift
        if "$@" >"$scratch/said" 2>&1; then
                passed=$((passed + 1))
                echo "ok     $name"
                return 0
        fi
        failed=$((failed + 1))
        echo "FAILED $name"
        tail -n 30 "$scratch/said" | sed 's/^/        /'
        return 1
}

# says WANT COMMAND...: does the command, run inside, print just this? Lines are joined; its status is not looked at.
says()
{
        want=$1
        shift
        have=$(inside "$@" 2>&1 | tr '\n' ' ' | sed 's/ *$//')
        [ "$have" = "$want" ] || { echo "want: $want"; echo "have: $have"; return 1; }
}

# ends STATUS COMMAND...: does the command, run inside, end with this status?
ends()
{
        want=$1
        shift
        status=0
        inside "$@" || status=$?
        [ "$status" -eq "$want" ] || { echo "exit status $status, want $want"; return 1; }
}

property()
{
        inside systemctl show --value --property="$2" "$1"
}

# Names, modes, owners and bytes below /etc.
look_at_files()
{
        inside find /etc -printf '%p %M %U:%G %l\n' | LC_ALL=C sort
        inside find /etc -type f -exec sha256sum '{}' + | LC_ALL=C sort -k 2
}

# All there is of services: their files, what is enabled, what runs.
look()
{
        look_at_files
        inside systemctl list-unit-files --plain --no-legend --no-pager | awk '{ print $1, $2 }'
        inside systemctl list-units --plain --no-legend --no-pager --full --type=service,socket,timer,path |
                awk '{ print $1, $2, $3, $4 }'
}

# in_journal FIELD=VALUE...: is there an entry of this boot with all of these fields?
in_journal()
{
        inside journalctl --sync
        inside journalctl --boot --no-pager --output=cat "$@" | tee "$scratch/entries"
        [ -s "$scratch/entries" ]
}

# word_in_journal WORD FIELD=VALUE...
word_in_journal()
{
        word=$1
        shift
        in_journal "$@" && grep -q -i -e "$word" "$scratch/entries"
}

# event_in_journal EVENT FIELD=VALUE...: with the id that docs/journal.md promises.
event_in_journal()
{
        event=$1
        shift
        id=$(sed -n "s/^| \`$event\` | \`\([0-9a-f]*\)\`.*/\1/p" docs/journal.md)
        in_journal "MESSAGE_ID=${id:-none}" "PLUMBLINE_EVENT=$event" SYSLOG_IDENTIFIER=plumbline "$@"
}

# answer_of FILE EXPRESSION: of an answer in JSON, called "a".
answer_of()
{
        /usr/bin/python3 -c 'import json, sys; a = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

valid()
{
        /usr/bin/python3 -c 'import json, jsonschema, sys; jsonschema.validate(*(json.load(open(name)) for name in sys.argv[1:]))' \
                "$1" "docs/schema/$2.schema.json"
}
