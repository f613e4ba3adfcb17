/* The frequency governor of every CPU that the kernel lets us steer, and who else steers it. */

#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/cpu_owners.h"

#include <errno.h>
#include <string.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

static const char *const governors[] = {
        "performance", "powersave", "schedutil", "ondemand", "conservative", "userspace", NULL
};

struct round {
        struct host *host;
        struct plan *plan;
        const struct setting *setting;
        unsigned policies;
};

static bool offers(const char *offered, const char *governor)
{
        struct slice word;

        while (text_word(&offered, " \t\n", &word))
                if (slice_equals(word, governor))
                        return true;
        return false;
}

/* The first alternative that is on offer, as a want of its own; NULL if none is. */
static const struct want *choose(struct pool *pool, const struct want *want, const char *offered)
{
        for (size_t i = 0; i < want->count; i++) {
                struct want *chosen;

                if (!offers(offered, want->values[i].text))
                        continue;
                chosen = pool_zero(pool, sizeof *chosen);
                *chosen = (struct want){ .op = OP_EQ, .count = 1, .values = &want->values[i], .text = want->values[i].text };
                return chosen;
        }
        return NULL;
}

/* One policy: folder holds its scaling_governor. */
static void plan_policy(struct round *round, const char *folder)
{
        struct pool *pool = round->plan->pool;
        const struct setting *setting = round->setting;
        const struct want *want = &setting->want;
        const char *target = pool_format(pool, "%s/scaling_governor", folder);
        const char *offered, *now;
        struct step *step;
        int r;

        round->policies++;
        r = host_read(round->host, pool, &offered, "%s/scaling_available_governors", folder);
        if (r == 0)
                want = choose(pool, &setting->want, offered);
        if (want) {
                step = plan_write_want(round->plan, round->host, setting, want, VALUE_TEXT, UNIT_NONE, "%s", target);
                /* drivers/cpufreq/cpufreq.c: a policy with no CPU online answers EBUSY, and wakes up with its old governor. */
                if (step->status == STATUS_UNKNOWN && host_read(round->host, pool, &now, "%s", target) == -EBUSY) {
                        step->status = STATUS_NOT_APPLICABLE;
                        step->note = "all CPUs of this policy are offline";
                }
                /* Nothing is no governor, and could not be written back. */
                if (step->status == STATUS_DRIFT && text_equals(step->now, "")) {
                        step->status = STATUS_UNKNOWN;
                        step->now = "unreadable: empty";
                }
                return;
        }
        offered = text_printable(pool, text_trim(pool, offered), 120);
        step = plan_note(round->plan, setting, STATUS_UNSUPPORTED, LAYER_RUNNING, target, NULL, setting->want.text,
                         "this processor's driver offers %s", offered[0] ? offered : "no governor");
        step->fix = "name a governor that is offered; which ones are depends on the driver (intel_pstate, amd-pstate, "
                    "acpi-cpufreq)";
}

/* A negative errno where they cannot be listed. */
static int plan_policies(struct round *round)
{
        struct pool *pool = round->plan->pool;
        const char *const *names;
        int r;

        r = host_list(round->host, pool, &names, CPU_FOLDER "/cpufreq");
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (size_t i = 0; names[i]; i++)
                if (text_starts(names[i], "policy") &&
                    host_exists(round->host, CPU_FOLDER "/cpufreq/%s/scaling_governor", names[i]))
                        plan_policy(round, pool_format(pool, CPU_FOLDER "/cpufreq/%s", names[i]));
        return 0;
}

/* Before Linux 4.3 each CPU held its policy, or a link to the CPU that does. */
static int plan_each_cpu(struct round *round, const struct topology *topology)
{
        struct pool *pool = round->plan->pool;
        const char *const *names;
        const char *target;
        uint64_t cpu;
        int r;

        r = host_list(round->host, pool, &names, CPU_FOLDER);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (size_t i = 0; names[i]; i++) {
                const char *name = names[i];

                if (!text_starts(name, "cpu") || name[3] < '0' || name[3] > '9' || text_u64(name + 3, 10, &cpu) < 0 ||
                    cpu >= CPUS_MAX)
                        continue;
                if (topology && !cpus_has(&topology->online, (unsigned)cpu))
                        continue;
                if (host_link(round->host, pool, &target, CPU_FOLDER "/%s/cpufreq", name) == 0)
                        continue;
                if (host_exists(round->host, CPU_FOLDER "/%s/cpufreq/scaling_governor", name))
                        plan_policy(round, pool_format(pool, CPU_FOLDER "/%s/cpufreq", name));
        }
        return 0;
}

static void note_owners(struct round *round)
{
        const struct want *want = &round->setting->want;
        const struct cpu_owner *owners;
        size_t count;

        owners = cpu_owners(round->host, round->plan->pool, want, &count);
        for (size_t i = 0; i < count; i++) {
                struct step *step = plan_note(round->plan, round->setting, STATUS_CONTESTED, LAYER_RUNNING, owners[i].evidence,
                                              owners[i].state, "no other tool that sets governors",
                                              "%s sets governors too, and whichever comes last wins", owners[i].name);

                step->fix = owners[i].fix;
        }
}

static int cpu_plan(struct host *host, const struct settings *want, struct plan *plan)
{
        for (size_t i = 0; i < want->count; i++) {
                struct round round = { .host = host, .plan = plan, .setting = &want->rows[i] };
                const struct setting *setting = round.setting;
                int r;

                if (setting->held) {
                        plan_note(plan, setting, STATUS_UNSUPPORTED, LAYER_RUNNING, CPU_FOLDER "/cpufreq", NULL, NULL, "%s",
                                  setting->held);
                        continue;
                }
                r = plan_policies(&round);
                if (r == 0 && !round.policies)
                        r = plan_each_cpu(&round, want->topology);
                if (round.policies)
                        note_owners(&round);
                else if (r < 0)
                        plan_note(plan, setting, STATUS_UNKNOWN, LAYER_RUNNING, CPU_FOLDER "/cpufreq",
                                  pool_format(plan->pool, "unreadable: %s", error_words(r)), setting->want.text,
                                  "what steers the frequency could not be listed");
                else if (host_exists(host, CPU_FOLDER))
                        plan_note(plan, setting, STATUS_NOT_APPLICABLE, LAYER_RUNNING, CPU_FOLDER "/cpufreq", "absent",
                                  setting->want.text,
                                  "the kernel does not steer the frequency: the firmware or the hypervisor does");
                else
                        plan_note(plan, setting, STATUS_UNKNOWN, LAYER_RUNNING, CPU_FOLDER, "unreadable: no such folder",
                                  setting->want.text, "nothing here tells about CPUs");
        }
        return 0;
}

static int cpu_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        for (size_t i = 0; i < setting->want.count; i++) {
                const char *name = setting->want.values[i].text, *near;
                bool known = false;

                for (size_t j = 0; governors[j]; j++)
                        known |= text_equals(governors[j], name);
                if (known)
                        continue;
                near = text_nearest(name, governors);
                *problem = pool_format(pool, "\"%s\" is no governor of Linux%s%s%s", text_printable(pool, name, 60),
                                       near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "");
                return -EINVAL;
        }
        return 0;
}

static const struct field cpu_fields[] = {
        { .path = "governor",
          .kind = VALUE_TEXT,
          .flags = FIELD_ALTERNATIVES,
          .help = "The frequency governor of every policy. A core that clocks up only when work arrives answers its first "
                  "packets "
                  "late. \"performance|schedutil\" takes the first that the driver offers.",
          .where = CPU_FOLDER "/cpufreq/policy*/scaling_governor, on old kernels cpu*/cpufreq; written again by "
                              "plumbline-boot.service at each boot, undone by writing the old governor back.",
          .risk = "Quiet: one message to a CPU of each policy. Costs power." },
        { 0 },
};

const struct knob knob_cpu = {
        .name = "cpu",
        .help = "Frequency governor of every CPU.",
        .fields = cpu_fields,
        .plan = cpu_plan,
        .lint = cpu_lint,
};
