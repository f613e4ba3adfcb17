/* measure ROUNDS PROGRAM... [-- PROGRAM...]: runs one program, or two in turns, and prints for each the median CPU time and the median
 * time by the clock, in microseconds, and the peak memory in KiB. In turns, so that what slows the machine for a while slows both. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX 1000

struct series {
        char **command;
        long cpu_us[ROUNDS_MAX];
        long wall_us[ROUNDS_MAX];
        long peak_kib;
};

static long microseconds(struct timeval time)
{
        return time.tv_sec * 1000000L + time.tv_usec;
}

static long now_us(void)
{
        struct timespec now;

        clock_gettime(CLOCK_MONOTONIC, &now);
        return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static __attribute__((noreturn)) void run(char **command)
{
        int nowhere = open("/dev/null", O_RDWR);

        dup2(nowhere, 0);
        dup2(nowhere, 1);
        dup2(nowhere, 2);
        execv(command[0], command);
        _exit(127);
}

/* A report that says "not ready" is a report; 2 is none, and more is a crash. */
static int measure(struct series *series, int round)
{
        long began = now_us();
        struct rusage usage;
        pid_t child = fork();
        int status;

        if (child == 0)
                run(series->command);
        if (child < 0 || wait4(child, &status, 0, &usage) < 0)
                return -errno;
        if (!WIFEXITED(status) || WEXITSTATUS(status) == 2 || WEXITSTATUS(status) > 4)
                return -EIO;
        series->wall_us[round] = now_us() - began;
        series->cpu_us[round] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
        if (usage.ru_maxrss > series->peak_kib)
                series->peak_kib = usage.ru_maxrss;
        return 0;
}

static int by_size(const void *a, const void *b)
{
        const long *x = a, *y = b;

        return (*x > *y) - (*x < *y);
}

static long median(long *numbers, int rounds)
{
        qsort(numbers, (size_t)rounds, sizeof(*numbers), by_size);
        return numbers[rounds / 2];
}

static int measure_all(struct series *series, int count, int rounds)
{
        for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < count; i++) {
                        int r = measure(&series[i], round);

                        if (r < 0) {
                                fprintf(stderr, "measure: %s: %s\n", series[i].command[0], strerror(-r));
                                return 1;
                        }
                }
        }
        for (int i = 0; i < count; i++)
                printf("%ld %ld %ld%c", median(series[i].cpu_us, rounds), median(series[i].wall_us, rounds), series[i].peak_kib,
                       i + 1 < count ? ' ' : '\n');
        return 0;
}

int main(int argc, char **argv)
{
        struct series series[2] = { { .command = argv + 2 } };
        int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0, count = 1;

        for (int i = 2; i < argc && count == 1; i++) {
                if (strcmp(argv[i], "--") == 0) {
                        argv[i] = NULL;
                        series[count++].command = argv + i + 1;
                }
        }
        if (rounds < 1 || rounds > ROUNDS_MAX || argc < 3 || !series[0].command[0] || (count == 2 && !series[1].command[0])) {
                fprintf(stderr, "usage: measure ROUNDS PROGRAM [ARGUMENT...] [-- PROGRAM [ARGUMENT...]]\n");
                return 2;
        }
        return measure_all(series, count, rounds);
}
