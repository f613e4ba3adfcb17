/* Runs one probe on a host and compares what it says. */

#include "tests/unit/probe_facts.h"

#include "agent/core/error_name.h"
#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <string.h>

struct facts *probe_facts_asked(struct host *host, const struct probe *probe, const char *const *asked)
{
        struct facts *facts = facts_new();

        facts->infos = probe->facts;
        facts->asked = asked;
        EXPECT_NUMBER(probe->name, probe->run(host, facts), 0);
        return facts;
}

struct facts *probe_facts(struct host *host, const struct probe *probe)
{
        return probe_facts_asked(host, probe, NULL);
}

static const char *say(struct pool *pool, const struct fact *fact)
{
        if (!fact)
                return "none";
        if (fact->status == FACT_ABSENT)
                return "absent";
        if (fact->status == FACT_UNREADABLE)
                return pool_format(pool, "unreadable %s", error_name(-fact->error));
        switch (fact->value.kind) {
        case VALUE_FLAG:
                return fact->value.flag ? "true" : "false";
        case VALUE_NUMBER:
                return pool_format(pool, "%lld", (long long)fact->value.number);
        case VALUE_REAL:
                return pool_format(pool, "%.2f", fact->value.real);
        case VALUE_CPUS:
                return cpus_format(pool, fact->value.cpus);
        default:
                return fact->value.text;
        }
}

static const struct fact *find(const struct facts *facts, const char *name)
{
        for (size_t i = 0; i < facts->unlisted_count; i++)
                if (!strcmp(facts->unlisted[i].name, name))
                        return &facts->unlisted[i];
        return fact_find(facts, name);
}

void expect_facts(const char *name, const struct facts *facts, const struct fact_row *rows, size_t count)
{
        autopool struct pool *pool = pool_new();

        for (size_t i = 0; i < count; i++)
                EXPECT_TEXT(pool_format(pool, "%s: %s", name, rows[i].name), say(pool, find(facts, rows[i].name)),
                            rows[i].want);
}
