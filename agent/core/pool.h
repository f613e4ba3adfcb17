/* A pool: memory that lives and dies together. Running out of memory aborts. */

#pragma once

#include <stdarg.h>
#include <stddef.h>

struct pool;

struct pool *pool_new(void);
/* Frees everything got from the pool. Accepts NULL. */
void pool_free(struct pool *pool);

/* Zeroed memory, aligned for any type. */
void *pool_zero(struct pool *pool, size_t size) __attribute__((returns_nonnull));
/* The same, not zeroed. */
void *pool_room(struct pool *pool, size_t size) __attribute__((returns_nonnull));
/* A copy of size bytes with a NUL behind it. */
void *pool_copy(struct pool *pool, const void *bytes, size_t size) __attribute__((returns_nonnull));
/* A copy of the text; NULL stays NULL. */
char *pool_dup(struct pool *pool, const char *text);
char *pool_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *pool_vformat(struct pool *pool, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* An array that may have to grow by one: returns it (moved, perhaps) with room for count + 1 elements of the given size.
 * The array starts as NULL with count 0; its room is a power of two, so that the caller keeps no capacity. */
void *pool_grow(struct pool *pool, void *array, size_t count, size_t element_size);

/* malloc and friends for what lives outside a pool: never NULL. */
void *memory_zero(size_t size);
void *memory_resize(void *old, size_t size);

void free_pointer(void *pointer_to_pointer);
void free_pool(struct pool **pool);
/* Locals that release themselves: `autofree char *text = NULL;`, `autopool struct pool *pool = pool_new();` */
#define autofree __attribute__((cleanup(free_pointer)))
#define autopool __attribute__((cleanup(free_pool)))
