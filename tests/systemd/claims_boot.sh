# claims_boot.sh: what the boot unit and the gate do at a boot: on a host in line, on one that is not, with a broken profile and after an
# apply that was cut off; and what they say in the journal.
# shellcheck shell=sh disable=SC2154 # set by those that read it

boot_again()
{
        power_off
        power_on
}

# unit_is WANT UNIT: Result, ActiveState and SubState, in the order of systemctl.
unit_is()
{
        says "$1" systemctl show --value --property=ActiveState --property=SubState --property=Result "$2"
}

claims_journal()
{
        claim "the boot unit is in the journal under its identifier" in_journal _SYSTEMD_UNIT=plumbline-boot.service \
                SYSLOG_IDENTIFIER=plumbline
        claim "the boot unit's apply is in the journal" event_in_journal apply-done PLUMBLINE_PROFILE=middle PLUMBLINE_EXIT=0
        claim "the gate's verdict is in the journal" event_in_journal gate PLUMBLINE_VERDICT=ready PRIORITY=6
}

gate_waits()
{
        ended=$(property plumbline-boot.service ExecMainExitTimestampMonotonic)
        began=$(property plumbline-ready.service ExecMainStartTimestampMonotonic)
        echo "ended at $ended us, began at $began us"
        [ "$ended" -gt 0 ] && [ "$began" -ge "$ended" ]
}

# At noon: nobody reboots, the host is not ready any more, somebody starts a trading unit.
start_refused()
{
        ends 1 systemctl start "$1" && says inactive systemctl is-active "$1"
}

# history_ends ONE OTHER: in the last records, one behind the other.
history_ends()
{
        inside plumbline history | tail -n 4 | tee "$scratch/history"
        tr '\n' ' ' <"$scratch/history" | grep -q -E " $1.* $2"
}

claims_boot()
{
        systemctl --quiet --root="$box" enable desk
        claim "boots with a ledger" boot_again
        claim "all units of the system are well again" [ "$state" = running ]
        claim "the boot unit ran" unit_is "success active exited" plumbline-boot.service
        claim "it ended before the gate began" gate_waits
        claim "none of the services runs after a boot" none_runs
        claim "nothing is left to do after a boot" plan_empty
        claim "the host is ready" says active systemctl is-active plumbline-ready.target
        claim "the trading unit runs" says active systemctl is-active desk
        claim "what the apply left to this boot is the baseline, once it was ready" \
                history_ends 'apply +ready' 'baseline +ready'
        claims_journal
}

# The profile wants the unit that waits for the gate.
claims_behind_gate()
{
        { cat tests/systemd/middle.yaml; echo "health: { units: [desk] }"; } >"$scratch/behind.yaml"
        give_profile "$scratch/behind.yaml"
        inside systemctl stop desk plumbline-ready.target
        claim "without its trading unit the host is not ready" ends 1 plumbline check
        inside systemctl start desk
        claim "yet the gate lets the unit start" says "active active" systemctl is-active plumbline-ready.target desk
        claim "and names what it left out" word_in_journal "Left out by --before-start" _SYSTEMD_UNIT=plumbline-ready.service
        claim "with its trading unit the host is ready" ends 0 plumbline check
}

claims_not_ready()
{
        sed 's/kernel.release:.*/kernel.release: ">= 99"/' tests/systemd/middle.yaml >"$scratch/not-ready.yaml"
        give_profile "$scratch/not-ready.yaml"
        claim "a trading unit that runs is left alone" says "active active" systemctl is-active plumbline-ready.target desk
        claim "a unit that is judged at each start does not" start_refused strict-desk
        inside systemctl stop desk plumbline-ready.target
        claim "nor does one that requires the gate" start_refused desk
        claim "the gate failed" unit_is "exit-code failed failed" plumbline-ready.service
        claim "and told the journal" event_in_journal gate PLUMBLINE_VERDICT=not-ready PRIORITY=4
        claim "boots on a host that is not ready" boot_again
        claim "the boot unit is well" unit_is "success active exited" plumbline-boot.service
        claim "the trading unit waits" says "failed inactive inactive" \
                systemctl is-active plumbline-ready.service plumbline-ready.target desk
}

claims_broken_profile()
{
        printf 'plumbline: 1\nname: [\n' >"$scratch/broken.yaml"
        give_profile "$scratch/broken.yaml"
        claim "boots with a broken profile" boot_again
        claim "to the end" says "active active" systemctl is-active multi-user.target feed.service
        claim "and systemd says that something failed" [ "$state" = degraded ]
        claim "the boot unit did" unit_is "exit-code failed failed" plumbline-boot.service
        claim "the gate is closed" says "failed inactive" systemctl is-active plumbline-ready.service plumbline-ready.target
        claim "the trading unit did not start" says inactive systemctl is-active desk
        claim "the journal says why" word_in_journal profile.yaml _SYSTEMD_UNIT=plumbline-boot.service
        claim "the gate says on whose account" word_in_journal "plumbline-boot.service failed" _SYSTEMD_UNIT=plumbline-ready.service
        claim "what was masked is masked" all_masked
}

# Nothing is enabled behind our back: the trading unit was, in between.
files_as_before()
{
        systemctl --quiet --root="$box" disable desk
        look_at_files >"$scratch/files"
        head -n "$(wc -l <"$scratch/files")" "$scratch/before" | diff - "$scratch/files"
}

# The last record of a ledger is the only trace of how the apply ended.
claims_cut_off()
{
        give_profile tests/systemd/middle.yaml
        power_off
        ledger=$(find "$box/var/lib/plumbline/ledger" -name '[0-9]*.log' | sort | tail -n 1)
        claim "the last apply came to its end" grep -q '"record":"end","state":"applied"' "$ledger"
        sed -i '$d' "$ledger"
        claim "boots after an apply that was cut off" power_on
        claim "files and links are as before" files_as_before
        claim "the journal tells of it" event_in_journal recover-done PRIORITY=4
        claim "the ledger says so" grep -q '"record":"end","state":"undone"' "$ledger"
}
