/* Whom the journal's messages name: users, by the words beside their names, and the host, where its name is a plain word. */

#include "agent/redact_inside.h"

#include "agent/core/journal.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <ctype.h>
#include <string.h>

#define USER_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

#define UUID_START   8 /* digits of it before the first dash */
#define SERIAL_LEAST 6

/* Every system has them; the others are what PAM and sshd say instead of a name. */
static bool is_nobody(struct slice user)
{
        static const char *const words[] = { "root", "nobody", "unknown", "invalid", "illegal", "uid", "by" };

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (slice_equals(user, words[i]))
                        return true;
        return user.size < 2;
}

/* Behind a word alone stands a name only where the sentence goes on like that: "user alice(uid=1000)", "user bob from", but "user space". */
static bool ends_name(const char *at)
{
        return !*at || strchr("(\"',:;.)\n", *at) || text_starts(at, " from ") || text_starts(at, " by ");
}

/* pam_unix(8), and the kernel's clients of NFS. */
static void hide_servers(const struct secrets *secrets, char *text)
{
        static const char *const marks[] = { "rhost=", "nfs: server " };

        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                for (char *at = text; (at = strstr(at, marks[i]));) {
                        struct slice name;

                        at += strlen(marks[i]);
                        at += *at == '"' || *at == '\'';
                        name = (struct slice){ at, strspn(at, USER_LETTERS ":") };
                        while (name.size && strchr(".:", at[name.size - 1]))
                                name.size--;
                        if (!is_nobody(name))
                                secret_server_in_place(secrets, at, name.size);
                        at += name.size;
                }
}

/* "\\\\SERVER\\SHARE" and "//SERVER/SHARE", as the kernel's client of CIFS has them; a backslash may stand there twice. "\\x2d" is a dash. */
static void hide_shares(const struct secrets *secrets, char *text)
{
        for (char *at = text; (at = strpbrk(at, "\\/"));) {
                size_t signs = strspn(at, *at == '/' ? "/" : "\\");
                bool begins = at == text || strchr(" \t\"'(=", at[-1]);
                struct slice name;

                at += signs;
                name = (struct slice){ at, strspn(at, USER_LETTERS) };
                while (name.size && strchr(".", at[name.size - 1]))
                        name.size--;
                if (!begins || signs < 2 || (at[-1] == '/' && signs > 2) || !name.size || text_starts(at, "x2d"))
                        continue;
                secret_server_in_place(secrets, at, name.size);
                at += name.size;
        }
}

static void hide_users(const struct secrets *secrets, char *text)
{
        static const struct {
                const char *before;
                bool word;
        } marks[] = {
                { "user ", true },  { "password for ", true }, { "publickey for ", true }, { "user=", false },
                { "USER=", false }, { "acct=", false },        { "logname=", false },      { "/home/", false },
        };

        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                for (char *at = text; (at = strstr(at, marks[i].before));) {
                        struct slice user;

                        at += strlen(marks[i].before);
                        at += *at == '"' || *at == '\'';
                        user = (struct slice){ at, strspn(at, USER_LETTERS) };
                        /* The full stop ends the sentence. */
                        user.size -= user.size && at[user.size - 1] == '.';
                        if (!is_nobody(user) && (!marks[i].word || ends_name(at + user.size)))
                                secret_in_place(secrets, at, user.size);
                        at += user.size;
                }
}

static void hide_host(const struct secrets *secrets, char *text, struct slice host)
{
        size_t size = strlen(text);

        for (char *at = text; (at = memmem(at, size - (size_t)(at - text), host.at, host.size)); at += host.size)
                if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[host.size]))
                        secret_in_place(secrets, at, host.size);
}

/* A name that the profile's list needs for its verdict stays: who has the profile knows it. */
static void add_entry(const struct secrets *secrets, struct pool *pool, struct slice line, struct slice host,
                      struct text_buffer *text)
{
        struct journal_entry entry, hidden;
        char *message;

        if (!journal_read_entry(pool, line, &entry)) {
                text_add_bytes(text, line.at, line.size);
                return;
        }
        hidden = entry;
        message = pool_dup(pool, entry.message);
        hidden.message = message;
        hide_users(secrets, message);
        hide_servers(secrets, message);
        hide_shares(secrets, message);
        if (host.size)
                hide_host(secrets, message, host);
        if (journal_allows(secrets->watch, &hidden) != journal_allows(secrets->watch, &entry))
                hidden = entry;
        text_addf(text, "entry %s %s %s", hidden.unit, hidden.id, hidden.message);
}

/* The kernel knows filesystems and drives by these, also those that are gone. */
static void find_numbers(struct secrets *secrets, const char *text)
{
        static const char serial[] = "SerialNumber: ";

        for (const char *dash = text; (dash = strchr(dash, '-')); dash++) {
                struct slice rest = { dash - UUID_START, UUID_START + strnlen(dash, UUID_SIZE) };

                if (dash - text >= UUID_START && (rest.at == text || !isalnum((unsigned char)rest.at[-1])) &&
                    redact_is_uuid(rest) && !redact_is_filler((struct slice){ rest.at, UUID_SIZE }))
                        secret_add(secrets, SECRET_TEXT, rest.at, UUID_SIZE);
        }
        for (const char *at = text; (at = strstr(at, serial));) {
                struct slice number;

                at += strlen(serial);
                number = (struct slice){ at, strcspn(at, " \t\n") };
                if (redact_is_distinct(number, SERIAL_LEAST))
                        secret_add(secrets, SECRET_TEXT, number.at, number.size);
        }
}

/* The kernel says at each start what it was started with. */
static void find_cmdlines(struct secrets *secrets, struct pool *pool, const char *text)
{
        static const char mark[] = "ommand line: ";

        for (; (text = strstr(text, mark)); text += strcspn(text, "\n")) {
                text += strlen(mark);
                redact_parameters(secrets, pool, (struct slice){ text, strcspn(text, "\n") });
        }
}

void redact_journal(struct secrets *secrets, struct pool *pool, struct member *member)
{
        autobuffer struct text_buffer text = { 0 };
        struct slice line;
        const char *cursor = member->bytes;

        if (memchr(member->bytes, 0, member->size))
                return;
        find_numbers(secrets, member->bytes);
        find_cmdlines(secrets, pool, member->bytes);
        while (text_line(&cursor, &line)) {
                autopool struct pool *own = pool_new();

                add_entry(secrets, own, line, secrets->plain_host, &text);
                if (line.at + line.size < member->bytes + member->size)
                        text_add(&text, "\n");
        }
        member->bytes = pool_copy(pool, text.at ? text.at : "", text.size);
        member->size = text.size;
}

void redact_users(const struct secrets *secrets, struct pool *pool, struct member *member)
{
        char *text = pool_copy(pool, member->bytes, member->size);

        hide_users(secrets, text);
        hide_servers(secrets, text);
        member->bytes = text;
}
