/* Which questions for mappings are none, and what becomes of what the kernel answers. */

#include "agent/core/devicemapper.h"

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"

#include <errno.h>
#include <linux/dm-ioctl.h>
#include <string.h>

#define ROOM 2048

/* None of this may reach the kernel. */
static void names(void)
{
        autopool struct pool *pool = pool_new();
        const char *const cases[] = {
                "", "/", "vg/data", "../vg-data", pool_format(pool, "%0*d", DM_NAME_LEN, 0),
        };

        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const void *answer;
                size_t size;

                EXPECT_NUMBER(cases[i], ask_devicemapper(pool, cases[i], &answer, &size), -ENOENT);
        }
}

/* Targets of 1000 sectors each, one behind the other, as retrieve_status() in drivers/md/dm-ioctl.c puts them down. */
static void fill(char *room, const char *const (*targets)[2], unsigned count)
{
        struct dm_ioctl head = { .data_start = sizeof head, .target_count = count };
        size_t at = sizeof head;

        memset(room, 0, ROOM);
        for (unsigned i = 0; i < count; i++) {
                struct dm_target_spec spec = { .sector_start = 1000 * i, .length = 1000 };
                size_t size = strlen(targets[i][1]) + 1;

                memcpy(spec.target_type, targets[i][0], strlen(targets[i][0]));
                memcpy(room + at + sizeof spec, targets[i][1], size);
                head.data_size = (__u32)(at + sizeof spec + size);
                spec.next = (__u32)(((at + sizeof spec + size + 7) & ~(size_t)7) - sizeof head);
                memcpy(room + at, &spec, sizeof spec);
                at = sizeof head + spec.next;
        }
        if (!count)
                head.data_size = sizeof head;
        memcpy(room, &head, sizeof head);
}

static const char *const targets[][2] = {
        { "raid", "raid1 2 AA 1000/1000 idle 0 0 -" },
        { "linear", "" },
        { "striped", "2 253:3 253:4 1 AA" },
};

static void lines(void)
{
        static const char *const cases[] = {
                "",
                "0 1000 raid raid1 2 AA 1000/1000 idle 0 0 -\n",
                "0 1000 raid raid1 2 AA 1000/1000 idle 0 0 -\n1000 1000 linear \n",
                "0 1000 raid raid1 2 AA 1000/1000 idle 0 0 -\n1000 1000 linear \n2000 1000 striped 2 253:3 253:4 1 AA\n",
        };

        for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                autobuffer struct text_buffer text = { 0 };
                char room[ROOM];

                fill(room, targets, i);
                EXPECT_NUMBER(cases[i], devicemapper_lines(room, sizeof room, &text), 0);
                EXPECT_TEXT(cases[i], text.at ? text.at : "", cases[i]);
        }
}

static void expect_refused(const char *name, const void *room, size_t size)
{
        autobuffer struct text_buffer text = { 0 };

        EXPECT_NUMBER(name, devicemapper_lines(room, size, &text), -EBADMSG);
        EXPECT_NUMBER(name, text.size, 0);
}

/* A kernel does none of this; whoever answers in its place might. */
static void broken(void)
{
        const size_t spec_at = sizeof(struct dm_ioctl), next_at = spec_at + offsetof(struct dm_target_spec, next);
        static const __u32 nexts[] = { 0, 8, sizeof(struct dm_target_spec), ROOM, 0xffffffff };
        char room[ROOM];
        struct dm_ioctl head;

        fill(room, targets, 3);
        memcpy(&head, room, sizeof head);
        expect_refused("no head", room, sizeof head - 1);
        expect_refused("more than there is room", room, head.data_size - 1);
        for (size_t i = 0; i < sizeof nexts / sizeof nexts[0]; i++) {
                fill(room, targets, 3);
                memcpy(room + next_at, &nexts[i], sizeof nexts[i]);
                expect_refused("a step to nowhere", room, sizeof room);
        }
        fill(room, targets, 3);
        head.data_size--;
        memcpy(room, &head, sizeof head);
        expect_refused("no end of the text", room, sizeof room);
        head.data_size = sizeof room;
        head.target_count = 1000;
        memcpy(room, &head, sizeof head);
        expect_refused("more targets than there are", room, sizeof room);
        head.data_start = head.data_size + 1;
        memcpy(room, &head, sizeof head);
        expect_refused("a start behind the end", room, sizeof room);
        fill(room, targets, 1);
        memset(room + spec_at + offsetof(struct dm_target_spec, target_type), 'x', DM_MAX_TYPE_NAME);
        expect_refused("no end of the name", room, sizeof room);
}

static const struct test tests[] = {
        { "names", names },
        { "lines", lines },
        { "broken", broken },
        { NULL, NULL },
};

const struct suite suite_devicemapper_ask = { "devicemapper_ask", tests };
