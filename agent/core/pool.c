/* The pool: chunks that only grow, handed out front to back and freed as one. */

#include "agent/core/pool.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT   16U
#define CHUNK_FIRST 4096U
#define CHUNK_MOST  65536U
#define ROOM_FIRST  4U

struct chunk {
        struct chunk *older;
        size_t size, used;
        _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct pool {
        struct chunk *newest;
        size_t next_size; /* of the next chunk, its header included */
};

__attribute__((noreturn)) static void out_of_memory(void)
{
        fputs("plumbline: out of memory\n", stderr);
        abort();
}

void *memory_zero(size_t size)
{
        void *memory = calloc(1, size ? size : 1);

        if (!memory)
                out_of_memory();
        return memory;
}

void *memory_resize(void *old, size_t size)
{
        void *memory = realloc(old, size ? size : 1);

        if (!memory)
                out_of_memory();
        return memory;
}

struct pool *pool_new(void)
{
        struct pool *pool = memory_zero(sizeof(*pool));

        pool->next_size = CHUNK_FIRST;
        return pool;
}

void pool_free(struct pool *pool)
{
        if (!pool)
                return;
        for (struct chunk *chunk = pool->newest, *older; chunk; chunk = older) {
                older = chunk->older;
                free(chunk);
        }
        free(pool);
}

/* Something large gets a chunk to itself, placed behind the newest, whose free end stays in use. */
static struct chunk *chunk_add(struct pool *pool, size_t size)
{
        size_t usual = pool->next_size - sizeof(struct chunk);
        bool alone = size > usual / 4;
        size_t room = alone ? size : usual;
        struct chunk *chunk;

        if (room > SIZE_MAX - sizeof(*chunk))
                out_of_memory();
        chunk = memory_resize(NULL, sizeof(*chunk) + room);
        chunk->size = room;
        chunk->used = 0;
        if (alone && pool->newest) {
                chunk->older = pool->newest->older;
                pool->newest->older = chunk;
                return chunk;
        }

        chunk->older = pool->newest;
        pool->newest = chunk;
        if (!alone && pool->next_size < CHUNK_MOST)
                pool->next_size *= 2;
        return chunk;
}

/* Most of a chunk is never used, and what is copied into it need not be cleared before. */
void *pool_room(struct pool *pool, size_t size)
{
        struct chunk *chunk = pool->newest;
        void *memory;

        if (size > SIZE_MAX - ALIGNMENT)
                out_of_memory();
        size = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
        if (!chunk || chunk->size - chunk->used < size)
                chunk = chunk_add(pool, size);
        memory = chunk->bytes + chunk->used;
        chunk->used += size;
        return memory;
}

void *pool_zero(struct pool *pool, size_t size)
{
        return memset(pool_room(pool, size), 0, size);
}

void *pool_copy(struct pool *pool, const void *bytes, size_t size)
{
        char *copy;

        if (size == SIZE_MAX)
                out_of_memory();
        copy = pool_room(pool, size + 1);
        if (size > 0)
                memcpy(copy, bytes, size);
        copy[size] = '\0';
        return copy;
}

char *pool_dup(struct pool *pool, const char *text)
{
        return text ? pool_copy(pool, text, strlen(text)) : NULL;
}

char *pool_vformat(struct pool *pool, const char *format, va_list args)
{
        char room[256]; /* enough for most, which are then formatted once */
        va_list again;
        char *text;
        int size;

        va_copy(again, args);
        size = vsnprintf(room, sizeof room, format, again);
        va_end(again);
        if (size < 0)
                out_of_memory(); /* beyond INT_MAX bytes */
        if ((size_t)size < sizeof room)
                return pool_copy(pool, room, (size_t)size);
        text = pool_room(pool, (size_t)size + 1);
        vsnprintf(text, (size_t)size + 1, format, args);
        return text;
}

char *pool_format(struct pool *pool, const char *format, ...)
{
        va_list args;
        char *text;

        va_start(args, format);
        text = pool_vformat(pool, format, args);
        va_end(args);
        return text;
}

void *pool_grow(struct pool *pool, void *array, size_t count, size_t element_size)
{
        size_t size;
        void *grown;

        /* Full only at a power of two; below ROOM_FIRST the first room is not used up yet. */
        if (count > 0 && (count < ROOM_FIRST || (count & (count - 1)) != 0))
                return array;
        if (__builtin_mul_overflow(count ? count * 2 : ROOM_FIRST, element_size, &size))
                out_of_memory();
        grown = pool_zero(pool, size);
        if (count > 0)
                memcpy(grown, array, count * element_size);
        return grown;
}

void free_pointer(void *pointer_to_pointer)
{
        void *pointer;

        /* Copied, since the caller's pointer may be of any type. */
        memcpy(&pointer, pointer_to_pointer, sizeof(pointer));
        free(pointer);
}

void free_pool(struct pool **pool)
{
        pool_free(*pool);
}
