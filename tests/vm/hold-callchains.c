/* Holds a performance counter with call chains: as long as it is open the kernel answers EBUSY to a new
 * kernel.perf_event_max_stack (perf_event_max_stack_handler in kernel/events/callchain.c). Ends by itself after ten minutes. */

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
        struct perf_event_attr attribute = {
                .type = PERF_TYPE_SOFTWARE,
                .size = sizeof attribute,
                .config = PERF_COUNT_SW_CPU_CLOCK,
                .sample_period = 100000000,
                .sample_type = PERF_SAMPLE_CALLCHAIN,
                .exclude_kernel = 1,
        };

        if (syscall(SYS_perf_event_open, &attribute, 0, -1, -1, 0) < 0)
                return 1;
        sleep(600);
        return 0;
}
