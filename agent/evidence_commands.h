/* What the kinds of reading a command share: taking it apart, and judging each part; nobody else includes this. */

#pragma once

#include "agent/evidence_inside.h"

/* The next argument, as sudo logs it: one with blanks stands between quotes (1.9.13 and later). */
bool evidence_argument(const char **cursor, struct slice *argument);
/* The program's name, or its whole path where it is none of the system's own, and, in *arguments, what stands behind it; NULL: there is none. */
const char *evidence_program(struct pool *pool, const char *words, const char **arguments);
/* Is the word one of these, with blanks between them? */
bool evidence_is_among(struct slice word, const char *words);

/* What a simple command begins: no shell; one that runs the words behind -c, a script, or what somebody types; or what only prints, or runs
 * as somebody else than root. */
enum shell { SHELL_NONE, SHELL_WORDS, SHELL_SCRIPT, SHELL_TYPED, SHELL_NOTHING };
enum shell evidence_shell(struct pool *pool, const char *command, const char **words);
/* Of `env A=b nice -n 5 CMD`: CMD; the command itself, where nothing stands before one. */
struct bare {
        const char *command;
        enum shell shell; /* SHELL_TYPED: it opens a shell, since none stands behind it; SHELL_NOTHING: it does nothing then */
        bool by_shell;    /* a shell reads CMD once more */
};
struct bare evidence_bare(struct pool *pool, const char *command);

/* One part of what a shell is told. */
struct part {
        const char *words, *targets; /* targets: the files that its output is sent to, with blanks between; NULL: none */
        bool fed;                    /* by the one before, through a pipe */
};
struct parts {
        struct pool *pool;
        size_t count;
        struct part *rows;
        bool carries; /* by variables, what is named in one part may be used in another */
};
void evidence_script(struct pool *pool, const char *script, struct parts *parts);

/* One program's doing within a command; of one that only looks there is none. */
struct act {
        const char *words, *targets, *folder; /* folder: where it runs; NULL: not known */
        const char *touched; /* those of the words that it may change; all of them where it is not known better */
        const char *paths,
                *target_paths; /* of those in touched and in targets, each as a whole path; see evidence_find_paths */
        const char *spelled;   /* both, as they stand there and whole */
        const char *fed;       /* what comes to it through a pipe; NULL: nothing known */
};
struct acts {
        struct pool *pool;
        size_t count;
        struct act *rows;
        enum shell shell; /* SHELL_TYPED or SHELL_SCRIPT, where there is one among them */
        unsigned scripts; /* that were taken apart for it */
};
/* shell: the command is a shell's own line. */
void evidence_acts(struct pool *pool, const char *command, const char *folder, bool shell, struct acts *acts);

/* What of its words a program may change; NULL: it only looks. */
const char *evidence_touched(struct pool *pool, const char *command);
/* The same of cp and its like. */
const char *evidence_copied(struct pool *pool, const char *arguments);
/* Those that have to do with links; false: not one of them. */
bool evidence_net_reads(const char *program, const char *arguments, bool *reads);
/* Is it a program that changes what it names; else nobody knows what it does with that? */
bool evidence_is_writer(const char *program);
/* May it do more than it names: a script, a program of the host's own, a tool that runs others? */
bool evidence_is_open(const char *program, const char *arguments);
/* Does it only change what runs, and no file of the disk's? */
bool evidence_is_live(struct pool *pool, const struct act *act);

/* Does the act drive the item by a tool that does not name it? */
enum naming evidence_drives(const struct evidence *evidence, const struct drift_row *row, const char *words);
void evidence_find_paths(struct pool *pool, struct act *act);
/* Does it name a file that holds the item, by whatever spelling, or a folder above it? */
enum naming evidence_names_files(const struct evidence *evidence, const struct drift_row *row, const struct act *act);
/* The same of an item of the layers `files` and `next-boot`, which no command on what runs can change. */
enum naming evidence_names_stored(const struct evidence *evidence, const struct drift_row *row, const struct act *act);
/* "/etc/x" of "./x", "../etc//x" and "x/" in /etc; NULL: not known where it is. */
const char *evidence_whole_path(struct pool *pool, const char *path, const char *folder);

/* What the act sets the item to. */
enum sets { SETS_UNKNOWN, SETS_OTHER, SETS_NOW };
enum sets evidence_sets(struct pool *pool, const struct drift_row *row, const struct act *act);

/* A line of the journal's, with what was behind it in further ones. */
struct command_line {
        int64_t at;
        const char *who, *message; /* who: "shell", or "sudo", with the number of its process where that is known: "sudo:512" */
};
struct command_lines {
        struct pool *pool;
        size_t count;
        struct command_line *rows;
};
/* From a week before on at least, where the journal has it. */
void evidence_read_commands(const struct evidence *evidence, struct command_lines *lines);
/* Shells of root's that were opened before an item was last right, and whose end is not seen until then. */
void evidence_of_open_shells(const struct evidence *evidence, const struct command_lines *lines);
