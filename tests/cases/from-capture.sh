#!/bin/sh
# from-capture.sh BUILD CAPTURE NAME [PROFILE]: makes a case of a capture, such as a bug report brings: what plumbline says of that machine
# now is what it must say. PROFILE is the file that the machine was looked at with, where it is neither one of plumbline's own nor in the
# capture. Look at tests/cases/NAME/stdout before you believe it, and correct it where it is the bug.
set -eu

build=$1
capture=$2
case=${CASES:-tests/cases}/$3
mkdir "$case"
# Half a case would fail from now on, and nobody would know why.
trap 'rm -rf "$case"' EXIT

profile_of()
{
        sed -n '/"profile": {/,/}/s/.*"name": "\(.*\)",*/\1/p'
}

cp "$capture" "$case/capture.tar.zst"
profile=
if [ $# -gt 3 ]; then
        cp "$4" "$case/profile.yaml"
        profile=' --profile @WORK@/profile.yaml'
else
        was=$(tar -xO --zstd -f "$capture" .plumbline/manifest.json | profile_of)
        is=$({ "$build/plumbline" check --root "$capture" --format json || true; } | profile_of)
        if [ "$was" != "$is" ] && [ -f "profiles/$was.yaml" ]; then
                profile=" --profile $was"
        elif [ "$was" != "$is" ]; then
                echo "$capture was made with the profile \"$was\", which it does not hold: give its file as PROFILE" >&2
                exit 1
        fi
fi
echo "check --root @ROOT@ --verbose$profile" >"$case/cmd"
UPDATE=1 sh tests/cases/run.sh "$build" "$3"
trap - EXIT
