/* Kernels: the one that runs, those that are installed, and the package that brings one. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

/* The release that runs. -ENOENT where no file says so, -EINVAL where it is no release. *source: the file. */
int kernel_release(struct host *host, struct pool *pool, const char **release, const char **source);
/* Is PREEMPT_RT in the running kernel? By its properties, never by its name. */
int kernel_is_rt(struct host *host, struct pool *pool, bool *rt, const char **source);

struct kernels {
        size_t count;
        const char **releases; /* with an image in /boot that no package manager calls half installed */
        const char *half;      /* a release whose package is half installed; NULL none */
};
/* -EACCES and its kin when /boot cannot be listed; no /boot at all is no kernel. */
int kernels_installed(struct host *host, struct pool *pool, struct kernels *kernels);

/* What the distribution calls the package of a kernel flavour. */
struct kernel_package {
        const char *name; /* NULL: this distribution or machine has none that we know; problem says why */
        const char *problem;
        const char *remark; /* what else it may need; may be NULL */
        bool installed;     /* the package is installed already */
};
void kernel_package_find(struct host *host, struct pool *pool, bool rt, struct kernel_package *package);
