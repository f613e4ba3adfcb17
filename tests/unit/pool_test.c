/* Pools: what they hand out is zeroed, aligned, apart from each other, and gone together. */

#include "agent/core/pool.h"
#include "tests/support/expect.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void hands_out_zeroed_and_aligned(void)
{
        static const struct {
                const char *name;
                size_t size;
        } cases[] = {
                { "nothing", 0 },
                { "one byte", 1 },
                { "odd", 17 },
                { "most of a chunk", 3000 },
                { "a whole chunk", 4096 },
                { "more than any chunk", 200000 },
                { "small again", 24 },
        };
        autopool struct pool *pool = pool_new();
        unsigned char *parts[sizeof(cases) / sizeof(cases[0])];

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                size_t set = 0;

                parts[i] = pool_zero(pool, cases[i].size);
                EXPECT_NUMBER(cases[i].name, (uintptr_t)parts[i] % 16, 0);
                for (size_t j = 0; j < cases[i].size; j++)
                        set += parts[i][j] != 0;
                EXPECT_NUMBER(cases[i].name, set, 0);
                memset(parts[i], (int)i + 1, cases[i].size);
        }
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                size_t spoilt = 0;

                for (size_t j = 0; j < cases[i].size; j++)
                        spoilt += parts[i][j] != i + 1;
                EXPECT_NUMBER(cases[i].name, spoilt, 0);
        }
}

static void many_small_parts_keep_apart(void)
{
        autopool struct pool *pool = pool_new();
        unsigned *parts[5000];
        size_t spoilt = 0;

        for (unsigned i = 0; i < 5000; i++) {
                parts[i] = pool_zero(pool, sizeof(*parts[i]) * (1 + i % 40));
                spoilt += *parts[i] != 0;
                for (unsigned j = 0; j < 1 + i % 40; j++)
                        parts[i][j] = i;
        }
        for (unsigned i = 0; i < 5000; i++) {
                for (unsigned j = 0; j < 1 + i % 40; j++)
                        spoilt += parts[i][j] != i;
        }
        EXPECT_NUMBER(NULL, spoilt, 0);
}

static void copies_text(void)
{
        autopool struct pool *pool = pool_new();
        const char *bytes = pool_copy(pool, "a\0b", 3);

        EXPECT("bytes", memcmp(bytes, "a\0b\0", 4) == 0);
        EXPECT_TEXT("nothing", pool_copy(pool, NULL, 0), "");
        EXPECT_TEXT("dup", pool_dup(pool, "node0"), "node0");
        EXPECT_TEXT("dup of NULL", pool_dup(pool, NULL), NULL);
        EXPECT_TEXT("format", pool_format(pool, "cpu%u/%s", 12U, "online"), "cpu12/online");
        EXPECT_NUMBER("long format", strlen(pool_format(pool, "%070000d", 1)), 70000);
}

static void arrays_grow(void)
{
        autopool struct pool *pool = pool_new();
        size_t *array = NULL, moved = 0, wrong = 0;

        for (size_t i = 0; i < 1000; i++) {
                size_t *grown = pool_grow(pool, array, i, sizeof(*array));

                if (!grown)
                        return;
                moved += grown != array;
                array = grown;
                array[i] = i * i;
        }
        for (size_t i = 0; array && i < 1000; i++)
                wrong += array[i] != i * i;
        EXPECT_NUMBER("content", wrong, 0);
        EXPECT_NUMBER("moves: 0, 4, 8 ... 512", moved, 9);
}

static void locals_release_themselves(void)
{
        autofree char *text = memory_resize(NULL, 4);
        autofree char *none = NULL;

        memcpy(text, "abc", 4);
        text = memory_resize(text, 100000);
        EXPECT_TEXT(NULL, text, "abc");
        EXPECT(NULL, none == NULL);
        pool_free(NULL);
}

static const struct test tests[] = {
        { "hands out zeroed and aligned", hands_out_zeroed_and_aligned },
        { "many small parts keep apart", many_small_parts_keep_apart },
        { "copies text", copies_text },
        { "arrays grow", arrays_grow },
        { "locals release themselves", locals_release_themselves },
        { NULL, NULL },
};

const struct suite suite_pool = { "pool", tests };
