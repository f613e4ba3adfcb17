#!/bin/sh
# root.sh: prints the folder of a small Debian that boots with systemd; builds it from packages when this recipe was not built before.
#
# It is kept outside the checkout, in ${PLUMBLINE_CACHE:-/var/cache/plumbline-tests}, under a hash of what it is made of; take that folder
# away whenever you like. The release, the archive and the settings of the network are those of this host's own apt.
set -eu

# What the program and systemd need, and services that a trading box does without: avahi-daemon has a socket, a second name and
# a name on the bus; rsyslog has a second name; irqbalance does not start in a container.
packages=systemd,systemd-sysv,dbus,libmnl0,libyaml-0-2,libjansson4,avahi-daemon,cron,irqbalance,rsyslog
# An administrator who changes things by hand.
packages=$packages,sudo,passwd,procps
# What a trading system stands on: its database. And what asks over HTTP.
packages=$packages,postgresql,libcurl4

cache=${PLUMBLINE_CACHE:-/var/cache/plumbline-tests}
# shellcheck disable=SC1091 # every Debian has it
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
key=$({ cat "$0"; echo "$suite"; dpkg --print-architecture; } | sha256sum | cut -c 1-16)
kept=$cache/systemd-$key

if [ -d "$kept" ]; then
        echo "$kept/root"
        exit 0
fi
if [ -z "$suite" ]; then
        echo "root.sh: /etc/os-release does not say which release this is" >&2
        exit 1
fi

# Only what is for this very release: other people's archives need not be in reach.
sources()
{
        for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
                [ -f "$file" ] || continue
                if sed '/^ *#/d' "$file" | grep -q -E "(^|[[:space:]])$suite([[:space:]]|\$)" && grep -q -w main "$file"; then
                        echo "$file"
                fi
        done
}

# What a run left that was killed. Nobody but root looks into any of them, since they age, and hold programs that are setuid root.
mkdir -p "$cache"
find "$cache" -maxdepth 1 -name 'building-*' -mmin +60 -exec rm -rf --one-file-system '{}' ';'
work=$(mktemp -d "$cache/building-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

{
        apt-config dump | grep -E '^Acquire::(Check-|Retries|[a-z]+::(Proxy|Timeout|Verify|CA))' || true
        echo 'APT::Install-Recommends "false";'
} >"$work/apt.conf"

# shellcheck disable=SC2016,SC2046 # a hook has a shell of its own; names of files of apt, without blanks
if ! timeout --kill-after=10 300 mmdebstrap --variant=essential --include="$packages" --aptopt="$work/apt.conf" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/lib/*/libLLVM*' --dpkgopt='path-exclude=/usr/lib/postgresql/*/bitcode/*' \
        --customize-hook='echo box >"$1/etc/hostname"; touch "$1/etc/plumbline-box"; : >"$1/etc/machine-id"' \
        --customize-hook='chroot "$1" useradd --create-home --shell /bin/sh alice' \
        --customize-hook='chroot "$1" systemctl --quiet disable postgresql.service' \
        --customize-hook='echo "alice ALL=(ALL) NOPASSWD: ALL" >"$1/etc/sudoers.d/alice"; chmod 0440 "$1/etc/sudoers.d/alice"' \
        "$suite" "$work/root" $(sources) </dev/null >"$work/log" 2>&1; then
        tail -n 15 "$work/log" >&2
        exit 1
fi

# Another run may have been quicker; then its result is as good.
rm "$work/log" "$work/apt.conf"
mv -T "$work" "$kept" 2>/dev/null || [ -d "$kept" ]
echo "$kept/root"
