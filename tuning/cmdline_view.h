/* All that the cmdline knob looks at on one host, read once, and what it makes of it. */

#pragma once

#include "agent/core/boot.h"
#include "agent/core/cmdline.h"
#include "agent/core/grub_defaults.h"
#include "agent/core/plan.h"

struct view {
        struct host *host;
        struct pool *pool; /* the plan's */
        struct plan *plan;
        const struct settings *want;
        struct cmdline running;
        int running_error; /* negative: the running command line is not known */
        struct boot boot;
        bool next_known; /* next holds what the next boot brings */
        struct cmdline next;
        const char *boot_source, *boot_problem; /* problem: why next is not known */
        bool promised; /* the boot loader's files are older than this boot: what they say now, they said then */
        struct grub_defaults defaults;
        const char *no_grub; /* why no file of ours would be read; NULL if it is */
        const char *no_grub_fix;
        struct step *file; /* the row of our file; NULL if there is none */
        bool shadowed;     /* another file wins over a parameter of ours */
};

struct verdict {
        enum status status;
        const char *note, *fix;
};

/* Never fails: what cannot be read is told by the rows. Lives in the plan's pool. */
struct view *view_open(struct host *host, const struct settings *want, struct plan *plan);
/* "isolcpus=2-3", "quiet", "no quiet": what is wanted, and what a command line has of that name. */
const char *view_wanted(const struct view *view, const struct setting *setting);
const char *view_found(const struct view *view, const struct cmdline *cmdline, const struct setting *setting);
bool view_holds(const struct view *view, const struct cmdline *cmdline, const struct setting *setting);
/* The running kernel was told: does it show the effect? */
void view_effect(const struct view *view, const struct setting *setting, struct verdict *verdict);
/* The running kernel was not told: will the next boot bring it? */
void view_missing(const struct view *view, const struct setting *setting, struct verdict *verdict);
/* Adds a row for each file of others that wins over ours. */
void view_shadows(struct view *view);
