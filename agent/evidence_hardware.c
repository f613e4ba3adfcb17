/* Hardware that went away, became slower or changed at the same time, and that the item stands on. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 120

enum bond {
        MAYBE, /* possible; likely where the item is known to stand on that very device, or names it */
        SUM,   /* the item is a sum or a list of them, or is made by it */
        OVER,  /* the same, and never where it is known to stand on others: no mount point falls out of its array */
        SAME,  /* of one device, or of two of one name */
        ABOVE, /* only where the item is known to stand on that device */
        NEAR,  /* the same, and what happened to the device need not have done it */
};

/* Of all modules together; and what is of the slowest one, or of each alike: another may be of another kind. */
#define MEMORY_SUMS  "memory.total memory.installed memory.dimms memory.balanced"
#define MEMORY_KINDS "memory.type memory.speed memory.rated_speed memory.ecc"
/* What another processor brings. */
#define CPU_OWN                                                                                                                \
        "cpu.vendor cpu.cores cpu.threads cpu.online cpu.smt cpu.microcode* cpu.frequency_driver cpu.turbo cpu.idle_states "   \
        "cpu.tsc_invariant"

/* What stands on what: an item (or one of several patterns), and the facts of the hardware below it that tell that it changed. */
static const struct {
        const char *item, *below;
        enum bond bond;
} stands_on[] = {
        { "interface.*", "nic.*.link", MAYBE },
        { "interface.*", "nic.*.speed", MAYBE },
        { "interface.*", "nic.*.pci", MAYBE },
        { "interface.*", "nic.*.max_speed", MAYBE },
        { "nic.fastest", "nic.*.link", SUM },
        { "nic.fastest", "nic.*.speed", SUM },
        { "nic.fastest", "nic.*.pci", SUM },
        { "nic.*.speed", "nic.*.max_speed", SAME },
        { "nic.*.speed", "nic.*.peer_speed", SAME },
        { "nic.*", "nic.*.pci", SAME },
        { "irq*", "nic.*.pci", MAYBE },
        { "irq*", "nvme.*.size", MAYBE },
        { "irq*", "cpu.online", MAYBE },
        { "raid.*", "nvme.*.size", MAYBE },
        { "raid.*", "nvme.*.health", MAYBE },
        { "raid.*", "nvme.*.link", MAYBE },
        { "raid.*", "pcie.*.link", ABOVE },
        { "nvme.count", "nvme.*.size", SUM },
        { "nvme.*", "nvme.*.model", SAME },
        { "disk.*", "raid.*.state", OVER },
        { "disk.*", "raid.*.size", OVER },
        { "disk.*", "nvme.*.size", MAYBE },
        { "disk.*", "nvme.*.link", MAYBE },
        { "disk.*", "pcie.*.link", ABOVE },
        { "swap.*", "raid.*.state", OVER },
        { "swap.*", "nvme.*.size", MAYBE },
        { "nvme.*", "pcie.*.link", ABOVE },
        { "pcie.*.degraded", "pcie.*.link", SAME },
        { "nic.*", "pcie.*.link", NEAR },
        { "interface.*", "pcie.*.link", NEAR },
        { MEMORY_SUMS, "memory.dimms", SUM },
        { MEMORY_SUMS, "memory.installed", SUM },
        { MEMORY_KINDS, "memory.dimms", MAYBE },
        { MEMORY_KINDS, "memory.installed", MAYBE },
        { "memory.speed", "memory.balanced", MAYBE },
        { "memory.speed", "memory.type", MAYBE },
        { "memory.balanced", "memory.speed", MAYBE },
        { "memory.installed", "memory.speed", MAYBE },
        { "memory.total", "memory.speed", MAYBE },
        { "numa.node*.memory numa.nodes", "memory.dimms", SUM },
        { "numa.node*.memory numa.nodes", "memory.installed", SUM },
        { "hugepages*", "memory.dimms", MAYBE },
        { "hugepages*", "memory.installed", MAYBE },
        { "numa.node*.cpus", "cpu.online", SUM },
        { "numa.*", "cpu.sockets", SUM },
        { "cpu.cores cpu.sockets cpu.smt", "cpu.online", SUM },
        { "cpu.threads cpu.microcode_equal", "cpu.online", MAYBE },
        { "cpu.cores cpu.threads cpu.online", "cpu.sockets", SUM },
        { "cpu.isolated cpu.nohz_full cpu.microcode_equal", "cpu.sockets", MAYBE },
        { CPU_OWN, "cpu.model", SUM },
        { "cpu.isolated cpu.nohz_full cpu.governor*", "cpu.model", MAYBE },
        { "cpu.threads", "cpu.smt", SUM },
        { "cpu.governor*", "cpu.frequency_driver", SUM },
        { "cpu.turbo", "cpu.frequency_driver", SUM },
};

static const char *change_words(const struct evidence *evidence, const struct drift_row *below)
{
        struct pool *pool = evidence->pool;
        const char *now;

        if (below->with_device)
                return pool_format(pool, "%s is gone", evidence_device(pool, below->name));
        now = below->now ? text_printable(pool, below->now, SHOWN_MAX) : "gone";
        if (!below->baseline)
                return pool_format(pool, "%s is %s, and was not there before", below->name, now);
        return pool_format(pool, "%s is %s in place of %s", below->name, now, text_printable(pool, below->baseline, SHOWN_MAX));
}

/* Both may have happened at one moment: from its last right look to its first wrong one each. */
static bool at_once(const struct drift_row *row, const struct drift_row *below)
{
        return below->right_look < row->wrong_look && row->right_look < below->wrong_look;
}

/* The item's own texts name the device: interface.bond0.ports does. */
static bool has_in_its_texts(const struct evidence *evidence, const struct drift_row *row, const char *device)
{
        size_t size = drift_device_size(row->name);

        for (size_t i = 0; device && size && i < evidence->drift->count; i++) {
                const struct drift_row *other = &evidence->drift->rows[i];

                if (!strncmp(other->name, row->name, size) && other->baseline && evidence_has_word(other->baseline, device))
                        return true;
        }
        return false;
}

/* What is new or gone with its device is not explained by the device's own facts, which came or went with it. */
static bool is_both_times(const struct drift_row *row)
{
        return row->baseline && row->now;
}

static unsigned weigh(const struct evidence *evidence, const struct drift_row *row, const struct drift_row *below,
                      enum bond bond)
{
        const char *device = evidence_device(evidence->pool, below->name);
        enum standing standing = bond == SUM ? STANDS_PERHAPS : evidence_stands(evidence, row, device);

        if ((bond == SAME || bond == ABOVE || bond == NEAR) && !(is_both_times(row) && is_both_times(below)))
                return 0;
        if (bond == SAME)
                return standing == STANDS_SURELY ? 75 : 0;
        if (bond == NEAR)
                return standing == STANDS_SURELY ? 60 : 0;
        if (standing == STANDS_SURELY || has_in_its_texts(evidence, row, device))
                return 85;
        if (bond == OVER)
                return standing == STANDS_PERHAPS ? 60 : 0;
        return bond == SUM ? 75 : bond == MAYBE ? 60 : 0;
}

static void hold_against(const struct evidence *evidence, struct drift_row *row, const struct drift_row *below)
{
        for (size_t i = 0; i < sizeof stands_on / sizeof stands_on[0]; i++) {
                unsigned weight = text_matches(below->name, stands_on[i].below) &&
                                                  evidence_matches(evidence->pool, row->name, stands_on[i].item)
                                          ? weigh(evidence, row, below, stands_on[i].bond)
                                          : 0;

                if (weight) {
                        evidence_add(evidence, row, "hardware", weight, 0, change_words(evidence, below));
                        return;
                }
        }
}

void evidence_of_hardware(const struct evidence *evidence)
{
        struct drift *drift = evidence->drift;

        for (size_t i = 0; i < drift->count; i++)
                for (size_t j = 0; text_equals(drift->rows[i].layer, "fact") && j < drift->count; j++)
                        if (j != i && !drift->rows[i].unreadable && at_once(&drift->rows[j], &drift->rows[i]))
                                hold_against(evidence, &drift->rows[j], &drift->rows[i]);
}
