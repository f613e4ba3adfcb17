#!/bin/sh
# from-capture.sh BUILD CAPTURE NAME [PROFILE]: makes a case of a capture, such as a bug report brings: what plumbline says of that machine
# now is what it must say. Look at tests/cases/NAME/stdout before you believe it, and correct it where it is the bug.
set -eu

build=$1
capture=$2
case=${CASES:-tests/cases}/$3
mkdir "$case"
cp "$capture" "$case/capture.tar.zst"
profile=
if [ $# -gt 3 ]; then
        cp "$4" "$case/profile.yaml"
        profile=' --profile @WORK@/profile.yaml'
fi
echo "check --root @ROOT@ --verbose$profile" >"$case/cmd"
UPDATE=1 sh tests/cases/run.sh "$build" "$3"
