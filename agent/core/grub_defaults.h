/* What /etc/default/grub and the files in /etc/default/grub.d say, in the order in which grub-mkconfig reads them. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

struct grub_assignment {
        const char *file;
        unsigned line;
        const char *name;  /* "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT" or "GRUB_DEFAULT" */
        const char *value; /* quotes taken off, references to variables left out */
        bool appends;      /* it holds the variable's own value before */
};

struct grub_defaults {
        bool present;      /* there is an /etc/default/grub */
        bool reads_folder; /* this system's grub-mkconfig reads grub.d */
        size_t count;
        struct grub_assignment *rows;
};

/* A file that cannot be read is left out; -EACCES then. Everything lives in the pool. */
int grub_defaults_read(struct host *host, struct pool *pool, struct grub_defaults *defaults);
