#!/bin/sh
# run.sh: the package without installing it: it builds to the same bytes in two folders, lintian has nothing to say, it
# holds what it should, its units are right and closed, its scripts parse, and its manual and completions know every
# verb.
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
project=$(pwd)
passed=0
failed=0

# claim NAME COMMAND...: passes when the command ends with 0; else what it printed is shown.
claim()
{
        name=$1
        shift
        if "$@" >"$scratch/said" 2>&1; then
                passed=$((passed + 1))
                return 0
        fi
        echo "FAIL  $name"
        tail -n 30 "$scratch/said" | sed 's/^/        /'
        failed=$((failed + 1))
        return 1
}

skip()
{
        echo "skipped: $1: there is no $2 here"
}

build_here()
{
        make deb
}

# Elsewhere, under another name, in another time zone, by another user's mask.
build_elsewhere()
(
        mkdir -p "$scratch/some/other-place"
        cp -R Makefile LICENSE README.md agent docs packaging probes profiles tests tuning "$scratch/some/other-place"
        cd "$scratch/some/other-place" || exit
        umask 077
        TZ=Asia/Tokyo LC_ALL=C.UTF-8 make deb
)

same_bytes()
{
        cmp "$deb" "$scratch/some/other-place/build/deb/${deb##*/}"
}

one_version()
{
        written=$(sed -n 's/^VERSION = //p' Makefile)
        packaged=$(dpkg-deb -f "$deb" Version)
        echo "Makefile: $written, package: $packaged, program: $("$root/usr/bin/plumbline" version)"
        [ "$written" = "$packaged" ] && [ "$("$root/usr/bin/plumbline" version)" = "plumbline $written" ]
}

# Whatever lintian says is a failure; what is overridden it does not say.
no_word()
{
        lintian --allow-root --pedantic --display-info --display-experimental build/deb/*.changes >"$scratch/lintian" 2>&1
        status=$?
        cat "$scratch/lintian"
        [ "$status" -eq 0 ] && [ ! -s "$scratch/lintian" ]
}

# Units are in /lib or /usr/lib, as the release has it.
# debhelper compresses documents from 4 KiB on: that one grew is no other content.
contents()
{
        (cd "$root" && find . -not -type d -print -o -empty -printf '%p/\n') |
                sed -e 's#^\./##' -e 's#^\(usr/\)\{0,1\}lib/systemd/#systemd/#' -e 's#\.md\.gz$#.md#' | LC_ALL=C sort >"$scratch/have"
        LC_ALL=C sort tests/package/contents | diff - "$scratch/have"
}

# The programs are where the package was unpacked. Notes are failures too: systemd carries on after many a mistake.
units_right()
{
        mkdir "$scratch/units"
        for unit in "$units"/plumbline-*; do
                sed "s#^ExecStart=/#&${root#/}/#" "$unit" >"$scratch/units/${unit##*/}"
        done
        systemd-analyze --man=no verify "$scratch"/units/* >"$scratch/verified" 2>&1
        status=$?
        cat "$scratch/verified"
        [ "$status" -eq 0 ] && [ ! -s "$scratch/verified" ]
}

audit_is_closed()
{
        systemd-analyze security --offline=true --threshold=15 --no-pager "$units/plumbline-audit.service"
}

# What the catalog has is what journalctl makes of it; of a piece that it cannot read it says nothing.
catalog_compiles()
{
        mkdir -p "$scratch/catalog/usr/lib/systemd/catalog" "$scratch/catalog/var/lib/systemd/catalog"
        cp "$root/usr/lib/systemd/catalog/plumbline.catalog" "$scratch/catalog/usr/lib/systemd/catalog/"
        journalctl --root="$scratch/catalog" --update-catalog || return 1
        written=$(grep -c '^-- ' packaging/plumbline.catalog)
        known=$(journalctl --root="$scratch/catalog" --list-catalog | grep -c ' plumbline: ')
        echo "written: $written, known: $known"
        [ "$written" -eq "$known" ]
}

scripts_parse()
{
        dpkg-deb -e "$deb" "$scratch/control" || return 1
        for script in "$scratch/control/postinst" "$scratch/control/prerm" "$scratch/control/postrm" \
                "$root/usr/libexec/plumbline/remove-packages" packaging/debian/tests/installed; do
                sh -n "$script" || return 1
        done
}

verbs_of()
{
        "$root/usr/bin/plumbline" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'
}

manual_knows()
{
        for verb in $(verbs_of); do
                grep -q "^\*.*\*$verb\|^\*$verb" packaging/man/plumbline.1.scd || { echo "not in the manual: $verb" && return 1; }
        done
}

manual_renders()
{
        for page in "$root"/usr/share/man/man*/*.gz; do
                LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null | grep . && return 1
        done
        return 0
}

bash_completes()
{
        verbs_of | LC_ALL=C sort >"$scratch/verbs"
        # shellcheck disable=SC2016 # for that bash
        bash -c '. "$1" && COMP_WORDS=(plumbline "") COMP_CWORD=1 && _plumbline && printf "%s\n" "${COMPREPLY[@]}"' \
                bash "$root/usr/share/bash-completion/completions/plumbline" | grep -v '^-' | LC_ALL=C sort | diff "$scratch/verbs" -
}

zsh_knows()
{
        for verb in $(verbs_of); do
                grep -q "'$verb:" "$root/usr/share/zsh/vendor-completions/_plumbline" || { echo "not completed: $verb" && return 1; }
        done
        if command -v zsh >/dev/null; then
                zsh -n "$root/usr/share/zsh/vendor-completions/_plumbline"
        fi
}

# Looks at the scripts alone: no maintainer script may apply, nor start or stop the boot unit or the gate. What stops
# the gate stops the trading units that require it; debhelper does so before an upgrade unless told otherwise.
nothing_tunes()
{
        ! grep -rn --exclude=control -E 'plumbline"? +(apply|recover)|deb-systemd-invoke.*plumbline-(boot|ready)' "$scratch/control"
}

if claim "make deb" build_here; then
        deb=$(find "$project/build/deb" -name 'plumbline_*.deb')
        root=$scratch/root
        dpkg-deb -x "$deb" "$root"
        units=$root/usr/lib/systemd/system
        [ -d "$units" ] || units=$root/lib/systemd/system
        claim "make deb elsewhere" build_elsewhere && claim "the same bytes in both folders" same_bytes
        claim "one version" one_version
        claim "lintian" no_word
        claim "contents" contents
        claim "scripts parse" scripts_parse
        claim "installing and upgrading tunes and stops nothing" nothing_tunes
        claim "what a purge leaves for later" sh tests/package/purge.sh
        claim "manual knows every verb" manual_knows
        claim "bash completes every verb" bash_completes
        claim "zsh knows every verb" zsh_knows
        if command -v man >/dev/null; then claim "manual renders" manual_renders; else skip "manual renders" man; fi
        if command -v journalctl >/dev/null; then claim "catalog" catalog_compiles; else skip "catalog" journalctl; fi
        if command -v systemd-analyze >/dev/null; then
                claim "units" units_right
                claim "audit unit is closed" audit_is_closed
        else
                skip "units" systemd-analyze
        fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
