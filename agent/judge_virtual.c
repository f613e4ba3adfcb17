/* What a guest says of its hardware is its hypervisor's word: where the profile wants none, nothing of it counts as held. */

#include "agent/judge.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define VIRTUAL "host.virtual"

/* What an interface is made of, its addresses and the size of its packets are the guest's own; how fast the wire below is, is not. */
static bool is_hardware(const char *name)
{
        static const char *const hardware[] = { "cpu.vendor",
                                                "cpu.model",
                                                "cpu.sockets",
                                                "cpu.cores",
                                                "cpu.threads",
                                                "cpu.smt",
                                                "cpu.microcode",
                                                "cpu.turbo",
                                                "cpu.frequency_driver",
                                                "cpu.governors",
                                                "cpu.idle_states",
                                                "memory.type",
                                                "memory.speed",
                                                "memory.rated_speed",
                                                "memory.ecc",
                                                "memory.installed",
                                                "memory.dimms",
                                                "memory.balanced",
                                                "memory.errors",
                                                "numa.",
                                                "nvme.",
                                                "nic.",
                                                "interface.*.slowest",
                                                "pcie.",
                                                "raid.",
                                                "host.bios.",
                                                "host.vendor",
                                                "host.product",
                                                "host.iommu",
                                                "host.secure_boot",
                                                "usb.",
                                                "kernel.crashes",
                                                "cpu.throttles",
                                                "cpu.machine_checks",
                                                "swap.separate",
                                                "cpu.tsc_invariant" };

        for (size_t i = 0; i < sizeof hardware / sizeof hardware[0]; i++)
                if (text_starts(name, hardware[i]) || text_matches(name, hardware[i]))
                        return true;
        return false;
}

const char *judge_guest(const struct facts *facts, const struct profile *profile, const char *today)
{
        const struct fact *fact = fact_find(facts, VIRTUAL);
        const struct waiver *expired;

        if (!fact || fact->status != FACT_KNOWN || text_equals(fact->value.text, "none"))
                return NULL;
        for (size_t i = 0; i < profile->requirement_count; i++) {
                const struct requirement *requirement = &profile->requirements[i];

                if (text_equals(requirement->pattern, VIRTUAL) && !want_holds(&requirement->want, &fact->value) &&
                    !profile_waiver(profile, requirement->id, today, &expired))
                        return fact->value.text;
        }
        return NULL;
}

/* By the facts and not by the pattern, which may begin anywhere: does the requirement hold by the word of hardware alone? */
static bool stands_on_hardware(const struct facts *facts, const struct requirement *requirement)
{
        bool any = requirement->quantifier == QUANTIFIER_ANY, hardware = false;

        if (requirement->quantifier == QUANTIFIER_ONE)
                return is_hardware(requirement->pattern);
        for (size_t i = 0; i < facts->count; i++) {
                const struct fact *fact = &facts->rows[i];

                if (!text_matches(fact->name, requirement->pattern) || fact->status != FACT_KNOWN ||
                    !want_holds(&requirement->want, &fact->value))
                        continue;
                if (any && !is_hardware(fact->name))
                        return false;
                hardware = hardware || is_hardware(fact->name);
        }
        return hardware;
}

void judge_doubt(struct pool *pool, const struct facts *facts, const char *guest, const struct requirement *requirement,
                 struct finding *finding)
{
        if (!guest || finding->status != STATUS_PASS || !stands_on_hardware(facts, requirement))
                return;
        finding->status = STATUS_UNKNOWN;
        finding->note =
                pool_format(pool, "not verifiable: this is a guest of %s, and its hardware is the hypervisor's word", guest);
}
