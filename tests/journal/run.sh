#!/bin/sh
# run.sh PLUMBLINE: a journal of more than a gigabyte, written by systemd's own writer: its errors are counted, and what cannot be counted is
# not known, in bounded time and memory. Half a minute, and twice the room.
#
# The folder it stands in is plumbline's root, with this machine's /proc. Needs root, and a machine that has run for some minutes.
set -u

plumbline=$1
entries=${JOURNAL_ENTRIES:-400000}
remote=/lib/systemd/systemd-journal-remote
id=fedcba98765432100123456789abcdef
here=$(dirname "$0")
passed=0
failed=0

skip()
{
        echo "skipped: a journal of gigabytes: $1"
        echo "0 passed, 0 failed"
        exit 0
}

[ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || skip "needs root, and a mount namespace of its own"
[ -x "$remote" ] || skip "there is no systemd-journal-remote here"
[ "$(sed 's/[. ].*//' /proc/uptime)" -ge 480 ] || skip "this machine has run for less than eight minutes"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/plumbline-journal-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP
[ "$(df --output=avail -k "$work" | tail -n 1)" -ge 3000000 ] || skip "needs 3 GB in ${TMPDIR:-/var/tmp}"
root=$work/root
journal=$root/var/log/journal/$id

claim()
{
        name=$1
        shift
        if "$@" >"$work/said" 2>&1; then
                passed=$((passed + 1))
                echo "ok     $name"
        else
                failed=$((failed + 1))
                echo "FAILED $name"
                tail -n 20 "$work/said" | sed 's/^/       /'
        fi
}

make_root()
{
        mkdir -p "$journal" "$root/proc" "$root/usr/bin" "$root/etc/plumbline" "$root/dev"
        echo "$id" >"$root/etc/machine-id"
        echo VERSION_ID=12 >"$root/etc/os-release"
        cp "$plumbline" "$root/usr/bin/plumbline"
        ldd "$plumbline" | grep -o '/[^ ]*' | while read -r library; do
                mkdir -p "$root${library%/*}"
                cp -L "$library" "$root$library"
        done
}

write_journal()
{
        python3 "$here/make.py" "$entries" 2>"$work/counts" |
                "$remote" --split-mode=none --compress=no --output="$journal/system.journal" -
        read -r run early late <"$work/counts"
}

is_large()
{
        du -s -k "$journal"
        ls "$journal"
        [ "$(du -s -k "$journal" | cut -f 1)" -ge 1048576 ] && [ "$(find "$journal" -name 'system@*.journal' | wc -l)" -ge 5 ]
}

# give WINDOW: the profile whose window this is.
give()
{
        printf 'plumbline: 1\nname: w\nrequire: { critical: { journal.errors: "= 0" } }\nhealth: { journal: { window: "%s" } }\n' "$1" \
                >"$root/etc/plumbline/profile.yaml"
}

# check STATUS HAVE NOTE: whatever there is, 64 MiB of its own are enough for each process, and all that it maps is less than 600 MiB.
check()
{
        python3 - "$root" "$work/report" <<-'END'
		import resource, subprocess, sys
		root, report = sys.argv[1:]
		script = 'mount --bind -o ro /proc "$0/proc" && exec timeout --signal=KILL 100 chroot "$0" /usr/bin/plumbline "$@"'
		command = ["unshare", "-m", "sh", "-c", script, root, "check", "--time-limit", "60 s", "--format", "json"]
		small = lambda: resource.setrlimit(resource.RLIMIT_DATA, (64 << 20, 64 << 20))
		with open(report, "wb") as out:
		    status = subprocess.run(command, stdout=out, preexec_fn=small).returncode
		most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
		print("exit status", status, "with", most, "KiB at most")
		sys.exit(not (status in (0, 1, 3) and most < 600 * 1024))
		END
        [ $? -eq 0 ] || { cat "$work/report"; return 1; }
        python3 - "$work/report" "$@" <<-'END'
		import json, sys
		report = json.load(open(sys.argv[1], encoding="utf-8"))
		finding = report["findings"][0]
		have = [str(report["exit"]), finding["have"], finding.get("note", "")]
		print(*have, sep="\n")
		sys.exit(not (have[:2] == sys.argv[2:4] and sys.argv[4] in have[2]))
		END
}

# damaged NAME COMMAND...: the last whole file, after what the command makes of it.
damaged()
{
        name=$1
        shift
        "$@" "$last"
        claim "$name" check 3 "unreadable: says what makes no sense" "$named of the journal is damaged, and left out"
        cp "$work/kept" "$last"
}

scribble()
{
        dd if=/dev/urandom of="$1" bs=1M seek=20 count=90 conv=notrunc status=none
}

# inside HOW FILE
inside()
{
        python3 "$here/damage.py" "$@"
}

unsign()
{
        dd if=/dev/zero of="$1" bs=1 count=8 conv=notrunc status=none
}

# drifts DAYS: the baseline is so many days old, and somebody changed the mode of a file an hour ago; before that sudo logged more than drift reads.
drifts()
{
        printf 'plumbline: 1\nname: w\nrequire: { info: { file./etc/os-release.mode: "0644" } }\n' >"$root/etc/plumbline/profile.yaml"
        python3 "$here/commands.py" | "$remote" --split-mode=none --output="$journal/sudo.journal" - || return 1
        chmod 644 "$root/etc/os-release"
        in_root baseline || return 1
        python3 "$here/commands.py" baseline "$root/var/lib/plumbline/baseline" "$1"
        rm -r "$root/var/lib/plumbline/history"
        chmod 600 "$root/etc/os-release"
        in_root drift >"$work/drift"
        status=$?
        cat "$work/drift"
        rm "$journal/sudo.journal"
        [ "$status" -eq 1 ] && grep -q "likely .*alice by sudo: /usr/bin/chmod 600 /etc/os-release" "$work/drift"
}

finds_the_newest()
{
        drifts 1 && ! grep "commands until" "$work/drift"
}

names_the_oldest()
{
        drifts 5 && grep "no evidence could be looked for in: .*commands until .*Z, since those after it are more than drift reads at once" "$work/drift"
}

in_root()
{
        # shellcheck disable=SC2016 # for that shell
        unshare -m sh -c 'mount --bind -o ro /proc "$0/proc" && exec timeout --signal=KILL 100 chroot "$0" /usr/bin/plumbline "$@"' "$root" "$@"
}

# As journald rotates and removes: the file that is written to gets another name, and another takes its place. Bounded.
storm()
{
        for i in $(seq 1000); do
                [ -e "$work/calm" ] && break
                cp "$work/fresh" "$work/next.journal"
                mv "$journal/system.journal" "$journal/system@storm-$i.journal"
                mv "$work/next.journal" "$journal/system.journal"
                [ "$i" -le 2 ] || rm "$journal/system@storm-$((i - 1)).journal"
                for file in "$journal"/system@errors-*.journal; do
                        mv "$file" "$journal/system@errors-$i.journal"
                done
                sleep 0.02
        done
}

# One with errors gets another name each time.
withstand()
{
        mv "$last" "$journal/system@errors-0.journal"
        printf '__REALTIME_TIMESTAMP=%s000000\n__MONOTONIC_TIMESTAMP=%s000000\n_BOOT_ID=%s\nPRIORITY=6\nMESSAGE=calm\n\n' "$(date +%s)" \
                "$(sed 's/[. ].*//' /proc/uptime)" "$(tr -d - </proc/sys/kernel/random/boot_id)" |
                "$remote" --split-mode=none --output="$work/fresh.journal" - && mv "$work/fresh.journal" "$work/fresh" || return 1
        storm &
        stormy=$!
        held=0
        for _ in 1 2 3 4 5 6 7 8; do
                check 1 "$late" "lost the feed" || held=1
        done
        touch "$work/calm"
        wait "$stormy"
        mv "$journal"/system@errors-*.journal "$last"
        return "$held"
}

make_root
claim "systemd writes a journal" write_journal
[ "$failed" -eq 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
claim "of more than a gigabyte, in several files" is_large
give "$((run / 2)) s"
claim "errors of a window are counted" check 1 "$late" "lost the feed"
give boot
claim "errors of the boot are counted" check 1 $((early + late)) "lost the feed"
give "7 d"
claim "more of them than are looked at are not known" check 3 "unreadable: is too large to be what it should be" "too many entries"

claim "drift finds the newest of more commands than it reads" finds_the_newest
claim "and says which it did not read" names_the_oldest

give "$((run / 2)) s"
last=$(find "$journal" -name 'system@*.journal' | sort | tail -n 1)
cp "$last" "$work/kept"
named=$(basename "$last" | sed 's/@[0-9a-f]*/@*/')
damaged "a file of it is cut off" truncate -s 60M
damaged "a file of it is empty" truncate -s 0
damaged "a file of it is none" unsign
damaged "a file of it is broken on the inside" scribble
damaged "its hash table has lost a page" inside table
damaged "one of its entries is lost" inside entry
damaged "it does not know all of its entries" inside count
claim "with all of it the count is as before" check 1 "$late" "lost the feed"
mkdir "$journal/folder.journal"
claim "a folder is no file of it" check 1 "$late" "lost the feed"
rmdir "$journal/folder.journal"

first=$(find "$journal" -name 'system@*.journal' | sort | head -n 1)
inside boot "$first" && cp "$first" "$work/kept" && truncate -s 60M "$first"
named=$(basename "$first" | sed 's/@[0-9a-f]*/@*/')
claim "a file of another boot may reach into a window" check 3 "unreadable: says what makes no sense" "$named of the journal is damaged"
give boot
claim "but not into this boot" check 1 $((early + late)) "lost the feed"
give "$((run / 2)) s"
cp "$work/kept" "$first" && scribble "$first"
touch -d "@$(($(date +%s) - run - 2 * 86400))" "$first"
claim "the broken inside of a file that ends long before the window is no matter" check 1 "$late" "lost the feed"
unsign "$first"
touch -d "@$(($(date +%s) - run - 2 * 86400))" "$first"
claim "nor is one that is none" check 1 "$late" "lost the feed"

cp -a "$last" "$journal/copy.journal"
claim "a copy beside a file adds nothing" check 1 "$late" "lost the feed"
rm "$journal/copy.journal"

claim "journald may begin a file while it is asked" withstand

find "$journal" -name 'system@*.journal' | sort | head -n 5 | xargs rm
claim "what was rotated away is no matter to a window behind it" check 1 "$late" "lost the feed"
give boot
claim "but to the boot it is" check 3 "unreadable: nothing here tells" "the journal begins after the boot did"

echo "journal: $entries entries"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
