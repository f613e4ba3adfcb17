/* Asking the journal what people and the kernel did: commands, and what the kernel said of its devices. */

#include "agent/core/ask.h"
#include "agent/core/journal_inside.h"

#include "agent/core/children.h"
#include "agent/core/journal.h"
#include "agent/core/journal_told.h"
#include "agent/core/monotonic.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LOOK_MS (JOURNAL_TIMEOUT_MS / 2) /* and the rest for telling */
/* sudo puts so much into one line and goes on in another (sudoers(5), syslog_maxlen: 980), behind the user's name. */
#define COMMAND_MESSAGE_MAX 1100

struct past {
        const char *window; /* see journal_window_seconds */
        int (*add_matches)(sd_journal *journal);
        bool (*add_words)(sd_journal *journal, struct text_buffer *words); /* "sudo MESSAGE"; false: it tells nothing */
};

/* What a unit's shell prints (ifup: "eth0=eth0") is under the shell's name, too; a log is not sent over there. */
static bool is_output(sd_journal *journal)
{
        char transport[JOURNAL_FIELD_MAX];

        return journal_field(journal, "_TRANSPORT", false, transport, sizeof transport) && text_equals(transport, "stdout");
}

/* What is called sudo; and what a shell was set up to send, which anybody could have sent. */
static int match_commands(sd_journal *journal)
{
        static const char *const matches[] = {
                "_COMM=sudo",
                "_COMM=sudo-rs",
                "_COMM=sudo.ws",
                NULL,
                "SYSLOG_IDENTIFIER=bash",
                "SYSLOG_IDENTIFIER=-bash",
                "SYSLOG_IDENTIFIER=zsh",
                "SYSLOG_IDENTIFIER=sh",
        };
        int r = 0;

        for (size_t i = 0; r >= 0 && i < sizeof matches / sizeof matches[0]; i++)
                r = matches[i] ? sd_journal_add_match(journal, matches[i], 0) : sd_journal_add_disjunction(journal);
        return r;
}

/* Whoever likes can call a program sudo, but not put it there: the path is journald's word for what ran (systemd.journal-fields(7)). _UID
 * tells nothing of sudo, whose real user remains the one that called it. */
static bool is_sudo(sd_journal *journal)
{
        /* Ubuntu has sudo-rs in its place since 25.10, and the older one beside it; Debian has sudo-rs under its own name. */
        static const char *const paths[] = { "/usr/bin/sudo", "/bin/sudo", "/usr/lib/cargo/bin/sudo", "/usr/bin/sudo.ws",
                                             "/usr/bin/sudo-rs" };
        char path[JOURNAL_FIELD_MAX];

        if (!journal_field(journal, "_EXE", false, path, sizeof path))
                return false;
        for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
                if (text_equals(path, paths[i]))
                        return true;
        return false;
}

/* The number of its process tells which of sudo's lines belong together. */
static bool add_command(sd_journal *journal, struct text_buffer *words)
{
        char message[COMMAND_MESSAGE_MAX], process[JOURNAL_FIELD_MAX];
        bool sudo = is_sudo(journal);

        if (!sudo && is_output(journal))
                return false;
        journal_field(journal, "MESSAGE", true, message, sizeof message);
        if (sudo && journal_field(journal, "_PID", false, process, sizeof process))
                text_addf(words, "sudo:%s %s", process, message);
        else
                text_addf(words, "%s %s", sudo ? "sudo" : "shell", message);
        return true;
}

/* What comes over the transport "kernel" nobody else can have sent (systemd.journal-fields(7)). */
static int match_kernel(sd_journal *journal)
{
        return sd_journal_add_match(journal, "_TRANSPORT=kernel", 0);
}

bool journal_is_telling(const char *priority, const char *message)
{
        /* drivers/pci/pci.c, __pcie_print_link_status; drivers/md/md.c and raid1.c. */
        static const char *const words[] = { "link is ",
                                             "link up",
                                             "link down",
                                             "offline",
                                             "available PCIe bandwidth, limited by",
                                             " of RAID array ",
                                             "background reconstruction" };

        if (priority[0] >= '0' && priority[0] <= '4')
                return true;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (strcasestr(message, words[i]))
                        return true;
        return false;
}

static bool add_kernel(sd_journal *journal, struct text_buffer *words)
{
        char message[JOURNAL_MESSAGE_MAX], priority[8];

        journal_field(journal, "PRIORITY", false, priority, sizeof priority);
        if (!journal_field(journal, "MESSAGE", true, message, sizeof message) || !journal_is_telling(priority, message))
                return false;
        text_addf(words, "kernel %s", message);
        return true;
}

/* What tells whether the beginning was rotated away: when the oldest entry is from, and how long after its boot. */
static int add_oldest(sd_journal *journal, sd_id128_t boot, struct text_buffer *text)
{
        sd_id128_t first;
        uint64_t when, since_boot;
        int r;

        sd_journal_flush_matches(journal);
        r = sd_journal_seek_head(journal);
        if (r >= 0)
                r = sd_journal_next(journal);
        if (r == 0)
                return -ENODATA;
        if (r > 0)
                r = sd_journal_get_realtime_usec(journal, &when);
        if (r >= 0)
                r = sd_journal_get_monotonic_usec(journal, &since_boot, &first);
        if (r < 0)
                return r;
        text_addf(text, "oldest_us %llu\nearlier_boot %d\nafter_boot_us %llu\n", (unsigned long long)when,
                  !sd_id128_equal(first, boot), (unsigned long long)since_boot);
        return 0;
}

/* Back to the entry of this cursor, which is of then. By the time alone that end is not to be found: what a boot with a wrong clock wrote may
 * stand anywhere. 0 or a negative errno. */
static int walk_back(sd_journal *journal, const struct past *past, const char *first, uint64_t first_us,
                     struct journal_told *told)
{
        int64_t until_ms = monotonic_ms() + LOOK_MS;
        uint64_t when_us;
        int r;

        r = sd_journal_seek_tail(journal);
        while (r >= 0 && (r = sd_journal_previous(journal)) > 0) {
                autobuffer struct text_buffer words = { 0 };

                r = sd_journal_get_realtime_usec(journal, &when_us);
                if (r < 0)
                        return r;
                if (monotonic_ms() > until_ms) {
                        journal_told_end(told, when_us);
                        return 0;
                }
                if (past->add_words(journal, &words) && !journal_told_add(told, when_us, words.at))
                        return 0;
                if (when_us == first_us && sd_journal_test_cursor(journal, first) > 0)
                        return 0;
        }
        return r;
}

/* A window reaches back to the first entry that is not older than it. */
static int find_first(sd_journal *journal, const struct past *past, char **cursor, uint64_t *when_us)
{
        uint64_t since = (uint64_t)(time(NULL) - journal_window_seconds(past->window));
        int r;

        r = past->add_matches(journal);
        if (r >= 0)
                r = sd_journal_seek_realtime_usec(journal, since * 1000000);
        if (r >= 0)
                r = sd_journal_next(journal);
        if (r <= 0)
                return r;
        r = sd_journal_get_realtime_usec(journal, when_us);
        if (r >= 0)
                r = sd_journal_get_cursor(journal, cursor);
        return r < 0 ? r : 1;
}

static int ask_since(const void *about, struct text_buffer *text)
{
        autojournal sd_journal *journal = NULL;
        const struct past *past = about;
        autofree char *first = NULL;
        struct journal_told *told;
        uint64_t first_us;
        sd_id128_t boot;
        int r;

        r = sd_id128_get_boot(&boot);
        if (r >= 0)
                r = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
        if (r >= 0)
                r = add_oldest(journal, boot, text);
        if (r >= 0)
                r = find_first(journal, past, &first, &first_us);
        if (r <= 0)
                return r;
        told = journal_told_new(JOURNAL_ANSWER_MAX - 2048);
        r = walk_back(journal, past, first, first_us, told);
        journal_told_tell(told, text);
        journal_told_free(told);
        return r < 0 ? r : 0;
}

static int ask_past(struct pool *pool, const struct past *past, const void **answer, size_t *size)
{
        int r;

        r = journal_window_seconds(past->window) ? journal_may_read() : -ENOENT;
        return r < 0 ? r : children_ask(ask_since, past, JOURNAL_TIMEOUT_MS, JOURNAL_ANSWER_MAX, pool, answer, size);
}

int ask_commands(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        return ask_past(pool, &(struct past){ rest, match_commands, add_command }, answer, size);
}

int ask_kernel_log(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        return ask_past(pool, &(struct past){ rest, match_kernel, add_kernel }, answer, size);
}
