/* The ledger: what an apply was about to change, written and synced before each change, so that it can always be taken back.
 *
 * One file for each apply, /var/lib/plumbline/ledger/NNNNNN.log; one record a line: 16 hex digits (the start of the SHA-256 of
 * what follows the blank), a blank, a JSON object. A last line that is cut off was not acted on yet. */

#pragma once

#include "agent/core/host.h"
#include "agent/core/plan.h"

enum ledger_how { LEDGER_WRITE, LEDGER_FILE, LEDGER_CALL };
enum ledger_state {
        LEDGER_OPEN, /* neither ended nor undone: the apply was cut off */
        LEDGER_APPLIED,
        LEDGER_UNDONE,
};
const char *ledger_state_name(enum ledger_state state); /* "open", "applied", "undone" */

struct ledger_row {
        const char *id, *target, *refresh, *from;
        enum ledger_how how;
        enum step_when when;
        enum risk risk;
        bool refusal_harmless;
        struct content before, after; /* LEDGER_FILE; folders too */
        const char *text_before,
                *text_after; /* WRITE: bytes of the file; CALL: what to tell. text_before NULL: nothing to undo */
};

/* What the boot loader's next entry had when the apply came to its end, and the running kernel had not. */
struct ledger_promise {
        const char *id, *want; /* of the row in the plan */
};

struct ledger {
        unsigned id;
        enum ledger_state state;
        bool applied; /* it came to its end, also when it was taken back since */
        bool running; /* by apply --running: at boot, no word of an administrator */
        const char *boot_id, *time, *profile;
        const char *profile_path, *profile_sha256; /* NULL where an older version wrote it */
        size_t count;
        struct ledger_row *rows;
        size_t promise_count;
        struct ledger_promise *promises;
        size_t damaged; /* lines before the last that do not match their checksum */
        size_t lost;    /* those among them with a row behind: nothing but damage explains them */
        bool torn;      /* the last line is cut off */
};

/* Ids in rising order; none is no error. */
int ledger_ids(struct host *host, struct pool *pool, unsigned **ids, size_t *count);
/* -ENOENT, -EBADMSG when not even its first record can be read. */
int ledger_read(struct host *host, struct pool *pool, unsigned id, struct ledger *ledger);
/* The same from memory. -EBADMSG. */
int ledger_parse(struct pool *pool, const void *bytes, size_t size, struct ledger *ledger);

/* Makes a new ledger with the next free id. Of `ledger` the caller sets boot_id, profile, profile_path, profile_sha256 and running;
 * the rest is set here. */
int ledger_begin(struct host *host, struct pool *pool, struct ledger *ledger);
int ledger_record(struct host *host, struct ledger *ledger, const struct ledger_row *row);
/* Of one that was applied, the promises are recorded too. */
int ledger_end(struct host *host, struct ledger *ledger, enum ledger_state state);

/* The boot id of the host, "" where it has none; in the pool. */
const char *ledger_boot_id(struct host *host, struct pool *pool);
