/* What rules of udev know devices by: serial numbers of those that are there, and of those that were. */

#include "agent/redact_inside.h"

#include <ctype.h>
#include <string.h>

#define NUMBER_LEAST 6
#define RESULT_LEAST 8
#define WORD_LEAST   5  /* of letters alone */
#define MAP_LEAST    16 /* digits that redact_map knows by their form */
#define GLOBS        "*?[]"

static bool holds(struct slice key, const char *word)
{
        for (size_t at = 0; at + strlen(word) <= key.size; at++)
                if (strncasecmp(key.at + at, word, strlen(word)) == 0)
                        return true;
        return false;
}

/* Of ATTRS{serial}, ENV{ID_SERIAL_SHORT}, ATTR{wwid}, ENV{ID_FS_UUID}: does the key speak of such a number? */
static bool speaks_of_one(struct slice key)
{
        static const char *const words[] = { "serial", "wwid", "wwn", "uuid", "unique_id", "eui", "nguid", "nqn", "dm_name" };

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (holds(key, words[i]))
                        return true;
        return false;
}

/* Behind the kind of a map of the device mapper, and the kind of a number: "mpath-3600...", "naa.6005..."; of "MODEL_SERIAL_1" the serial,
 * as in the names of /dev/disk/by-id/. */
static struct slice number_of(struct slice piece)
{
        static const char *const kinds[] = { "mpath-", "LVM-", "CRYPT-LUKS1-", "CRYPT-LUKS2-", "CRYPT-PLAIN-", "naa.", "eui." };
        const char *last;

        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                size_t size = strlen(kinds[i]);

                if (piece.size >= size && !strncmp(piece.at, kinds[i], size))
                        return (struct slice){ piece.at + size, piece.size - size };
        }
        last = memrchr(piece.at, '_', piece.size);
        if (last && piece.at + piece.size - last <= 3 && isdigit((unsigned char)last[1])) {
                piece.size = (size_t)(last - piece.at);
                last = memrchr(piece.at, '_', piece.size);
        }
        if (last) {
                struct slice serial = { last + 1, (size_t)(piece.at + piece.size - last - 1) };

                if (redact_is_distinct(serial, NUMBER_LEAST))
                        piece = serial;
        }
        return piece;
}

/* Everywhere, as a link in /dev or a comment may name the device by it. False where it may be something else, too. */
static bool add_number(struct secrets *secrets, struct slice key, struct slice piece)
{
        struct slice number = number_of(piece);

        if (!number.size)
                return true;
        if (!strncmp(piece.at, "nqn.", 4)) {
                redact_subsystem(secrets, piece);
                return true;
        }
        if (holds(key, "dm_")) {
                redact_map(secrets, piece);
                return number.size >= MAP_LEAST || holds(key, "name");
        }
        if (redact_wwid(secrets, number))
                return true;
        if (!redact_is_distinct(number, NUMBER_LEAST) || secret_is_structure(secrets, number))
                return false;
        secret_add(secrets, SECRET_TEXT, number.at, number.size);
        return true;
}

/* Patterns of udev(7) stay what they are: "*" and "?" are no letters; and so do words that name a kind: "mpath-*". */
static bool may_be_number(struct slice value)
{
        bool digits = false, globs = false;

        for (size_t i = 0; i < value.size; i++) {
                digits = digits || isdigit((unsigned char)value.at[i]);
                globs = globs || strchr(GLOBS, value.at[i]);
        }
        return digits || (!globs && value.size >= WORD_LEAST);
}

/* Between this key and its quote only; each part becomes what it becomes elsewhere. */
static void hide_here(struct secrets *secrets, const char *start, struct slice value)
{
        autobuffer struct text_buffer to = { 0 };
        struct slice from = { start, (size_t)(value.at + value.size + 1 - start) }, rest = value, piece;

        if (value.at[value.size] != '"')
                from.size--;
        text_add_bytes(&to, from.at, from.size);
        while (slice_word(&rest, "|" GLOBS, &piece)) {
                struct slice number = number_of(piece);

                secret_in_place(secrets, to.at + (number.at - start), number.size);
        }
        secret_put(secrets,
                   &(struct secret){
                           .kind = SECRET_TEXT, .from = (const void *)from.at, .to = (const void *)to.at, .size = from.size });
}

/* What stands in the quotes behind an operator; "e" and "i" before them say how it is read. */
static struct slice value_behind(const char *at)
{
        at += strspn(at, " \t!+-:=");
        at += strspn(at, "ei");
        if (*at != '"')
                return (struct slice){ at, 0 };
        at++;
        return (struct slice){ at, strcspn(at, "\"\n") };
}

static bool is_made(struct slice value)
{
        return !value.size || memchr(value.at, '$', value.size) || memchr(value.at, '%', value.size);
}

static void find_key(struct secrets *secrets, const char *start, struct slice key, struct slice value)
{
        struct slice rest = value, piece;
        bool all = true;

        if (is_made(value))
                return;
        while (slice_word(&rest, "|" GLOBS, &piece))
                all = add_number(secrets, key, piece) && all;
        if (!all && may_be_number(value) && !redact_is_filler(value))
                hide_here(secrets, start, value);
}

/* What a program answered may be anything: scsi_id(8) tells the number of a drive. */
static void find_results(struct secrets *secrets, const char *text)
{
        for (const char *at = text; (at = strstr(at, "RESULT")); at++) {
                struct slice value = value_behind(at + strlen("RESULT")), piece;

                if (is_made(value))
                        continue;
                while (slice_word(&value, "|" GLOBS, &piece)) {
                        struct slice number = number_of(piece);

                        if (!redact_wwid(secrets, number) && redact_is_distinct(number, RESULT_LEAST) &&
                            !secret_is_structure(secrets, number))
                                secret_add(secrets, SECRET_TEXT, number.at, number.size);
                }
        }
}

void redact_rules(struct secrets *secrets, const char *text)
{
        for (const char *at = text; (at = strchr(at, '{')); at++) {
                const char *end = at + 1 + strcspn(at + 1, "}\n");
                struct slice key = { at + 1, (size_t)(end - at - 1) };

                if (*end == '}' && speaks_of_one(key))
                        find_key(secrets, at, key, value_behind(end + 1));
        }
        find_results(secrets, text);
}
