# claims_others.sh: systemd's own tools say of units, the clock and the hypervisor what plumbline says.
# shellcheck shell=sh disable=SC2154 # set by those that read it

# What a tool could not tell is a failure here: all of them run.
others_agree()
{
        cp tests/others/collect.sh "$box/opt/collect.sh" || return 1
        patience=60 inside sh /opt/collect.sh plumbline /opt/others || return 1
        python3 tests/others/compare.py "$box/opt/others" systemctl timedatectl systemd-detect-virt >"$scratch/compared"
        cat "$scratch/compared"
        grep -q '^[0-9]* passed, 0 failed$' "$scratch/compared" && ! grep '^skipped' "$scratch/compared" &&
                grep -q -x failing.service "$scratch/failing"
}

claims_others()
{
        printf '[Service]\nExecStart=/usr/bin/false\n' | inside tee /etc/systemd/system/failing.service >/dev/null
        inside systemctl start failing
        wait_until 10 is_failed
        # A file that systemd has not read yet.
        printf '# later\n' | inside tee -a /etc/systemd/system/failing.service >/dev/null
        inside systemctl list-units --state=failed --plain --no-legend | cut -d ' ' -f 1 >"$scratch/failing"
        claim "systemctl, timedatectl and systemd-detect-virt say of services, clock and hypervisor what plumbline says" others_agree
        # timedatectl has started it, and it would go by itself only later.
        inside systemctl stop systemd-timedated
        inside rm /etc/systemd/system/failing.service
        inside systemctl daemon-reload
        inside systemctl reset-failed failing
}

is_failed()
{
        [ "$(property failing ActiveState)" = failed ]
}
