#!/bin/sh
# run.sh BUILD: the facts of this machine, held against what other tools say of it. Nothing is written but what they said.
set -u

build=$1
here=tests/others

rm -rf "$build/others"
if ! sh "$here/collect.sh" "$build/plumbline" "$build/others"; then
        echo "FAILED plumbline tells no facts"
        echo "0 passed, 1 failed"
        exit 1
fi
python3 "$here/compare.py" "$build/others"
