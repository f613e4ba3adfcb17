/* What plumbline itself wrote down of a host, once it is redacted: hashes, lists and checksums fit again. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/sha256.h"
#include "agent/core/value.h"

#include <string.h>

#define HEX_SIZE   64U
#define CHECK_SIZE 16U /* of a line of the baseline, the history and the ledger: agent/history_line.c, agent/ledger.c */
#define HASH_LEAST 8U  /* digits: a record has the first ones of a hash, and fewer where the text was cut off */
#define HASH_MARK  "sha256 "
#define ADDRESSES  ".addresses\":\"" /* the end of a fact's name, and the beginning of its text */

#define LEDGER     "var/lib/plumbline/ledger/*"
#define LEDGER_HEX "\"hex\":\"" /* agent/ledger.c */

/* A file that is another one now. */
struct changed {
        char before[HEX_SIZE + 1], after[HEX_SIZE + 1];
};

struct changes {
        size_t count;
        struct changed *rows;
};

static bool holds_lines(const char *path)
{
        return text_equals(path, "var/lib/plumbline/baseline") || text_matches(path, "var/lib/plumbline/history/*") ||
               text_matches(path, LEDGER);
}

static bool holds_hashes(const char *path)
{
        return holds_lines(path) || text_matches(path, ".plumbline/evidence/*");
}

static void find_changes(const struct secrets *secrets, const char *const *before, struct changes *changes)
{
        for (size_t i = 0; i < secrets->count; i++) {
                const struct member *member = &secrets->members[i];
                struct changed *row;

                if (member->kind != MEMBER_FILE || !member->known || member->bytes == before[i] || holds_hashes(member->path))
                        continue;
                changes->rows = pool_grow(secrets->pool, changes->rows, changes->count, sizeof *changes->rows);
                row = &changes->rows[changes->count++];
                sha256_hex(before[i], member->size, row->before);
                sha256_hex(member->bytes, member->size, row->after);
        }
}

static void mend_hash(const struct changes *changes, char *hash, size_t size)
{
        for (size_t i = 0; i < changes->count; i++) {
                if (memcmp(hash, changes->rows[i].before, size) == 0) {
                        memcpy(hash, changes->rows[i].after, size);
                        return;
                }
        }
}

static void mend_hashes(const struct changes *changes, char *bytes, size_t size)
{
        const char *end = bytes + size;
        char *at = bytes;

        while ((at = memmem(at, (size_t)(end - at), HASH_MARK, strlen(HASH_MARK)))) {
                size_t digits;

                at += strlen(HASH_MARK);
                digits = strspn(at, "0123456789abcdef"); /* the bytes of a member have a NUL behind them */
                if (digits >= HASH_LEAST && digits <= HEX_SIZE && digits <= (size_t)(end - at))
                        mend_hash(changes, at, digits);
        }
}

/* Several addresses of one fact stand in order, and the others that they became have another one. Not where something else stands in
 * their place ("absent") or a piece was cut off. */
static void mend_order(struct pool *pool, char *bytes, size_t size)
{
        const char *end = bytes + size;
        char *at = bytes;

        while ((at = memmem(at, (size_t)(end - at), ADDRESSES, strlen(ADDRESSES)))) {
                const char *words;
                size_t length;

                at += strlen(ADDRESSES);
                length = strspn(at, "0123456789abcdefABCDEF.:* ");
                if (at[length] != '"')
                        continue;
                words = value_words(pool, slice_dup(pool, (struct slice){ at, length })).text;
                if (strlen(words) == length)
                        memcpy(at, words, length);
        }
}

/* What a ledger holds that is no text stands in hex, where nothing can be found. undo alone reads it, and refuses a capture. */
static void blank_hex(char *bytes, size_t size)
{
        const char *end = bytes + size;
        char *at = bytes;

        while ((at = memmem(at, (size_t)(end - at), LEDGER_HEX, strlen(LEDGER_HEX)))) {
                at += strlen(LEDGER_HEX);
                for (size_t digits = strspn(at, "0123456789abcdef"); digits > 0; digits--, at++)
                        *at = digits % 2 ? 'f' : '3';
        }
}

static void check_of(const char *line, size_t size, char *check)
{
        sha256_hex(line + CHECK_SIZE + 1, size - CHECK_SIZE - 1, check);
}

/* A line that was damaged on the host stays so: nothing is healed by being captured. */
static void mend_checks(const char *before, char *bytes, size_t size)
{
        for (size_t at = 0; at < size;) {
                const char *newline = memchr(before + at, '\n', size - at);
                size_t length = newline ? (size_t)(newline - before) - at : size - at;
                char check[HEX_SIZE + 1];

                if (length > CHECK_SIZE + 1 && before[at + CHECK_SIZE] == ' ') {
                        check_of(before + at, length, check);
                        if (memcmp(check, before + at, CHECK_SIZE) == 0) {
                                check_of(bytes + at, length, check);
                                memcpy(bytes + at, check, CHECK_SIZE);
                                bytes[at + CHECK_SIZE] = ' ';
                        }
                }
                at += length + 1;
        }
}

void redact_records(const struct secrets *secrets, struct member *members, const char *const *before)
{
        struct changes changes = { 0 };

        find_changes(secrets, before, &changes);
        for (size_t i = 0; i < secrets->count; i++) {
                struct member *member = &members[i];
                char *bytes;

                if (member->kind != MEMBER_FILE || !member->known || !member->size || !holds_hashes(member->path))
                        continue;
                bytes = pool_copy(secrets->pool, member->bytes, member->size);
                mend_hashes(&changes, bytes, member->size);
                if (holds_lines(member->path)) {
                        if (text_matches(member->path, LEDGER))
                                blank_hex(bytes, member->size);
                        mend_order(secrets->pool, bytes, member->size);
                        mend_checks(before[i], bytes, member->size);
                }
                member->bytes = bytes;
        }
}
