/* Writing the ledger: each record is on disk before what it records is done. */

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FOLDER     "/var/lib/plumbline/ledger"
#define CHECK_SIZE 16

const char *ledger_state_name(enum ledger_state state)
{
        static const char *const names[] = { "open", "applied", "undone" };

        return names[state];
}

static const char *const how_names[] = { "write", "file", "call" };

static void drop(json_t **json)
{
        json_decref(*json);
}
#define autojson __attribute__((cleanup(drop)))

static const char *path_of(struct pool *pool, unsigned id)
{
        return pool_format(pool, FOLDER "/%06u.log", id);
}

static json_t *bytes_json(const char *bytes, size_t size)
{
        autobuffer struct text_buffer hex = { 0 };
        json_t *text = NULL;

        if (!bytes)
                return json_null();
        if (!memchr(bytes, 0, size))
                text = json_pack("{s:o?}", "text", json_stringn(bytes, size));
        /* What is no UTF-8 becomes a null there. */
        if (json_is_string(json_object_get(text, "text")))
                return text;
        json_decref(text);
        for (size_t i = 0; i < size; i++)
                text_addf(&hex, "%02x", (unsigned char)bytes[i]);
        return json_pack("{s:s}", "hex", hex.at ? hex.at : "");
}

static json_t *content_json(const struct content *content)
{
        static const char *const kinds[] = { "absent", "file", "link", "folder" };
        json_t *json = json_pack("{s:s}", "kind", kinds[content->kind]);

        if (content->kind == CONTENT_ABSENT)
                return json;
        json_object_set_new(json, "mode", json_integer(content->mode));
        json_object_set_new(json, "uid", json_integer(content->uid));
        json_object_set_new(json, "gid", json_integer(content->gid));
        if (content->kind != CONTENT_FOLDER)
                json_object_set_new(json, "content", bytes_json(content->bytes, content->size));
        return json;
}

static void set_text(json_t *json, const char *key, const char *text)
{
        if (text)
                json_object_set_new(json, key, bytes_json(text, strlen(text)));
}

static json_t *row_json(const struct ledger_row *row)
{
        json_t *json =
                json_pack("{s:s, s:s, s:s, s:i, s:i, s:b}", "record", "row", "target", row->target, "how", how_names[row->how],
                          "when", (int)row->when, "risk", (int)row->risk, "harmless", (int)row->refusal_harmless);

        set_text(json, "id", row->id);
        set_text(json, "from", row->from);
        set_text(json, "refresh", row->refresh);
        if (row->how == LEDGER_FILE) {
                json_object_set_new(json, "before", content_json(&row->before));
                json_object_set_new(json, "after", content_json(&row->after));
        } else {
                set_text(json, "before", row->text_before);
                set_text(json, "after", row->text_after);
        }
        return json;
}

static int append(struct host *host, struct ledger *ledger, json_t *json)
{
        autopool struct pool *pool = pool_new();
        autofree char *text = json_dumps(json, JSON_COMPACT);
        char check[65], *line;
        int r;

        if (!text)
                return -EINVAL;
        sha256_hex(text, strlen(text), check);
        /* A record that was cut off must not swallow the next one: that begins on a line of its own. */
        line = pool_format(pool, "%s%.*s %s\n", ledger->torn ? "\n" : "", CHECK_SIZE, check, text);
        r = host_append(host, path_of(pool, ledger->id), line, strlen(line));
        ledger->torn = r < 0;
        return r;
}

const char *ledger_boot_id(struct host *host, struct pool *pool)
{
        const char *text;

        if (host_read(host, pool, &text, "/proc/sys/kernel/random/boot_id") < 0)
                return "";
        return text_trim(pool, text);
}

static json_t *begin_json(const struct ledger *ledger)
{
        json_t *json = json_pack("{s:s, s:i, s:s, s:s, s:s}", "record", "begin", "id", (int)ledger->id, "time", ledger->time,
                                 "boot_id", ledger->boot_id, "profile", ledger->profile);

        set_text(json, "path", ledger->profile_path);
        set_text(json, "sha256", ledger->profile_sha256);
        if (ledger->running)
                json_object_set_new(json, "running", json_true());
        return json;
}

int ledger_begin(struct host *host, struct pool *pool, struct ledger *ledger)
{
        autojson json_t *json = NULL;
        time_t now = time(NULL);
        unsigned *ids;
        char stamp[32];
        struct tm tm;
        size_t count;
        int r;

        r = host_make_folder(host, FOLDER, 0700);
        if (r < 0)
                return r;
        r = ledger_ids(host, pool, &ids, &count);
        if (r < 0)
                return r;
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
        *ledger = (struct ledger){
                .id = count ? ids[count - 1] + 1 : 1,
                .running = ledger->running,
                .boot_id = pool_dup(pool, ledger->boot_id),
                .time = pool_dup(pool, stamp),
                .profile = pool_dup(pool, ledger->profile),
                .profile_path = pool_dup(pool, ledger->profile_path),
                .profile_sha256 = pool_dup(pool, ledger->profile_sha256),
        };
        json = begin_json(ledger);
        return append(host, ledger, json);
}

int ledger_record(struct host *host, struct ledger *ledger, const struct ledger_row *row)
{
        autojson json_t *json = row_json(row);

        return append(host, ledger, json);
}

/* Texts like those of the rows: a profile's may be any bytes. */
static json_t *promises_json(const struct ledger *ledger)
{
        json_t *json = json_array();

        for (size_t i = 0; i < ledger->promise_count; i++) {
                json_t *promise = json_object();

                set_text(promise, "id", ledger->promises[i].id);
                set_text(promise, "want", ledger->promises[i].want);
                json_array_append_new(json, promise);
        }
        return json;
}

int ledger_end(struct host *host, struct ledger *ledger, enum ledger_state state)
{
        autojson json_t *json = json_pack("{s:s, s:s}", "record", "end", "state", ledger_state_name(state));
        int r;

        if (state == LEDGER_APPLIED && ledger->promise_count)
                json_object_set_new(json, "promised", promises_json(ledger));

        r = append(host, ledger, json);
        if (r < 0)
                return r;
        ledger->state = state;
        return 0;
}

static int compare_ids(const void *a, const void *b)
{
        const unsigned *left = a, *right = b;

        return (*left > *right) - (*left < *right);
}

int ledger_ids(struct host *host, struct pool *pool, unsigned **ids, size_t *count)
{
        const char *const *names;
        unsigned *found = NULL;
        size_t n = 0;
        int r;

        *ids = NULL;
        *count = 0;
        r = host_list(host, pool, &names, FOLDER);
        if (r == -ENOENT || r == -ENOTDIR)
                return 0;
        if (r < 0)
                return r;
        for (; *names; names++) {
                uint64_t id;
                char *text = pool_dup(pool, *names);

                if (!text_ends(text, ".log"))
                        continue;
                text[strlen(text) - 4] = 0;
                if (text_u64(text, 10, &id) < 0 || id == 0 || id > 99999999)
                        continue;
                found = pool_grow(pool, found, n, sizeof *found);
                found[n++] = (unsigned)id;
        }
        if (n > 1)
                qsort(found, n, sizeof *found, compare_ids);
        *ids = found;
        *count = n;
        return 0;
}

int ledger_read(struct host *host, struct pool *pool, unsigned id, struct ledger *ledger)
{
        const void *bytes;
        size_t size;
        int r;

        r = host_read_bytes(host, pool, &bytes, &size, "%s", path_of(pool, id));
        if (r < 0)
                return r;
        r = ledger_parse(pool, bytes, size, ledger);
        if (r < 0)
                return r;
        ledger->id = id;
        return 0;
}
