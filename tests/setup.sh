#!/bin/sh
# setup.sh GROUP...: installs the packages that these goals of the Makefile need, and only those that are missing.
set -eu

packages()
{
        case $1 in
        build) echo gcc libc6-dev pkg-config libsystemd-dev libmnl-dev libyaml-dev libjansson-dev libarchive-dev libcurl4-openssl-dev ;;
        test)
                echo libcunit1-dev bzip2 openssl zstd libxml2-utils perl python3 python3-jsonschema python3-junitparser python3-html5lib \
                        systemd-container mmdebstrap procps \
                        util-linux iproute2 dmidecode ethtool nvme-cli numactl pciutils btrfs-progs
                ;;
        lint) echo clang clang-format clang-tidy cppcheck ;;
        # The fuzzer's runtime is only recommended by clang, under the name of the release's version.
        fuzz) echo clang libclang-rt-14-dev ;;
        browser) echo chromium chromium-driver python3 ;;
        bench) echo strace bzip2 python3 ;;
        journal) echo systemd-journal-remote python3 util-linux ;;
        coverage) echo gcovr ;;
        deb) echo build-essential debhelper lintian scdoc ;;
        vm)
                echo qemu-system-x86 qemu-utils mmdebstrap acpica-tools grub-pc-bin grub-common openssh-client e2fsprogs fdisk \
                        apt-utils iproute2 python3
                ;;
        *)
                echo "setup: no such group: $1" >&2
                exit 2
                ;;
        esac
}

# Of a package of 100 MB, which would also start a server here, one program is wanted: it is taken out of it.
fetch_promtool()
{
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        (
                cd "$folder"
                # Later releases have it in a package of its own.
                apt-get download -q promtool 2>/dev/null || apt-get download -q prometheus ||
                        { apt-get update -q && { apt-get download -q promtool || apt-get download -q prometheus; }; }
                dpkg-deb --fsys-tarfile prom*.deb | tar -x ./usr/bin/promtool
        )
        mkdir -p build/tools
        mv "$folder/usr/bin/promtool" build/tools/promtool
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
if [ -n "$missing" ] && [ "$(id -u)" -ne 0 ]; then
        echo "setup: these packages are missing; install them as root:" >&2
        echo "  apt-get install --no-install-recommends$missing" >&2
        exit 1
fi
if [ -n "$missing" ]; then
        echo "setup: installing$missing"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -q
        # shellcheck disable=SC2086 # a list of words
        apt-get install -q -y --no-install-recommends $missing
fi

case " $* " in
*" test "*)
        if ! command -v promtool >/dev/null && [ ! -x build/tools/promtool ]; then
                echo "setup: taking promtool out of the package prometheus"
                fetch_promtool
        fi
        ;;
esac
