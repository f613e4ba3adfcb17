/* Judging one interrupt. Private to tuning/. */

#pragma once

struct cpus;
struct host;
struct irq;
struct plan;
struct pool;
struct setting;

struct irq_place {
        struct host *host;
        struct plan *plan;
        struct pool *pool; /* for what need not outlive the planning */
};

/* Adds the row of one interrupt that the setting wants on CPUs of this set, and on no other. */
void irq_judge(const struct irq_place *place, const struct irq *irq, const struct setting *setting, const struct cpus *set);
