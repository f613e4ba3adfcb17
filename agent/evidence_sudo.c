/* What a line of sudo's says: who ran what as whom, and in which folder. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* A command is a path, or sudoedit; "list" and "validate" are sudo's own words for `sudo -l` and `sudo -v`, which do nothing. */
static bool is_command(const char *words)
{
        size_t size = strcspn(words, " ");

        return memchr(words, '/', size) || text_starts(words, "sudoedit ");
}

/* What refused a command has a reason in front of the fields. */
static bool begins_fields(const char *text)
{
        static const char *const first[] = { "HOST=", "TTY=", "CHROOT=", "PWD=", "USER=" };

        for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
                if (text_starts(text, first[i]))
                        return true;
        return false;
}

#define BEFORE " ; COMMAND="

static const char *next_command(const char *at)
{
        const char *found = strstr(at, BEFORE);

        return found ? found + strlen(BEFORE) : NULL;
}

static const char *behind_field(const char *at, const char *field)
{
        const char *end = text_starts(at, field) ? strstr(at, " ; ") : NULL;

        return end ? end + strlen(" ; ") : at;
}

/* The command, if this is where USER= stands; else NULL. */
static const char *command_behind(const char *user)
{
        const char *at = behind_field(behind_field(behind_field(user, "USER="), "GROUP="), "TSID=");

        if (at == user)
                return NULL;
        if (text_starts(at, "COMMAND="))
                return at + strlen("COMMAND=");
        return text_starts(at, "ENV=") ? next_command(at) : NULL;
}

static const char *next_user(const char *at)
{
        const char *found = strstr(at, " ; USER=");

        return found ? found + strlen(" ; ") : NULL;
}

static bool has_command(const char *words)
{
        for (; words; words = next_command(words))
                if (is_command(words))
                        return true;
        return false;
}

/* "/root" of "TTY=pts/0 ; PWD=/root ; USER=root": all that stands between. */
static const char *folder_of(struct pool *pool, const char *fields, const char *user)
{
        const char *found = text_starts(fields, "PWD=") ? fields : strstr(fields, " ; PWD=");

        if (!found || found >= user)
                return NULL;
        found = strchr(found, '=') + 1;
        return found < user ? pool_copy(pool, found, (size_t)(user - found) - strlen(" ; ")) : NULL;
}

/* NULL for root. */
static const char *target_of(struct pool *pool, const char *user)
{
        const char *name = user + strlen("USER="), *end = strstr(name, " ; ");

        name = pool_copy(pool, name, (size_t)(end - name));
        return text_equals(name, "root") || text_equals(name, "#0") ? NULL : name;
}

/* sudo escapes no blanks in a folder's name, in ENV= or, before 1.9.13, in the command: each of them may look like the fields behind it. Of
 * what the line may mean the most is taken: the longest command, and root if one of them is root, or nothing is in its order. */
static void read_fields(struct pool *pool, const char *fields, struct sudo_line *line)
{
        const char *user = text_starts(fields, "USER=") ? fields : next_user(fields);

        line->words = NULL;
        for (; user; user = next_user(user)) {
                const char *words = command_behind(user);

                if (words && !line->words) {
                        line->words = words;
                        line->folder = folder_of(pool, fields, user);
                        line->as = target_of(pool, user);
                } else if (words && !target_of(pool, user)) {
                        line->as = NULL;
                }
        }
        if (!line->words)
                line->words = next_command(fields);
}

bool evidence_read_sudo(struct pool *pool, const char *message, struct sudo_line *line)
{
        const char *text = text_trim(pool, message), *colon = strstr(text, " : "), *fields;

        *line = (struct sudo_line){ 0 };
        if (!colon)
                return false;
        /* Without a terminal sudo-rs leaves the place of TTY= empty. */
        fields = colon + 3 + strspn(colon + 3, " ");
        if (!begins_fields(fields))
                return false;
        line->user = text_trim(pool, pool_copy(pool, text, (size_t)(colon - text)));
        read_fields(pool, fields, line);
        return !line->words || has_command(line->words);
}
