/* Holds what an endpoint answered against what the profile wants of it. */

#include "probes/endpoint_judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

/* "2 s", "1.5 s" */
static const char *time_words(struct pool *pool, unsigned ms)
{
        return ms % 1000 ? pool_format(pool, "%g s", ms / 1000.0) : pool_format(pool, "%u s", ms / 1000);
}

/* A newline at the end belongs to the line, not to what it says. */
static bool is_same(struct slice have, const char *want)
{
        size_t size = strlen(want);

        if (have.size == size + 1 && have.at[size] == '\n')
                have.size--;
        else if (have.size == size + 2 && have.at[size] == '\r' && have.at[size + 1] == '\n')
                have.size -= 2;
        return have.size == size && memcmp(have.at, want, size) == 0;
}

static const char *http_words(struct pool *pool, const struct endpoint *endpoint, int64_t status, struct slice body)
{
        const char *words = NULL;

        if (status != endpoint->status)
                return pool_format(pool, "answers with status %lld, not %ld", (long long)status, endpoint->status);
        if (endpoint->field_count)
                words = endpoint_json_words(pool, endpoint, body);
        if (!words && endpoint->body && !is_same(body, endpoint->body))
                words = pool_format(pool, "answers %s, not %s", endpoint_quote(pool, slice_dup(pool, body)),
                                    endpoint_quote(pool, endpoint->body));
        return words ? words : "ok";
}

static const char *command_words(struct pool *pool, const struct endpoint *endpoint, int64_t status, struct slice output)
{
        if (status != 0)
                return pool_format(pool, "ends with status %lld", (long long)status);
        if (endpoint->output && !is_same(output, endpoint->output))
                return pool_format(pool, "prints %s, not %s", endpoint_quote(pool, slice_dup(pool, output)),
                                   endpoint_quote(pool, endpoint->output));
        return "ok";
}

/* "status 200": the number behind the word. */
static bool has_number(const char *line, const char *word, int64_t *number)
{
        return text_starts(line, word) && line[strlen(word)] == ' ' && text_i64(line + strlen(word), number) == 0;
}

static int unasked(struct pool *pool, const char *line, const char **words)
{
        const char *cursor = line + strlen("unasked");
        struct slice word;
        int64_t error;

        if (!text_word(&cursor, " ", &word) || text_i64(slice_dup(pool, word), &error) < 0 || error < 1 || error > 4095)
                return -EBADMSG;
        *words = text_trim(pool, cursor);
        return -(int)error;
}

int endpoint_judge(struct pool *pool, const struct endpoint *endpoint, const struct endpoint_answer *answer, const char **words)
{
        const char *line, *newline;
        struct slice rest;
        int64_t number;

        *words = NULL;
        if (answer->error == -ETIMEDOUT) {
                *words = pool_format(pool, "gave up after %s", time_words(pool, endpoint->timeout_ms));
                return 0;
        }
        if (answer->error < 0)
                return answer->error;
        newline = memchr(answer->bytes, '\n', answer->size);
        if (!newline)
                return -EBADMSG;
        line = slice_dup(pool, (struct slice){ answer->bytes, (size_t)(newline - answer->bytes) });
        if (text_starts(line, "unasked "))
                return unasked(pool, line, words);
        rest = (struct slice){ newline + 1, answer->size - (size_t)(newline + 1 - answer->bytes) };
        if (rest.size && *rest.at == '\n')
                rest = (struct slice){ rest.at + 1, rest.size - 1 };
        if (text_starts(line, "failed "))
                *words = text_trim(pool, line + strlen("failed "));
        else if (endpoint->kind == ENDPOINT_TCP && text_equals(line, "open"))
                *words = "ok";
        else if (endpoint->kind == ENDPOINT_HTTP && has_number(line, "status", &number))
                *words = http_words(pool, endpoint, number, rest);
        else if (endpoint->kind == ENDPOINT_COMMAND && has_number(line, "exit", &number))
                *words = command_words(pool, endpoint, number, rest);
        else if (endpoint->kind == ENDPOINT_COMMAND && has_number(line, "signal", &number))
                *words = pool_format(pool, "was ended by signal %lld", (long long)number);
        return *words ? 0 : -EBADMSG;
}
