/* A complaint on standard error. */

#include "agent/verb.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdarg.h>
#include <stdio.h>

int complain(int status, const char *format, ...)
{
        autopool struct pool *pool = pool_new();
        va_list args;
        char *text;

        va_start(args, format);
        text = pool_vformat(pool, format, args);
        va_end(args);
        fprintf(stderr, "plumbline: %s\n", text_printable(pool, text, 2000));
        return status;
}
