/* What the boot loader starts next: GRUB's generated configuration and environment block, or systemd-boot's entries. */

#pragma once

#include "agent/core/cmdline.h"

#include <stdint.h>

struct host;

struct boot_entry {
        const char *title; /* with its submenu: "Advanced options for X>X, with Linux 6.1" */
        const char *id; /* GRUB: "gnulinux-advanced-UUID>gnulinux-6.1.0-28-rt-amd64-advanced-UUID"; systemd-boot: file name */
        const char *release; /* "6.1.0-28-rt-amd64", from the name of the kernel image; NULL unknown */
        const char *cmdline; /* what the kernel gets, without the image's own path */
        bool recovery;
};

struct boot {
        const char *loader; /* "grub", "systemd-boot", "none" */
        const char *source; /* the file read */
        int64_t written;    /* when it was last changed, seconds since the epoch */
        size_t count;
        struct boot_entry *entries;    /* in the order of the menu, submenus opened */
        const struct boot_entry *next; /* what starts at the next boot; NULL: could not tell */
        bool unseen;                   /* loader "none", and there may be one: nothing is below /boot */
        const char *problem;           /* why next is NULL */
};

/* 0 also where there is no boot loader (loader "none"). Read once for each host until something is changed; lives until the host is
 * closed. -EACCES where only root may read. */
int boot_read(struct host *host, struct boot *boot);
/* Is this release a PREEMPT_RT kernel? By /boot/config-RELEASE (CONFIG_PREEMPT_RT=y), else by its name ("-rt-", "-realtime"). */
bool boot_release_is_rt(struct host *host, const char *release);
/* Was this written before the machine was started? Then it is what this boot should have been, and another reboot alone will not
 * make it so. False where either time is unknown. */
bool boot_was_promised(struct host *host, const struct boot *boot);
/* When this boot began, seconds since the epoch (btime of /proc/stat); 0 unknown. */
int64_t boot_time(struct host *host);
