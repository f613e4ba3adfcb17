# claims_errors.sh: errors in the journal count whatever the clock of the day was when they were logged, and what was rotated away is told.
# shellcheck shell=sh disable=SC2154 # set by those that read it

# The rest of the box has errors of its own.
give_watches()
{
        for window in boot '"1 h"' '"5 s"'; do
                name=$(echo "$window" | tr -d '" ')
                printf 'plumbline: 1\nname: w\nrequire: { info: { journal.errors: "= 0" } }\nhealth: { journal: { window: %s } }\n' \
                        "$window" | inside tee "/opt/errors-$name.yaml" >/dev/null
        done
}

# errors WINDOW: how many there are, or "unreadable".
errors()
{
        inside journalctl --sync
        errors_now "$1"
}

errors_now()
{
        inside plumbline check --profile "/opt/errors-$1.yaml" --format json >"$scratch/errors.json"
        answer_of "$scratch/errors.json" 'next(f["have"] for f in a["findings"] if f["id"] == "journal.errors")' | sed 's/[: ].*//'
}

are_numbers()
{
        for number; do
                [ "$number" -ge 0 ] || { echo "have $number"; return 1; }
        done
}

errors_are()
{
        have=$(errors "$1")
        [ "$have" = "$2" ] || { echo "window $1: want $2, have $have"; return 1; }
}

# journald_at SECONDS: starts journald again, with a clock that is wrong by so much.
journald_at()
{
        inside mkdir -p /run/systemd/system/systemd-journald.service.d || return 1
        printf '[Service]\nEnvironment=LD_PRELOAD=/opt/other_clock.so OTHER_CLOCK=%s\n' "$1" |
                inside tee /run/systemd/system/systemd-journald.service.d/clock.conf >/dev/null
        inside systemctl daemon-reload && inside systemctl restart systemd-journald
}

# By when journald wrote it down; the sender's own time is the machine's.
is_dated()
{
        inside journalctl --sync
        us=$(inside journalctl --boot --no-pager --output=export --lines=1 -t root | sed -n 's/^__REALTIME_TIMESTAMP=//p')
        off=$((us / 1000000 - $(date +%s) - $1))
        echo "its date is $off s from what it should be"
        [ "$off" -ge -60 ] && [ "$off" -le 60 ]
}

# counts_at SECONDS: an error that is logged then is one more, in this boot and in this hour, also when the clock is right again.
counts_at()
{
        boot=$(errors boot)
        hour=$(errors 1h)
        are_numbers "$boot" "$hour" || return 1
        journald_at "$1" && inside logger -p user.err "lost the feed" || return 1
        is_dated "$1" || return 1
        errors_are boot $((boot + 1)) && errors_are 1h $((hour + 1)) && journald_at 0 && errors_are boot $((boot + 1)) &&
                errors_are 1h $((hour + 1))
}

ages()
{
        sleep 5.5
        errors_are 5s 0
}

# Another boot is dated by nothing but the clock of the day: one of them is a year old.
remembers_last_boot()
{
        hour=$(errors 1h)
        are_numbers "$hour" || return 1
        boot_again || return 1
        echo "before: $hour in the hour; now: $(errors 1h) in the hour, $(errors boot) in the boot"
        [ "$(errors 1h)" -ge $((hour - 1)) ] && [ "$(errors boot)" -lt "$hour" ]
}

# Each error is in the file that is about to get another name: what was written down before the question must be in the answer.
holds_while_rotated()
{
        boot=$(errors boot)
        are_numbers "$boot" || return 1
        echo 0 >"$box/opt/logged"
        # shellcheck disable=SC2016 # for that shell
        inside sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                logger -p user.err "lost the feed" && journalctl --sync && echo "$i" >/opt/logged.new &&
                        mv /opt/logged.new /opt/logged && sleep 0.15 && journalctl --rotate || exit 1
        done' &
        rotating=$!
        held=0
        while kill -0 "$rotating" 2>/dev/null; do
                least=$((boot + $(cat "$box/opt/logged")))
                have=$(errors_now boot)
                echo "have $have, at least $least"
                [ "$have" -ge "$least" ] || held=1
        done
        wait "$rotating" && [ "$held" -eq 0 ] && errors_are boot $((boot + 20))
}

# All but the file that is written to.
lose_beginning()
{
        inside journalctl --rotate && inside logger "later" && inside journalctl --sync --vacuum-files=1
        errors_are boot unreadable && errors_are 1h unreadable
}

claims_errors()
{
        inside mkdir -p /var/log/journal && inside journalctl --flush
        claim "a clock for journald" cc -shared -fPIC -o "$box/opt/other_clock.so" tests/systemd/other_clock.c
        give_watches
        claim "an error of now" counts_at 0
        claim "an error while the clock was a day ahead" counts_at 86400
        claim "an error while the clock was a year behind" counts_at -31536000
        claim "errors leave the window by their age" ages
        claim "errors of the last boot are in the window, and not in the boot" remembers_last_boot
        claim "while journald rotates none is missed" holds_while_rotated
        claim "where the beginning of the journal is gone it cannot be told" lose_beginning
}
