/* What is private on a kernel's command line, in /proc/cmdline and where boot loaders keep it. */

#include "agent/private_parameter.h"
#include "agent/redact_inside.h"

#include "agent/core/pool.h"

#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
#define VALUE_LEAST  6

/* A profile says it with a colon; GRUB puts a backslash before a quote. */
static const char *const forms[] = { "=", "=\"", "=\\\"", ": ", ": \"", ": '" };

static void mask(struct secrets *secrets, struct pool *pool, struct slice name, struct slice value, bool everywhere)
{
        const char *written = slice_dup(pool, name);
        char *plain = slice_dup(pool, name);

        for (char *c = plain; *c; c++)
                *c = (char)(*c == '-' ? '_' : *c);
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
                secret_mask(secrets, pool_format(pool, "%s%s", written, forms[i]), value);
                secret_mask(secrets, pool_format(pool, "%s%s", plain, forms[i]), value);
        }
        /* A path, or a device, is what other things are called by, too. */
        if (everywhere && value.at[0] != '/' && redact_is_distinct(value, VALUE_LEAST) && !secret_is_structure(secrets, value))
                secret_mask(secrets, "", value);
}

/* Up to the quote that ends it; one of GRUB's has a backslash before it. */
static struct slice quoted(const char *at, const char *quotes)
{
        size_t size = strcspn(at, quotes);

        while (size && at[size] && at[size - 1] == '\\')
                size--;
        return (struct slice){ at, size };
}

static struct slice bare(const char *at)
{
        size_t size = strcspn(at, " \t\n\"'");

        while (size && at[size - 1] == '\\' && at[size] && strchr("\"'", at[size]))
                size--;
        /* Of a sentence, in a report. */
        while (size && at[size - 1] == ',')
                size--;
        return (struct slice){ at, size };
}

/* at: behind the equals sign. The whole word may stand in quotes; behind an equals sign that is a file's way to hold several. */
static struct slice value_at(const char *text, const char *name, const char *at)
{
        if (at[0] == '\\' && at[1] == '"')
                return quoted(at + 2, "\"\n");
        if (at[0] == '"')
                return quoted(at + 1, "\"\n");
        if (name > text && name[-1] == '"' && (name - text < 2 || !strchr("=\\", name[-2])))
                return quoted(at, "\"\n");
        return bare(at);
}

/* "set root=" and "--set=root" of GRUB's script are no parameters. */
static bool begins_word(const char *text, const char *name)
{
        if (name == text)
                return true;
        if (name - text >= 4 && !strncmp(name - 4, "set ", 4))
                return false;
        return strchr(" \t\n\"'", name[-1]);
}

/* A plain word is the host's name between these colons only. */
static void hide_field(struct secrets *secrets, struct slice field)
{
        autobuffer struct text_buffer from = { 0 }, to = { 0 };

        text_add(&from, ":");
        text_add_bytes(&from, field.at, field.size);
        text_add(&from, ":");
        text_add_bytes(&to, from.at, from.size);
        secret_in_place(secrets, to.at, to.size);
        secret_put(secrets, &(struct secret){ .kind = SECRET_TEXT,
                                              .from = (const unsigned char *)from.at,
                                              .to = (const unsigned char *)to.at,
                                              .size = from.size });
}

/* The host's name is the fifth field of ip= (nfsroot.rst). */
static void find_host_field(struct secrets *secrets, struct slice value)
{
        struct slice field = { NULL, 0 };
        const char *end = value.at + value.size, *at = value.at;

        if (memchr(value.at, '[', value.size))
                return;
        for (unsigned n = 0; n < 5 && at <= end; n++) {
                const char *colon = memchr(at, ':', (size_t)(end - at));

                field = (struct slice){ at, (size_t)((colon ? colon : end) - at) };
                if (!colon && n < 4)
                        return;
                at = colon ? colon + 1 : end;
        }
        if (field.size && !redact_host_label(secrets, field))
                hide_field(secrets, field);
}

static void find_parameter(struct secrets *secrets, struct pool *pool, struct slice name, struct slice value)
{
        const char *plain = slice_dup(pool, name);
        enum private_kind kind = private_parameter(plain);

        /* Of disks and addresses what is the host's own is found by its form, wherever it stands. */
        if (kind == PRIVATE_SECRET || kind == PRIVATE_HOST)
                mask(secrets, pool, name, value, kind == PRIVATE_SECRET);
        else if (text_equals(plain, "ip"))
                find_host_field(secrets, value);
        else if (text_equals(plain, "nfsroot") || text_equals(plain, "root"))
                redact_source(secrets, value);
}

/* before: the word in front of it; what stands between the two goes with that. */
static void hide_password(struct secrets *secrets, struct pool *pool, struct slice before, struct slice value)
{
        size_t quote = value.size > 2 && strchr("\"'", value.at[0]) && value.at[value.size - 1] == value.at[0];

        value = (struct slice){ value.at + quote, value.size - 2 * quote };
        before.size = (size_t)(value.at - before.at);
        secret_mask(secrets, slice_dup(pool, before), value);
        if (redact_is_distinct(value, VALUE_LEAST))
                secret_mask(secrets, "", value);
}

/* GRUB's "password USER WORD" and "password_pbkdf2 USER HASH"; before version 2 it knew no users. */
static void find_passwords(struct secrets *secrets, struct pool *pool, struct slice text)
{
        const char *cursor = slice_dup(pool, text);
        struct slice line, word, user, value;

        while (text_line(&cursor, &line)) {
                if (!slice_word(&line, " \t", &word) ||
                    (!slice_equals(word, "password") && !slice_equals(word, "password_pbkdf2")))
                        continue;
                if (!slice_word(&line, " \t", &user))
                        continue;
                if (slice_word(&line, " \t", &value))
                        hide_password(secrets, pool, user, value);
                else
                        hide_password(secrets, pool, word, user);
        }
}

void redact_logins(struct secrets *secrets, const char *text)
{
        size_t size;

        while ((text = private_login(text, &size))) {
                secret_mask(secrets, "://", (struct slice){ text, size });
                text += size;
        }
}

void redact_parameters(struct secrets *secrets, struct pool *pool, struct slice text)
{
        const char *start = slice_dup(pool, text);

        for (const char *at = start; *at;) {
                struct slice name = { at, strspn(at, NAME_LETTERS) };

                if (name.size && at[name.size] == '=' && begins_word(start, at)) {
                        struct slice value = value_at(start, at, at + name.size + 1);

                        if (value.size)
                                find_parameter(secrets, pool, name, value);
                }
                at += name.size ? name.size : 1;
        }
        find_passwords(secrets, pool, text);
        /* What init and the programs behind it are given: "systemd.setenv=TOKEN=X", "-- --password X". */
        redact_arguments(secrets, start);
}

/* As NAME= it stands in the reports; here with what is between the two. */
static void find_want(struct secrets *secrets, struct pool *pool, struct slice name, struct slice value)
{
        enum private_kind kind = private_parameter(slice_dup(pool, name));

        if (!value.size)
                return;
        find_parameter(secrets, pool, name, value);
        if (kind == PRIVATE_SECRET || kind == PRIVATE_HOST)
                secret_mask(secrets, slice_dup(pool, (struct slice){ name.at, (size_t)(value.at - name.at) }), value);
}

/* In a line of YAML: "NAME: VALUE", "NAME: { is: VALUE, tier: info }". */
static void find_wants(struct secrets *secrets, struct pool *pool, struct slice line)
{
        static const char is[] = "is:";

        for (size_t i = 0; i < line.size;) {
                struct slice name = { line.at + i, strspn(line.at + i, NAME_LETTERS) };
                const char *end = line.at + line.size, *value = name.at + name.size;
                char quote;

                i += name.size ? name.size : 1;
                value += *value == '"' || *value == '\'';
                if (!name.size || *value != ':')
                        continue;
                value += 1 + strspn(value + 1, " \t");
                if (*value == '{' && (value = memmem(value, (size_t)(end - value), is, strlen(is))))
                        value += strlen(is) + strspn(value + strlen(is), " \t");
                if (!value || value >= end)
                        continue;
                quote = *value;
                if (quote == '"' || quote == '\'')
                        find_want(secrets, pool, name, quoted(value + 1, quote == '"' ? "\"\n" : "'\n"));
                else
                        find_want(secrets, pool, name, (struct slice){ value, strcspn(value, " \t\n,}") });
        }
}

/* What the profile wants the kernel's command line to hold: what stands on the line of "cmdline:", and below it farther to the right. */
void redact_profile(struct secrets *secrets, struct pool *pool, const char *text)
{
        struct slice line, word;
        size_t depth = 0;
        bool within = false;

        while (text_line(&text, &line)) {
                size_t blanks = strspn(line.at, " ");
                struct slice rest = { line.at + blanks, line.size - (blanks < line.size ? blanks : line.size) };

                if (!rest.size || *rest.at == '#')
                        continue;
                if (within && blanks > depth) {
                        find_wants(secrets, pool, rest);
                        continue;
                }
                within = slice_word(&(struct slice){ rest.at, rest.size }, ": \t\"'", &word) && slice_equals(word, "cmdline");
                depth = blanks;
                if (within || memmem(rest.at, rest.size, "cmdline:", strlen("cmdline:")))
                        find_wants(secrets, pool, rest);
        }
}
