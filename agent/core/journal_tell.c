/* Telling the journal: an entry of fields, over libsystemd, and never for longer than a moment. */

/* Where in this file an entry was sent from says nothing. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "agent/core/ask.h"

#include "agent/core/text.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <systemd/sd-journal.h>

#define FIELDS_MAX  32
#define PATIENCE_US 200000
#define AGAIN_US    20000

static void wake(int signal)
{
        (void)signal;
}

/* libsystemd sends on a blocking socket, and the journal's queue is full when the journal hangs. A signal without SA_RESTART ends
 * the wait with EINTR (signal(7)); it comes again, in case the first was there before the wait began. */
static int send_in_time(const struct iovec *fields, size_t count)
{
        const struct itimerval soon = { .it_value.tv_usec = PATIENCE_US, .it_interval.tv_usec = AGAIN_US };
        const struct sigaction waking = { .sa_handler = wake };
        const struct itimerval never = { 0 };
        struct sigaction action_before;
        sigset_t alarm, mask_before;
        int r;

        sigemptyset(&alarm);
        sigaddset(&alarm, SIGALRM);
        if (sigaction(SIGALRM, &waking, &action_before) < 0)
                return -errno;
        sigprocmask(SIG_UNBLOCK, &alarm, &mask_before);
        setitimer(ITIMER_REAL, &soon, NULL);
        r = sd_journal_sendv(fields, (int)count);
        setitimer(ITIMER_REAL, &never, NULL);
        sigprocmask(SIG_SETMASK, &mask_before, NULL);
        sigaction(SIGALRM, &action_before, NULL);
        return r;
}

int tell_journal(const struct slice *fields, size_t count)
{
        struct iovec parts[FIELDS_MAX];

        if (count > FIELDS_MAX)
                return -E2BIG;
        for (size_t i = 0; i < count; i++) {
                /* An iovec is for reading too and so wants plain pointers; nothing is written through these. */
                memcpy(&parts[i].iov_base, &fields[i].at, sizeof parts[i].iov_base);
                parts[i].iov_len = fields[i].size;
        }
        return send_in_time(parts, count);
}
