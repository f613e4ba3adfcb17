#!/bin/sh
# rules.sh: the rules of the house that no compiler knows. Each one is first tried on a small folder that breaks it, so that a rule
# which has gone blind is seen.
set -eu

code=$(cd "$(dirname "$0")" && pwd)/code.awk
project=$(pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

sources()
{
        find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# Each rule looks at the present folder and prints what breaks it.

# Only the door touches the machine. Four things are the user's and not the host's: profiles, read with checks of their own
# before there is a host; reports of other hosts; the file that -o names; and the place of this program, beside which its profiles stand.
rule_door()
{
        calls='open|openat|openat2|creat|fopen|freopen|fdopen|opendir|fdopendir|scandir|nftw|ftw|fts_open|glob'
        calls="$calls|stat|lstat|fstat|fstatat|statx|access|faccessat|readlink|readlinkat|realpath|chdir|chroot"
        calls="$calls|socket|socketpair|connect|bind|fork|vfork|clone|execv|execve|execvp|execvpe|execl|execlp|execle|fexecve"
        calls="$calls|posix_spawn|posix_spawnp|popen|system|dlopen|unlink|unlinkat|remove|rename|renameat|renameat2|mkdir|mkdirat"
        calls="$calls|rmdir|symlink|symlinkat|link|linkat|chmod|fchmod|fchmodat|chown|fchown|lchown|truncate|ftruncate|mknod|mkfifo"
        calls="$calls|mount|umount|ioctl|syscall|flock|lockf|fsync|mkstemp|mkostemp|mkdtemp|tmpfile|statvfs|fstatvfs|getpwnam|getpwuid"
        calls="$calls|gethostname|uname|sysinfo|adjtimex|reboot|kill|ptrace|sched_setaffinity|mnl_socket_open|mnl_socket_open2"
        calls="$calls|sd_bus_open[a-z_]*|sd_bus_default[a-z_]*|dlsym|getaddrinfo|initgroups|sd_journal_(open|send|print)[a-z_]*"
        # shellcheck disable=SC2046 # names of our own, without blanks
        awk -f "$code" $(sources agent probes tuning | grep -v -E \
                '^agent/core/(host[a-z_]*|netlink|ethtool|nvme|devicemapper|bus|program|descriptors|machine|journal_tell|cpu_times|journal_(ask|files)|journal_past|children|endpoint_[a-z]*)\.c$|^agent/profile_(file|trust)\.c$|^agent/answer_file\.c$') /dev/null |
                grep -E "(^|[^A-Za-z0-9_.>])($calls) *\(" |
                grep -v -E '^agent/output\.c:[0-9]+: .*[^a-z_](open|stat|fchmod|fsync|mkostemp|rename|unlink) *\(' |
                grep -v -E '^agent/main\.c:[0-9]+: .*[^a-z_]ioctl *\(' |
                grep -v -E '^agent/session\.c:[0-9]+: .*[^a-z_](readlink|access) *\(' || true
}

# Verbs print, and what reads the command line; everything else returns, save for the last words before an abort.
rule_printing()
{
        # shellcheck disable=SC2046
        awk -f "$code" $(sources agent probes tuning | grep -v -E '^agent/(verb_[a-z_]*|complain|main|report[a-z_]*)\.c$') /dev/null |
                grep -E '(^|[^A-Za-z0-9_])((v?printf|puts|putchar|perror|v?warnx?|v?errx?) *\(|stdout|stderr)' |
                grep -v -E '^agent/core/(pool|fact)\.c:[0-9]+: .*(fprintf *\(stderr|fputs *\(.*stderr)' || true
}

# The door ends a child, or the program for a test.
rule_exit()
{
        # shellcheck disable=SC2046
        awk -f "$code" $(sources agent probes tuning | grep -v -E \
                '^agent/main\.c$|^agent/core/(host[a-z_]*|program|descriptors|machine|bus|netlink|ethtool|children)\.c$') /dev/null |
                grep -E '(^|[^A-Za-z0-9_])(_?exit|_Exit|quick_exit) *\(' || true
}

rule_includes()
{
        includes='#[ \t]*include[ \t]*"'
        # shellcheck disable=SC2046
        {
                awk -v keep_strings=1 -f "$code" $(sources agent/core) /dev/null | grep -E "$includes" |
                        grep -v -E "$includes"'agent/core/[a-z0-9_]+\.h"'
                awk -v keep_strings=1 -f "$code" $(sources probes) /dev/null | grep -E "$includes" |
                        grep -v -E "$includes"'(agent/core|probes)/[a-z0-9_]+\.h"'
                awk -v keep_strings=1 -f "$code" $(sources tuning) /dev/null | grep -E "$includes" |
                        grep -v -E "$includes"'(agent/core|tuning)/[a-z0-9_]+\.h"'
                awk -v keep_strings=1 -f "$code" $(sources agent) /dev/null | grep -E "$includes" |
                        grep -v -E "$includes"'(agent(/core)?/[a-z0-9_]+\.h|probes/probes\.h|tuning/knobs\.h)"'
        } || true
}

rule_file_size()
{
        # shellcheck disable=SC2046
        awk 'FNR == 401 { print FILENAME ": more than 400 lines" }' $(sources agent probes tuning tests) /dev/null
}

# In this style a function opens and closes with a brace in the first column. Tests keep their tables inside.
rule_function_size()
{
        # shellcheck disable=SC2046
        awk '/^\{/ { start = FNR } /^}/ { if (start && FNR - start > 60) print FILENAME ":" start ": " FNR - start " lines"; start = 0 }' \
                $(sources agent probes tuning) /dev/null
}

rule_words()
{
        # shellcheck disable=SC2046
        awk -f "$code" $(sources agent probes tuning tests) /dev/null | grep -E '(^|[^A-Za-z0-9_])(goto|typedef +(struct|enum|union)|strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol)([^A-Za-z0-9_]|$)' || true
}

# What releases itself is released on every way out, also on one before it was set.
rule_auto()
{
        # shellcheck disable=SC2046
        awk -f "$code" $(sources agent probes tuning tests) /dev/null | awk '{
                rest = $0
                if (!sub(/^[^ ]*: *auto[a-z]+ /, "", rest) || rest ~ /^\(/)
                        next
                while (sub(/[({][^(){}]*[)}]/, "", rest))
                        continue
                sub(/[({].*/, "", rest)
                count = split(rest, names, ",")
                for (i = 1; i <= count; i++)
                        if (names[i] !~ /=/ && names[i] ~ /[a-z]/) {
                                print
                                break
                        }
        }'
}

rule_names()
{
        sources agent probes tuning tests | grep -E '/([a-z0-9]+_)*(utils?|misc|common|helpers?|managers?|handles?|data)(_[a-z0-9]+)*\.[ch]$' || true
}

rule_opening()
{
        for file in $(sources agent probes tuning tests); do
                head -n 1 "$file" | grep -q '^/\* [^ ]' || echo "$file: does not open with a sentence"
                case $file in
                *.h) grep -q '^#pragma once$' "$file" || echo "$file: no #pragma once" ;;
                esac
        done
}

# The id of an event stands in the program, in the catalog for people, and in the page for programs: in all three, and once.
rule_events()
{
        grep -o -h '"[0-9a-f]\{32\}"' agent/event.h | tr -d '"' | sort >"$scratch/ids"
        uniq -d "$scratch/ids" | sed 's/$/: more than one event has this id/'
        sed -n 's/^-- \([0-9a-f]*\)$/\1/p' packaging/plumbline.catalog | sort | diff "$scratch/ids" - |
                sed -n 's/^[<>]/agent\/event.h, packaging\/plumbline.catalog: not in both:/p'
        # shellcheck disable=SC2016 # these are the quotes of a table
        sed -n 's/^| `\([a-z-]*\)` | `\([0-9a-f]*\)` |.*/\1 \2/p' docs/journal.md | sort >"$scratch/kinds"
        sed -n 's/.*E([A-Z_]*, "\([a-z-]*\)", "\([0-9a-f]*\)").*/\1 \2/p' agent/event.h | sort | diff - "$scratch/kinds" |
                sed -n 's/^[<>]/agent\/event.h, docs\/journal.md: not in both:/p'
}

break_door() { mkdir -p probes && echo 'int x = fopen("/proc/stat", "r");' >probes/x.c; }
break_printing() { mkdir -p tuning && echo 'void x(void) { printf("x"); }' >tuning/x.c; }
break_exit() { mkdir -p agent && echo 'void x(void) { exit(1); }' >agent/x.c; }
break_includes() { mkdir -p probes && echo '#include "tuning/knobs.h"' >probes/x.c; }
break_file_size() { mkdir -p agent && awk 'BEGIN { for (i = 0; i < 401; i++) print "int x;" }' >agent/x.c; }
break_function_size() { mkdir -p agent && awk 'BEGIN { print "{"; for (i = 0; i < 61; i++) print "        x;"; print "}" }' >agent/x.c; }
break_words() { mkdir -p tests/unit && echo 'void x(void) { goto out; }' >tests/unit/x.c; }
break_auto() { mkdir -p agent && echo '        autobuffer struct text_buffer one = { f(0, 1) }, two;' >agent/x.c; }
break_names() { mkdir -p agent/core && echo '/* X */' >agent/core/text_util.c; }
break_events()
{
        mkdir -p agent packaging docs
        echo '        E(ONE, "one", "0123456789abcdef0123456789abcdef")' >agent/event.h
        touch packaging/plumbline.catalog docs/journal.md
}
break_opening() { mkdir -p agent && echo 'int x;' >agent/x.c; }

for rule in door printing exit includes file_size function_size words auto names opening events; do
        mkdir "$scratch/$rule"
        cd "$scratch/$rule"
        "break_$rule"
        if [ -z "$("rule_$rule")" ]; then
                echo "FAIL  rule $rule does not see what breaks it"
                failed=$((failed + 1))
        else
                passed=$((passed + 1))
        fi
        cd "$project"
        broken=$("rule_$rule")
        if [ -n "$broken" ]; then
                echo "FAIL  rule $rule:"
                echo "$broken" | sed 's/^/        /'
                failed=$((failed + 1))
        else
                passed=$((passed + 1))
        fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
