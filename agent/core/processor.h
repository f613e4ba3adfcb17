/* What the processor says of itself. */

#pragma once

#include <stdbool.h>

struct host;
struct pool;

struct processor {
        const char *vendor;    /* "GenuineIntel"; NULL: not told */
        const char *model;     /* "AMD EPYC 7451 24-Core Processor"; NULL: not told */
        const char *microcode; /* as /proc/cpuinfo of a tree has it; NULL: not told */
        bool guest_known;      /* it says whether a hypervisor is below */
        bool guest;
        bool tsc_known; /* it says whether its time stamp counter is invariant */
        bool tsc_invariant;
        const char *hypervisor; /* the hypervisor's own signature, "KVMKVMKVM"; NULL: not told */
        const char *source;
};

/* By the CPUID instruction; of a tree that holds no answer to that, by /proc/cpuinfo. Never by /proc/cpuinfo of the live host:
 * reading it interrupts every CPU on kernel 5.15 (arch/x86/kernel/cpu/aperfmperf.c). Texts live in the pool. On failure
 * *processor says nothing but its source. */
int processor_read(struct host *host, struct pool *pool, struct processor *processor);
