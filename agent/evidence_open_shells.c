/* Shells of root's that were opened before an item went wrong, and of which nobody saw the end. */

#include "agent/evidence_commands.h"

#include "agent/core/boot.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX  160
#define SHELLS_MAX 2 /* of an item */
#define HELD_S     ((int64_t)7 * 86400)
/* The kernel tells when it began by the clock of now. */
#define CLOCK_SLACK_S 60

struct held {
        int64_t at, until; /* until 0: no end of it is seen */
        const char *text;
};

/* What PAM opened for one sudo; of whom: "sudo:512", or "sudo" where the process is not known. */
struct opened {
        const char *who;
        size_t shell; /* NO_SHELL: another command */
        bool closed;
};
#define NO_SHELL SIZE_MAX

struct watch {
        struct pool *pool;
        size_t shell_count, opened_count;
        struct held *shells;
        struct opened *opened;
        struct opened last; /* the last command, for which nothing is opened yet */
};

static void open_one(struct watch *watch, const char *who)
{
        bool its = watch->last.who && text_equals(watch->last.who, who);

        watch->opened = pool_grow(watch->pool, watch->opened, watch->opened_count, sizeof *watch->opened);
        watch->opened[watch->opened_count++] = (struct opened){ who, its ? watch->last.shell : NO_SHELL, false };
        watch->last = (struct opened){ 0 };
}

/* Where the process is not known it is the one that was opened last. */
static void close_one(struct watch *watch, const char *who, int64_t at)
{
        for (size_t i = watch->opened_count; i-- > 0;) {
                struct opened *opened = &watch->opened[i];

                if (opened->closed || !text_equals(opened->who, who))
                        continue;
                opened->closed = true;
                if (opened->shell != NO_SHELL && watch->shells)
                        watch->shells[opened->shell].until = at;
                return;
        }
}

/* pam_unix(8): "pam_unix(sudo-i:session): session opened for user root(uid=0) by alice(uid=1000)". */
static bool is_session(const char *message, const char *words)
{
        return text_starts(message + strspn(message, " "), "pam_unix(sudo") && strstr(message, words);
}

/* There may be thousands of other commands. */
static bool may_open(const char *words)
{
        static const char *const parts[] = { "sh",      "su",     "machinectl", "tmux",   "screen",
                                             "nsenter", "chroot", "doas",       "pkexec", "systemd-run" };

        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
                if (strstr(words, parts[i]))
                        return true;
        return false;
}

static void look_at(struct watch *watch, const struct command_line *line)
{
        autopool struct pool *pool = pool_new();
        struct sudo_line sudo;
        struct acts acts = { 0 };

        if (is_session(line->message, "session opened for ")) {
                open_one(watch, line->who);
                return;
        }
        if (is_session(line->message, "session closed for ")) {
                close_one(watch, line->who, line->at);
                return;
        }
        if (!evidence_read_sudo(pool, line->message, &sudo))
                return;
        watch->last = (struct opened){ line->who, NO_SHELL, false };
        if (sudo.words && !sudo.as && may_open(sudo.words))
                evidence_acts(pool, sudo.words, sudo.folder, false, &acts);
        if (acts.shell != SHELL_TYPED)
                return;
        watch->last.shell = watch->shell_count;
        watch->shells = pool_grow(watch->pool, watch->shells, watch->shell_count, sizeof *watch->shells);
        watch->shells[watch->shell_count++] =
                (struct held){ line->at, 0,
                               pool_format(watch->pool, "%s has had a shell as root since then, by sudo: %s",
                                           text_printable(pool, sudo.user, 60), text_printable(pool, sudo.words, SHOWN_MAX)) };
}

/* No shell lives through the start of another boot. */
static bool is_of_another_boot(const struct evidence *evidence, const struct drift_row *row, int64_t at, int64_t began)
{
        return row->right_boot && text_equals(row->right_boot, evidence->session->boot_id) && at + CLOCK_SLACK_S < began;
}

static void hold_against(const struct evidence *evidence, const struct held *shell, int64_t began, struct drift_row *row)
{
        int64_t start = row->since ? row->since : row->last_right;

        if (!start || shell->at >= start || start - shell->at > HELD_S || evidence_fits(row, shell->at))
                return;
        if ((shell->until && shell->until < start) || is_of_another_boot(evidence, row, shell->at, began))
                return;
        evidence_add_some(evidence, row, &(struct clue){ "command", 30, shell->at, shell->text },
                          "* has had a shell as root since then, by sudo: *", SHELLS_MAX);
}

void evidence_of_open_shells(const struct evidence *evidence, const struct command_lines *lines)
{
        struct watch watch = { .pool = lines->pool };
        int64_t began;

        for (size_t i = 0; i < lines->count; i++)
                if (text_starts(lines->rows[i].who, "sudo"))
                        look_at(&watch, &lines->rows[i]);
        began = watch.shell_count ? boot_time(evidence->session->host) : 0;
        for (size_t i = 0; i < watch.shell_count; i++)
                for (size_t j = 0; j < evidence->drift->count; j++)
                        hold_against(evidence, &watch.shells[i], began, &evidence->drift->rows[j]);
}
