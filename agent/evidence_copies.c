/* Of commands that copy: what they write to, since they only read the rest. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

static void add_copies(struct pool *pool, const char *arguments, struct slice to, struct text_buffer *text)
{
        struct slice word;

        text_addf(text, "%.*s", (int)to.size, to.at);
        while (evidence_argument(&arguments, &word))
                if (word.at[0] != '-' && word.at != to.at && !memchr(word.at, '*', word.size))
                        text_addf(text, " %.*s/%s", (int)to.size, to.at, basename(slice_dup(pool, word)));
}

/* The last operand, or what -t names, is what it writes to, or the folder in which it does; the others it only reads. */
const char *evidence_copied(struct pool *pool, const char *arguments)
{
        autobuffer struct text_buffer text = { 0 };
        const char *at = arguments;
        struct slice word, to = { 0 };
        bool named = false;

        while (evidence_argument(&at, &word)) {
                if (evidence_is_among(word, "-t --target-directory"))
                        named = evidence_argument(&at, &to);
                else if (word.size > 19 && !strncmp(word.at, "--target-directory=", 19)) {
                        to = (struct slice){ word.at + 19, word.size - 19 };
                        named = true;
                } else if (word.at[0] != '-' && !named) {
                        to = word;
                }
        }
        /* "host:/etc" is on another host. */
        if (!to.size || memchr(to.at, ':', to.size))
                return NULL;
        add_copies(pool, arguments, to, &text);
        return pool_dup(pool, text.at);
}
