/* The first line of an endpoint's answer. */

#include "agent/core/ask.h"
#include "agent/core/children.h"
#include "agent/core/endpoint_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <stdarg.h>

void endpoint_failed(int out, const char *format, ...)
{
        autobuffer struct text_buffer text = { 0 };
        autopool struct pool *pool = pool_new();
        va_list args;

        va_start(args, format);
        text_addf(&text, "failed %s\n", text_printable(pool, pool_vformat(pool, format, args), ENDPOINT_HEAD_MAX - 16));
        va_end(args);
        children_answer(out, text.at, text.size);
}

void endpoint_unasked(int out, int error, const char *format, ...)
{
        autobuffer struct text_buffer text = { 0 };
        autopool struct pool *pool = pool_new();
        va_list args;

        va_start(args, format);
        text_addf(&text, "unasked %d %s\n", -error,
                  text_printable(pool, pool_vformat(pool, format, args), ENDPOINT_HEAD_MAX - 32));
        va_end(args);
        children_answer(out, text.at, text.size);
}

int ask_endpoint(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        (void)pool;
        (void)rest;
        (void)answer;
        (void)size;
        return -EOPNOTSUPP;
}
