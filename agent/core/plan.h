/* The plan: what should hold, step by step, beside what is there now. A knob adds rows through the functions below, also for
 * targets that are already right; they read the present value, compare and set the status. Nothing here changes the machine. */

#pragma once

#include "agent/core/host.h"
#include "agent/core/setting.h"

enum step_how {
        STEP_WRITE, /* a kernel file */
        STEP_FILE,  /* a whole file, link or absence that is ours */
        STEP_CALL,  /* what is not a file: host_tell */
        STEP_NONE,  /* nothing to do: the row only tells */
};
enum step_when { WHEN_NOW, WHEN_BOOT };
enum risk { RISK_QUIET, RISK_DISRUPTIVE, RISK_REBOOT };
enum layer { LAYER_RUNNING, LAYER_FILES, LAYER_NEXT_BOOT };

const char *step_how_name(enum step_how how);    /* "write", "file", "call", "none" */
const char *step_when_name(enum step_when when); /* "now", "boot" */
const char *risk_name(enum risk risk);           /* "quiet", "disruptive", "reboot" */
const char *layer_name(enum layer layer);        /* "running", "files", "next-boot" */

struct step {
        const char *id; /* the setting's id; the knob's name for a file made of many settings */
        const char *knob;
        const char *target; /* path, or a name for host_tell */
        enum step_how how;
        enum step_when when;
        enum risk risk;
        enum layer layer;
        enum status status;     /* DRIFT with a how other than NONE: apply makes it */
        const char *now, *want; /* for people; a due STEP_WRITE wants what it will write, check.text is what the profile says */
        struct content before, after;  /* STEP_FILE */
        const char *text;              /* STEP_WRITE: what to write; STEP_CALL: what to tell */
        const char *undo_text;         /* STEP_WRITE: what to write to undo; STEP_CALL: what to tell to undo, NULL: nothing */
        const struct setting *setting; /* NULL for a row of the whole knob */
        struct want check;             /* STEP_WRITE: holds on read-back, by the kind of the setting */
        enum value_kind kind;
        enum unit unit;
        bool refusal_harmless; /* EIO and EPERM mean that the kernel keeps it: the row becomes EXEMPT, nothing is undone */
        bool short_harmless;   /* a read-back that differs is a finding, not a failure (hugepages) */
        unsigned retries;      /* write again up to so many times, 100 ms apart, while the read-back does not hold */
        const char *refresh;   /* told with "update" or "" once after the knob, and after undo, when this row changed:
                                    "grub/config", "systemd/reload"; NULL none */
        const char *stable; /* STEP_WRITE: how to find the target again after it was renumbered ("irq:0000:01:00.0/eth0-rx-1");
                                    NULL: by path */
        const char *note;   /* one sentence for the report; may be NULL */
        const char *waived; /* the waiver for which apply leaves it; NULL: none */
        const char *fix;    /* what a person can do; NULL: "plumbline apply" where how is not NONE */
        enum tier tier;
        const char *from, *why;
};

struct plan {
        struct pool *pool; /* owns all below */
        size_t count;
        struct step **rows; /* a row stays where it is: pointers keep */
        const char *knob;   /* of the rows being added */
        enum tier tier;     /* the highest tier among its settings */
        const char *from;   /* of its first setting */
};

struct plan *plan_new(void);
void plan_free(struct plan *plan);
/* A local that frees itself: `autoplan struct plan *plan = plan_new();` */
void plan_release(struct plan **plan);
#define autoplan __attribute__((cleanup(plan_release)))
/* From here on rows belong to this knob. */
void plan_begin(struct plan *plan, const char *knob, const struct settings *want);

/* setting may be NULL (a row of the whole knob) in all but plan_write. Each returns the new row, owned by the plan, whose other
 * members the knob may then set. None returns NULL. */

/* "The kernel file at path holds what the setting wants." Reads and compares by the setting's kind; takes the first of several
 * alternatives (the caller narrows the want first where the host offers a list). ENOENT: UNSUPPORTED, or NOT_APPLICABLE with
 * absent: ok. Unreadable: UNKNOWN. */
struct step *plan_write(struct plan *plan, struct host *host, const struct setting *setting, const char *path, ...)
        __attribute__((format(printf, 4, 5)));
/* The same with a want of the knob's own (the setting's alternatives narrowed, a mask computed). */
struct step *plan_write_want(struct plan *plan, struct host *host, const struct setting *setting, const struct want *want,
                             enum value_kind kind, enum unit unit, const char *path, ...) __attribute__((format(printf, 7, 8)));
/* "The file at path is exactly this text, with this mode, owned by root." text NULL: "there is no such file". */
struct step *plan_file(struct plan *plan, struct host *host, const struct setting *setting, const char *text, mode_t mode,
                       const char *path, ...) __attribute__((format(printf, 6, 7)));
/* "The path is a link to this target." NULL: "nothing is there" (a link or a file is removed). */
struct step *plan_link(struct plan *plan, struct host *host, const struct setting *setting, const char *target,
                       const char *path, ...) __attribute__((format(printf, 5, 6)));
/* "What target names is `want`", where now is what it is: told `tell` to make it so, `undo` (NULL: nothing) to take it back.
 * DRIFT where now and want differ, else PASS. */
struct step *plan_call(struct plan *plan, const struct setting *setting, const char *target, const char *now, const char *want,
                       const char *tell, const char *undo);
/* A row that only tells. */
struct step *plan_note(struct plan *plan, const struct setting *setting, enum status status, enum layer layer,
                       const char *target, const char *now, const char *want, const char *note, ...)
        __attribute__((format(printf, 8, 9)));

/* The content for people: "absent", "link to X", or the text of the file itself. */
const char *content_words(struct pool *pool, const struct content *content);
/* Does apply have something to do for this row? */
bool step_is_due(const struct step *step);
