/* The endpoints of the section `health`: what each must answer, and which tier waits for it. */

#include "agent/profile_node.h"
#include "agent/profile_section.h"

#include "agent/core/endpoint.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
#define NAME_SIZE_MAX   64
#define TIMEOUT_MS      2000 /* unless the profile says otherwise */
#define TIMEOUT_MAX_S   60.0
#define TIMEOUT_MIN_S   0.001
#define WANTED_MAX      4096 /* of a body or an output: more is not kept of the answer's line either */

static int read_line(struct sections *sections, const struct node *map, const char *key, const char *what, const char **line)
{
        const struct pair *pair = node_find(map, key);
        int r;

        *line = NULL;
        if (!pair)
                return 0;
        r = node_is_line(sections->reading, pair->value, what);
        if (r < 0)
                return r;
        if (!*pair->value->text || strlen(pair->value->text) > WANTED_MAX)
                return reading_problem(sections->reading, pair->value, "found %s, expected %s of 1 to %d characters",
                                       reading_found(sections->reading, pair->value), what, WANTED_MAX);
        *line = pair->value->text;
        return 0;
}

static int read_timeout(struct sections *sections, const struct node *map, struct endpoint *endpoint)
{
        const struct pair *pair = node_find(map, "timeout");
        struct value value;
        int r;

        endpoint->timeout_ms = TIMEOUT_MS;
        if (!pair)
                return 0;
        r = node_is_line(sections->reading, pair->value, "a time such as \"2 s\"");
        if (r < 0)
                return r;
        r = value_parse(sections->profile->pool, pair->value->text, VALUE_REAL, UNIT_SECONDS, &value);
        if (r == 0 && value.real != 0 && endpoint_is_number(pair->value->text))
                return reading_problem(sections->reading, pair->value,
                                       "found %s without a unit, expected a time such as \"2 s\"",
                                       reading_found(sections->reading, pair->value));
        if (r < 0 || !(value.real >= TIMEOUT_MIN_S && value.real <= TIMEOUT_MAX_S))
                return reading_problem(sections->reading, pair->value,
                                       "found %s, expected a time from 1 ms to 60 s, such as \"2 s\"",
                                       reading_found(sections->reading, pair->value));
        endpoint->timeout_ms = (unsigned)(value.real * 1000 + 0.5);
        return 0;
}

static int read_tcp(struct sections *sections, const struct node *node, const struct node *map, struct endpoint *endpoint)
{
        (void)map;
        return profile_endpoint_tcp(sections, node, endpoint);
}

static int read_status(struct sections *sections, const struct node *map, struct endpoint *endpoint)
{
        const struct pair *pair = node_find(map, "status");
        int64_t status = 200;

        if (pair && (pair->value->kind != NODE_SCALAR || pair->value->nothing || text_i64(pair->value->text, &status) < 0 ||
                     status < 100 || status > 599))
                return reading_problem(sections->reading, pair->value,
                                       "found %s, expected a status from 100 to 599, such as 200",
                                       reading_found(sections->reading, pair->value));
        endpoint->status = (long)status;
        return 0;
}

static int read_http(struct sections *sections, const struct node *node, const struct node *map, struct endpoint *endpoint)
{
        const struct pair *json = node_find(map, "json");
        int r;

        r = profile_endpoint_url(sections, node);
        if (r == 0)
                r = read_status(sections, map, endpoint);
        if (r == 0)
                r = read_line(sections, map, "body", "the body that is answered", &endpoint->body);
        if (r == 0)
                r = read_line(sections, map, "ca", "a file of certificates", &endpoint->ca);
        if (r == 0 && endpoint->ca && *endpoint->ca != '/')
                r = reading_problem(sections->reading, node_find(map, "ca")->value, "found %s, expected a path from the root",
                                    reading_found(sections->reading, node_find(map, "ca")->value));
        if (r == 0 && json)
                r = profile_endpoint_members(sections, json->value, endpoint);
        endpoint->url = endpoint->what = node->text;
        return r;
}

static int read_command(struct sections *sections, const struct node *node, const struct node *map, struct endpoint *endpoint)
{
        struct pool *pool = sections->profile->pool;
        const char **argv = pool_zero(pool, (node->count + 1) * sizeof *argv);
        const struct pair *user = node_find(map, "user");
        int r;

        r = node_is_list(sections->reading, node, "a program and its arguments, such as [/usr/bin/redis-cli, ping]");
        for (size_t i = 0; r == 0 && i < node->count; i++) {
                r = node_is_line(sections->reading, node->items[i], "a program or an argument");
                argv[i] = node->items[i]->text;
        }
        if (r < 0)
                return r;
        if (!node->count || argv[0][0] != '/')
                return reading_problem(sections->reading, node->count ? node->items[0] : node,
                                       "found %s, expected the path of a program, such as /usr/bin/redis-cli",
                                       node->count ? reading_found(sections->reading, node->items[0]) : "nothing");
        if (!user)
                return reading_problem(sections->reading, node,
                                       "found a command without \"user\", expected the user who runs it");
        r = read_line(sections, map, "user", "the user who runs the command", &endpoint->user);
        if (r == 0 && text_equals(endpoint->user, "root"))
                r = reading_problem(sections->reading, user->value, "found root, expected a user without privileges");
        if (r == 0)
                r = read_line(sections, map, "output", "the output", &endpoint->output);
        endpoint->argv = argv;
        endpoint->what = pool_format(pool, "command %s", argv[0]);
        return r;
}

static const struct {
        const char *key;
        const char *const *keys; /* those that an endpoint of this kind may have */
        int (*read)(struct sections *sections, const struct node *node, const struct node *map, struct endpoint *endpoint);
} kinds[] = {
        [ENDPOINT_TCP] = { "tcp", (const char *const[]){ "tcp", "timeout", "tier", "why", NULL }, read_tcp },
        [ENDPOINT_HTTP] = { "http",
                            (const char *const[]){ "http", "status", "json", "body", "ca", "timeout", "tier", "why", NULL },
                            read_http },
        [ENDPOINT_COMMAND] = { "command", (const char *const[]){ "command", "user", "output", "timeout", "tier", "why", NULL },
                               read_command },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static int read_kind(struct sections *sections, const struct node *map, struct endpoint *endpoint)
{
        const struct pair *found = NULL;
        int r;

        r = node_is_map(sections->reading, map, "tcp, http or command, and what must be answered");
        if (r < 0)
                return r;
        for (size_t i = 0; i < KINDS; i++) {
                const struct pair *pair = node_find(map, kinds[i].key);

                if (pair && found)
                        return reading_problem(sections->reading, pair->key, "found %s beside %s, expected one of them",
                                               kinds[i].key, found->key->text);
                if (pair) {
                        found = pair;
                        endpoint->kind = (enum endpoint_kind)i;
                }
        }
        if (!found)
                return reading_problem(sections->reading, map,
                                       "found an endpoint without tcp, http or command, expected one of them");
        r = node_has_keys(sections->reading, map, kinds[endpoint->kind].keys);
        if (r == 0)
                r = read_timeout(sections, map, endpoint);
        return r < 0 ? r : kinds[endpoint->kind].read(sections, found->value, map, endpoint);
}

/* Its state is a fact like any other, and the profile wants it to be ok. */
static int require_ok(struct sections *sections, const struct pair *pair)
{
        const char *fact = pool_format(sections->profile->pool, "endpoint.%s.state", pair->key->text), *why = NULL;
        enum tier tier;
        int r;

        r = profile_tier(sections->reading, node_find(pair->value, "tier"), &tier);
        if (r == 0 && node_find(pair->value, "why"))
                r = node_sentence(sections->reading, node_find(pair->value, "why")->value, "a sentence that says why", &why);
        return r < 0 ? r : profile_require_fact(sections, pair->key, fact, "ok", tier, why);
}

int profile_health_endpoints(struct sections *sections, const struct node *node)
{
        struct profile *profile = sections->profile;
        int r;

        r = node_is_map(sections->reading, node, "endpoints by their names, and what each must answer");
        if (r == 0 && node->count > ENDPOINT_MAX)
                r = reading_problem(sections->reading, node, "found %zu endpoints, expected at most %d", node->count,
                                    ENDPOINT_MAX);
        for (size_t i = 0; r == 0 && i < node->count; i++) {
                const struct pair *pair = &node->pairs[i];
                struct endpoint endpoint = { .name = pair->key->text };
                size_t size = strlen(endpoint.name);

                if (!size || size > NAME_SIZE_MAX || strspn(endpoint.name, NAME_CHARACTERS) != size)
                        return reading_problem(sections->reading, pair->key,
                                               "found %s, expected the name of an endpoint: letters, digits, '-' and '_'",
                                               reading_found(sections->reading, pair->key));
                r = read_kind(sections, pair->value, &endpoint);
                if (r == 0)
                        r = require_ok(sections, pair);
                if (r < 0)
                        return r;
                profile->endpoints =
                        pool_grow(profile->pool, profile->endpoints, profile->endpoint_count, sizeof *profile->endpoints);
                profile->endpoints[profile->endpoint_count++] = endpoint;
        }
        return r;
}
