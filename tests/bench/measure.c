/* measure ROUNDS PROGRAM... -- PROGRAM...: runs the two in turns and prints the median CPU time of each in microseconds, and the
 * peak memory of each in KiB. In turns, so that what slows the machine for a while slows both. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_MAX 1000

struct series {
        char **command;
        long cpu_us[ROUNDS_MAX];
        long peak_kib;
};

static long microseconds(struct timeval time)
{
        return time.tv_sec * 1000000L + time.tv_usec;
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
        struct rusage usage;
        pid_t child = fork();
        int status;

        if (child == 0)
                run(series->command);
        if (child < 0 || wait4(child, &status, 0, &usage) < 0)
                return -errno;
        if (!WIFEXITED(status) || WEXITSTATUS(status) == 2 || WEXITSTATUS(status) > 4)
                return -EIO;
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

static long median(struct series *series, int rounds)
{
        qsort(series->cpu_us, (size_t)rounds, sizeof(*series->cpu_us), by_size);
        return series->cpu_us[rounds / 2];
}

int main(int argc, char **argv)
{
        struct series first = { .command = argv + 2 }, second = { 0 };
        int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 0;

        for (int i = 2; i < argc && !second.command; i++) {
                if (strcmp(argv[i], "--") == 0) {
                        argv[i] = NULL;
                        second.command = argv + i + 1;
                }
        }
        if (rounds < 1 || rounds > ROUNDS_MAX || !first.command[0] || !second.command || !second.command[0]) {
                fprintf(stderr, "usage: measure ROUNDS PROGRAM [ARGUMENT...] -- PROGRAM [ARGUMENT...]\n");
                return 2;
        }
        for (int round = 0; round < rounds; round++) {
                int r = measure(&first, round);

                if (r >= 0)
                        r = measure(&second, round);
                if (r < 0) {
                        fprintf(stderr, "measure: %s: %s\n", first.command[0], strerror(-r));
                        return 1;
                }
        }
        printf("%ld %ld %ld %ld\n", median(&first, rounds), first.peak_kib, median(&second, rounds), second.peak_kib);
        return 0;
}
