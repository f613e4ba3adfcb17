/* What every verb gets, and the table of verbs. */

#pragma once

#include "agent/core/host.h"
#include "agent/core/text.h"
#include "agent/profile.h"

enum exit_status {
        EXIT_READY = 0,
        EXIT_NOT_READY = 1,
        EXIT_USAGE = 2,
        EXIT_CANNOT_TELL = 3,
        EXIT_PENDING = 4,
        EXIT_BUSY = 5,
};

/* How an answer can be printed, one line each: F(ENUM, word, do verbs without a verdict have it?). The word is also what the file
 * and the function that prints a verdict are called: report_tap.c, report_tap_check. */
#define FORMATS(F)                                                                                                             \
        F(TEXT, text, true)                                                                                                    \
        F(JSON, json, true)                                                                                                    \
        F(JUNIT, junit, false)                                                                                                 \
        F(TAP, tap, false)                                                                                                     \
        F(NAGIOS, nagios, false)                                                                                               \
        F(PROMETHEUS, prometheus, false)                                                                                       \
        F(HTML, html, false)

#define FORMAT_ENUM(upper, lower, plain) FORMAT_##upper,
enum format { FORMATS(FORMAT_ENUM) };
#undef FORMAT_ENUM

enum option_flags {
        OPTION_ROOT = 1 << 0,
        OPTION_PROFILE = 1 << 1,
        OPTION_QUIET_ONLY = 1 << 2,
        OPTION_JOURNAL = 1 << 3,
        OPTION_RUNNING = 1 << 4,
        OPTION_SETTLE = 1 << 6,
        OPTION_MAX_AGE = 1 << 7,
        OPTION_TIME_LIMIT = 1 << 8,
        OPTION_VERDICT = 1 << 5, /* not an option: its answer is a verdict, which every format can print */
        OPTION_ALERT_AFTER = 1 << 9,
        OPTION_REDACT = 1 << 10,
        OPTION_EVIDENCE = 1 << 15,
        OPTION_BEFORE_START = 1 << 16,
        OPTION_AFTER_APPLY = 1 << 17,
        /* No words of the command line, but ways of the verb with a host. */
        OPTION_WRITES = 1 << 11, /* changes it: not for what came out of an archive */
        OPTION_RECORD = 1 << 12, /* has all written down that is read of it */
        OPTION_PAGE = 1 << 14,   /* can be a page of HTML, although it has no verdict of one host */
        OPTION_WORDS = 1 << 18,  /* has nothing but words for people */
        OPTION_SIDES = 1 << 13,  /* its arguments are hosts, each read as --root reads one */
        OPTIONS_HOST = OPTION_ROOT | OPTION_PROFILE | OPTION_QUIET_ONLY,
};

struct options {
        const char *root, *profile, *output;
        const char *journal;  /* "audit", "gate"; NULL: the journal is told nothing */
        double max_age_s;     /* of a past result that will do; 0: none will */
        double time_limit_s;  /* 0: none */
        unsigned alert_after; /* failures in a row; 0: nobody counts */
        unsigned settle;      /* seconds since the boot; 0: look once */
        unsigned width;       /* of the terminal, in characters; 0: no terminal */
        enum format format;
        unsigned ways; /* option_flags of the verb */
        bool no_redact, evidence, before_start, after_apply, quiet_only, running, verbose, color, help;
        bool screen;  /* somebody reads it on a terminal */
        size_t count; /* arguments */
        const char *const *arguments;
};

struct verb {
        const char *name;
        const char *arguments; /* for the usage line: "[PATTERN...]", "" */
        const char *help;      /* one sentence */
        const char *verbose;   /* what --verbose adds; NULL: what is right */
        unsigned options;      /* option_flags that it takes, beside those that all take */
        size_t most_arguments;
        const char *const *words; /* the only first arguments, for the nearest valid one; NULL: any. Ends with NULL */
        /* Adds what it has to say to out, complaints to stderr; returns the exit status. */
        int (*run)(const struct options *options, struct text_buffer *out);
};

#define VERBS(V)                                                                                                               \
        V(check)                                                                                                               \
        V(facts)                                                                                                               \
        V(plan)                                                                                                                \
        V(apply)                                                                                                               \
        V(audit)                                                                                                               \
        V(drift)                                                                                                               \
        V(baseline)                                                                                                            \
        V(capture)                                                                                                             \
        V(diff)                                                                                                                \
        V(fleet)                                                                                                               \
        V(history)                                                                                                             \
        V(undo)                                                                                                                \
        V(recover)                                                                                                             \
        V(profile)                                                                                                             \
        V(explain)                                                                                                             \
        V(version)                                                                                                             \
        V(help)

#define VERB_DECLARE(name) extern const struct verb verb_##name;
VERBS(VERB_DECLARE)
#undef VERB_DECLARE

#define VERBS_MAX 32
/* Ends with NULL; verbs.c. */
extern const struct verb *const verbs[];

/* Reads the words behind the verb. False, after a complaint, when they are not right; the format is told even then. */
bool options_read(const struct verb *verb, int count, char *const *words, struct pool *pool, struct options *options);
/* Takes the format alone: what comes before a mistake does not decide how it is told. */
void options_find_format(const struct verb *verb, int count, char *const *words, struct options *options);
/* The whole usage of one verb. */
void options_usage(const struct verb *verb, struct text_buffer *out);

/* One line on stderr: "plumbline: ...". Returns the status, so that a verb can end with it. */
int complain(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a verb that reads a host works on. */
struct session {
        struct host *host;
        struct profile *profile;
        char today[11], now[21]; /* UTC: "2026-11-20", "2026-11-20T09:30:00Z" */
        int64_t seconds;         /* the same since the epoch */
        const char *host_name, *boot_id;
        const char *problem; /* why it could not be opened */
        struct pool *pool;
};
/* Opens host and profile. 0, or the exit status after a complaint. Close it in any case. */
int session_open(const struct options *options, bool with_profile, struct session *session);
/* Loads the profile of a session that was opened without one; NULL: the host's own, else trading. */
int session_profile(struct session *session, const char *name);
/* The profile that was applied last, and holds. 0 and no profile where there is none. Its problem is complained about. */
int session_last_profile(struct session *session);
/* Sets its time: now, or when the capture was made that its host came out of. */
void session_now(struct session *session);
void session_close(struct session *session);
#define autosession __attribute__((cleanup(session_close)))
/* Where profiles are found for these options. The texts live in the pool. */
struct profile_places session_places(struct host *host, struct pool *pool);
