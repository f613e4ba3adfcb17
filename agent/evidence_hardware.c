/* Hardware that went away or changed at the same time, and that the item stands on. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 120

/* What stands on what: an item, and the facts of the hardware below it that tell that it changed. */
static const struct {
        const char *item, *below;
        bool counted; /* the item is a sum or a list of them */
} stands_on[] = {
        { "interface.*", "nic.*.link", false },  { "interface.*", "nic.*.speed", false }, { "interface.*", "nic.*.pci", false },
        { "nic.fastest", "nic.*.link", true },   { "nic.fastest", "nic.*.speed", true },  { "nic.fastest", "nic.*.pci", true },
        { "irq*", "nic.*.pci", false },          { "irq*", "nvme.*.size", false },        { "irq*", "cpu.online", false },
        { "raid.*", "nvme.*.size", false },      { "raid.*", "nvme.*.health", false },    { "nvme.count", "nvme.*.size", true },
        { "disk.*", "raid.*.state", false },     { "disk.*", "nvme.*.size", false },      { "swap.*", "raid.*.state", false },
        { "swap.*", "nvme.*.size", false },      { "memory.*", "memory.dimms", true },    { "numa.*", "memory.dimms", true },
        { "hugepages*", "memory.dimms", false }, { "numa.*", "cpu.online", true },        { "cpu.*", "cpu.online", true },
        { "cpu.*", "cpu.sockets", true },        { "numa.*", "cpu.sockets", true },
};

/* "ens1f0" of nic.ens1f0.pci; NULL for memory.dimms. */
static const char *device_of(struct pool *pool, const char *name)
{
        size_t size = drift_device_size(name), head = strcspn(name, ".") + 1;

        return size ? pool_copy(pool, name + head, size - head - 1) : NULL;
}

static const char *change_words(const struct evidence *evidence, const struct drift_row *below)
{
        struct pool *pool = evidence->pool;
        const char *now;

        if (below->with_device)
                return pool_format(pool, "%s is gone", device_of(pool, below->name));
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
static bool names_device(const struct evidence *evidence, const struct drift_row *row, const char *device)
{
        size_t size = drift_device_size(row->name);

        for (size_t i = 0; device && size && i < evidence->drift->count; i++) {
                const struct drift_row *other = &evidence->drift->rows[i];

                if (!strncmp(other->name, row->name, size) && other->baseline && evidence_has_word(other->baseline, device))
                        return true;
        }
        return false;
}

static void hold_against(const struct evidence *evidence, struct drift_row *row, const struct drift_row *below)
{
        const char *device = device_of(evidence->pool, below->name);

        for (size_t i = 0; i < sizeof stands_on / sizeof stands_on[0]; i++)
                if (text_matches(row->name, stands_on[i].item) && text_matches(below->name, stands_on[i].below)) {
                        evidence_add(evidence, row, "hardware",
                                     names_device(evidence, row, device) ? 85
                                     : stands_on[i].counted              ? 75
                                                                         : 60,
                                     0, change_words(evidence, below));
                        return;
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
