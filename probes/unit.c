/* The units of systemd: which failed, and the state of every service. */

#include "probes/probes.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"

#include <errno.h>
#include <string.h>

#define QUESTION        "units"
#define NAME_MAX_SIZE   255U /* UNIT_NAME_MAX of systemd */
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@"

static const struct fact_info unit_facts[] = {
        {
                .name = "units.failed",
                .kind = VALUE_NUMBER,
                .unit = UNIT_COUNT,
                .reach = REACH_TOUCHING,
                .help = "Units of systemd that failed: services that crashed, mounts that did not come up, sockets that could "
                        "not listen. A box that is ready has none; the note names them. Services of plumbline itself do not "
                        "count: an audit "
                        "that finds the host not ready fails, and would be a reason for the next one to fail.",
                .where = "org.freedesktop.systemd1 on the system bus, ListUnits: units whose ActiveState is failed.",
        },
        {
                .name = "units.failed_names",
                .kind = VALUE_WORDS,
                .reach = REACH_TOUCHING,
                .help = "The units that units.failed counts, by name. Where one comes right while another fails the number is "
                        "the same, and these names are not.",
                .where = "org.freedesktop.systemd1 on the system bus, ListUnits: units whose ActiveState is failed.",
        },
        {
                .name = "unit.*.state",
                .kind = VALUE_TEXT,
                .reach = REACH_TOUCHING,
                .help = "What a service does now, as systemd says it: \"active (running)\", \"active (exited)\" for one that "
                        "ran and ended, \"inactive (dead)\", \"failed (failed)\". The name is the unit's own, with its ending: "
                        "unit.ssh.service.state. A service that is not installed is absent.",
                .where = "org.freedesktop.systemd1 on the system bus, ListUnits; for what is asked for and not loaded, the "
                         "unit.",
        },
        { .name = NULL },
};

static const struct fact_touch unit_touches[] = {
        { "units.failed", QUESTION },
        { "units.failed_names", QUESTION },
        { "unit.*.state", QUESTION },
        { "unit.*.state", "unit/*" },
        { NULL, NULL },
};

struct unit_line {
        const char *name, *load, *active, *sub;
};

static int word_read(struct pool *pool, struct slice *rest, const char **word)
{
        struct slice found;

        if (!slice_word(rest, " ", &found))
                return -EBADMSG;
        *word = slice_dup(pool, found);
        return 0;
}

static int line_read(struct pool *pool, struct slice line, struct unit_line *unit)
{
        struct slice more;

        if (word_read(pool, &line, &unit->name) < 0 || word_read(pool, &line, &unit->load) < 0 ||
            word_read(pool, &line, &unit->active) < 0 || word_read(pool, &line, &unit->sub) < 0)
                return -EBADMSG;
        if (slice_word(&line, " ", &more))
                return -EBADMSG;
        if (strlen(unit->name) > NAME_MAX_SIZE || unit->name[strspn(unit->name, NAME_CHARACTERS)])
                return -EBADMSG;
        return 0;
}

/* Every line, or nothing: half an answer would count too few failures. */
static int answer_read(struct pool *pool, const void *answer, size_t size, struct unit_line **units, size_t *count)
{
        const char *cursor = pool_copy(pool, answer, size);
        struct unit_line *found = NULL;
        struct slice line;
        size_t n = 0;

        if (memchr(cursor, 0, size))
                return -EILSEQ;
        while (text_line(&cursor, &line)) {
                int r;

                found = pool_grow(pool, found, n, sizeof *found);
                r = line_read(pool, line, &found[n]);
                if (r < 0)
                        return r;
                n++;
        }
        /* A systemd that runs has units: at least its own slice. */
        if (n == 0)
                return -EBADMSG;
        *units = found;
        *count = n;
        return 0;
}

/* These fail because the host is not ready, and must not be a reason for it. */
static bool is_own(const char *name)
{
        static const char *const own[] = { "plumbline-audit.service", "plumbline-boot.service", "plumbline-purge.service",
                                           "plumbline-ready.service" };

        for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
                if (text_equals(name, own[i]))
                        return true;
        return false;
}

static void add_failed(struct facts *facts, const struct unit_line *units, size_t count)
{
        autobuffer struct text_buffer names = { 0 }, words = { 0 };
        int64_t failed = 0;

        text_add(&words, "");
        for (size_t i = 0; i < count; i++) {
                if (!text_equals(units[i].active, "failed") || is_own(units[i].name))
                        continue;
                text_addf(&names, "%s%s", failed ? ", " : "", units[i].name);
                text_addf(&words, "%s ", units[i].name);
                failed++;
        }
        fact_known(facts, value_number(failed, UNIT_COUNT), QUESTION, "units.failed");
        if (failed)
                fact_note(facts, "%s", names.at);
        fact_known(facts, value_words(facts->pool, words.at), QUESTION, "units.failed_names");
}

static void add_state(struct facts *facts, struct pool *pool, const char *unit, const char *active, const char *sub)
{
        fact_known(facts, value_text(facts->pool, pool_format(pool, "%s (%s)", active, sub)), QUESTION, "unit.%s.state", unit);
}

/* systemd lists only what it has loaded: a service that nobody wants and that does not run may still be there. */
static void add_named(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *unit;
        size_t at = 0;

        while ((unit = fact_named(facts, "unit.*.state", &at)) != NULL) {
                const char *answer, *active, *sub;
                int r;

                if (fact_find(facts, pool_format(pool, "unit.%s.state", unit)))
                        continue;
                r = strchr(unit, '/') ? -ENOENT : unit_ask(host, pool, unit, &answer);
                active = r < 0 ? NULL : unit_property(pool, answer, "ActiveState");
                sub = r < 0 ? NULL : unit_property(pool, answer, "SubState");
                if (r == -ENOENT)
                        fact_absent(facts, unit, "unit.%s.state", unit);
                else if (!active || !sub)
                        fact_unknown(facts, r < 0 ? r : -EBADMSG, unit, "unit.%s.state", unit);
                else
                        add_state(facts, pool, unit, active, sub);
        }
}

static int unit_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        struct unit_line *units;
        const void *answer;
        size_t size, count;
        int r;

        r = host_ask(host, pool, &answer, &size, QUESTION);
        if (r >= 0)
                r = answer_read(pool, answer, size, &units, &count);
        if (r < 0) {
                fact_unknown(facts, r, QUESTION, "units.failed");
                if (r == -EOPNOTSUPP)
                        fact_note(facts, "this host was not booted with systemd");
                fact_unknown(facts, r, QUESTION, "units.failed_names");
                add_named(host, facts, pool);
                return 0;
        }
        add_failed(facts, units, count);
        for (size_t i = 0; i < count; i++) {
                if (!text_ends(units[i].name, ".service"))
                        continue;
                if (text_equals(units[i].load, "not-found"))
                        fact_absent(facts, QUESTION, "unit.%s.state", units[i].name);
                else
                        add_state(facts, pool, units[i].name, units[i].active, units[i].sub);
        }
        add_named(host, facts, pool);
        return 0;
}

const struct probe probe_unit = {
        .name = "unit",
        .help = "The units of systemd: which failed, and the state of every service.",
        .facts = unit_facts,
        .touches = unit_touches,
        .run = unit_run,
};
