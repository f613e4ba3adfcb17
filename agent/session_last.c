/* Opening the profile that was applied last: what the boot unit sets again. */

#include "agent/last_word.h"
#include "agent/profile_file.h"
#include "agent/verb.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <string.h>

/* An older version recorded the name alone: the host's own profile goes before one that is called the same. */
static int load_by_name(struct session *session, const char *name)
{
        int status;

        status = session_profile(session, NULL);
        if (status || text_equals(session->profile->name, name))
                return status;
        profile_free(session->profile);
        session->profile = NULL;
        return session_profile(session, name);
}

/* What was taken back must not come again by the way of a profile that was written for it. */
static int judge_change(const struct session *session, const struct last_word *word)
{
        const struct profile *profile = session->profile;

        if (word->sha256 && (text_equals(word->sha256, profile->sha256) || text_equals(word->sha256, profile->sha256_lines)))
                return 0;
        if (word->taken_back)
                return complain(
                        EXIT_NOT_READY,
                        "apply: what was applied after %s was taken back, and %s is not what it was then: nothing is set; "
                        "see plumbline plan, then run plumbline apply",
                        word->time, profile->path);
        if (word->sha256)
                complain(0, "apply: %s has changed since it was applied (%s): see plumbline plan", profile->path, word->time);
        return 0;
}

int session_last_profile(struct session *session)
{
        struct last_word word;
        int r;

        r = last_word_read(session->host, session->pool, &word);
        if (r < 0)
                return complain(EXIT_CANNOT_TELL, "apply: the ledger cannot be read: %s", strerror(-r));
        if (!word.id)
                return 0;
        r = word.path ? session_profile(session, word.path) : load_by_name(session, word.profile);
        return r ? r : judge_change(session, &word);
}
