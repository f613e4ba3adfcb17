# claims_install.sh: the units as they are after an installation, before anything was applied.
# shellcheck shell=sh disable=SC2154 # set by those that read it

install_all()
{
        sh tests/systemd/install.sh "$box" || return 1
        for unit in tests/systemd/units/*; do
                case $unit in
                */by-hand.service) folder=$box/etc/systemd/system ;;
                *) folder=$box/usr/lib/systemd/system ;;
                esac
                install -m 0644 "$unit" "$folder/" || return 1
        done
        # The same units are started more often here than systemd allows in ten seconds.
        mkdir -p "$box/etc/systemd/system.conf.d" || return 1
        printf '[Manager]\nDefaultStartLimitIntervalSec=0\n' >"$box/etc/systemd/system.conf.d/start.conf" || return 1
        systemctl --quiet --root="$box" enable feed fails-to-stop slow-to-stop unstoppable by-hand line@one
}

# give_profile FILE: makes it the profile of the host, as its owner would.
give_profile()
{
        install -m 0644 "$1" "$box/etc/plumbline/profile.yaml"
}

# Notes are failures too: systemd carries on after many a mistake.
units_right()
{
        said=$(inside sh -c 'systemd-analyze --man=no verify /usr/lib/systemd/system/plumbline-*' 2>&1) && [ -z "$said" ] && return 0
        echo "$said"
        return 1
}

nothing_tuned()
{
        says "inactive no" systemctl show --value --property=ActiveState --property=ConditionResult plumbline-boot.service &&
                says "" sh -c "find /etc /var/lib -path '*/plumbline/ledger' -o -name '99-*plumbline*' -o -name 50-plumbline.conf \
                        -o -path '/etc/systemd/*' -lname /dev/null"
}

claims_install()
{
        claim "all units of the system are well" [ "$state" = running ]
        claim "our units are right" units_right
        claim "enabled: the boot unit and the timer, not the gate" says "enabled enabled disabled static" \
                systemctl is-enabled plumbline-boot.service plumbline-audit.timer plumbline-ready.target plumbline-ready.service
        claim "the boot unit is idle before the first apply, and nothing was tuned" nothing_tuned
        claim "the audit unit is closed" inside systemd-analyze security --threshold=15 --no-pager plumbline-audit.service
        claim "/proc/sys cannot be written to" ends 2 sh -c 'echo 1 >/proc/sys/vm/swappiness'
        claim "/sys cannot be written to" ends 2 sh -c 'echo 1 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
}
