/* Asking the kernel twice, a second apart, what each CPU did with its time. */

#include "agent/core/ask.h"

#include "agent/core/monotonic.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#define STAT      "/proc/stat"
#define SAMPLE_MS 1000

static int read_whole(struct text_buffer *text)
{
        int fd = open(STAT, O_RDONLY | O_CLOEXEC);
        char bytes[16384];
        ssize_t count;
        int r;

        if (fd < 0)
                return -errno;
        while ((count = read(fd, bytes, sizeof bytes)) > 0)
                text_add_bytes(text, bytes, (size_t)count);
        r = count < 0 ? -errno : 0;
        close(fd);
        return r;
}

/* "cpu" without a number is the sum of all; the long lines behind count interrupts. */
static int add_sample(struct text_buffer *answer, int64_t start)
{
        autobuffer struct text_buffer text = { 0 };
        const char *cursor;
        struct slice line;
        int r;

        r = read_whole(&text);
        if (r < 0)
                return r;
        text_addf(answer, "after_ms %lld\n", (long long)(monotonic_ms() - start));
        cursor = text.at ? text.at : "";
        while (text_line(&cursor, &line)) {
                if (line.size < 4 || !text_starts(line.at, "cpu") || line.at[3] < '0' || line.at[3] > '9')
                        continue;
                text_add_bytes(answer, line.at, line.size);
                text_add(answer, "\n");
        }
        return 0;
}

int ask_cpu_times(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        const struct timespec sample = { .tv_sec = SAMPLE_MS / 1000, .tv_nsec = SAMPLE_MS % 1000 * 1000000L };
        autobuffer struct text_buffer text = { 0 };
        int64_t start = monotonic_ms();
        int r;

        if (*rest)
                return -ENOENT;
        r = add_sample(&text, start);
        if (r < 0)
                return r;
        nanosleep(&sample, NULL);
        r = add_sample(&text, start);
        if (r < 0)
                return r;
        *answer = pool_copy(pool, text.at, text.size);
        *size = text.size;
        return 0;
}
