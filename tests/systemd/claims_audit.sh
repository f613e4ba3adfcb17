# claims_audit.sh: the timer starts the audit, which leaves a right answer from within its sandbox.
# shellcheck shell=sh disable=SC2154 # set by those that read it

audit=$box/var/lib/plumbline/audit.json

# In at most a quarter of an hour, ten minutes of delay and one of accuracy.
is_waiting()
{
        inside systemctl list-timers --no-pager plumbline-audit.timer
        inside systemctl list-timers --no-pager --no-legend plumbline-audit.timer |
                grep -q "plumbline-audit.timer *plumbline-audit.service" || return 1
        left=$(($(date -d "$(property plumbline-audit.timer NextElapseUSecRealtime)" +%s) - $(date +%s)))
        echo "in $left s"
        [ "$left" -ge 0 ] && [ "$left" -le $((26 * 60)) ]
}

# Not stored on the disk when it ran, so never caught up with.
never_catches_up()
{
        says no systemctl show --value --property=Persistent plumbline-audit.timer &&
                ends 1 sh -c 'ls /var/lib/systemd/timers | grep plumbline'
}

audit_ended()
{
        [ "$(property plumbline-audit.service InvocationID)" != "$invocation" ] || return 1
        case $(property plumbline-audit.service ActiveState) in
        inactive | failed) return 0 ;;
        esac
        return 1
}

# An audit that the timer began before it was started again may end in between.
timer_began_one()
{
        says 1 sh -c 'systemctl show --value --property=LastTriggerUSec plumbline-audit.timer | grep -c 20'
}

# The timer itself, only sooner.
audit_by_timer()
{
        invocation=$(property plumbline-audit.service InvocationID)
        rm -f "$audit"
        inside mkdir -p /run/systemd/system/plumbline-audit.timer.d || return 1
        printf '[Timer]\nOnCalendar=\nOnActiveSec=200ms\nRandomizedDelaySec=0\nAccuracySec=1ms\n' |
                inside tee /run/systemd/system/plumbline-audit.timer.d/soon.conf
        inside systemctl daemon-reload && inside systemctl restart plumbline-audit.timer &&
                wait_until 15 timer_began_one && wait_until 15 audit_ended
        status=$?
        inside systemctl status --no-pager plumbline-audit.timer plumbline-audit.service
        timer_began_one || status=1
        inside rm -r /run/systemd/system/plumbline-audit.timer.d
        inside systemctl daemon-reload && inside systemctl restart plumbline-audit.timer
        return $status
}

# audit_says RESULT STATUS: of the unit, and of the answer it left.
audit_says()
{
        says "$1 $2" systemctl show --value --property=Result --property=ExecMainStatus plumbline-audit.service &&
                [ "$(answer_of "$audit" 'a["exit"]')" = "$2" ]
}

audit_names()
{
        answer_of "$audit" '" ".join(f["id"] for f in a["findings"] if f["status"] == "drift")' >"$scratch/drift"
        cat "$scratch/drift"
        [ "$(cat "$scratch/drift")" = "$1" ]
}

# The sandbox hides nothing that the verdict needs. By hand, but started by systemd: what the container denies to all of its
# processes is no matter of the sandbox.
as_by_hand()
{
        findings='"\n".join(sorted(f["id"] + " " + f["status"] for f in a["findings"]))'
        inside systemd-run --quiet --wait --pipe --collect plumbline audit --format json >"$scratch/by-hand.json"
        answer_of "$scratch/by-hand.json" "$findings" >"$scratch/by-hand"
        answer_of "$audit" "$findings" | diff "$scratch/by-hand" -
}

by_alice()
{
        inside su alice -c "sudo $1"
}

# Of the service, in the layer of what runs.
drift_says()
{
        inside journalctl --sync
        inside plumbline drift | tee "$scratch/drifted" | sed -n '/^running *services.off.cron/,/^$/p' | grep -q -E "$1" && return 0
        cat "$scratch/drifted"
        return 1
}

# A program of alice's own that is called sudo; it stays until journald has looked at it.
forged_by_alice()
{
        inside su alice -c "cp /usr/bin/logger /tmp/sudo && { echo '$1'; sleep 1; } | /tmp/sudo"
        inside rm /tmp/sudo
}

drift_is_silent_of()
{
        [ -s "$scratch/drifted" ] && ! grep "$1" "$scratch/drifted"
}

for_root_only()
{
        says "700 root" stat --format='%a %U' /var/lib/plumbline
}

claims_audit_of_shipped_profile()
{
        claim "the timer waits for its quarter, and some time more" is_waiting
        claim "hosts do not look in the same second" says "10min yes" systemctl show --value --property=RandomizedDelayUSec \
                --property=FixedRandomDelay plumbline-audit.timer
        claim "what was missed is not caught up with" never_catches_up
        claim "the timer starts the audit" audit_by_timer
        claim "its answer is valid" valid "$audit" audit
        claim "a host that is not ready fails the unit" audit_says exit-code 1
        claim "the verdict is the same as by hand" as_by_hand
        claim "the answer is for root only" for_root_only
        inside systemctl reset-failed
}

# Leaves the profile applied.
claims_audit()
{
        inside plumbline apply >/dev/null
        inside systemctl restart feed
        claim "ready once more" ends 0 plumbline check
        claim "an audit by the timer" audit_by_timer
        claim "a valid answer" valid "$audit" audit
        claim "a host that is ready ends it well" audit_says success 0
        claim "the same as by hand" as_by_hand
        inside plumbline baseline >/dev/null
        claim "an audit that finds all right" audit_by_timer
        sleep 1.1
        claim "alice may do things by sudo" by_alice "systemctl unmask --quiet cron"
        by_alice "systemctl start cron"
        inside logger -t bash "systemctl start cron by hand"
        inside systemd-run --quiet --wait sh -c "echo systemctl start cron by a unit"
        forged_by_alice "bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/systemctl start cron"
        claim "somebody starts a service: an audit" audit_by_timer
        claim "fails" audit_says exit-code 1
        claim "and names it" audit_names services.off.cron
        claim "drift says who did it" drift_says 'likely .*alice by sudo: /usr/bin/systemctl start cron$'
        claim "and a shell that logs what it is told" drift_says 'possible .*by its own log: systemctl start cron by hand$'
        claim "but what a unit prints is no command" drift_is_silent_of 'by a unit'
        claim "nor is what only calls itself sudo sudo's word" drift_is_silent_of 'bob by sudo'
        claim "but anybody's" drift_says 'possible .*by its own log: bob : PWD=/ ; USER=root ; COMMAND='
        claim "and how" drift_says 'likely .*alice by sudo: /usr/bin/systemctl unmask --quiet cron$'
        claim "the journal has its verdict" event_in_journal audit PLUMBLINE_VERDICT=not-ready PRIORITY=4
        claim "and what it found" event_in_journal finding PLUMBLINE_FINDING=services.off.cron
        claim "apply puts it right" ends 0 plumbline apply
        inside systemctl reset-failed
        claim "undo 1 goes back to before the first apply" ends 0 plumbline undo 1
        claim "everything is as before" same_as_before
        inside systemctl restart feed
        claim "apply in one piece" ends 4 plumbline apply
}
