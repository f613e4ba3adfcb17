/* What is known of programs: which change what they name, which do no more than that, and which change only what runs. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* They do something to what stands behind them, and to nothing else. */
static const char writers[] =
        "apt apt-get aptitude blkdiscard blockdev bridge btrfs chattr chcpu chgrp chmod chown cp cpufreq-set cpupower cpuset "
        "date dd "
        "dmsetup dpkg dpkg-reconfigure ed efibootmgr ethtool fallocate fdisk fstrim fsck fwupdmgr fwupdtool gdisk gparted "
        "grub-editenv "
        "grub-install grub-mkconfig grub-reboot grub-set-default hdparm hostnamectl hugeadm hwclock ifconfig ifdown ifup "
        "insmod install ip iw "
        "kill killall ln localectl losetup lvchange lvconvert lvcreate lvextend lvreduce lvremove lvrename lvresize mdadm "
        "mii-tool mkdir plumbline "
        "mkfs mkfs.ext4 mkfs.xfs mkswap modprobe mount mv netplan networkctl nft nmcli numad nvme parted pkill poweroff "
        "prlimit pvcreate "
        "pvremove pvresize reboot renice resize2fs resolvconf resolvectl rm rmdir rmmod rsync scp sed service setfacl setpci "
        "sfdisk "
        "sgdisk shred shutdown smartctl swapoff swapon sysctl systemctl tar tc tee timedatectl touch truncate tune2fs umount "
        "unlink "
        "update-grub update-initramfs update-rc.d useradd userdel usermod vgchange vgcreate vgextend vgreduce vgremove wipefs "
        "x86_energy_perf_policy xfs_admin xfs_growfs xfs_repair xxd zpool zfs git find awk unzip echo printf ";
/* The same where a file stands behind them. */
static const char editors[] = "vi vim vim.basic vim.tiny view nano emacs joe mcedit micro sudoedit ne pico kak hx visudo";
/* They change nothing on the disk that says how it is to be. */
static const char live[] =
        "sysctl ethtool ip tc bridge ifconfig cpupower cpufreq-set chcpu chrt taskset renice prlimit kill killall pkill "
        "modprobe rmmod insmod mount umount swapon swapoff powerprofilesctl date hwclock reboot hugeadm setpci";

bool evidence_is_writer(const char *program)
{
        return evidence_is_among(slice_of(program), writers) || evidence_is_among(slice_of(program), editors);
}

static bool has_operand(const char *arguments)
{
        struct slice word;

        while (evidence_argument(&arguments, &word))
                if (word.at[0] != '-' && word.at[0] != '+')
                        return true;
        return false;
}

bool evidence_is_open(const char *program, const char *arguments)
{
        if (evidence_is_among(slice_of(program), editors))
                return !has_operand(arguments) && !evidence_is_among(slice_of(program), "visudo");
        return !evidence_is_among(slice_of(program), writers);
}

static bool is_kernels(struct slice word)
{
        return (word.size >= 6 && !strncmp(word.at, "/proc/", 6)) || (word.size >= 5 && !strncmp(word.at, "/sys/", 5));
}

bool evidence_is_live(struct pool *pool, const struct act *act)
{
        const char *arguments, *program = evidence_program(pool, act->words, &arguments), *targets = act->targets;
        bool kernels = false;
        struct slice word;

        while (targets && text_word(&targets, " ", &word)) {
                if (!is_kernels(word))
                        return false;
                kernels = true;
        }
        if (kernels || (program && evidence_is_among(slice_of(program), live)))
                return true;
        while (program && evidence_argument(&arguments, &word)) {
                if (word.at[0] == '/' && !is_kernels(word))
                        return false;
                kernels = kernels || is_kernels(word);
        }
        return kernels;
}
