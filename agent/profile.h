/* Profiles: what a host should be, read from YAML with inheritance. */

#pragma once

#include "agent/core/fact.h"
#include "agent/core/knob.h"
#include "agent/core/setting.h"

/* How many looks a hysteresis may reach back. */
#define DRIFT_LOOKS_MAX 64

struct journal_watch;
struct endpoint;
struct pool;

enum quantifier { QUANTIFIER_ONE, QUANTIFIER_ANY, QUANTIFIER_EVERY };

struct requirement {
        const char *id; /* as written: "any nvme.*.size" */
        enum quantifier quantifier;
        const char *pattern; /* "nvme.*.size" */
        struct want want;
        const struct fact_info *info; /* what the pattern stands for */
        enum tier tier;
        const char *why, *from; /* why may be NULL */
        bool of_health;         /* of a unit or an endpoint of `health`, and of nothing that `require` says */
};

struct waiver {
        const char *id, *why, *who, *from;
        const char *until; /* "2026-12-31": the last day on which it holds (UTC) */
};

/* A setting before the host is known: text may hold ${cpus.isolated} and ${cpus.housekeeping}. */
struct tune {
        const struct knob *knob;
        struct setting setting; /* want is parsed only where the text has no variable */
};

/* One line of the resolved profile, for `profile show`. */
struct profile_line {
        const char *path;  /* "tune.sysctl.vm.swappiness" */
        const char *value; /* scalars as written; lists as "[a, b]" */
        const char *from;  /* "base.yaml:12" */
};

struct profile {
        struct pool *pool; /* owns all below and this */
        const char *name, *summary, *path;
        char sha256[65];       /* of what is resolved: equal content, equal hash, whatever the files are called */
        char sha256_lines[65]; /* as an older version made it, whose ledgers are still there */
        const char *housekeeping, *isolated, *cpus_from; /* NULL where absent */
        double important_pass;                           /* percent */
        size_t requirement_count;
        struct requirement *requirements;
        size_t tune_count;
        struct tune *tunes; /* in the order of the knob table, then of the profile */
        size_t waiver_count;
        struct waiver *waivers;
        char today[11];                      /* the day on which its waivers are asked; "": none holds */
        const struct journal_watch *journal; /* health: journal; NULL where absent */
        size_t endpoint_count;
        struct endpoint *endpoints;        /* health: endpoints; of each there is a requirement, too */
        unsigned drift_count, drift_looks; /* audit: hysteresis: "2 of 3"; 0: each look counts */
        size_t touching_count;
        const char **touching; /* audit: touching */
        size_t line_count;
        struct profile_line *lines;
};

/* The tables a profile is checked against. */
struct profile_tables {
        const struct knob *const *knobs;   /* ends with NULL */
        const struct probe *const *probes; /* ends with NULL */
};

/* How the shipped and the local profiles are found. */
struct profile_places {
        const char *shipped; /* folder */
        const char *local;   /* /etc/plumbline/profiles, below the root; NULL none */
        const char *root;    /* the folder of --root, which a profile in it does not lead out of; NULL: the live host */
};

/* name_or_file: a name ("trading"), or a path (has a '/' or ends in .yaml). *problem: one line "file:line:column: what was found,
 * what was expected", or "file: what". Errors: -EINVAL for a profile that is not valid, -ENOENT for one that is not there,
 * -EACCES, -EPERM for one that others may write. The caller owns *profile; *problem lives in problem_pool. */
int profile_load(const char *name_or_file, const struct profile_places *places, const struct profile_tables *tables,
                 struct pool *problem_pool, struct profile **profile, const char **problem);
void profile_free(struct profile *profile);
/* Does the requirement of this id come from a unit or an endpoint of `health`? */
bool profile_is_of_health(const struct profile *profile, const char *id);
/* The facts and patterns that it requires, ending with NULL. In the pool, the texts in the profile's. */
const char *const *profile_asked(const struct profile *profile, struct pool *pool);

/* The settings of one knob on this host, variables replaced; in the pool. topology and partition may be NULL. */
void profile_settings(const struct profile *profile, const struct knob *knob, struct pool *pool,
                      const struct topology *topology, const struct partition *partition, struct settings *settings);
/* How this host's CPUs are shared out by the profile. *topology is NULL where the host has no CPU folder, *partition NULL where the
 * profile has no `cpus`; a partition that the host cannot hold is not valid and says why. In the pool. */
void profile_partition(const struct profile *profile, struct host *host, struct pool *pool, const struct topology **topology,
                       const struct partition **partition);
/* The waiver for this id that holds on that day ("2026-11-20"), or NULL. *expired: one that no longer holds, or NULL. */
const struct waiver *profile_waiver(const struct profile *profile, const char *id, const char *today,
                                    const struct waiver **expired);
/* Names and summaries of the profiles in both places, by name; a local one hides a shipped one of the same name. */
struct profile_name {
        const char *name, *summary, *path;
};
int profile_list(const struct profile_places *places, struct pool *pool, struct profile_name **names, size_t *count);
