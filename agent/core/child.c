/* Asks in a child with a deadline what may hang inside the kernel, where no signal reaches. */

#include "agent/core/child.h"

#include "agent/core/descriptors.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a killed child may take to be gone. */
#define DEATH_MS 20

struct message {
        int result;
        unsigned char answer[CHILD_ANSWER_MAX];
};

static int64_t now_ms(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static _Noreturn void answer_and_end(int (*ask)(const char *name, void *answer, size_t size), const char *name, size_t size,
                                     int out)
{
        struct message message = { 0 };
        ssize_t written = -1;

        if (dup2(out, STDIN_FILENO) == STDIN_FILENO) {
                descriptors_close_from(STDIN_FILENO + 1);
                message.result = ask(name, message.answer, size);
                written = write(STDIN_FILENO, &message, offsetof(struct message, answer) + size);
        }
        _exit(written < 0);
}

static bool wait_for_answer(int in, int64_t deadline)
{
        struct pollfd poller = { .fd = in, .events = POLLIN };
        int64_t left = deadline - now_ms();

        while (left > 0) {
                if (poll(&poller, 1, left > INT32_MAX ? INT32_MAX : (int)left) > 0)
                        return true;
                left = deadline - now_ms();
        }
        return false;
}

static void end(pid_t pid)
{
        const struct timespec moment = { .tv_nsec = 1000000 };

        kill(pid, SIGKILL);
        for (unsigned i = 0; i < DEATH_MS; i++) {
                if (waitpid(pid, NULL, WNOHANG) != 0)
                        return;
                nanosleep(&moment, NULL);
        }
}

int child_run(int (*ask)(const char *name, void *answer, size_t size), const char *name, unsigned timeout_ms, void *answer,
              size_t size)
{
        int64_t deadline = now_ms() + timeout_ms;
        struct message message;
        ssize_t count = -1;
        bool answered;
        int pipes[2];
        pid_t pid;

        if (size > sizeof message.answer)
                return -E2BIG;
        if (pipe2(pipes, O_CLOEXEC) < 0)
                return -errno;
        pid = fork();
        if (pid == 0)
                answer_and_end(ask, name, size, pipes[1]);
        close(pipes[1]);
        if (pid < 0) {
                close(pipes[0]);
                return -EAGAIN;
        }
        answered = wait_for_answer(pipes[0], deadline);
        if (answered)
                count = read(pipes[0], &message, sizeof message);
        close(pipes[0]);
        end(pid);
        if (!answered)
                return -ETIMEDOUT;
        if (count != (ssize_t)(offsetof(struct message, answer) + size))
                return -EIO;
        if (message.result == 0)
                memcpy(answer, message.answer, size);
        return message.result;
}

static int write_whole(int out, const char *bytes, size_t size)
{
        while (size > 0) {
                ssize_t count = write(out, bytes, size);

                if (count < 0 && errno != EINTR)
                        return -errno;
                bytes += count > 0 ? count : 0;
                size -= count > 0 ? (size_t)count : 0;
        }
        return 0;
}

/* The result goes last: without it the text is not whole. */
static _Noreturn void tell_and_end(int (*ask)(const char *name, struct text_buffer *text), const char *name, int out)
{
        autobuffer struct text_buffer text = { 0 };
        int result = -EIO;

        if (dup2(out, STDIN_FILENO) == STDIN_FILENO) {
                descriptors_close_from(STDIN_FILENO + 1);
                result = ask(name, &text);
                text_add_bytes(&text, &result, sizeof result);
                result = write_whole(STDIN_FILENO, text.at, text.size);
        }
        _exit(result < 0);
}

static int take(int in, int64_t deadline, size_t size_max, struct text_buffer *text)
{
        char bytes[16384];

        while (wait_for_answer(in, deadline)) {
                ssize_t count = read(in, bytes, sizeof bytes);

                if (count < 0 && errno == EINTR)
                        continue;
                if (count < 0)
                        return -errno;
                if (count == 0)
                        return text->size < sizeof(int) ? -EIO : 0;
                if ((size_t)count > size_max + sizeof(int) - text->size)
                        return -EFBIG;
                text_add_bytes(text, bytes, (size_t)count);
        }
        return -ETIMEDOUT;
}

int child_text(int (*ask)(const char *name, struct text_buffer *text), const char *name, unsigned timeout_ms, size_t size_max,
               struct pool *pool, const void **answer, size_t *size)
{
        autobuffer struct text_buffer text = { 0 };
        int64_t deadline = now_ms() + timeout_ms;
        int pipes[2], result, r;
        pid_t pid;

        if (pipe2(pipes, O_CLOEXEC) < 0)
                return -errno;
        pid = fork();
        if (pid == 0)
                tell_and_end(ask, name, pipes[1]);
        close(pipes[1]);
        r = pid < 0 ? -EAGAIN : take(pipes[0], deadline, size_max, &text);
        close(pipes[0]);
        if (pid > 0)
                end(pid);
        if (r < 0 || !text.at)
                return r < 0 ? r : -EIO;
        memcpy(&result, text.at + text.size - sizeof result, sizeof result);
        if (result < 0)
                return result;
        *size = text.size - sizeof result;
        *answer = pool_copy(pool, text.at, *size);
        return 0;
}
