/* Whether the host was started again in between. */

#include "agent/evidence_inside.h"

#include "agent/core/boot.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#define SHOWN_MAX 200

/* What came with that boot, in the words of other items. */
static const char *with_it(const struct evidence *evidence, const struct drift_row *of)
{
        static const char *const names[] = { "kernel.release", "host.bios.version", "cpu.microcode" };
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < evidence->drift->count; i++) {
                const struct drift_row *row = &evidence->drift->rows[i];

                for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
                        if (row != of && text_equals(row->name, names[j]) && row->wrong_look == of->wrong_look &&
                            row->baseline && row->now)
                                text_addf(&text, ", with %s %s in place of %s", names[j], row->now, row->baseline);
        }
        return text_printable(evidence->pool, text.at, SHOWN_MAX);
}

bool evidence_started_again(const struct evidence *evidence, const struct drift_row *row)
{
        const char *after = row->wrong_look == DRIFT_NOW ? evidence->session->boot_id : row->wrong_boot;

        return row->right_boot && after && !text_equals(row->right_boot, after);
}

/* What another boot makes anew, or finds otherwise: the kernel and what it is given, hardware and firmware, and what no file carries over. What
 * stands on the disk a boot leaves as it was. */
static bool is_made_at_boot(const struct evidence *evidence, const struct drift_row *row)
{
        static const char patterns[] =
                "kernel.* cpu.* memory.* numa.* hugepages.* host.bios.* host.iommu host.product host.secure_boot "
                "host.vendor host.virtual clock.source nic.* interface.* nvme.* pcie.* raid.* usb.* swap.* "
                "disk.*.options disk.*.size disk.*.filesystem";

        return text_equals(row->layer, "fact") && evidence_matches(evidence->pool, row->name, patterns);
}

/* When the boot began in which it was first seen otherwise; 0: not known, as of one that is over. */
static int64_t began_at(const struct evidence *evidence, const struct drift_row *row)
{
        bool present = row->wrong_look == DRIFT_NOW || text_equals(row->wrong_boot, evidence->session->boot_id);
        int64_t at = present ? boot_time(evidence->session->host) : 0;

        return at && evidence_fits(row, at) ? at : 0;
}

void evidence_of_boots(const struct evidence *evidence)
{
        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct drift_row *row = &evidence->drift->rows[i];
                bool running = text_equals(row->layer, "running");

                if (!evidence_started_again(evidence, row) || text_equals(row->layer, "profile"))
                        continue;
                evidence_add(evidence, row, "reboot",
                             running                          ? 65
                             : is_made_at_boot(evidence, row) ? 75
                                                              : 30,
                             began_at(evidence, row),
                             pool_format(evidence->pool, "the host was started again%s%s", with_it(evidence, row),
                                         running ? ": what no file carries over was gone then" : ""));
        }
}
