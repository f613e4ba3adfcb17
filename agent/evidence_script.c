/* Taking apart what a shell is told: simple commands, and the files that their output is sent to. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

#define PARTS_MAX 200
#define BLANKS    " \t"

struct scan {
        struct parts *parts;
        const char *at;
        bool quoted; /* between double quotes, where only what is put in by a command is one */
        bool fed;
        struct text_buffer words, targets;
};

static void end_part(struct scan *scan, bool feeds)
{
        struct parts *parts = scan->parts;
        const char *words = text_trim(parts->pool, scan->words.at ? scan->words.at : "");

        if ((*words || scan->targets.at) && parts->count < PARTS_MAX) {
                parts->rows = pool_grow(parts->pool, parts->rows, parts->count, sizeof *parts->rows);
                parts->rows[parts->count++] =
                        (struct part){ words, scan->targets.at ? pool_dup(parts->pool, scan->targets.at) : NULL, scan->fed };
        }
        text_buffer_free(&scan->words);
        text_buffer_free(&scan->targets);
        scan->words = scan->targets = (struct text_buffer){ 0 };
        scan->fed = feeds;
}

/* Where a quote has no end it is an apostrophe. */
static bool take_single(struct scan *scan)
{
        const char *end = *scan->at == '\'' && !scan->quoted ? strchr(scan->at + 1, '\'') : NULL;

        if (!end)
                return false;
        text_add_bytes(&scan->words, scan->at, (size_t)(end + 1 - scan->at));
        scan->at = end + 1;
        return true;
}

/* ">>FILE", "> 'FILE'", ">&2"; /dev/null and its like keep nothing. */
static void take_target(struct scan *scan)
{
        static const char nowhere[] = "/dev/null /dev/stdout /dev/stderr /dev/tty";
        struct slice target;

        /* The number in front is the stream's. */
        while (scan->words.size && isdigit((unsigned char)scan->words.at[scan->words.size - 1]) &&
               (scan->words.size == 1 || strchr("0123456789 \t", scan->words.at[scan->words.size - 2])))
                scan->words.at[--scan->words.size] = '\0';
        scan->at += strspn(scan->at, ">|");
        if (*scan->at == '&') {
                scan->at++;
                if (isdigit((unsigned char)*scan->at) || *scan->at == '-') {
                        scan->at++;
                        return;
                }
        }
        scan->at += strspn(scan->at, BLANKS);
        target.at = scan->at + (*scan->at && strchr("'\"", *scan->at));
        target.size = strcspn(target.at, " \t;|&<>()'\"`\n");
        scan->at = target.at + target.size;
        scan->at += *scan->at && strchr("'\"", *scan->at);
        scan->parts->carries = scan->parts->carries || memchr(target.at, '$', target.size);
        if (target.size && !evidence_is_among(target, nowhere))
                text_addf(&scan->targets, " %.*s", (int)target.size, target.at);
        text_add(&scan->words, " ");
}

/* What ends a simple command, and what puts in another. */
static bool take_end(struct scan *scan)
{
        char one = *scan->at, two = one ? scan->at[1] : '\0';

        if (one == '`' || (one == '$' && two == '(')) {
                scan->parts->carries = true;
                end_part(scan, false);
                scan->at += one == '`' ? 1 : 2;
                scan->quoted = false;
                return true;
        }
        if (scan->quoted)
                return false;
        if (text_starts(scan->at, "#012")) {
                /* a new line, as sudo logs it */
                end_part(scan, false);
                scan->at += strlen("#012");
                return true;
        }
        if (!strchr(";|&(){\n", one))
                return false;
        /* Only with a blank behind it does it begin a group: {print} and ${x} are words. */
        if (one == '{' && two != ' ')
                return false;
        end_part(scan, one == '|' && two != '|');
        scan->at += 1 + (one == two || (one == '|' && two == '&'));
        return true;
}

static void step(struct scan *scan)
{
        size_t plain = strcspn(scan->at, "'\"`$;|&(){\n>#");

        if (plain) {
                text_add_bytes(&scan->words, scan->at, plain);
                scan->at += plain;
                return;
        }
        if (take_single(scan))
                return;
        if (*scan->at == '"' && (scan->quoted || strchr(scan->at + 1, '"')))
                scan->quoted = !scan->quoted;
        else if (!scan->quoted && (*scan->at == '>' || (*scan->at == '&' && scan->at[1] == '>'))) {
                scan->at += *scan->at == '&';
                take_target(scan);
                return;
        } else if (take_end(scan)) {
                return;
        }
        if (*scan->at == '$')
                scan->parts->carries = true;
        text_add_bytes(&scan->words, scan->at, 1);
        scan->at++;
}

void evidence_script(struct pool *pool, const char *script, struct parts *parts)
{
        struct scan scan = { .parts = parts, .at = script };

        *parts = (struct parts){ .pool = pool };
        while (*scan.at)
                step(&scan);
        end_part(&scan, false);
}
