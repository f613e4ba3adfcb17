#!/bin/sh
# run.sh: boots the program as it would be installed, with systemd as process 1 of a container, and holds what plumbline and its units do
# against what systemd itself says.
#
# Needs root, systemd-nspawn and its own namespaces; where they cannot be had it says so, and counts nothing. All that is mounted or
# runs is in a mount and a process namespace that end with the process below. /proc/sys and /sys are this very machine's, read-only:
# only services, limits, and in the walk of the README a sysctl of the container's own network are applied in there.
set -u

seconds=300
here=tests/systemd
scratch=$(mktemp -d "${TMPDIR:-/tmp}/plumbline-systemd-XXXXXX")
child=
groups=
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# shellcheck disable=SC2317 # it is run by the trap
# The groups stay busy until the last process of the namespace is gone.
clean_up()
{
        [ -z "$child" ] || kill -s KILL "$child" 2>/dev/null
        for group in $groups; do
                for _ in 1 2 3 4 5 6 7 8 9 10; do
                        find "$group" -depth -type d -exec rmdir '{}' ';' 2>/dev/null
                        [ -e "$group" ] || break
                        sleep 0.2
                done
        done
        rmdir "$scratch"
}

skip()
{
        echo "skipped: systemd in a container: $1"
        echo "0 passed, 0 failed"
        exit 0
}

# systemd-nspawn makes groups below the one that it is in and leaves them there, always by the same names: two runs would share them.
make_groups()
{
        while read -r _ mount kind options _; do
                case $kind,$options in
                cgroup2,*) key= ;;
                cgroup,*name=systemd*) key=name=systemd ;;
                *) continue ;;
                esac
                group=$mount$(sed -n "s/^[0-9]*:$key://p" /proc/self/cgroup | sed 's#/*$##')/${scratch##*/}
                mkdir "$group" || return 1
                groups="$groups $group"
        done </proc/mounts
        [ -n "$groups" ]
}

[ "$(id -u)" -eq 0 ] || skip "needs root"
command -v systemd-nspawn >/dev/null || skip "there is no systemd-nspawn here"
# shellcheck disable=SC2016 # for that shell
refusal=$(unshare --mount --pid --fork --mount-proc sh -c 'mount -t tmpfs tmpfs "$1"' sh "$scratch" 2>&1) || skip "$refusal"
make_groups 2>/dev/null || skip "no control group of its own can be had"

if ! root=$(sh "$here/root.sh"); then
        echo "FAILED the root of the container could not be built"
        echo "0 passed, 1 failed"
        exit 1
fi

# The first process of a process namespace takes all others with it.
(
        for group in $groups; do
                echo 0 >"$group/cgroup.procs"
        done
        exec unshare --mount --pid --fork --kill-child --mount-proc sh "$here/claims.sh" "$root" "$scratch"
) &
child=$!
timeout "$seconds" tail --pid="$child" -s 0.2 -f /dev/null &
if ! wait $!; then
        echo "FAILED more than $seconds s"
        exit 1
fi
wait "$child"
status=$?
child=
exit "$status"
