/* All that the kernel knob looks at on one host, read once, and which kernels are right. */

#pragma once

#include "agent/core/boot.h"
#include "agent/core/grub_defaults.h"
#include "agent/core/kernels.h"
#include "agent/core/plan.h"

#define KERNEL_FILE "/etc/default/grub.d/99-plumbline-kernel.cfg"

enum flavour { FLAVOUR_ANY, FLAVOUR_GENERIC, FLAVOUR_RT };

struct scene {
        struct host *host;
        struct pool *pool; /* the plan's */
        struct plan *plan;
        enum flavour flavour;
        const struct setting *flavour_setting, *minimum_setting; /* NULL where the profile has none, or it is held */
        const char *minimum;                                     /* NULL: any version */
        const char *release, *release_source;                    /* of the running kernel; NULL unknown */
        bool rt;
        int release_error, rt_error;
        struct boot boot;
        int boot_error;
        const char *boot_problem; /* why the next entry is not known; NULL if it is */
        bool promised;            /* the boot loader's files are older than this boot */
        struct kernels installed;
        int installed_error;
        bool has_file; /* our file is there */
};

/* Lives in the plan's pool. */
struct scene *scene_open(struct host *host, const struct settings *want, struct plan *plan);
bool scene_flavour_is_right(const struct scene *scene, const char *release);
bool scene_version_is_right(const struct scene *scene, const char *release);
/* Is what runs now known, and right? */
bool scene_running_is_right(const struct scene *scene);
/* No image in /boot and no boot loader: a container, or a virtual machine whose kernel is handed in. */
bool scene_boots_from_outside(const struct scene *scene);
/* "a real-time kernel, 5.15 or later" */
const char *scene_wanted(const struct scene *scene);
/* The newest right release that is installed; NULL if none. */
const char *scene_installed(const struct scene *scene);
/* The entry of the newest right kernel that can be named for good; NULL if none. *name: what GRUB_DEFAULT is to be. */
const struct boot_entry *scene_entry(const struct scene *scene, const char **name);
