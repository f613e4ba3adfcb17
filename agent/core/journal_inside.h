/* What the questions to the journal share; nobody else includes this. */

#pragma once

#include "agent/core/text.h"

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;
struct journal_key;

#define JOURNAL_TIMEOUT_MS  5000
#define JOURNAL_ANSWER_MAX  (4U << 20)
#define JOURNAL_MESSAGE_MAX 400
#define JOURNAL_FIELD_MAX   256

void journal_close(sd_journal **journal);
#define autojournal __attribute__((cleanup(journal_close)))

/* 0: all of it; -EACCES: it is not ours to read; -EOPNOTSUPP: there is none. */
int journal_may_read(void);
struct journal_window {
        bool boot_only;
        uint64_t length_us;
        uint64_t since_us;      /* by this boot's own clock, CLOCK_MONOTONIC: nobody sets it */
        uint64_t not_before_us; /* by the clock of the day; of a boot its beginning */
};

/* Looks at one file of the journal, which is open alone and whose head told so many entries before. -EBADMSG: it is damaged; 1: no more
 * files, please. */
typedef int journal_reader(sd_journal *journal, uint64_t entries, void *about);
/* Has each file read, once, that may hold entries of the window, the newest first, and adds "damaged FILE" for what is seen to be damaged. */
int journal_each_file(const struct journal_window *window, sd_id128_t boot, journal_reader *reader, void *about,
                      struct text_buffer *text);

struct journal_boot {
        sd_id128_t id;
        uint64_t last_us; /* its last error in the file that is looked at, by the boot's own clock; 0: there is none */
};

/* Where in the text an entry stands. */
struct journal_line {
        size_t boot, file, at, size;
        uint64_t since_boot_us;
};

/* The errors that were found so far. */
struct journal_found {
        struct pool *pool;
        struct journal_window window;
        struct journal_boot *boots; /* the first is this one */
        struct journal_line *lines;
        size_t boot_count, line_count;
        size_t file, file_line; /* the file that is looked at, and its first line */
        uint64_t steps;         /* that may still be walked */
        bool more;              /* than an answer may hold */
        struct text_buffer text;
};

/* Its number among the boots. */
size_t journal_found_boot(struct journal_found *found, sd_id128_t id);
/* Begins another file, and forgets what it gave. */
void journal_found_begin(struct journal_found *found);
void journal_found_forget(struct journal_found *found);
/* By boot and age, this boot last; the lines of the file that is looked at, or all. */
void journal_found_sort(struct journal_found *found, size_t from);
bool journal_found_has(const struct journal_found *found, size_t boot, uint64_t since_boot_us);
/* All of them in order, each once. */
void journal_found_tell(struct journal_found *found, struct text_buffer *text);

/* The errors in the window, by what libsystemd finds with its hash tables. */
int journal_find_errors(sd_journal *journal, struct journal_found *found);

/* What stood in the file by its own list of entries, which needs none. */
struct journal_walk {
        struct journal_key *keys;
        size_t count;
};
/* -EBADMSG: the file is seen to be damaged. First walk, then find, and all that was met must have been found. */
int journal_walk_back(sd_journal *journal, uint64_t entries, struct journal_found *found, struct journal_walk *walk);
int journal_walk_compare(const struct journal_walk *walk, const struct journal_found *found);

/* One word or line, whatever is in it; "-" and false where there is no such field. */
bool journal_field(sd_journal *journal, const char *name, bool blanks, char *text, size_t size);
/* Of a journal without matches, of the system's own files: "boot_oldest_us N", how long after its boot the oldest entry of this boot was
 * written, and "boot_begins kernel|journald|later", what it begins with. -ENODATA: it has no entry of this boot. */
int journal_add_reach(sd_journal *journal, const char *boot_match, struct text_buffer *text);
