#!/bin/sh
# purge.sh: what a purge leaves to plumbline-purge.service, with apt-get and dpkg themselves on a folder of their own that holds
# kernels without content: those that an apply brought go, the others stay, and none goes while plumbline is installed again.
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root
script=packaging/purge/remove-packages
failed=0

# package NAME [DEPENDS]
package()
{
        mkdir -p "$scratch/$1/DEBIAN"
        {
                echo "Package: $1"
                echo "Version: 1"
                echo "Architecture: all"
                echo "Maintainer: nobody <nobody@example.org>"
                [ -z "${2-}" ] || echo "Depends: $2"
                echo "Description: nothing"
        } >"$scratch/$1/DEBIAN/control"
        dpkg-deb --root-owner-group -b "$scratch/$1" "$root/repository/$1.deb" >/dev/null
}

make_root()
{
        rm -rf "$root"
        mkdir -p "$root/repository" "$root/etc/apt/apt.conf.d" "$root/etc/apt/preferences.d" "$root/var/lib/dpkg/updates" \
                "$root/var/lib/dpkg/info" "$root/var/lib/apt/lists/partial" "$root/var/cache/apt/archives/partial" \
                "$root/var/log/apt" "$root/bin"
        : >"$root/var/lib/dpkg/status"
        : >"$root/etc/apt/sources.list"
        {
                echo "Dir \"$root\";"
                echo "Dir::State::status \"$root/var/lib/dpkg/status\";"
                echo "Dir::Bin::dpkg \"$(command -v dpkg)\";"
                echo 'APT::Sandbox::User "root";'
                echo "DPkg::Options { \"--root=$root\"; \"--force-not-root\"; \"--force-bad-path\"; \"--log=$root/var/log/dpkg.log\"; };"
        } >"$root/apt.conf"
        printf '#!/bin/sh\necho called >>"%s/grub"\n' "$root" >"$root/bin/update-grub"
        chmod +x "$root/bin/update-grub"
        package linux-image-amd64 linux-image-6.1.0-30-amd64
        package linux-image-6.1.0-30-amd64
        package linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64
        package linux-image-6.1.0-30-rt-amd64
        package linux-image-6.1.0-28-rt-amd64
        package linux-image-5.10.0-0.deb11.28-rt-amd64
        package linux-image-6.1.0-28-cloud-amd64
        package plumbline
}

# have PACKAGE...: installs them; what is called linux-image-NUMBER came with another package.
have()
{
        for name in "$@"; do
                set -- "$@" "$root/repository/$name.deb"
                shift
        done
        (use && apt-get -q -y --no-install-recommends install "$@" >/dev/null 2>&1) || echo "cannot install: $*"
        (use && dpkg-query -W -f '${Package}\n' 'linux-image-[0-9]*' | xargs apt-mark auto >/dev/null)
}

use()
{
        APT_CONFIG=$root/apt.conf DPKG_ADMINDIR=$root/var/lib/dpkg PATH=$root/bin:$PATH
        export APT_CONFIG DPKG_ADMINDIR PATH
}

# expect NAME STATUS PACKAGES...: what the run ended with, and what is installed after it.
expect()
{
        name=$1 want=$2
        shift 2
        (use && dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p') >"$scratch/have"
        printf '%s\n' "$@" | LC_ALL=C sort | diff - "$scratch/have" >"$scratch/difference" && [ "$status" -eq "$want" ] && return 0
        echo "FAIL  $name: exit status $status, want $want"
        sed 's/^/        /' "$scratch/difference" "$scratch/said"
        failed=1
}

remove()
{
        status=0
        (use && sh "$script" "$@") >"$scratch/said" 2>&1 || status=$?
}

make_root
have linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64 \
        linux-image-6.1.0-28-rt-amd64 linux-image-5.10.0-0.deb11.28-rt-amd64 linux-image-6.1.0-28-cloud-amd64
remove --list linux-image-rt-amd64
[ "$(cat "$scratch/said")" = "linux-image-5.10.0-0.deb11.28-rt-amd64 linux-image-6.1.0-28-rt-amd64 \
linux-image-6.1.0-30-rt-amd64 linux-image-rt-amd64" ] || { echo "FAIL  list: $(cat "$scratch/said")" && failed=1; }
remove linux-image-rt-amd64
expect "the kernels of an apply" 0 linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-6.1.0-28-cloud-amd64
[ -f "$root/grub" ] || { echo "FAIL  the boot loader was not told" && failed=1; }
remove linux-image-rt-amd64
expect "once more" 0 linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-6.1.0-28-cloud-amd64
remove linux-image-amd64
expect "a flavour that ends like another" 0 linux-image-6.1.0-28-cloud-amd64

make_root
have linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64
remove linux-image-rt-amd64
expect "the last kernel" 1 linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64

make_root
have linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64 plumbline
remove linux-image-rt-amd64
expect "installed again" 0 linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64 plumbline

# It comes back while apt-get waits for the lock: seen by the hook of apt-get alone.
make_root
have linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-rt-amd64 linux-image-6.1.0-30-rt-amd64
cat >"$root/bin/apt-get" <<END
#!/bin/sh
PATH=${PATH}
[ -e "$root/came-back" ] || dpkg --root="$root" --force-not-root --force-bad-path --log=/dev/null -i "$root/repository/plumbline.deb"
touch "$root/came-back"
exec apt-get "\$@"
END
chmod +x "$root/bin/apt-get"
remove linux-image-rt-amd64
expect "installed again meanwhile" 0 linux-image-amd64 linux-image-6.1.0-30-amd64 linux-image-rt-amd64 \
        linux-image-6.1.0-30-rt-amd64 plumbline

exit "$failed"
