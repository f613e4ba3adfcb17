#!/bin/bash
# run.sh [RELEASE...]: does the project build and pass its fast tests from nothing on other releases of Debian, and does the
# greenfield bring-up hold on a kernel where real time is told in another way? Not part of any other goal: it takes an hour.
#
# For each release a bare root of packages with nothing but git and make, a clone in it, and the words of the README. Then a virtual
# box of Debian 13, whose RT kernel is a 6.12: no /sys/kernel/realtime, and EPERM for managed interrupts.
set -u

here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d /var/tmp/plumbline-matrix.XXXXXX)
trap 'for root in "$work"/*/root; do umount -R -l "$root" 2>/dev/null; done; rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP
passed=0
failed=0

count()
{
        if [ "$2" -eq 0 ]; then
                passed=$((passed + 1))
                echo "ok     $1 ($3 s)"
        else
                failed=$((failed + 1))
                echo "FAILED $1 ($3 s)"
        fi
}

# The sources of this machine, for another release of the same distribution; the project names no host. Without those of security fixes:
# for old releases mirrors lack some of what they list.
sources()
{
        local own file
        own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
        find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.list' -o -name '*.sources' \) 2>/dev/null | while read -r file; do
                grep -q "$own" "$file" || continue
                case $file in
                *.list) grep -v -e -security "$file" ;;
                *) awk -v RS= -v ORS='\n\n' '!/-security/' "$file" ;;
                esac | sed "s/$own/$1/g" >"$work/$1/${file##*/}"
                echo "$work/$1/${file##*/}"
        done
}

# release NAME: a bare root, a clone, make test.
release()
{
        local name=$1 root=$work/$1/root began=$SECONDS status list
        mkdir -p "$work/$name"
        mapfile -t list < <(sources "$name")
        mmdebstrap --quiet --variant=minbase --include=git,make,ca-certificates "$name" "$root" "${list[@]}"
        count "$name: a bare root" $? $((SECONDS - began))
        git clone -q . "$root/root/plumbline" || return
        # What a test starts in a mount namespace of its own needs a root that is a mount.
        mount --bind "$root" "$root" && mount --make-private "$root" &&
                mount -t proc proc "$root/proc" && mount -t sysfs -o ro sysfs "$root/sys" &&
                mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
        cp /etc/resolv.conf "$root/etc/resolv.conf"
        # An installer writes it; the libcurl of older releases asks for this name as for any other.
        grep -q localhost "$root/etc/hosts" 2>/dev/null || echo "127.0.0.1 localhost" >>"$root/etc/hosts"
        began=$SECONDS
        chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
                make -C /root/plumbline test >"$work/$name.log" 2>&1
        status=$?
        grep -E '^[a-z]+: [0-9]+ passed|^[0-9]+ passed' "$work/$name.log"
        [ "$status" -eq 0 ] || { grep -A 25 -E '^FAILED|error:' "$work/$name.log" | head -n 120; tail -n 10 "$work/$name.log"; }
        count "$name: make test" "$status" $((SECONDS - began))
        umount -R -l "$root"
        rm -rf --one-file-system "$root"
}

releases=${*:-bullseye bookworm trixie box}
for name in $releases; do
        if [ "$name" = box ]; then
                began=$SECONDS
                BOX_SUITE=trixie bash "$here/../vm/run.sh" bringup
                count "trixie: greenfield bring-up on its RT kernel" $? $((SECONDS - began))
        else
                release "$name"
        fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
