/* What single keys of sysctl and of the kernel command line are, of which no table of a knob speaks. */

#include "agent/explain_keys.h"

#include "agent/core/text.h"

static const struct {
        const char *name, *text;
} keys[] = {
        { "sysctl.vm.swappiness", "How readily the kernel swaps out the memory of programs instead of dropping cached files (0 "
                                  "to 200, 60 by default). A page "
                                  "that was swapped out costs a read of the drive when it is touched, in the middle of "
                                  "trading; 1 swaps only where nothing "
                                  "else is left." },
        { "sysctl.vm.stat_interval", "Seconds between two updates of memory statistics, a piece of work on each CPU. Seldom is "
                                     "less often in the way of what "
                                     "runs there." },
        { "sysctl.vm.overcommit_memory", "Whether a program may reserve more memory than there is (0: by a guess, 1: always, "
                                         "2: never). 1 lets large reservations "
                                         "that are never touched succeed." },
        { "sysctl.vm.max_map_count",
          "How many areas of memory a process may have. Databases and programs that map many files fail at the limit." },
        { "sysctl.vm.compaction_proactiveness", "How hard the kernel moves pages about ahead of need, to have large free "
                                                "blocks (0 to 100). Moving them makes page faults "
                                                "of others wait." },
        { "sysctl.vm.zone_reclaim_mode", "Whether memory of the own node is freed before memory of another is taken. Freeing "
                                         "makes an allocation wait; taking is "
                                         "fast." },
        { "sysctl.kernel.numa_balancing", "Whether the kernel unmaps pages now and then, to see which node uses them and move "
                                          "them there. Each page it takes away is "
                                          "a fault for the program that touches it." },
        { "sysctl.kernel.nmi_watchdog", "Whether a counter of each CPU interrupts it every few seconds, to see that it does "
                                        "not hang. The interrupt cannot be held "
                                        "off, and takes one of the few performance counters." },
        { "sysctl.net.core.rmem_max", "The largest buffer, in bytes, that a socket may have for what it receives. Bursts of "
                                      "market data wait there while the "
                                      "reader is busy, and what does not fit is dropped." },
        { "sysctl.net.core.wmem_max", "The largest buffer, in bytes, that a socket may have for what it sends." },
        { "sysctl.net.ipv4.tcp_rmem", "Least, first and largest buffer, in bytes, of a TCP connection for what it receives. "
                                      "The largest bounds how much may be "
                                      "under way on a long line." },
        { "sysctl.net.ipv4.tcp_wmem", "Least, first and largest buffer, in bytes, of a TCP connection for what it sends." },
        { "sysctl.net.ipv4.tcp_slow_start_after_idle", "Whether a TCP connection that was idle begins slowly again. An order "
                                                       "after a quiet minute should not wait for that." },
        { "sysctl.fs.file-max",
          "How many files may be open on the whole host. At the limit nobody can open one, no socket either." },
        { "cmdline.isolcpus",
          "CPUs that the scheduler gives no task to by itself. With managed_irq interrupts of drives and cards keep away, too, "
          "where "
          "another CPU can take them; domain is what keeps the tasks away. What trades there is alone, once it is put there." },
        { "cmdline.nohz_full", "CPUs whose timer tick stops while a single task runs there. A tick is an interruption of some "
                               "microseconds, up to a thousand "
                               "times a second." },
        { "cmdline.rcu_nocbs",
          "CPUs whose callbacks of RCU run in threads that may be elsewhere, instead of in the middle of what runs there." },
        { "cmdline.irqaffinity", "The CPUs that interrupts are given to from the start, before anything steers them." },
        { "cmdline.skew_tick", "1 lets the timer ticks of the CPUs come one after the other instead of all at once, where they "
                               "would wait for the same "
                               "locks." },
};

const char *explain_key(const char *name)
{
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
                if (text_equals(keys[i].name, name))
                        return keys[i].text;
        return NULL;
}
