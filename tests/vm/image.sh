#!/bin/bash
# image.sh CACHE [SUITE]: builds what a virtual trading box starts from, each part once and only when its recipe changed:
#   root.tar   Debian (SUITE, bookworm by itself) as an installer leaves it: one kernel, GRUB, sshd, mdadm, and services that a profile switches off
#   repo.img   a local repository on a disk of its own: the RT kernel, what the package of plumbline depends on, and lvm2
#   disk.raw   root.tar made a disk that starts by GRUB, without a loop device or a mount
#   key        what lets the tests in by ssh
# A part is written beside its place and renamed, so an interrupted build leaves nothing that looks whole.
set -euo pipefail

cache=$1
suite=${2:-bookworm}
mkdir -p "$cache"
work=$(mktemp -d "$cache/work.XXXXXX")
trap 'umount "$work/root/proc" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

# mdadm, ethtool, dmidecode and pciutils look from outside plumbline; irqbalance, unattended-upgrades and man-db bring services that the
# profile wants off.
root_packages=systemd-sysv,udev,dbus,libpam-systemd,linux-image-amd64,initramfs-tools,zstd,grub-pc,openssh-server,iproute2
root_packages+=,ethtool,nvme-cli,numactl,pciutils,procps,kmod,mdadm,dmidecode,irqbalance,unattended-upgrades,man-db,e2fsprogs,less,login,passwd,systemd-timesyncd
repo_packages="linux-image-rt-amd64 libarchive13 libjansson4 libmnl0 libyaml-0-2 lvm2 btrfs-progs"
# Work at a time of its own choosing that no claim is about.
asleep="e2scrub_all.timer e2scrub_reap.service dpkg-db-backup.timer fstrim.timer mdcheck_start.timer mdcheck_continue.timer
        mdmonitor-oneshot.timer logrotate.timer getty@tty1.service"
# init_on_alloc=0: with it the kernel clears every hugepage, which costs this machine the memory and the minutes. In
# GRUB_CMDLINE_LINUX, so that what plumbline adds to GRUB_CMDLINE_LINUX_DEFAULT is seen apart.
cmdline="console=ttyS0,115200 net.ifnames=0 mitigations=off init_on_alloc=0 rcupdate.rcu_expedited=1 tsc=reliable audit=0"
# On two real CPUs more workers than four only wait for each other.
cmdline+=" udev.children_max=4"

# What update-grub calls the disk by.
disk_id=231c0333-2310-4c6d-abc1-7d19a0085b4b

say()
{
        echo "image: $* (${SECONDS} s)"
}

# The sources this machine uses itself, for the suite: the project names no host.
sources()
{
        local own file
        own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
        mkdir "$work/sources"
        find /etc/apt/sources.list /etc/apt/sources.list.d -type f \( -name '*.list' -o -name '*.sources' \) 2>/dev/null | while read -r file; do
                grep -q "$own" "$file" || continue
                sed "s/$own/$suite/g" "$file" >"$work/sources/${file##*/}"
                echo "$work/sources/${file##*/}"
        done
}

build_root()
{
        local list package
        mapfile -t list < <(sources)
        [ "${#list[@]}" -gt 0 ]
        mkdir "$work/repo"
        mmdebstrap --quiet --variant=important --include="$root_packages" \
                --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
                --essential-hook='echo grub-pc grub-pc/install_devices_empty boolean true | chroot "$1" debconf-set-selections' \
                --customize-hook='chroot "$1" apt-get -q -q -y --no-install-recommends --download-only install '"$repo_packages" \
                --customize-hook='sync-out /var/cache/apt/archives '"$work/repo" \
                "$suite" "$work/root.tar" "${list[@]}"
        rm -rf "$work/repo/partial" "$work/repo/lock"
        # The same packages, not compressed: xz alone would cost the emulator a minute for each time the kernel is installed.
        for package in "$work"/repo/*.deb; do
                dpkg-deb --raw-extract "$package" "$work/package"
                dpkg-deb --build -Znone "$work/package" "$package" >/dev/null
                rm -rf "$work/package"
        done
        (cd "$work/repo" && apt-ftparchive packages . >Packages)
        mke2fs -q -t ext4 -L repo -d "$work/repo" "$work/repo.img" 1536M
        mv "$work/repo.img" "$cache/repo.img"
        mv "$work/root.tar" "$cache/root.tar"
        say "root.tar, repo.img"
}

configure()
{
        local root=$work/root unit
        echo box >"$root/etc/hostname"
        echo "127.0.0.1 localhost box" >"$root/etc/hosts"
        echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
        cat >"$root/etc/fstab" <<-END
		LABEL=box / ext4 errors=remount-ro 0 1
		LABEL=repo /srv/repo ext4 ro,nofail 0 0
		LABEL=boxswap none swap sw,nofail 0 0
		END
        mkdir -p "$root/srv/repo" "$root/root/.ssh" "$root/var/log/journal" "$root/etc/default/grub.d"
        find "$root/etc/apt" -name '*.list' -o -name '*.sources' | xargs -r rm
        echo 'deb [trusted=yes] file:/srv/repo ./' >"$root/etc/apt/sources.list"
        install -m 0600 "$cache/key.pub" "$root/root/.ssh/authorized_keys"
        chmod 0700 "$root/root/.ssh"
        echo 'UseDNS no' >"$root/etc/ssh/sshd_config.d/box.conf"
        cat >"$root/etc/network/interfaces" <<-END
		auto lo
		allow-hotplug eth0 eth1
		iface lo inet loopback
		iface eth0 inet static
		    address 10.0.2.15/24
		iface eth1 inet static
		    address 10.9.0.2/24
		END
        printf '[Time]\nNTP=10.9.0.1\nPollIntervalMinSec=16\nPollIntervalMaxSec=32\n' >"$root/etc/systemd/timesyncd.conf"
        for unit in $asleep; do ln -sf /dev/null "$root/etc/systemd/system/$unit"; done
        # Asking by ssh whether the box is up would slow it down while it starts.
        cat >"$root/etc/systemd/system/box-up.service" <<-END
		[Unit]
		After=ssh.service systemd-user-sessions.service
		[Service]
		Type=oneshot
		ExecStart=/bin/sh -c 'echo; echo the box is up'
		StandardOutput=file:/dev/ttyS0
		[Install]
		WantedBy=multi-user.target
		END
        chroot "$root" systemctl -q enable ssh systemd-timesyncd box-up
        chroot "$root" useradd -r -m -s /bin/bash hft_user
        printf 'GRUB_TIMEOUT=0\nGRUB_TERMINAL=serial\nGRUB_DISABLE_OS_PROBER=true\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\n' \
                >"$root/etc/default/grub.d/10-box.cfg"
        echo "GRUB_CMDLINE_LINUX=\"$cmdline\"" >>"$root/etc/default/grub.d/10-box.cfg"
        sed -i 's/^MODULES=.*/MODULES=list/' "$root/etc/initramfs-tools/initramfs.conf"
        printf '%s\n' virtio_pci virtio_blk ext4 crc32c_generic >>"$root/etc/initramfs-tools/modules"
        echo COMPRESSLEVEL=1 >>"$root/etc/initramfs-tools/initramfs.conf"
        printf 'blacklist %s\n' pcspkr psmouse floppy i2c_i801 lpc_ich iTCO_wdt bochs drm kvm_intel kvm_amd kvm >"$root/etc/modprobe.d/box.conf"
        mount -t proc proc "$root/proc"
        chroot "$root" update-initramfs -u -k all >/dev/null
        umount "$root/proc"
        touch "$root/etc/.updated" "$root/var/.updated"
}

# The first menu, in the words of update-grub, which writes the others in the box itself.
first_menu()
{
        local root=$work/root kernel
        kernel=$(basename "$(find "$root/boot" -name 'vmlinuz-*')")
        kernel=${kernel#vmlinuz-}
        mkdir -p "$root/boot/grub/i386-pc"
        cp /usr/lib/grub/i386-pc/* "$root/boot/grub/i386-pc/"
        cat >"$root/boot/grub/grub.cfg" <<-END
		serial --unit=0 --speed=115200
		set default="0"
		set timeout=0
		menuentry 'Debian GNU/Linux' --class debian --class gnu-linux --class gnu --class os \$menuentry_id_option 'gnulinux-simple' {
		    search --no-floppy --label box --set=root
		    linux /boot/vmlinuz-$kernel root=UUID=$disk_id ro $cmdline quiet
		    initrd /boot/initrd.img-$kernel
		}
		END
}

build_disk()
{
        rm -f "$cache/key" "$cache/key.pub"
        ssh-keygen -q -t ed25519 -N '' -C box -f "$cache/key"
        mkdir "$work/root"
        tar -C "$work/root" -xf "$cache/root.tar" --exclude='./dev/*'
        configure
        first_menu
        truncate -s 6G "$work/part"
        mke2fs -q -t ext4 -L box -U "$disk_id" -O ^metadata_csum_seed -E lazy_itable_init=0,lazy_journal_init=0 -d "$work/root" "$work/part"
        truncate -s $((6 * 1024 * 1024 * 1024 + 2 * 1024 * 1024)) "$work/disk.raw"
        printf 'label: dos\nstart=2048, type=83, bootable\n' | sfdisk -q "$work/disk.raw"
        dd if="$work/part" of="$work/disk.raw" bs=1M seek=1 conv=notrunc,sparse status=none
        # Between the table of partitions and the first of them there is room for GRUB's core, which boot.img looks for in sector 1.
        grub-mkimage -O i386-pc -o "$work/core.img" -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2 search search_label \
                search_fs_uuid serial terminal normal linux configfile echo test
        dd if=/usr/lib/grub/i386-pc/boot.img of="$work/disk.raw" bs=440 count=1 conv=notrunc status=none
        dd if="$work/core.img" of="$work/disk.raw" bs=512 seek=1 conv=notrunc status=none
        mv "$work/disk.raw" "$cache/disk.raw"
        say "disk.raw"
}

# What a part is made from is this file, so its hash names the folder; whoever changes it gets new parts.
[ -s "$cache/root.tar" ] || build_root
[ -s "$cache/disk.raw" ] || build_disk
