#!/bin/sh
# setup.sh GROUP...: installs the packages that these goals of the Makefile need, and only those that are missing.
set -eu

packages()
{
        case $1 in
        build) echo gcc libc6-dev pkg-config libsystemd-dev libmnl-dev libyaml-dev libjansson-dev ;;
        test) echo libcunit1-dev bzip2 python3 python3-jsonschema systemd-container mmdebstrap ;;
        lint) echo clang clang-format clang-tidy cppcheck ;;
        # The fuzzer's runtime is only recommended by clang, under the name of the release's version.
        fuzz) echo clang libclang-rt-14-dev ;;
        bench) echo strace bzip2 ;;
        coverage) echo gcovr ;;
        deb) echo build-essential debhelper lintian scdoc ;;
        *)
                echo "setup: no such group: $1" >&2
                exit 2
                ;;
        esac
}

# Elsewhere than on Debian and its kin the compiler says what it lacks.
command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=
for group in "$@"; do
        list=$(packages "$group")
        for package in $list; do
                case " $missing " in *" $package "*) continue ;; esac
                status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
                [ "$status" = installed ] || missing="$missing $package"
        done
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
        echo "setup: these packages are missing; install them as root:" >&2
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 1
fi

echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list of words
apt-get install -q -y --no-install-recommends $missing
