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

/* Where a directory keeps the answer: behind the question's own prefix a file name without slashes. */
static void answer_path(struct text_buffer *path, const char *prefix, const char *rest)
{
        text_addf(path, "/.plumbline/ask/%s", prefix);
        for (; *rest; rest++) {
                if (*rest == '/')
                        text_add(path, "%2f");
                else
                        text_add_bytes(path, rest, 1);
        }
}

static int stored_answer(struct host *host, struct pool *pool, const void **answer, size_t *size, const char *path)
{
        autoclose int fd = door_open(host, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

        if (fd == -ENOENT || fd == -ENOTDIR)
                return -ENODATA;
        return fd < 0 ? fd : door_slurp(fd, (struct door_size){ 0 }, pool, answer, size);
}

static int find_answer(struct host *host, struct pool *pool, const void **answer, size_t *size, const struct question *question,
                       const char *text)
{
        autobuffer struct text_buffer path = { 0 };
        struct slice found = { 0 };
        const char *rest = text + strlen(question->prefix);
        int r;

        answer_path(&path, question->prefix, rest);
        r = door_knock(host, question->reach, text);
        if (r == 0 && host->live && host->limited)
                r = door_ask_in_time(host, pool, question, rest, answer, size);
        else if (r == 0 && host->live)
                r = question->ask(pool, rest, answer, size);
        else if (r == 0)
                r = stored_answer(host, pool, answer, size, path.at);
        if (r == -ENODATA)
                r = door_seen(host, "ask", text, r);
        if (r == 0)
                found = (struct slice){ *answer, *size };
        door_note_answer(host, text, path.at, r, found);
        return r;
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
        return find_answer(host, pool, answer, size, found, text);
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
