/* The endpoints that the profile names: does each answer as it must? */

#include "agent/core/endpoint.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "probes/endpoint_judge.h"

static const struct fact_info endpoint_facts[] = {
        { "endpoint.*.state", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING,
          "Does this endpoint of the profile's health section answer as it must? It is ok, or says why not. A process that "
          "runs "
          "and does not answer is no service. Only check asks: an audit and check --quiet-only leave it unread, and no other "
          "verb "
          "asks either.",
          "the endpoint itself: a TCP connection, an HTTP answer, or a command, each within its own time limit, all at once" },
        { .name = NULL },
};

/* An audit may not ask an endpoint of the live host, whatever its profile lets it touch: host_allow_endpoints is for check. */
static const struct fact_touch endpoint_touches[] = {
        { "endpoint.*.state", "endpoint/*" },
        { NULL, NULL },
};

static int endpoint_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();
        const struct endpoint_answer *answers;
        const struct endpoint *endpoints;
        size_t count;

        host_endpoints(host, pool, &endpoints, &answers, &count);
        for (size_t i = 0; i < count; i++) {
                const char *words;
                int r;

                r = endpoint_judge(pool, &endpoints[i], &answers[i], &words);
                if (r == 0) {
                        fact_known(facts, value_text(pool, words), endpoints[i].what, "endpoint.%s.state", endpoints[i].name);
                        continue;
                }
                fact_unknown(facts, r, endpoints[i].what, "endpoint.%s.state", endpoints[i].name);
                if (words)
                        fact_note(facts, "%s", words);
        }
        return 0;
}

const struct probe probe_endpoint = {
        .name = "endpoint",
        .help = "The endpoints that the profile names: does each answer as it must?",
        .facts = endpoint_facts,
        .touches = endpoint_touches,
        .run = endpoint_run,
};
