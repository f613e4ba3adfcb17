/* One wanted sysctl on its way into the plan: what the files of the sysctl knob share. Private to tuning/. */

#pragma once

#include "agent/core/plan.h"
#include "agent/core/sysctl_files.h"
#include "agent/core/sysctl_keys.h"

#define SYSCTL_OWN_NAME  "99-zz-plumbline.conf"
#define SYSCTL_OWN_FILE  "/etc/sysctl.d/" SYSCTL_OWN_NAME
#define SYSCTL_SHOWN_MAX 120

struct sysctl_wish {
        const struct setting *setting;
        const struct want *want;
        enum value_kind kind;
        const char *path;                     /* below /proc/sys */
        const struct sysctl_special *special; /* may be NULL */
        struct step *step;                    /* the running kernel's row */
        bool present;                         /* the key is there, or we cannot tell */
};

struct sysctl_round {
        struct host *host;
        struct plan *plan;
        struct sysctl_files files;
};

/* Does a value as a file or the kernel writes it fulfil the wish? */
bool sysctl_fulfils(struct pool *pool, const struct sysctl_wish *wish, const char *text);
bool sysctl_is_one_sided(const struct want *want);
/* Is it the number 0, however it is written? */
bool sysctl_is_zero(struct pool *pool, const char *text);

/* sysctl_running.c: the rows for the running kernel; sets step and present. */
void sysctl_plan_running(struct sysctl_round *round, struct sysctl_wish *wish);

/* sysctl_boot.c: the value that our file should give the key; NULL: our file should not name it. */
const char *sysctl_line_value(struct sysctl_round *round, const struct sysctl_wish *wish);
/* Tells who else sets the key and who wins at the next boot. written: our file names the key. */
void sysctl_compare_files(struct sysctl_round *round, const struct sysctl_wish *wish, bool written);
/* A row for each file that could not be read. */
void sysctl_note_unreadable(struct sysctl_round *round);
