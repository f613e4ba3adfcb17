# claims_units.sh: a service that must run, and what a deploy can leave behind: another program, a file of the unit that nobody has read,
# lower limits, a crash.
# shellcheck shell=sh disable=SC2154 # set by those that read it

fact_is()
{
        says "unit.engine.service.$1 $2" sh -c "plumbline facts unit.engine.service.$1 | sed 's/  */ /'"
}

# only FACT...: which facts of the service keep the check from holding?
only()
{
        inside plumbline check --profile /opt/engine.yaml --format json >"$scratch/units.json"
        have=$(answer_of "$scratch/units.json" '" ".join(f["id"].split(".")[3] for f in a["findings"] if f["status"] != "pass")')
        [ "$have" = "$*" ] || { echo "want: $*"; echo "have: $have"; return 1; }
}

noted()
{
        inside plumbline facts --verbose --format json unit.engine.service.restart_needed >"$scratch/fact.json"
        answer_of "$scratch/fact.json" 'a["facts"][0]["note"]' | tee "$scratch/note"
        grep -q -e "$1" "$scratch/note"
}

restart()
{
        ends 0 systemctl restart engine
}

# A process is told to be older than a file by whole seconds.
later()
{
        sleep 1.1
}

exchange()
{
        later
        inside sh -c 'cp /usr/bin/sleep /opt/engine.new && mv /opt/engine.new /opt/engine'
}

crash()
{
        before=$(property engine MainPID)
        inside systemctl kill --signal=KILL engine
        wait_until 10 is_another "$before"
}

is_another()
{
        pid=$(property engine MainPID)
        [ "$pid" != 0 ] && [ "$pid" != "$1" ]
}

claims_units()
{
        inside cp /usr/bin/sleep /opt/engine
        printf '[Service]\nExecStart=/opt/engine infinity\nLimitNOFILE=2048:4096\nRestart=always\nRestartSec=100ms\n' |
                inside tee /etc/systemd/system/engine.service >/dev/null
        printf 'plumbline: 1\nname: engine\nhealth: { units: [engine] }\n' | inside tee /opt/engine.yaml >/dev/null
        claim "a unit that systemd has not loaded, and that does not run" fact_is state "inactive (dead)"
        claim "a service that does not run is not ready" only state restart_needed
        later
        inside systemctl start engine
        claim "a service that runs as it should" only
        exchange
        claim "its program is exchanged" only restart_needed
        claim "which is said" noted "its program /opt/engine was removed or exchanged"
        restart
        claim "started again it is well" only
        inside sh -c 'mkdir -p /opt/r/1 /opt/r/2 && cp -p /opt/engine /opt/r/1 && cp -p /opt/engine /opt/r/2 && ln -sfn 1 /opt/r/now'
        inside sed -i 's#^ExecStart=/opt/engine#ExecStart=/usr/bin/env SECRET=no /opt/r/now/engine#' /etc/systemd/system/engine.service
        inside systemctl daemon-reload
        restart
        claim "a service behind a wrapper and a link" only
        later
        inside ln -sfn 2 /opt/r/now
        claim "the link is switched" only restart_needed
        claim "which is named" noted "the link /opt/r/now was made since, and leads to /opt/r/2/engine"
        restart
        claim "and it was started again" only
        inside sed -i 's#^ExecStart=.*#ExecStart=/opt/engine infinity#' /etc/systemd/system/engine.service
        inside systemctl daemon-reload
        restart
        later
        echo "# changed" | inside tee -a /etc/systemd/system/engine.service >/dev/null
        claim "its unit is edited" only restart_needed reload_needed
        inside systemctl daemon-reload
        claim "and read again" only restart_needed
        claim "the file is named" noted "/etc/systemd/system/engine.service was written since"
        restart
        claim "after a start nothing is missing" only
        inside prlimit --pid "$(property engine MainPID)" --nofile=1024:1024
        claim "its process has lower limits than its unit" only restart_needed
        claim "which are named" noted "LimitNOFILE is 1024:1024, and the unit sets 2048:4096"
        crash
        claim "it crashed, and runs" only restarts
        claim "once" fact_is restarts 1
        inside rm /etc/systemd/system/engine.service
        inside systemctl stop engine
        inside systemctl daemon-reload
        claim "a service that is not there" only state restart_needed reload_needed restarts
}
