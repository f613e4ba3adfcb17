#!/bin/sh
# live.sh ROOT ARGUMENT...: runs plumbline in the folder as if it were the whole machine: the live host to plumbline, and still a
# tree that nobody else uses. 77 where that takes rights that are not there.
set -eu

root=$1
shift
unshare -m chroot / true 2>/dev/null || { echo "a root of its own needs root" >&2; exit 77; }
if [ ! -x "$root/usr/bin/plumbline" ]; then
        mkdir -p "$root/usr/bin" "$root/proc/sys"
        cp "$PLUMBLINE" "$root/usr/bin/plumbline"
        ldd "$PLUMBLINE" | grep -o '/[^ ]*' | while read -r library; do
                mkdir -p "$root${library%/*}"
                cp -L "$library" "$root$library"
        done
        # Of the tree's own /proc there are /proc/sys and /proc/uptime; the rest is of this machine and not to be written, since the
        # sanitizers look there for their own process.
        mv "$root/proc" "$root/tree-proc"
        mkdir "$root/proc"
fi
# shellcheck disable=SC2016 # for that shell
exec unshare -m sh -c 'mount --bind -o ro /proc "$0/proc" && mount --bind "$0/tree-proc/sys" "$0/proc/sys" &&
        { [ ! -e "$0/tree-proc/uptime" ] || mount --bind "$0/tree-proc/uptime" "$0/proc/uptime"; } &&
        exec chroot "$0" /usr/bin/plumbline "$@"' "$root" "$@"
