/* What many reports say: items, and who says what of each. */

#include "agent/fleet.h"

#include "agent/core/pool.h"

#include <stdio.h>
#include <string.h>

#define HOST_MAX  128
#define SHOWN_MAX 200
/* A longer name is refused before it comes here. */
#define KEY_MAX 600

struct fleet *fleet_new(void)
{
        struct pool *pool = pool_new();
        struct fleet *fleet = pool_zero(pool, sizeof *fleet);

        fleet->pool = pool;
        fleet->item_places = json_object();
        fleet->host_places = json_object();
        return fleet;
}

void fleet_release(struct fleet **fleet)
{
        if (!*fleet)
                return;
        json_decref((*fleet)->item_places);
        json_decref((*fleet)->host_places);
        pool_free((*fleet)->pool);
}

void fleet_add_older(struct fleet *fleet, const struct fleet_report *older, const struct fleet_report *newer)
{
        fleet->older = pool_grow(fleet->pool, fleet->older, fleet->older_count, sizeof *fleet->older);
        fleet->older[fleet->older_count++] = (struct fleet_refusal){
                .place = older->place,
                .why = pool_format(fleet->pool, "%s speaks of %s, too, and counts", newer->place, older->host),
        };
}

unsigned fleet_rank(enum verdict verdict)
{
        static const unsigned ranks[] = {
                [VERDICT_READY] = 0, [VERDICT_PENDING] = 1, [VERDICT_UNKNOWN] = 2, [VERDICT_NOT_READY] = 3
        };

        return ranks[verdict];
}

/* Times of this form are in order as texts are. Of two of one second the worse counts, and of two such the first by name: the order in
 * which they are read decides nothing. */
bool fleet_is_newer(const struct fleet_report *a, const struct fleet_report *b)
{
        int order = strcmp(a->time, b->time);

        if (order == 0 && a->kind == FLEET_FINDINGS)
                order = (int)fleet_rank(a->verdict) - (int)fleet_rank(b->verdict);
        return order ? order > 0 : strcmp(a->place, b->place) < 0;
}

/* What looked at a part replaces only what looked at a part. */
size_t fleet_add(struct fleet *fleet, const struct fleet_report *report)
{
        struct fleet_report new = *report;
        char key[KEY_MAX];
        const json_t *found;

        new.place = text_printable(fleet->pool, report->place, SHOWN_MAX);
        new.host = text_printable(fleet->pool, report->host, HOST_MAX);
        new.verb = pool_dup(fleet->pool, report->verb);
        new.time = text_printable(fleet->pool, report->time, SHOWN_MAX);
        new.boot_id = report->boot_id ? text_printable(fleet->pool, report->boot_id, HOST_MAX) : NULL;
        new.version = report->version ? text_printable(fleet->pool, report->version, HOST_MAX) : NULL;
        fleet->reports = pool_grow(fleet->pool, fleet->reports, fleet->count, sizeof *fleet->reports);
        fleet->reports[fleet->count] = new;
        snprintf(key, sizeof key, "%d %d %s", (int)report->kind, (int)report->partial, new.host);
        found = json_object_get(fleet->host_places, key);
        if (found) {
                struct fleet_report *other = &fleet->reports[json_integer_value(found)];

                if (!fleet_is_newer(&new, other)) {
                        fleet_add_older(fleet, &new, other);
                        fleet->reports[fleet->count++].replaced = true;
                        return FLEET_NONE;
                }
                fleet_add_older(fleet, other, &new);
                other->replaced = true;
        }
        json_object_set_new(fleet->host_places, key, json_integer((json_int_t)fleet->count));
        return fleet->count++;
}

/* FNV-1a: whoever makes two answers of one hash by intent hides a difference of his own host. */
static uint64_t hash_of(uint64_t hash, const char *text)
{
        for (; *text; text++)
                hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
        return (hash ^ 0xff) * UINT64_C(1099511628211);
}

static struct fleet_item *find_item(struct fleet *fleet, enum fleet_kind kind, const char *name)
{
        char key[KEY_MAX];
        const json_t *found;

        snprintf(key, sizeof key, "%d %s", (int)kind, name);
        found = json_object_get(fleet->item_places, key);
        if (found)
                return &fleet->items[json_integer_value(found)];
        json_object_set_new(fleet->item_places, key, json_integer((json_int_t)fleet->item_count));
        fleet->items = pool_grow(fleet->pool, fleet->items, fleet->item_count, sizeof *fleet->items);
        fleet->items[fleet->item_count] =
                (struct fleet_item){ .name = text_printable(fleet->pool, name, SHOWN_MAX), .kind = kind };
        return &fleet->items[fleet->item_count++];
}

void fleet_say(struct fleet *fleet, size_t report, const char *name, const char *status, const char *compared,
               const char *shown)
{
        struct fleet_item *item = find_item(fleet, fleet->reports[report].kind, name);
        uint64_t hash = hash_of(hash_of(UINT64_C(14695981039346656037), status), compared ? compared : "");
        struct fleet_answer *answer = NULL;

        if (item->spoken == report + 1)
                return;
        item->spoken = report + 1;
        for (size_t i = 0; i < item->count && !answer; i++)
                if (item->answers[i].hash == hash && text_equals(item->answers[i].status, status))
                        answer = &item->answers[i];
        if (!answer) {
                item->answers = pool_grow(fleet->pool, item->answers, item->count, sizeof *item->answers);
                answer = &item->answers[item->count++];
                *answer = (struct fleet_answer){
                        .status = pool_dup(fleet->pool, status),
                        .have = shown ? text_printable(fleet->pool, shown, SHOWN_MAX) : NULL,
                        .hash = hash,
                };
        }
        answer->reports = pool_grow(fleet->pool, answer->reports, answer->count, sizeof *answer->reports);
        answer->reports[answer->count++] = report;
}
