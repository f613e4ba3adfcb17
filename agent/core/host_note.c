/* The door, writing down each answer that it gives. */

#include "agent/core/error_name.h"
#include "agent/core/host_inside.h"
#include "agent/core/host_record_inside.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static void say(struct host *host, const char *question, const char *path, const char *answer)
{
        autobuffer struct text_buffer line = { 0 }, key = { 0 };
        struct entry *entry;

        text_addf(&key, "%s %s", question, path);
        if (*record_slot(host->record, key.at))
                return;
        entry = record_add(host->record, key.at);
        text_addf(&line, "%s %s ", question, answer);
        record_encode(&line, path);
        text_add(&line, "\n");
        entry->said = pool_copy(host->record->pool, line.at, line.size);
}

/* What is not there is not there in the tree either, and needs no words. */
static void say_error(struct host *host, const char *question, const char *path, int error, int way)
{
        const char *name = error_name(-error);

        if (error == -ECANCELED && host->record->no_refusals)
                return;
        if ((error == -ENOENT || error == -ENOTDIR) && (way == -ENOENT || way == -ENOTDIR))
                return;
        say(host, question, path, name ? name : "EIO");
}

void door_note_bytes(struct host *host, const char *question, const char *path, int r, struct slice bytes)
{
        struct entry *entry = NULL;
        int way;

        if (!host->record)
                return;
        way = record_walk(host, path, true, &entry);
        if (r < 0 || way < 0 || !entry || entry->odd || entry->member.kind != MEMBER_FILE) {
                say_error(host, question, path, r < 0 ? r : -ENODATA, way);
                return;
        }
        if (entry->member.known)
                return;
        entry->member.known = true;
        entry->member.size = bytes.size;
        entry->member.bytes = pool_copy(host->record->pool, bytes.at ? bytes.at : "", bytes.size);
}

void door_note_list(struct host *host, const char *path, int r, const char *const *names)
{
        struct entry *entry = NULL, *child;
        int way;

        if (!host->record)
                return;
        way = record_walk(host, path, true, &entry);
        if (r < 0) {
                say_error(host, "list", path, r, way);
                return;
        }
        if (way < 0 || !entry || entry->member.known)
                return;
        entry->member.known = true;
        for (; *names; names++) {
                char name[PATH_MAX];
                int length = snprintf(name, sizeof name, "%s/%s", entry->path, *names);

                if (length < 0 || (size_t)length >= sizeof name)
                        continue;
                /* Gone since, or not to be looked at: the list has its name. */
                if (record_look(host, name, &child) < 0)
                        record_add(host->record, name)->odd = true;
        }
}

void door_note_link(struct host *host, const char *path, int r)
{
        struct entry *entry = NULL;
        int way;

        if (!host->record)
                return;
        way = record_walk(host, path, false, &entry);
        if (r < 0)
                say_error(host, "link", path, r, way);
}

void door_note_exists(struct host *host, const char *path, bool exists)
{
        struct entry *entry = NULL;

        if (host->record && record_walk(host, path, true, &entry) < 0 && exists)
                say(host, "exists", path, "0");
}

void door_note_stat(struct host *host, const char *path, int r, const struct host_stat *stat)
{
        struct entry *entry = NULL;
        char numbers[240];
        int way;

        if (!host->record)
                return;
        way = record_walk(host, path, false, &entry);
        if (r < 0) {
                say_error(host, "stat", path, r, way);
                return;
        }
        if (entry)
                entry->member.modified = stat->modified;
        snprintf(numbers, sizeof numbers, "%o,%u,%u,%llu,%lld,%llu,%lld,%llu,%llu", stat->mode, stat->uid, stat->gid,
                 (unsigned long long)stat->size, (long long)stat->modified, (unsigned long long)stat->links,
                 (long long)stat->changed, (unsigned long long)stat->device, (unsigned long long)stat->inode);
        say(host, "stat", path, numbers);
}

void door_note_answer(struct host *host, const char *question, const char *path, int r, struct slice answer)
{
        struct entry *entry;

        if (!host->record)
                return;
        if (r < 0) {
                say_error(host, "ask", question, r, 0);
                return;
        }
        if (*record_slot(host->record, path))
                return;
        entry = record_add(host->record, path);
        entry->member.known = true;
        entry->member.size = answer.size;
        entry->member.bytes = pool_copy(host->record->pool, answer.at ? answer.at : "", answer.size);
}
