/* An event as the journal takes it: fields of bytes. */

#include "agent/event.h"

#include "agent/core/pool.h"

#include <stdio.h>
#include <string.h>

/* A sentence that is read in one glance, and values that keep an entry within one datagram. */
#define MESSAGE_MAX 600
#define VALUE_MAX   2048

struct event *event_new(struct pool *pool, enum event_kind kind, int priority)
{
#define EVENT_ROW(name, word, id) { word, id },
        static const struct {
                const char *word, *id;
        } table[] = { EVENTS(EVENT_ROW) };
#undef EVENT_ROW
        struct event *event = pool_zero(pool, sizeof *event);

        event->pool = pool;
        event_add(event, "MESSAGE_ID", table[kind].id);
        event_add_number(event, "PRIORITY", (unsigned long)priority);
        event_add(event, "PLUMBLINE_EVENT", table[kind].word);
        return event;
}

void event_say(struct event *event, const char *format, ...)
{
        va_list args;
        char *text;

        va_start(args, format);
        text = pool_vformat(event->pool, format, args);
        va_end(args);
        event_add(event, "MESSAGE", text_printable(event->pool, text, MESSAGE_MAX));
}

void event_add(struct event *event, const char *name, const char *value)
{
        char *text;

        if (!value)
                return;
        text = pool_format(event->pool, "%s=%.*s", name, VALUE_MAX, value);
        event->fields = pool_grow(event->pool, event->fields, event->count, sizeof *event->fields);
        event->fields[event->count++] = slice_of(text);
}

void event_add_number(struct event *event, const char *name, unsigned long number)
{
        char text[24];

        snprintf(text, sizeof text, "%lu", number);
        event_add(event, name, text);
}

void event_add_profile(struct event *event, const struct profile *profile)
{
        if (!profile)
                return;
        event_add(event, "PLUMBLINE_PROFILE", profile->name);
        event_add(event, "PLUMBLINE_PROFILE_SHA256", profile->sha256);
}

void event_send(struct host *host, const struct event *event)
{
        host_log(host, event->fields, event->count);
}
