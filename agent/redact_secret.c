/* What becomes of a secret: another of the same form, by a key that is thrown away. */

#include "agent/private_parameter.h"
#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static unsigned char other_letter(unsigned char old, unsigned chance)
{
        if (isdigit(old))
                return (unsigned char)('0' + chance % 10);
        /* What is hex stays hex. */
        if (isxdigit(old))
                return (unsigned char)((islower(old) ? 'a' : 'A') + chance % 6);
        if (isalpha(old))
                return (unsigned char)((islower(old) ? 'g' : 'G') + chance % 20);
        return old;
}

/* Letters become letters, digits digits. */
static void other_word(const struct secrets *secrets, char *to, size_t size)
{
        struct stream stream;

        stream_open(secrets, &stream, to, size);
        for (size_t i = 0; i < size; i++)
                to[i] = (char)other_letter((unsigned char)to[i], stream_byte(secrets, &stream));
}

/* In letters of either kind: nobody writes all of these the same way everywhere. */
static void put_text(struct secrets *secrets, enum secret_kind kind, const void *from, const void *to, size_t size)
{
        secret_put(secrets, &(struct secret){ .kind = kind,
                                              .from = from,
                                              .to = to,
                                              .size = size,
                                              .word = kind != SECRET_CARD && kind != SECRET_NUMBER,
                                              .fold = true });
}

static void put_card(struct secrets *secrets, const unsigned char *from)
{
        static const char *const forms[] = { "%02x:%02x:%02x:%02x:%02x:%02x", "%02x-%02x-%02x-%02x-%02x-%02x",
                                             "%02x%02x.%02x%02x.%02x%02x", "%02x%02x%02x%02x%02x%02x" };
        unsigned char to[6];
        struct stream stream;

        stream_open(secrets, &stream, from, sizeof to);
        for (size_t i = 0; i < sizeof to; i++)
                to[i] = (unsigned char)stream_byte(secrets, &stream);
        /* A single card's address that nobody was given: IEEE 802c, the bit of local administration. */
        to[0] = (unsigned char)((to[0] & 0xfc) | 2);
        secret_put(secrets, &(struct secret){ .kind = SECRET_CARD, .from = from, .to = to, .size = sizeof to });
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
                char old[18], new[18];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(old, sizeof old, forms[i], from[0], from[1], from[2], from[3], from[4], from[5]);
                snprintf(new, sizeof new, forms[i], to[0], to[1], to[2], to[3], to[4], to[5]);
#pragma GCC diagnostic pop
                put_text(secrets, SECRET_CARD, old, new, strlen(old));
        }
}

static void put_written(struct secrets *secrets, enum secret_kind kind, const char *from, const char *to, size_t size,
                        char sign, const char *as)
{
        autobuffer struct text_buffer old = { 0 }, new = { 0 };

        for (size_t k = 0; k < size; k++) {
                text_add_bytes(&old, from[k] == sign ? as : from + k, from[k] == sign ? strlen(as) : 1);
                text_add_bytes(&new, from[k] == sign ? as : to + k, from[k] == sign ? strlen(as) : 1);
        }
        if (old.size >= 2)
                put_text(secrets, kind, old.at, new.at, old.size);
}

static void put_escaped(struct secrets *secrets, enum secret_kind kind, const char *from, const char *to, size_t size)
{
        static const struct {
                char sign;
                const char *as;
        } escapes[] = {
                /* As a regular expression has it in a profile, in quotes of either kind. */
                { '.', "\\." },
                { '.', "\\\\." },
                { '.', "[.]" },
                /* The device mapper in the name of a volume, and who allows no dashes there. */
                { '-', "--" },
                { '-', "_" },
                /* systemd.unit(5), in JSON and in the tables of mounts, too. */
                { '-', "\\x2d" },
                { '-', "\\\\x2d" },
                { '-', "\\134x2d" },
        };

        for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
                if (memchr(from, escapes[i].sign, size))
                        put_written(secrets, kind, from, to, size, escapes[i].sign, escapes[i].as);
        /* The device mapper, and systemd in a machine-id, leave the dashes out. */
        if (size == UUID_SIZE && redact_is_uuid((struct slice){ from, size }))
                put_written(secrets, kind, from, to, size, '-', "");
}

void secret_add(struct secrets *secrets, enum secret_kind kind, const void *bytes, size_t size)
{
        autofree char *to = NULL;

        if (size < 2)
                return;
        if (kind == SECRET_CARD) {
                put_card(secrets, bytes);
                return;
        }
        to = memory_zero(size);
        memcpy(to, bytes, size);
        if (kind == SECRET_BYTES) {
                struct stream stream;

                stream_open(secrets, &stream, bytes, size);
                for (size_t i = 0; i < size; i++)
                        to[i] = (char)stream_byte(secrets, &stream);
                secret_put(secrets, &(struct secret){ .kind = kind, .from = bytes, .to = (void *)to, .size = size });
                return;
        }
        if (kind == SECRET_TEXT || kind == SECRET_NUMBER)
                other_word(secrets, to, size);
        else
                secret_address(secrets, kind, to, bytes, size);
        put_text(secrets, kind, bytes, to, size);
        put_escaped(secrets, kind, bytes, to, size);
}

void secret_add_between(struct secrets *secrets, struct slice before, struct slice text, struct slice after)
{
        autobuffer struct text_buffer from = { 0 }, to = { 0 };

        text_add_bytes(&from, before.at, before.size);
        text_add_bytes(&from, text.at, text.size);
        text_add_bytes(&from, after.at, after.size);
        if (from.size < 2)
                return;
        text_add_bytes(&to, from.at, from.size);
        other_word(secrets, to.at + before.size, text.size);
        secret_put(secrets,
                   &(struct secret){ .kind = SECRET_TEXT, .from = (void *)from.at, .to = (void *)to.at, .size = from.size });
}

void secret_mask(struct secrets *secrets, const char *before, struct slice value)
{
        autobuffer struct text_buffer plain = { 0 }, from = { 0 }, to = { 0 };
        struct stream stream;
        bool first = true;

        for (size_t i = 0; i < value.size; i++)
                if (value.at[i] != '\\')
                        text_add_bytes(&plain, value.at + i, 1);
        if (!plain.size)
                return;
        text_add(&from, before);
        text_add_bytes(&from, value.at, value.size);
        text_add_bytes(&to, from.at, from.size);
        stream_open(secrets, &stream, plain.at, plain.size);
        for (size_t i = from.size - value.size; i < to.size; i++) {
                if (to.at[i] == '\\')
                        continue;
                to.at[i] = first ? PRIVATE_MASK : (char)other_letter((unsigned char)to.at[i], stream_byte(secrets, &stream));
                first = false;
        }
        if (from.size >= 2)
                secret_put(secrets, &(struct secret){ .kind = SECRET_TEXT,
                                                      .from = (void *)from.at,
                                                      .to = (void *)to.at,
                                                      .size = from.size,
                                                      .word = true });
}

void secret_in_place(const struct secrets *secrets, char *bytes, size_t size)
{
        other_word(secrets, bytes, size);
}

void secret_only_here(struct secrets *secrets, struct member *member)
{
        char *to = pool_copy(secrets->pool, member->bytes, member->size);

        other_word(secrets, to, member->size);
        member->bytes = to;
}
