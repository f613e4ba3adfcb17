# claims_services.sh: services are switched off and come back, limits reach a process, and plumbline sees units as systemd does.
# shellcheck shell=sh disable=SC2154 # set by those that read it

off="avahi-daemon.service avahi-daemon.socket cron.service rsyslog.service syslog.socket fails-to-stop.service \
slow-to-stop.service line@one.service"
masked="avahi-daemon.service avahi-daemon.socket cron.service irqbalance.service rsyslog.service syslog.socket fails-to-stop.service \
slow-to-stop.service line@.service"

# each WANT COMMAND... -- WORD...: does the command say so of each word?
each()
{
        want=$1
        shift
        command=
        while [ "$1" != -- ]; do
                command="$command $1"
                shift
        done
        shift
        for word in "$@"; do
                # shellcheck disable=SC2086 # words of our own
                says "$want" $command "$word" || { echo "of $word"; return 1; }
        done
}

same_as_before()
{
        look | diff "$scratch/before" -
}

plan_empty()
{
        targets_of /etc/plumbline/profile.yaml
        [ "$(answer_of "$scratch/plan.json" 'len(a["steps"])')" = 0 ]
}

targets_of()
{
        inside plumbline plan --profile "$1" --format json >"$scratch/plan.json"
        answer_of "$scratch/plan.json" '"\n".join(s["target"] for s in a["steps"])' >"$scratch/targets"
        cat "$scratch/targets"
}

plan_names()
{
        targets_of /etc/plumbline/profile.yaml
        valid "$scratch/plan.json" plan && grep -q -x "$1" "$scratch/targets"
}

none_runs()
{
        # shellcheck disable=SC2086
        for unit in $off; do
                case $(property "$unit" ActiveState) in
                inactive | failed) ;;
                *) echo "$unit: $(property "$unit" ActiveState)" && return 1 ;;
                esac
                [ "$(property "$unit" MainPID)" = 0 ] || [ "${unit##*.}" != service ] || { echo "$unit has a process"; return 1; }
        done
}

# By systemd, and by the link that it is.
all_masked()
{
        # shellcheck disable=SC2086
        each masked systemctl is-enabled -- $masked || return 1
        for unit in $masked; do
                says /dev/null readlink "/etc/systemd/system/$unit" || return 1
        done
        says "" find /etc/systemd/system -name 'cron.service' -path '*.wants/*' -o -name 'dbus-org.freedesktop.Avahi.service' \
                -o -name syslog.service -o -name 'line@one.service'
}

# What is masked starts in no way: not by hand, not by its socket, not over the bus.
nothing_wakes_them()
{
        ends 1 systemctl start cron.service && ends 1 systemctl start avahi-daemon.socket &&
                ends 1 busctl call org.freedesktop.Avahi / org.freedesktop.Avahi.Server GetVersionString &&
                ends 1 systemctl start line@two.service && none_runs
}

# systemd refuses; then nothing of the apply may stay, and somebody has to hear which unit it was.
refusal_is_told()
{
        look >"$scratch/before"
        printf 'plumbline: 1\nname: refused\ntune: { services: { off: [cron, unstoppable] } }\n' >"$box/etc/plumbline/refused.yaml"
        status=0
        inside plumbline apply --profile /etc/plumbline/refused.yaml >"$scratch/refused" 2>&1 || status=$?
        rm "$box/etc/plumbline/refused.yaml"
        cat "$scratch/refused"
        [ "$status" -ne 0 ] && grep -q unstoppable.service "$scratch/refused" && same_as_before
}

# By its second name it is the same unit; what stands in the bus's configuration needs none of its own.
second_name_is_known()
{
        printf 'plumbline: 1\nname: second\ntune: { services: { off: [dbus-org.freedesktop.Avahi] } }\n' \
                >"$box/etc/plumbline/second.yaml"
        targets_of /etc/plumbline/second.yaml
        rm "$box/etc/plumbline/second.yaml"
        grep -q -x unit/avahi-daemon.service "$scratch/targets" && grep -q -x unit/avahi-daemon.socket "$scratch/targets" &&
                grep -q -x /etc/systemd/system/avahi-daemon.service "$scratch/targets"
}

# verdict_of STATUS: of a profile that has line@one off, from files alone.
verdict_of()
{
        printf 'plumbline: 1\nname: quiet\ntune: { services: { off: ["line@one"] } }\n' >"$box/etc/plumbline/quiet.yaml"
        ends "$1" plumbline check --quiet-only --profile /etc/plumbline/quiet.yaml
        status=$?
        rm "$box/etc/plumbline/quiet.yaml"
        return $status
}

# Its control group is in a slice of the template's own.
seen_without_asking()
{
        inside systemctl --quiet disable line@one && inside systemctl --quiet mask line@one && verdict_of 1 &&
                inside systemctl stop line@one && verdict_of 0
        status=$?
        inside systemctl --quiet unmask line@one && inside systemctl --quiet enable --now line@one && return $status
}

journal_has_both()
{
        event_in_journal apply-begun PLUMBLINE_PROFILE=middle PLUMBLINE_LEDGER=2 && event_in_journal undo-done PLUMBLINE_LEDGER=2
}

missing_is_fine()
{
        inside plumbline check --format json >"$scratch/check.json"
        [ "$(answer_of "$scratch/check.json" '[f["status"] for f in a["findings"] if f["id"] == "services.off.no-such-thing"]')" = \
                "['not-applicable']" ]
}

# --- limits: part of the same apply --------------------------------------------------------------------------------------------

process_limit()
{
        # shellcheck disable=SC2016 # for that shell
        inside sh -c 'grep "$1" "/proc/$(systemctl show --value --property=MainPID feed)/limits"' sh "$1" |
                awk '{ print $(NF - 2), $(NF - 1) }'
}

limit_is()
{
        have=$(process_limit "$1")
        [ "$have" = "$2" ] || { echo "$1: $have, want $2"; return 1; }
}

restart_is_asked_for()
{
        inside plumbline check --verbose >"$scratch/check"
        cat "$scratch/check"
        grep -q "systemctl restart feed.service" "$scratch/check" && limit_is "Max open files" "$first"
}

restart_brings()
{
        inside systemctl restart feed && limit_is "Max open files" "$1" && limit_is "Max locked memory" "$2"
}

claims_limits()
{
        claim "the drop-in with the limits is loaded" says /etc/systemd/system/feed.service.d/50-plumbline.conf \
                systemctl show --value --property=DropInPaths feed.service
        claim "a service that runs keeps its limits, and check asks for a restart" restart_is_asked_for
        claim "after it the process has them" restart_brings "4321 4321" "65536 65536"
        claim "a login has them" says 4321 su -s /bin/sh -c 'ulimit -n' nobody
}

claims_services()
{
        # shellcheck disable=SC2086
        claim "they run at first" each active systemctl is-active -- $off
        claim "an instance that runs is seen without asking systemd" seen_without_asking
        first=$(process_limit "Max open files")
        first_locked=$(process_limit "Max locked memory")
        look >"$scratch/before"
        claim "plan names what it would stop" plan_names unit/avahi-daemon.socket
        claim "plan changes nothing" same_as_before
        claim "a unit by its second name" second_name_is_known
        claim "a unit that systemd does not stop fails the apply, which leaves nothing" refusal_is_told
        claim "the journal has the failure" event_in_journal apply-failed PRIORITY=3 PLUMBLINE_PROFILE=refused
        claim "apply, and the limits of a process wait for its restart" ends 4 plumbline apply
        claim "none of them runs" none_runs
        claim "all of them are masked, and no link enables them" all_masked
        claim "an administrator's own unit file is left, disabled and stopped" says "inactive disabled" \
                sh -c 'systemctl is-active by-hand; systemctl is-enabled by-hand'
        claim "what fails to stop is stopped all the same" says "0 exit-code failed" \
                systemctl show --value --property=ActiveState --property=Result --property=MainPID fails-to-stop.service
        claim "what hears no signal is stopped all the same" says "0 timeout failed" \
                systemctl show --value --property=ActiveState --property=Result --property=MainPID slow-to-stop.service
        claim "nothing wakes them" nothing_wakes_them
        claim "a unit that is not installed is fine" missing_is_fine
        claim "nothing is left to do" plan_empty
        claims_limits
        claim "check says ready" ends 0 plumbline check
        claim "undo" ends 0 plumbline undo
        claim "the journal has both" journal_has_both
        claim "files, links and running units are as before" same_as_before
        claim "after a restart a process has its old limits" restart_brings "$first" "$first_locked"
}

# --- the bus -----------------------------------------------------------------------------------------------------------------

# Units come and go, so systemctl is asked before and after.
seen_alike()
{
        list_units >"$scratch/units"
        inside plumbline facts units.failed 'unit.*.state' --format json >"$scratch/facts.json"
        list_units | cmp -s - "$scratch/units" || return 1
        /usr/bin/python3 tests/systemd/seen_alike.py "$scratch/facts.json" "$scratch/units" >"$scratch/alike"
}

list_units()
{
        inside systemctl list-units --all --plain --no-legend --no-pager --full | awk '{ print $1, $2, $3, $4 }' | LC_ALL=C sort
}

every_unit_alike()
{
        wait_until 3 seen_alike
        status=$?
        cat "$scratch/alike"
        return $status
}

claims_bus()
{
        inside systemctl start broken.service 2>/dev/null
        claim "a unit that fails is seen" says failed systemctl is-failed broken.service
        claim "each unit is to plumbline what it is to systemctl" every_unit_alike
        inside systemctl reset-failed
}
