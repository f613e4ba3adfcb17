/* What a boot loader left in the firmware's variables, by their names alone. */

#pragma once

#include <stdbool.h>

struct boot;
struct host;
struct pool;

/* The variables of the Boot Loader Interface (systemd.io/BOOT_LOADER_INTERFACE). Nothing is true where they cannot be listed. */
struct boot_variables {
        bool systemd_boot; /* it started this boot */
        bool some_loader;  /* some loader did that tells its name: GRUB may, too (its module bli) */
        const char *next;  /* the variable by which the next entry is chosen, before any file; NULL: none */
};
struct boot_variables boot_variables_read(struct host *host, struct pool *pool);
