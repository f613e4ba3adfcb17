/* Which apply holds, by the ledger. */

#include "agent/last_word.h"

#include "agent/ledger.h"

#include <errno.h>

int last_word_read(struct host *host, struct pool *pool, struct last_word *word)
{
        struct last_word found = { 0 };
        unsigned *ids;
        size_t count;
        int r;

        r = ledger_ids(host, pool, &ids, &count);
        if (r < 0)
                return r;
        for (size_t i = count; i-- > 0 && !found.id;) {
                struct ledger ledger;

                r = ledger_read(host, pool, ids[i], &ledger);
                if (r == -EBADMSG)
                        continue;
                if (r < 0)
                        return r;
                /* Taken back by recover, or because a step failed: it never held. */
                if (ledger.running || !ledger.applied)
                        continue;
                found.taken_back = found.taken_back || ledger.state == LEDGER_UNDONE;
                if (ledger.state != LEDGER_APPLIED)
                        continue;
                found.id = ledger.id;
                found.profile = ledger.profile;
                found.time = ledger.time;
                found.path = ledger.profile_path;
                found.sha256 = ledger.profile_sha256;
        }
        *word = found;
        return 0;
}
