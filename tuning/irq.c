/* Where interrupts are handled: the default of new ones, the queues of network cards, and all the rest. */

#include "tuning/knobs.h"

#include "agent/core/host.h"
#include "agent/core/irq_list.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/unit_answer.h"
#include "tuning/irq_judge.h"

#include <errno.h>
#include <string.h>

#define FOLDER "/proc/irq"

static const struct field irq_fields[] = {
        {
                .path = "default",
                .kind = VALUE_CPUS,
                .help = "The CPUs that handle device interrupts: new ones by default, and every one that can be moved and is "
                        "not a queue of a network card with a place of its own. An interrupt on a trading core costs it "
                        "microseconds, and what the handler pushes out of its caches. Judged by the CPU that the kernel "
                        "really chose, which may be any of those allowed, and by the CPUs allowed, which it may choose next "
                        "time. Interrupts that the kernel places itself (NVMe queues and their like) are exempt: "
                        "isolcpus=managed_irq on the kernel command line keeps them away.",
                .where = "/proc/irq/default_smp_affinity, /proc/irq/N/effective_affinity_list and smp_affinity_list; names "
                         "from /sys/kernel/irq/N/actions. Set by writing the masks; lost at the next boot, and when a card "
                         "is reset.",
                .risk = "Quiet: a short lock for each interrupt that moves.",
        },
        {
                .path = "nic",
                .kind = VALUE_TEXT,
                .help = "Where the receive and transmit queues of physical network cards interrupt: \"local\" for the "
                        "housekeeping CPUs of the card's own NUMA node, a list of CPUs, or \"none\" to leave them alone. "
                        "Queue k goes to the k-th CPU, round and round. Without this key they follow `default`.",
                .where = "/proc/irq/N/smp_affinity_list of the interrupts named after the card; its node from numa_node of its "
                         "device. Set by writing the list.",
                .risk = "Quiet, though packets in flight may be handled in another order for a moment.",
        },
        { .path = NULL },
};

enum nic_mode {
        NIC_LIKE_REST, /* no wish of their own */
        NIC_ALONE,     /* to be left alone, or their wish cannot be known */
        NIC_LOCAL,
        NIC_LIST,
};

struct placement {
        struct host *host;
        struct plan *plan;
        struct pool *pool;
        const struct topology *topology;    /* NULL unknown */
        const struct setting *rest_setting; /* NULL: the rest is not to be judged */
        struct cpus rest;
        const struct setting *nic_setting;
        enum nic_mode nic_mode;
        struct cpus nic;  /* LIST: the list; LOCAL: the CPUs of all nodes to choose from */
        size_t nic_count; /* how many interrupts of network cards were placed */
};

static const struct setting *find_setting(const struct settings *want, const char *key)
{
        for (size_t i = 0; i < want->count; i++)
                if (text_equals(want->rows[i].keys[0], key))
                        return &want->rows[i];
        return NULL;
}

static void note_setting(const struct placement *placement, const struct setting *setting, enum status status, const char *now,
                         const char *note)
{
        plan_note(placement->plan, setting, status, LAYER_RUNNING, FOLDER, now,
                  setting->held ? "a value on this host" : setting->text, "%s", note);
}

/* The kernel refuses a set without any CPU that is online (write_irq_affinity() in kernel/irq/proc.c). */
static bool only_online(const struct placement *placement, struct cpus *set)
{
        if (placement->topology)
                cpus_intersect(set, &placement->topology->online);
        return !cpus_empty(set);
}

/* --- what is wanted ------------------------------------------------------------------------------------------------------ */

static void plan_default(struct placement *placement)
{
        const struct setting *setting = placement->rest_setting;
        struct pool *pool = placement->plan->pool;
        struct value *value = pool_zero(pool, sizeof *value);
        struct want want = { .op = OP_EQ, .count = 1, .values = value };
        struct cpus possible;
        struct step *step;
        unsigned count;

        *value = value_cpus(pool, &placement->rest);
        value->kind = VALUE_MASK;
        want.text = cpus_format(pool, &placement->rest);
        step = plan_write_want(placement->plan, placement->host, setting, &want, VALUE_MASK, UNIT_NONE,
                               FOLDER "/default_smp_affinity");
        count = cpus_last(&placement->rest) + 1;
        if (host_cpus(placement->host, &possible, "/sys/devices/system/cpu/possible") >= 0 && !cpus_empty(&possible))
                count = cpus_last(&possible) + 1;
        step->text = cpus_format_mask(pool, &placement->rest, count);
}

static void read_default(struct placement *placement)
{
        const struct setting *setting = placement->rest_setting;

        if (!setting)
                return;
        if (setting->held) {
                note_setting(placement, setting, STATUS_UNSUPPORTED, "left as it is", setting->held);
                placement->rest_setting = NULL;
                return;
        }
        placement->rest = *setting->want.values[0].cpus;
        if (!only_online(placement, &placement->rest)) {
                note_setting(placement, setting, STATUS_UNSUPPORTED, "offline", "none of these CPUs is online");
                placement->rest_setting = NULL;
                return;
        }
        plan_default(placement);
}

/* Housekeeping by the partition; without one the default set, else every CPU. False: there is no telling. */
static bool read_local(struct placement *placement, const struct settings *want)
{
        const struct setting *setting = placement->nic_setting;

        if (want->partition && !want->partition->valid) {
                note_setting(placement, setting, STATUS_UNSUPPORTED, "left as it is", want->partition->problem);
                return false;
        }
        if (want->partition) {
                placement->nic = want->partition->housekeeping;
        } else if (placement->rest_setting) {
                placement->nic = placement->rest;
        } else if (placement->topology) {
                placement->nic = placement->topology->online;
        } else {
                note_setting(placement, setting, STATUS_UNKNOWN, "not known", "the CPUs of this host cannot be read");
                return false;
        }
        return true;
}

static enum nic_mode read_nic(struct placement *placement, const struct settings *want)
{
        const struct setting *setting = placement->nic_setting;

        if (!setting)
                return NIC_LIKE_REST;
        if (setting->held) {
                note_setting(placement, setting, STATUS_UNSUPPORTED, "left as it is", setting->held);
                return NIC_ALONE;
        }
        if (text_equals(setting->text, "none")) {
                note_setting(placement, setting, STATUS_PASS, "none", "the queues of network cards are left alone");
                return NIC_ALONE;
        }
        if (text_equals(setting->text, "local"))
                return read_local(placement, want) ? NIC_LOCAL : NIC_ALONE;
        if (cpus_parse(setting->text, CPUS_STRICT, 0, &placement->nic) < 0 || !only_online(placement, &placement->nic)) {
                note_setting(placement, setting, STATUS_UNSUPPORTED, "offline", "none of these CPUs is online");
                return NIC_ALONE;
        }
        return NIC_LIST;
}

/* The CPUs for this card's queues; of the whole box where its node has none or is not known, or firmware lies. */
static void nic_cpus(const struct placement *placement, const struct irq_nic *nic, struct cpus *set)
{
        const struct topology *topology = placement->topology;

        *set = placement->nic;
        if (placement->nic_mode != NIC_LOCAL || nic->node < 0 || !topology || !topology->numa_sane)
                return;
        for (size_t i = 0; i < topology->node_count; i++) {
                if (topology->nodes[i].node != (unsigned)nic->node)
                        continue;
                cpus_intersect(set, &topology->nodes[i].cpus);
                if (cpus_empty(set))
                        *set = placement->nic;
                return;
        }
}

static void nth_cpu(struct cpus *set, unsigned nth)
{
        unsigned cpu = cpus_next(set, 0);

        for (nth %= cpus_count(set); nth > 0; nth--)
                cpu = cpus_next(set, cpu + 1);
        *set = (struct cpus){ 0 };
        cpus_add(set, cpu);
}

/* Which setting this interrupt obeys, and the CPUs it may be handled on. NULL: none. */
static const struct setting *wish_of(struct placement *placement, const struct irq *irq, struct cpus *set)
{
        if (!irq->is_queue || placement->nic_mode == NIC_LIKE_REST) {
                *set = placement->rest;
                return placement->rest_setting;
        }
        if (placement->nic_mode == NIC_ALONE)
                return NULL;
        placement->nic_count++;
        nic_cpus(placement, irq->nic, set);
        if (irq->queue != IRQ_QUEUE_UNKNOWN)
                nth_cpu(set, (unsigned)irq->queue);
        return placement->nic_setting;
}

static void plan_irq(struct placement *placement, const struct irq *irq)
{
        const struct irq_place place = { placement->host, placement->plan, placement->pool };
        const struct setting *setting;
        struct cpus set;

        setting = wish_of(placement, irq, &set);
        if (setting)
                irq_judge(&place, irq, setting, &set);
}

/* --- who else moves them ------------------------------------------------------------------------------------------------- */

static bool is_balanced_now(struct host *host, struct pool *pool)
{
        const char *answer;
        int r;

        r = unit_ask(host, pool, "irqbalance.service", &answer);
        if (r >= 0)
                return text_equals(unit_property(pool, answer, "ActiveState"), "active");
        return r != -ENOENT && (host_exists(host, "/run/irqbalance") || host_exists(host, "/run/irqbalance.pid"));
}

static void plan_rival(const struct placement *placement)
{
        struct host *host = placement->host;
        const char *target;
        const char *state;
        bool masked;

        masked = host_link(host, placement->pool, &target, "/etc/systemd/system/irqbalance.service") >= 0 &&
                 text_equals(target, "/dev/null");
        if ((host_was_live(host) || !masked) && is_balanced_now(host, placement->pool))
                state = "running";
        else if (!masked && host_exists(host, "/etc/systemd/system/multi-user.target.wants/irqbalance.service"))
                state = "enabled";
        else
                return;
        plan_note(placement->plan, NULL, STATUS_CONTESTED, LAYER_RUNNING, "irqbalance.service", state, "off",
                  "irqbalance moves interrupts as it sees fit, every ten seconds")
                ->fix = "switch it off: by hand, or by irqbalance under `services: off` in the profile";
}

static int irq_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        autopool struct pool *pool = pool_new();
        struct placement placement = {
                .host = host,
                .plan = plan,
                .pool = pool,
                .topology = want->topology,
                .rest_setting = find_setting(want, "default"),
                .nic_setting = find_setting(want, "nic"),
        };
        struct irq_list list;
        int r;

        r = irq_list_read(host, pool, &list);
        for (size_t i = 0; r < 0 && i < want->count; i++)
                note_setting(&placement, &want->rows[i], STATUS_UNKNOWN, error_words(r), "the interrupts cannot be read");
        if (r < 0)
                return 0;
        read_default(&placement);
        placement.nic_mode = read_nic(&placement, want);
        for (size_t i = 0; i < list.count; i++)
                plan_irq(&placement, &list.rows[i]);
        if (placement.nic_count == 0 && (placement.nic_mode == NIC_LOCAL || placement.nic_mode == NIC_LIST))
                note_setting(&placement, placement.nic_setting, STATUS_NOT_APPLICABLE, "no such interrupt",
                             "no physical network card of this host has an interrupt of its own");
        plan_rival(&placement);
        return 0;
}

static int irq_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        struct cpus set;
        int r;

        /* A variable gets its value on the host. */
        if (strstr(setting->text, "${"))
                return 0;
        if (text_equals(setting->keys[0], "nic") && (text_equals(setting->text, "local") || text_equals(setting->text, "none")))
                return 0;
        r = cpus_parse(setting->text, CPUS_STRICT, 0, &set);
        if (r >= 0 && !cpus_empty(&set))
                return 0;
        *problem = pool_format(pool, "\"%s\" was found; %sa list of CPUs was expected, such as \"0-1,24-25\"",
                               text_printable(pool, setting->text, 80),
                               text_equals(setting->keys[0], "nic") ? "\"local\", \"none\" or " : "");
        return -EINVAL;
}

const struct knob knob_irq = {
        .name = "irq",
        .help = "The CPUs that handle interrupts: of network queues, and of everything else.",
        .fields = irq_fields,
        .plan = irq_plan,
        .lint = irq_lint,
};
