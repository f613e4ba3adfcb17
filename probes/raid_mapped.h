/* A volume of the device mapper that stands on images: what sysfs shows of it. */

#pragma once

#include "probes/raid_status.h"

struct host;

/* More than any target takes (MAX_RAID_DEVICES in drivers/md/dm-raid.c is 253). */
#define IMAGES_MAX 256

struct mapped {
        const char *label;
        const char *folder; /* "/sys/block/dm-4" */
        const char *source; /* its folder of slaves */
        bool mirror;        /* the mirror target, each image of which is a whole copy */
        size_t count;
        const char *images[IMAGES_MAX]; /* "dm-1": with and without a disk below */
        size_t backed_count;
        const char *backed[IMAGES_MAX]; /* those with one */
        int error;                      /* why that is not known of some image */
        const char *question;
        int told;            /* why there is no status */
        const char *problem; /* why what was told does not fit; may be NULL */
        struct raid_status status;
};

/* What stands on images of one volume is that volume, or the same under another name while there are snapshots of it
 * ("vg-root-real"). False: no array. place: the folder of all block devices. */
bool raid_take_images(struct host *host, struct pool *pool, const char *place, struct mapped *mapped);
/* Images that each hold as much as the volume are copies of it; images that only together do hold nothing twice. Of LVM's levels
 * nothing but raid1 and raid0 fits (two images under raid4 or raid5, a step of a conversion, are copies as well). -ENODATA: neither. */
int raid_level_by_sizes(struct host *host, struct pool *pool, const char *place, const struct mapped *mapped,
                        const char **level);
