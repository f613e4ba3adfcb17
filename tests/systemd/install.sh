#!/bin/sh
# install.sh ROOT: lays into ROOT what the package lays into a host, by the package's own rules, without debhelper and without a package.
set -eu

BOX=$(cd "$1" && pwd)
PATH=$(pwd)/tests/systemd/debhelper:$PATH
export BOX PATH
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
for recipe in override_dh_auto_install override_dh_installsystemd; do
        make --no-print-directory -f packaging/debian/rules "$recipe" root="$BOX"
done
