/* The door, asking side: what is not a file. */

#include "agent/core/ask.h"
#include "agent/core/host_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define QUESTION_SIZE 1024

static const struct question *find_question(const char *text)
{
        for (const struct question *question = questions; question->prefix; question++)
                if (text_ends(question->prefix, "/") ? text_starts(text, question->prefix)
                                                     : text_equals(text, question->prefix))
                        return question;
        return NULL;
}

/* Under a directory: the answer that was stored, by a file name without slashes of its own. */
static int stored_answer(struct host *host, struct pool *pool, const void **answer, size_t *size, const char *prefix,
                         const char *rest)
{
        autobuffer struct text_buffer path = { 0 };
        autoclose int fd = -1;

        text_addf(&path, "/.plumbline/ask/%s", prefix);
        for (; *rest; rest++) {
                if (*rest == '/')
                        text_add(&path, "%2f");
                else
                        text_add_bytes(&path, rest, 1);
        }
        fd = door_open(host, path.at, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
        if (fd == -ENOENT || fd == -ENOTDIR)
                return -ENODATA;
        return fd < 0 ? fd : door_slurp(fd, (struct door_size){ 0 }, pool, answer, size);
}

int host_ask(struct host *host, struct pool *pool, const void **answer, size_t *size, const char *question, ...)
{
        const struct question *found;
        char text[QUESTION_SIZE];
        va_list args;
        int r;

        va_start(args, question);
        r = door_path(text, sizeof text, question, args);
        va_end(args);
        if (r < 0)
                return r;
        found = find_question(text);
        if (!found)
                return -EOPNOTSUPP;
        r = door_knock(host, found->reach, text);
        if (r < 0)
                return r;
        if (!host->live)
                return stored_answer(host, pool, answer, size, found->prefix, text + strlen(found->prefix));
        return found->ask(pool, text + strlen(found->prefix), answer, size);
}

int host_tell(struct host *host, const char *target, const char *value)
{
        int r;

        if (!host->live)
                return -EOPNOTSUPP;
        for (const struct order *order = orders; order->prefix; order++) {
                if (!text_starts(target, order->prefix))
                        continue;
                r = door_change(host);
                return r < 0 ? r : order->tell(target + strlen(order->prefix), value);
        }
        return -EOPNOTSUPP;
}

void host_log(struct host *host, const struct slice *fields, size_t count)
{
        if (host->live && !host->unheard)
                host->unheard = tell_journal(fields, count) < 0;
}
