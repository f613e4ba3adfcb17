/* The clock: what it counts by, whether it is held right, and by whom. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <sys/timex.h>

static const struct fact_info clock_facts[] = {
        { "clock.source", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "What the kernel reads the time from. With anything but tsc (or kvm-clock in a guest) reading the clock costs a "
          "system call or a slow register each time.",
          "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
        { "clock.synchronised", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Does the kernel say that some daemon holds the clock to a reference? Orders carry time stamps that must be right.",
          "adjtimex: the state and the STA_UNSYNC bit" },
        { "clock.error", VALUE_REAL, UNIT_SECONDS, REACH_QUIET,
          "The kernel's bound on how far the clock may be off. It grows by 500 ppm until a daemon renews it, at each of its "
          "polls: "
          "more than those are apart means that it died. The kernel gives up, and says unsynchronised, only at 16 s, nine "
          "hours "
          "later.",
          "adjtimex: maxerror" },
        { "clock.daemons", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "The time daemons that run, of those known by name: chronyd, ntpd, ntpsec, ntpd-rs, openntpd, systemd-timesyncd, "
          "ptp4l, "
          "phc2sys, ts2phc, ptpd, sfptpd. Two at a time pull the clock to and fro.",
          "/sys/fs/cgroup/system.slice/UNIT/cgroup.procs, the daemons' files in /run" },
        { .name = NULL },
};

static void add_source(struct host *host, struct pool *pool, struct facts *facts)
{
        static const char *const path = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        const char *text;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r == 0) {
                text = text_trim(pool, text);
                if (*text == '\0' || strlen(text) > 31 || !text_equals(text, text_printable(pool, text, 31)))
                        r = -EINVAL; /* CS_NAME_LEN is 32 */
        }
        if (r < 0)
                fact_unknown(facts, r, path, "clock.source");
        else
                fact_known(facts, value_text(pool, text), path, "clock.source");
}

/* The number behind a key of the answer. */
static int answer_number(struct pool *pool, const char *text, const char *key, int64_t *number)
{
        struct slice line, word;

        while (text_line(&text, &line))
                if (slice_word(&line, " ", &word) && slice_equals(word, key))
                        return text_i64(slice_dup(pool, line), number);
        return -EINVAL;
}

static void add_synchronised(struct host *host, struct pool *pool, struct facts *facts)
{
        int64_t state = 0, status = 0, error_us = 0;
        const void *answer;
        const char *text;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, "adjtimex");
        if (r < 0) {
                fact_unknown(facts, r, "adjtimex", "clock.synchronised");
                fact_unknown(facts, r, "adjtimex", "clock.error");
                return;
        }
        text = pool_copy(pool, answer, size);
        r = answer_number(pool, text, "state", &state);
        if (r == 0)
                r = answer_number(pool, text, "status", &status);
        if (r < 0)
                fact_unknown(facts, r, "adjtimex", "clock.synchronised");
        else
                fact_known(facts, value_flag(state != TIME_ERROR && !(status & STA_UNSYNC)), "adjtimex", "clock.synchronised");
        r = answer_number(pool, text, "maxerror_us", &error_us);
        if (r < 0 || error_us < 0)
                fact_unknown(facts, r < 0 ? r : -EINVAL, "adjtimex", "clock.error");
        else
                fact_known(facts, value_real((double)error_us / 1e6, UNIT_SECONDS), "adjtimex", "clock.error");
}

struct daemon {
        const char *word;
        const char *units[3]; /* services of it, some distributions' names */
        const char *comm;     /* what /proc/PID/comm says */
        const char *pid_file; /* below /run; NULL none */
        const char *folder;   /* below /run, there as long as the service runs; NULL none */
};

/* ntpsec's daemon is called ntpd too: only its unit tells it apart. timesyncd's folder is its RuntimeDirectory=, which systemd
 * removes with the service. */
static const struct daemon daemons[] = {
        { "chronyd", { "chrony.service", "chronyd.service" }, "chronyd", "chrony/chronyd.pid", NULL },
        { "ntpd", { "ntp.service", "ntpd.service" }, "ntpd", "ntpd.pid", NULL },
        { "ntpsec", { "ntpsec.service" }, NULL, NULL, NULL },
        { "openntpd", { "openntpd.service" }, NULL, NULL, NULL },
        { "systemd-timesyncd", { "systemd-timesyncd.service" }, NULL, NULL, "systemd/timesync" },
        { "ptp4l", { "ptp4l.service", "system-ptp4l.slice" }, "ptp4l", "ptp4l.pid", NULL },
        { "phc2sys", { "phc2sys.service", "system-phc2sys.slice" }, "phc2sys", "phc2sys.pid", NULL },
        { "ts2phc", { "ts2phc.service", "system-ts2phc.slice" }, NULL, NULL, NULL },
        { "ptpd", { "ptpd.service", "ptpd2.service" }, NULL, NULL, NULL },
        { "sfptpd", { "sfptpd.service" }, NULL, NULL, NULL },
        { "ntpd-rs", { "ntpd-rs.service" }, NULL, NULL, NULL },
};

/* systemd removes the control group of a unit that has stopped. */
static bool has_group(struct host *host, struct pool *pool, const char *unit)
{
        static const char *const places[] = { "/sys/fs/cgroup", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified" };
        const char *pids;

        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
                if (text_ends(unit, ".slice")) {
                        if (host_exists(host, "%s/system.slice/%s", places[i], unit))
                                return true;
                } else if (host_read(host, pool, &pids, "%s/system.slice/%s/cgroup.procs", places[i], unit) == 0 &&
                           *text_trim(pool, pids)) {
                        return true;
                }
        }
        return false;
}

/* A daemon that was killed leaves its file behind, and another process may have got the number since. */
static bool has_process(struct host *host, struct pool *pool, const struct daemon *daemon)
{
        const char *text, *comm;
        uint64_t pid;

        if (!daemon->pid_file || host_read(host, pool, &text, "/run/%s", daemon->pid_file) < 0 ||
            text_u64(text, 10, &pid) < 0 || pid == 0 || pid > 4194304)
                return false;
        if (host_read(host, pool, &comm, "/proc/%u/comm", (unsigned)pid) < 0)
                return host_exists(host, "/proc/%u", (unsigned)pid);
        return text_equals(text_trim(pool, comm), daemon->comm);
}

static bool is_running(struct host *host, struct pool *pool, const struct daemon *daemon)
{
        for (size_t i = 0; i < 3 && daemon->units[i]; i++)
                if (has_group(host, pool, daemon->units[i]))
                        return true;
        if (has_process(host, pool, daemon))
                return true;
        return daemon->folder && host_exists(host, "/run/%s", daemon->folder);
}

static void add_daemons(struct host *host, struct pool *pool, struct facts *facts)
{
        autobuffer struct text_buffer words = { 0 };
        const struct daemon *ntpsec = &daemons[2];
        bool has_ntpsec = is_running(host, pool, ntpsec);

        /* Without /run nobody can tell who runs. */
        if (!host_exists(host, "/run")) {
                fact_unknown(facts, -ENODATA, "/run", "clock.daemons");
                return;
        }
        text_add(&words, "");
        for (size_t i = 0; i < sizeof daemons / sizeof daemons[0]; i++) {
                const struct daemon *daemon = &daemons[i];
                bool same_process = has_ntpsec && text_equals(daemon->word, "ntpd");

                if (!same_process && is_running(host, pool, daemon))
                        text_addf(&words, " %s", daemon->word);
        }
        fact_known(facts, value_words(pool, words.at), "/run", "clock.daemons");
}

static int clock_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();

        add_source(host, pool, facts);
        add_synchronised(host, pool, facts);
        add_daemons(host, pool, facts);
        return 0;
}

const struct probe probe_clock = {
        .name = "clock",
        .help = "The clock: what it counts by, whether it is held right, and by whom.",
        .facts = clock_facts,
        .run = clock_run,
};
