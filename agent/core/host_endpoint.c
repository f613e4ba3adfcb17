/* The door, asking the endpoints that a profile names. */

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/endpoint_inside.h"
#include "agent/core/host_inside.h"
#include "agent/core/pool.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Everywhere the user who owns nothing. */
#define NOBODY 65534

void host_watch(struct host *host, const struct endpoint *endpoints, size_t count)
{
        host->endpoints = endpoints;
        host->endpoint_count = count;
}

void host_allow_endpoints(struct host *host)
{
        host->ask_endpoints = true;
}

/* What a stranger answers is not for root to take apart. */
static int leave_root(void)
{
        pid_t parent = getppid();

        if (geteuid() != 0)
                return 0;
        if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0)
                return -errno;
        children_tie(parent, SIGKILL);
        return 0;
}

static void ask(const void *about, int out)
{
        static void (*const asks[])(const struct endpoint *, int) = {
                [ENDPOINT_TCP] = endpoint_ask_tcp,
                [ENDPOINT_HTTP] = endpoint_ask_http,
                [ENDPOINT_COMMAND] = endpoint_ask_command,
        };
        const struct endpoint *endpoint = about;
        int r;

        r = endpoint->kind == ENDPOINT_COMMAND ? 0 : leave_root();
        if (r < 0) {
                endpoint_unasked(out, r, "becoming the user nobody: %s", strerror(-r));
                return;
        }
        asks[endpoint->kind](endpoint, out);
}

/* Under a directory: what is stored there, if anything is. */
static void recall_answer(struct host *host, struct pool *pool, const struct endpoint *endpoint, struct endpoint_answer *answer)
{
        const void *bytes = "";

        answer->error = host_ask(host, pool, &bytes, &answer->size, "endpoint/%s", endpoint->name);
        answer->bytes = bytes;
}

static void ask_live(struct host *host, struct pool *pool, struct endpoint_answer *answers)
{
        unsigned left_ms = door_left_ms(host);
        autofree struct task *tasks = memory_zero(host->endpoint_count * sizeof *tasks);

        for (size_t i = 0; i < host->endpoint_count; i++) {
                unsigned timeout_ms = host->endpoints[i].timeout_ms;

                tasks[i] = (struct task){ .work = ask, .about = &host->endpoints[i] };
                tasks[i].timeout_ms = host->limited && timeout_ms > left_ms ? left_ms : timeout_ms;
        }
        children_run(tasks, host->endpoint_count, ENDPOINT_ANSWER_MAX + ENDPOINT_HEAD_MAX);
        for (size_t i = 0; i < host->endpoint_count; i++) {
                text_add(&tasks[i].answer, "");
                answers[i] = (struct endpoint_answer){ .error = tasks[i].result,
                                                       .bytes = pool_copy(pool, tasks[i].answer.at, tasks[i].answer.size + 1),
                                                       .size = tasks[i].answer.size };
                text_buffer_free(&tasks[i].answer);
                if (tasks[i].result != -ETIMEDOUT || tasks[i].timeout_ms == host->endpoints[i].timeout_ms)
                        continue;
                answers[i].error = -ETIME;
                door_give_up(host, "endpoint/", host->endpoints[i].name);
        }
}

void host_endpoints(struct host *host, struct pool *pool, const struct endpoint **endpoints,
                    const struct endpoint_answer **answers, size_t *count)
{
        struct endpoint_answer *result = pool_zero(pool, (host->endpoint_count + 1) * sizeof *result);
        int refused = 0;

        *endpoints = host->endpoints;
        *answers = result;
        *count = host->endpoint_count;
        if (host->live && host->endpoint_count)
                refused = host->ask_endpoints ? door_knock(host, REACH_TOUCHING, "endpoint/") : -ECANCELED;
        if (host->live && host->endpoint_count && refused == 0) {
                ask_live(host, pool, result);
                return;
        }
        for (size_t i = 0; i < host->endpoint_count; i++) {
                result[i].error = refused;
                if (!host->live)
                        recall_answer(host, pool, &host->endpoints[i], &result[i]);
        }
}
