# claims_walk.sh: what the README tells a new user to do, word for word, as a user who may use sudo.
# shellcheck shell=sh disable=SC2154 # set by those that read it

# The indented lines behind the mark, as far as they go.
walk_of_readme()
{
        awk '/<!-- tests\/systemd runs this walk/ { on = 1; next }
             on && /^    / { sub(/^    /, ""); print; seen = 1; next }
             on && seen { exit }' README.md
}

# walk PART: as alice, in a shell that tells what does not end well.
walk()
{
        { echo "trap 'echo \"status \$?: \$BASH_COMMAND\"' ERR"; cat "$scratch/walk-$1"; } | inside su alice -c 'bash -s' \
                >"$scratch/walked-$1" 2>&1
        cat "$scratch/walked-$1"
}

# What the README promises stands between its backquotes, behind "who did it".
promise()
{
        sed -n 's/.*who did it: `likely \(alice by sudo: [^`]*\)`.*/\1/p' README.md
}

slow_start()
{
        says "$1" sysctl -n net.ipv4.tcp_slow_start_after_idle
}

walk_is_whole()
{
        walk_of_readme >"$scratch/walk"
        cat "$scratch/walk"
        sed '/plumbline drift/,$d' "$scratch/walk" >"$scratch/walk-before"
        sed -n '/plumbline drift/p' "$scratch/walk" >"$scratch/walk-drift"
        sed '1,/plumbline drift/d' "$scratch/walk" >"$scratch/walk-after"
        [ "$(wc -l <"$scratch/walk-drift")" -eq 1 ] && [ -s "$scratch/walk-after" ] && grep -q "plumbline apply" "$scratch/walk-before" &&
                [ -n "$(promise)" ]
}

# ends_well PART: all of it, but for plan, which ends with 1 where there is something to do.
ends_well()
{
        walk "$1"
        [ -s "$scratch/walked-$1" ] &&
                ! grep "^status " "$scratch/walked-$1" | grep -v -x "status 1: sudo plumbline plan .*"
}

# Whoever types is slower than the journal.
drift_names_alice()
{
        inside journalctl --sync
        walk drift
        grep -q "^status 1: sudo plumbline drift" "$scratch/walked-drift" || return 1
        sed -n '/^running *sysctl.net.ipv4.tcp_slow_start_after_idle$/,/^$/p' "$scratch/walked-drift" >"$scratch/walked-item"
        sed 's/^ *//' "$scratch/walked-item" | grep -q -x "was 0" && sed 's/^ *//' "$scratch/walked-item" | grep -q -x "is  1" &&
                sed -n 's/^ *likely *[0-9TZ:-]*  //p' "$scratch/walked-item" | head -n 1 | grep -q -x -F "$(promise)"
}

only_there()
{
        [ "$(sed -n 's/^[a-z-]* *\([a-z]*\.[^ ]*\)$/\1/p' "$scratch/walked-drift")" = sysctl.net.ipv4.tcp_slow_start_after_idle ]
}

claims_walk()
{
        claim "the README has a walk, and says what drift says in it" walk_is_whole
        claim "before it the kernel has its own value" slow_start 1
        claim "alice walks: a profile, plan, apply, check, and a change by sudo, and all of it ends well" ends_well before
        claim "the change is made" slow_start 1
        claim "drift says what the README says: the change, who made it, and by what" drift_names_alice
        claim "and nothing else drifted" only_there
        claim "she takes it back, and all of it ends well" ends_well after
        claim "the kernel has its own value again" slow_start 1
        claim "and no file is left" ends 1 sh -c 'grep -r slow_start_after_idle /etc/sysctl.d /etc/plumbline'
}
