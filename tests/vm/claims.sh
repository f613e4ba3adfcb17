# claims.sh: one line for each claim, and the eyes of the tests: nothing here asks plumbline what it did. Sourced after box.sh.
# shellcheck shell=bash

# claim NAME COMMAND...: passes when the command ends with 0; else what it printed is shown.
claim()
{
        local name=$1 began=$SECONDS
        shift
        if "$@" >"$work/said" 2>&1; then
                echo "ok     $story: $name ($((SECONDS - began)) s)" >&3
                return 0
        fi
        echo "FAILED $story: $name ($((SECONDS - began)) s)" >&3
        tail -n 40 "$work/said" | sed 's/^/       | /' >&3
        return 1
}

# exits STATUS COMMAND...: of the box's shell.
exits()
{
        local want=$1 status=0
        shift
        in_box "$@" || status=$?
        [ "$status" -eq "$want" ] && return 0
        echo "exit status $status, expected $want"
        return 1
}

# says TEXT COMMAND...: the command's answer is exactly this, but for spaces.
says()
{
        local want=$1 have
        shift
        have=$(in_box "$@" | tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//')
        [ "$have" = "$want" ] && return 0
        echo "$*: $have, expected: $want"
        return 1
}

# look NAME PART...: keeps what the box is under a name.
look()
{
        local name=$1
        shift
        in_box sh /root/look.sh "$@" >"$work/look-$name"
        [ -s "$work/look-$name" ]
}

# same NAME NAME: the box looked the same at both times.
same()
{
        diff "$work/look-$1" "$work/look-$2"
}

# kept NAME NAME: of what was there the first time nothing is missing or another the second time.
kept()
{
        ! LC_ALL=C comm -23 <(LC_ALL=C sort "$work/look-$1") <(LC_ALL=C sort "$work/look-$2") | grep .
}

# finding FILE ID: its status, on this machine, from a report of the box.
finding()
{
        in_box cat "$1" | python3 -c '
import json, sys
report = json.load(sys.stdin)
found = [f for f in report["findings"] if f["id"] == sys.argv[1]]
print(report["time"], *[f["status"] for f in found])' "$2"
}

# Sets $changed to the box's time, which is what audits bear.
note_time()
{
        changed=$(in_box date -u +%Y-%m-%dT%H:%M:%SZ)
}

# audit_tells ID STATUS: an audit that the timer started after $changed has this finding.
audit_tells()
{
        local end=$((SECONDS + 150)) time status
        while [ "$SECONDS" -lt "$end" ]; do
                read -r time status < <(finding /var/lib/plumbline/audit.json "$1" 2>/dev/null)
                if [[ "${time:-}" > "$changed" ]] && [ "${status:-}" = "$2" ]; then
                        return 0
                fi
                sleep 1
        done
        echo "the last audit is of ${time:-nowhere} and says of $1: ${status:-nothing}, expected $2 after $changed"
        in_box systemctl status --no-pager -l plumbline-audit.service plumbline-audit.timer
        return 1
}

# A small profile of its own for one claim: NAME, then the text of `tune`.
small_profile()
{
        printf 'plumbline: 1\nname: %s\nrequire: { info: { kernel.release: ">= 5.15" } }\ntune:\n%s\n' "$1" "$2" >"$work/$1.yaml"
        to_box "$work/$1.yaml" "/root/$1.yaml"
}
