/* Text that grows: its room is a power of two, so that the buffer need not remember it. */

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64U

/* The room for so many bytes and the NUL behind them. */
static size_t room_for(size_t size)
{
        if (size < ROOM_FIRST)
                return ROOM_FIRST;
        return (size_t)1 << (64 - __builtin_clzll(size));
}

static void make_room(struct text_buffer *buffer, size_t more)
{
        /* Beyond half the address space doubling would wrap round; memory_resize refuses that much. */
        if (more > SIZE_MAX / 2 - 1 - buffer->size) {
                buffer->at = memory_resize(buffer->at, SIZE_MAX / 2 + 1);
                return;
        }
        if (!buffer->at || room_for(buffer->size) < room_for(buffer->size + more))
                buffer->at = memory_resize(buffer->at, room_for(buffer->size + more));
}

void text_add_bytes(struct text_buffer *buffer, const void *bytes, size_t size)
{
        make_room(buffer, size);
        if (size > 0)
                memcpy(buffer->at + buffer->size, bytes, size);
        buffer->size += size;
        buffer->at[buffer->size] = '\0';
}

void text_add(struct text_buffer *buffer, const char *text)
{
        if (text)
                text_add_bytes(buffer, text, strlen(text));
}

void text_addf(struct text_buffer *buffer, const char *format, ...)
{
        va_list args;
        size_t room;
        int size;

        make_room(buffer, 0);
        room = room_for(buffer->size) - buffer->size;
        va_start(args, format);
        size = vsnprintf(buffer->at + buffer->size, room, format, args);
        va_end(args);
        if (size < 0) { /* a text of more than INT_MAX bytes */
                buffer->at[buffer->size] = '\0';
                return;
        }
        if ((size_t)size >= room) {
                make_room(buffer, (size_t)size);
                va_start(args, format);
                vsnprintf(buffer->at + buffer->size, (size_t)size + 1, format, args);
                va_end(args);
        }
        buffer->size += (size_t)size;
}

void text_buffer_free(struct text_buffer *buffer)
{
        free(buffer->at);
        *buffer = (struct text_buffer){ 0 };
}
