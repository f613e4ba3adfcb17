# claims_deploy.sh: the acceptance list where it is meant for: behind the deploy of a system that runs, with its database, and with each of
# its lines broken in turn.
# shellcheck shell=sh disable=SC2154 # set by those that read it

system=$box/opt/hft_system

# As the deploy job would: root's, but for the keys. What watches the system is a stand-in, Prometheus being 100 MB.
deploy()
{
        inside useradd --system --no-create-home --shell /usr/sbin/nologin hft_user &&
                mkdir -p "$system/bin" "$system/config" &&
                cc -O -static -D_GNU_SOURCE -o "$system/bin/hft_system" tests/systemd/hft_system.c &&
                echo '{ "exchanges": ["north", "south"] }' >"$system/config/production.json" &&
                echo 'EXCHANGE_KEY=4f2a-never-read' >"$system/.env" && chmod 0600 "$system/.env" &&
                inside chown hft_user:hft_user /opt/hft_system/.env || return 1
        cat >"$box/etc/systemd/system/hft_system.service" <<-END
		[Unit]
		After=postgresql.service
		Wants=postgresql.service
		[Service]
		User=hft_user
		EnvironmentFile=/opt/hft_system/.env
		LogsDirectory=hft_system
		ExecStart=/opt/hft_system/bin/hft_system --config=/opt/hft_system/config/production.json
		LimitNOFILE=1024:4096
		END
        cat >"$box/etc/systemd/system/monitoring.service" <<-END
		[Service]
		DynamicUser=yes
		ExecStart=/opt/hft_system/bin/hft_system --monitoring
		END
        install -m 0644 tests/systemd/deployed.yaml "$box/opt/deployed.yaml"
        # A process is told to be older than a file by whole seconds.
        sleep 1.1
        inside systemctl daemon-reload && inside systemctl start postgresql hft_system monitoring && lead_out
}

# One default route, as orders leave by; the other end of the wire is in the container, too.
lead_out()
{
        nsenter -t "$leader" --net sh -c 'ip link add out type veth peer name exchange && ip link set exchange up && ip link set out up &&
                ip address add 10.9.0.2/24 dev out && ip route add default via 10.9.0.1'
}

# What of the list does not hold now, in the order of the alphabet.
broken()
{
        inside plumbline check --profile /opt/deployed.yaml --format json >"$scratch/deployed.json"
        answer_of "$scratch/deployed.json" '" ".join(sorted(f["id"] for f in a["findings"] if f["status"] != "pass"))'
}

# only_broken ID...: nothing else is, and that is enough: of what is important less than 90 % hold without any one of it.
only_broken()
{
        have=$(broken)
        [ "$have" = "$*" ] || { echo "want: $*"; echo "have: $have"; return 1; }
        [ "$(answer_of "$scratch/deployed.json" 'a["exit"]')" = 1 ]
}

# The lines of the validation script, by what each of them is here.
holds_each()
{
        [ -z "$(broken)" ] || { broken; return 1; }
        for id in file./opt/hft_system/bin/hft_system.state file./opt/hft_system/config/production.json.state \
                endpoint.configuration.state endpoint.database.state unit.hft_system.service.state endpoint.api.state \
                endpoint.exchanges.state file./var/log/hft_system/system.log.age endpoint.monitoring.state; do
                answer_of "$scratch/deployed.json" "'$id' in [f['id'] for f in a['findings']]" | grep -q -x True || { echo "no $id"; return 1; }
        done
        [ "$(answer_of "$scratch/deployed.json" 'a["exit"], a["verdict"]')" = "(0, 'ready')" ]
}

# line NAME BREAK MEND ID...: each of BREAK and MEND one command of a shell inside.
line()
{
        name=$1
        mend=$3
        inside sh -c "$2" || echo "could not: $2"
        shift 3
        claim "$name" only_broken "$@"
        inside sh -c "$mend" || echo "could not: $mend"
}

# never_opens ARGUMENT...: does plumbline leave the file with the keys alone?
never_opens()
{
        /usr/bin/python3 tests/cases/file-never-opened/watch.py "$system/.env" -- nsenter -t "$leader" --mount --uts --ipc --net --pid \
                --cgroup --root --wd -- /usr/bin/plumbline "$@" >"$scratch/watched"
        tail -n 3 "$scratch/watched"
        grep -q '^status [013], untouched$' "$scratch/watched"
}

# No system is deployed any more, and nobody has another name for what failed here.
undeploy()
{
        inside systemctl stop hft_system monitoring 'postgresql*'
        inside rm -r /etc/systemd/system/hft_system.service /etc/systemd/system/monitoring.service /opt/hft_system /var/log/hft_system
        inside systemctl daemon-reload
        inside systemctl reset-failed
        inside userdel hft_user
}

claims_deploy()
{
        # Of errors that others had nothing is left: the journal is in memory so far.
        claim "boots before the deploy" boot_again
        claim "a system is deployed" deploy
        claim "each line of the acceptance list holds, and the box is ready" holds_each
        opt=/opt/hft_system
        logs=/var/log/hft_system
        unit=unit.hft_system.service
        line "no binary" "cd $opt/bin && cp -p hft_system kept && rm hft_system" \
                "cd $opt/bin && mv kept hft_system && sleep 1.1 && systemctl restart hft_system" endpoint.configuration.state \
                file.$opt/bin/hft_system.owner file.$opt/bin/hft_system.protected file.$opt/bin/hft_system.state $unit.restart_needed
        line "a binary that others can exchange" "chmod 0775 $opt/bin" "chmod 0755 $opt/bin" file.$opt/bin/hft_system.protected
        line "no configuration" "mv $opt/config/production.json $opt/config/gone" "mv $opt/config/gone $opt/config/production.json" \
                endpoint.configuration.state file.$opt/config/production.json.protected file.$opt/config/production.json.state
        line "a configuration that the system itself does not take" "sed -i s/north/west/ $opt/config/production.json" \
                "sed -i s/west/north/ $opt/config/production.json" endpoint.configuration.state
        line "keys that others can read" "chmod 0644 $opt/.env" "chmod 0600 $opt/.env" file.$opt/.env.mode
        line "no database" "systemctl stop 'postgresql@*'" "systemctl restart postgresql" endpoint.database.state
        line "a system that runs, but not as its unit" \
                "systemctl stop hft_system && systemd-run --quiet --unit=by-hand-too --uid=hft_user $opt/bin/hft_system" \
                "systemctl stop by-hand-too && systemctl start hft_system" $unit.restart_needed $unit.state
        line "a system that says of itself that it is unhealthy" "systemctl kill --signal=USR2 hft_system" \
                "systemctl kill --signal=HUP hft_system" endpoint.api.state
        line "an exchange is lost" "systemctl kill --signal=USR1 hft_system" "systemctl kill --signal=HUP hft_system" endpoint.exchanges.state
        line "a log that is there, and not written" "cd $logs && mv system.log old && touch -d '1 hour ago' system.log" \
                "cd $logs && mv old system.log" file./var/log/hft_system/system.log.age
        line "no monitoring" "systemctl stop monitoring" "systemctl start monitoring" endpoint.monitoring.state
        line "an error in the journal" "logger -p user.err 'lost the feed'; journalctl --sync" true journal.errors
        for verb in facts check audit drift "capture -o /opt/deployed.tar.zst"; do
                # shellcheck disable=SC2086 # words of our own
                claim "${verb%% *} leaves the keys alone" never_opens $verb --profile /opt/deployed.yaml
        done
        claim "nor are they in the capture" ends 1 sh -c 'tar -x -O --zstd -f /opt/deployed.tar.zst | grep 4f2a-never-read'
        claim "who does open them is seen" keys_are_seen
        undeploy
}

keys_are_seen()
{
        /usr/bin/python3 tests/cases/file-never-opened/watch.py "$system/.env" -- nsenter -t "$leader" --mount --root --wd -- \
                cat /opt/hft_system/.env | tee "$scratch/watched"
        grep -q 'was read$' "$scratch/watched"
}
