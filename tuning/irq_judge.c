/* One interrupt: may it stay where it is handled, or where does it have to go? */

#include "tuning/irq_judge.h"

#include "agent/core/host.h"
#include "agent/core/irq_list.h"
#include "agent/core/plan.h"
#include "agent/core/pool.h"

#include <errno.h>

struct state {
        const char *file;      /* the one to write */
        enum value_kind kind;  /* how it is written */
        struct cpus allowed;   /* never empty */
        struct cpus effective; /* empty: not known; the kernel does not tell, or the interrupt has not been started */
};

static int read_state(const struct irq_place *place, unsigned number, struct state *state)
{
        struct value mask;
        int r;

        state->file = "smp_affinity_list";
        state->kind = VALUE_CPUS;
        r = host_cpus(place->host, &state->allowed, "/proc/irq/%u/smp_affinity_list", number);
        if (r == -ENOENT) {
                state->file = "smp_affinity";
                state->kind = VALUE_MASK;
                r = host_value(place->host, place->pool, VALUE_MASK, UNIT_NONE, &mask, "/proc/irq/%u/smp_affinity", number);
                if (r >= 0)
                        state->allowed = *mask.cpus;
        }
        if (r < 0)
                return r;
        if (cpus_empty(&state->allowed))
                return -ENODATA;
        state->effective = (struct cpus){ 0 };
        r = host_cpus(place->host, &state->effective, "/proc/irq/%u/effective_affinity_list", number);
        return r == -ENOENT ? 0 : r;
}

static const char *describe(const struct irq_place *place, const struct irq *irq, const struct state *state)
{
        return pool_format(place->pool, "%s%s%s%s%s", *irq->actions ? irq->actions : "an interrupt without a name",
                           irq->pci ? " of " : "", irq->pci ? irq->pci : "",
                           cpus_empty(&state->effective) ? "" : ", handled by CPU ",
                           cpus_empty(&state->effective) ? "" : cpus_format(place->pool, &state->effective));
}

static void plan_move(const struct irq_place *place, const struct irq *irq, const struct setting *setting,
                      const struct cpus *set, const struct state *state)
{
        struct pool *pool = place->plan->pool;
        struct value *value = pool_zero(pool, sizeof *value);
        struct want want = { .op = OP_EQ, .count = 1, .values = value, .text = cpus_format(pool, set) };
        struct step *step;

        *value = value_cpus(pool, set);
        value->kind = state->kind;
        step = plan_write_want(place->plan, place->host, setting, &want, state->kind, UNIT_NONE, "/proc/irq/%u/%s", irq->number,
                               state->file);
        step->refusal_harmless = true;
        /* ENOSPC: no vector is left on that CPU; the box is none the worse for it, and the next audit says so again. */
        step->short_harmless = true;
        step->stable = pool_format(pool, "irq:%s/%s", irq->pci ? irq->pci : "", irq->actions);
        step->note = pool_dup(pool, describe(place, irq, state));
}

static void note_irq(const struct irq_place *place, const struct irq *irq, const struct setting *setting,
                     const struct cpus *set, const struct state *state, enum status status, const char *remark)
{
        const struct cpus *now = cpus_empty(&state->effective) ? &state->allowed : &state->effective;
        struct pool *pool = place->pool;

        plan_note(place->plan, setting, status, LAYER_RUNNING, pool_format(pool, "/proc/irq/%u/%s", irq->number, state->file),
                  cpus_format(pool, now), cpus_format(pool, set), "%s%s", describe(place, irq, state), remark);
}

static void note_kept(const struct irq_place *place, const struct irq *irq, const struct setting *setting,
                      const struct cpus *set, const struct state *state)
{
        if (irq->fixed) {
                note_irq(place, irq, setting, set, state, STATUS_EXEMPT, ": the kernel never moves it");
                return;
        }
        note_irq(place, irq, setting, set, state, STATUS_EXEMPT, ": placed by the kernel itself, which refuses another place");
        place->plan->rows[place->plan->count - 1]->fix =
                "add managed_irq to isolcpus= on the kernel command line, or give the device fewer queues";
}

void irq_judge(const struct irq_place *place, const struct irq *irq, const struct setting *setting, const struct cpus *set)
{
        struct state state;
        bool inside;
        int r;

        r = read_state(place, irq->number, &state);
        if (r == -ENOENT && !host_exists(place->host, "/proc/irq/%u", irq->number))
                return; /* freed while the others were being read */
        if (r < 0) {
                plan_note(place->plan, setting, STATUS_UNKNOWN, LAYER_RUNNING,
                          pool_format(place->pool, "/proc/irq/%u", irq->number), error_words(r), cpus_format(place->pool, set),
                          "%s: its CPUs cannot be read", irq->actions);
                return;
        }
        inside = cpus_within(cpus_empty(&state.effective) ? &state.allowed : &state.effective, set);
        if (irq->managed || irq->fixed) {
                if (inside)
                        note_irq(place, irq, setting, set, &state, STATUS_PASS, "");
                else
                        note_kept(place, irq, setting, set, &state);
        } else if (inside && cpus_within(&state.allowed, set)) {
                note_irq(place, irq, setting, set, &state, STATUS_PASS, "");
        } else if (cpus_equal(&state.allowed, set)) {
                /* Without interrupt remapping x86 moves an interrupt only when it fires next (kernel/irq/migration.c): the mask
                 * is right, a second write would change nothing, and an idle interrupt disturbs nobody. */
                note_irq(place, irq, setting, set, &state, STATUS_PASS, ": moves when it fires next");
        } else {
                plan_move(place, irq, setting, set, &state);
        }
}
