/* Reading the ledger back. It may have been cut off, damaged or put there by somebody else: nothing in it is taken on trust. */

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define CHECK_SIZE 16

static void drop(json_t **json)
{
        json_decref(*json);
}
#define autojson __attribute__((cleanup(drop)))

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What bytes_json wrote. NULL bytes where the key is absent. */
static int read_bytes(struct pool *pool, const json_t *json, const char **bytes, size_t *size)
{
        const json_t *text = json_object_get(json, "text");
        const char *hex = json_string_value(json_object_get(json, "hex"));
        char *copy;

        *bytes = NULL;
        *size = 0;
        if (!json)
                return 0;
        if (json_is_string(text)) {
                *size = json_string_length(text);
                *bytes = pool_copy(pool, json_string_value(text), *size);
                return 0;
        }
        if (!hex || strlen(hex) % 2)
                return -EBADMSG;
        *size = strlen(hex) / 2;
        copy = pool_copy(pool, hex, *size);
        for (size_t i = 0; i < *size; i++) {
                int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);

                if (high < 0 || low < 0)
                        return -EBADMSG;
                copy[i] = (char)(high << 4 | low);
        }
        *bytes = copy;
        return 0;
}

static int read_text(struct pool *pool, const json_t *json, const char *key, const char **text)
{
        size_t size;
        int r;

        r = read_bytes(pool, json_object_get(json, key), text, &size);
        if (r < 0)
                return r;
        return *text && strlen(*text) != size ? -EBADMSG : 0;
}

static int find_name(const char *name, const char *const *names, size_t count)
{
        for (size_t i = 0; name && i < count; i++)
                if (text_equals(name, names[i]))
                        return (int)i;
        return -EBADMSG;
}

static int read_content(struct pool *pool, const json_t *json, struct content *content)
{
        static const char *const kinds[] = { "absent", "file", "link", "folder" };
        int kind = find_name(json_string_value(json_object_get(json, "kind")), kinds, 4);
        int r;

        if (kind < 0)
                return kind;
        content->kind = (enum content_kind)kind;
        if (content->kind == CONTENT_ABSENT)
                return 0;
        content->mode = (mode_t)json_integer_value(json_object_get(json, "mode")) & 07777;
        content->uid = (uid_t)json_integer_value(json_object_get(json, "uid"));
        content->gid = (gid_t)json_integer_value(json_object_get(json, "gid"));
        if (content->kind == CONTENT_FOLDER)
                return 0;
        r = read_bytes(pool, json_object_get(json, "content"), &content->bytes, &content->size);
        if (r < 0)
                return r;
        return content->bytes ? 0 : -EBADMSG;
}

static int read_row(struct pool *pool, const json_t *json, struct ledger_row *row)
{
        static const char *const hows[] = { "write", "file", "call" };
        int how = find_name(json_string_value(json_object_get(json, "how")), hows, 3);
        const char *target = json_string_value(json_object_get(json, "target"));
        int r;

        if (how < 0 || !target)
                return -EBADMSG;
        *row = (struct ledger_row){
                .target = pool_dup(pool, target),
                .how = (enum ledger_how)how,
                .when = json_integer_value(json_object_get(json, "when")) ? WHEN_BOOT : WHEN_NOW,
                .refusal_harmless = json_is_true(json_object_get(json, "harmless")),
        };
        switch (json_integer_value(json_object_get(json, "risk"))) {
        case RISK_DISRUPTIVE:
                row->risk = RISK_DISRUPTIVE;
                break;
        case RISK_REBOOT:
                row->risk = RISK_REBOOT;
                break;
        default:
                row->risk = RISK_QUIET;
        }
        if (read_text(pool, json, "id", &row->id) < 0 || read_text(pool, json, "from", &row->from) < 0 ||
            read_text(pool, json, "refresh", &row->refresh) < 0)
                return -EBADMSG;
        if (row->how == LEDGER_FILE) {
                r = read_content(pool, json_object_get(json, "before"), &row->before);
                return r < 0 ? r : read_content(pool, json_object_get(json, "after"), &row->after);
        }
        r = read_text(pool, json, "before", &row->text_before);
        return r < 0 ? r : read_text(pool, json, "after", &row->text_after);
}

static int read_begin(struct pool *pool, const json_t *json, struct ledger *ledger)
{
        const char *boot_id = json_string_value(json_object_get(json, "boot_id"));
        const char *time = json_string_value(json_object_get(json, "time"));
        const char *profile = json_string_value(json_object_get(json, "profile"));

        if (!boot_id || !time || !profile || ledger->boot_id)
                return -EBADMSG;
        if (read_text(pool, json, "path", &ledger->profile_path) < 0 ||
            read_text(pool, json, "sha256", &ledger->profile_sha256) < 0)
                return -EBADMSG;
        ledger->boot_id = pool_dup(pool, boot_id);
        ledger->time = pool_dup(pool, time);
        ledger->profile = pool_dup(pool, profile);
        ledger->running = json_is_true(json_object_get(json, "running"));
        return 0;
}

static int read_end(struct pool *pool, const json_t *json, struct ledger *ledger)
{
        const char *state = json_string_value(json_object_get(json, "state"));
        const json_t *promises = json_object_get(json, "promised");

        if (!state)
                return -EBADMSG;
        for (size_t i = 0; i < json_array_size(promises); i++) {
                struct ledger_promise promise;

                if (read_text(pool, json_array_get(promises, i), "id", &promise.id) < 0 || !promise.id ||
                    read_text(pool, json_array_get(promises, i), "want", &promise.want) < 0 || !promise.want)
                        return -EBADMSG;
                ledger->promises = pool_grow(pool, ledger->promises, ledger->promise_count, sizeof *ledger->promises);
                ledger->promises[ledger->promise_count++] = promise;
        }
        ledger->state = text_equals(state, "undone") ? LEDGER_UNDONE : LEDGER_APPLIED;
        ledger->applied = ledger->applied || ledger->state == LEDGER_APPLIED;
        return 0;
}

static int read_record(struct pool *pool, struct slice line, struct ledger *ledger)
{
        autojson json_t *json = NULL;
        const char *record;
        char check[65];

        if (line.size <= CHECK_SIZE + 1 || line.at[CHECK_SIZE] != ' ')
                return -EBADMSG;
        sha256_hex(line.at + CHECK_SIZE + 1, line.size - CHECK_SIZE - 1, check);
        if (memcmp(check, line.at, CHECK_SIZE))
                return -EBADMSG;
        json = json_loadb(line.at + CHECK_SIZE + 1, line.size - CHECK_SIZE - 1, JSON_REJECT_DUPLICATES, NULL);
        record = json_string_value(json_object_get(json, "record"));
        if (text_equals(record, "begin"))
                return read_begin(pool, json, ledger);
        if (text_equals(record, "row")) {
                ledger->rows = pool_grow(pool, ledger->rows, ledger->count, sizeof *ledger->rows);
                if (read_row(pool, json, &ledger->rows[ledger->count]) < 0)
                        return -EBADMSG;
                ledger->count++;
                ledger->lost = ledger->damaged;
                return 0;
        }
        return text_equals(record, "end") ? read_end(pool, json, ledger) : -EBADMSG;
}

int ledger_parse(struct pool *pool, const void *bytes, size_t size, struct ledger *ledger)
{
        const char *at = bytes, *end = at + size;
        struct ledger read = { 0 };

        while (at < end) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                struct slice line = { at, (size_t)((newline ? newline : end) - at) };

                at = newline ? newline + 1 : end;
                if (line.size == 0)
                        continue;
                if (read_record(pool, line, &read) == 0)
                        continue;
                /* Only what was cut off has no newline; then the next writer begins a line of its own and the piece stays. */
                if (newline)
                        read.damaged++;
        }
        read.torn = size && end[-1] != '\n';
        if (!read.boot_id)
                return -EBADMSG;
        *ledger = read;
        return 0;
}
