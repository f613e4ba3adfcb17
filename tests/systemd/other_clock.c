/* Preloaded into journald: the clock of the day is wrong by as many seconds as OTHER_CLOCK says. */

#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
        const char *seconds = getenv("OTHER_CLOCK");
        int r = (int)syscall(SYS_clock_gettime, clock, now);

        if (r == 0 && seconds && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                now->tv_sec += strtol(seconds, NULL, 10);
        return r;
}
