/* The errors of PCIe devices, as the kernel counts what Advanced Error Reporting tells it (drivers/pci/pcie/aer.c). */

#include "probes/pcie_errors.h"

#include "agent/core/fact.h"
#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>

/* A line "RxErr 0" for each kind of error, and last "TOTAL_ERR_COR 0". */
static int read_total(struct host *host, struct pool *pool, const char *path, const char *key, uint64_t *total)
{
        struct slice line, word;
        const char *text;
        int r;

        r = host_read(host, pool, &text, "%s", path);
        if (r < 0)
                return r;
        while (text_line(&text, &line))
                if (slice_word(&line, " ", &word) && slice_equals(word, key))
                        return text_u64(slice_dup(pool, line), 10, total);
        return -EBADMSG;
}

/* The kernel shows all three files or none (aer_stats_attrs_are_visible). */
bool pcie_errors_counted(struct host *host, const char *folder)
{
        return host_exists(host, "%s/aer_dev_correctable", folder) || host_exists(host, "%s/aer_dev_fatal", folder);
}

void pcie_errors_facts(struct host *host, struct facts *facts, struct pool *pool, const char *folder, const char *name,
                       const char *note)
{
        static const struct {
                const char *fact;
                struct {
                        const char *file, *key;
                } parts[2];
        } table[] = {
                { "corrected", { { "aer_dev_correctable", "TOTAL_ERR_COR" }, { NULL, NULL } } },
                { "uncorrected", { { "aer_dev_nonfatal", "TOTAL_ERR_NONFATAL" }, { "aer_dev_fatal", "TOTAL_ERR_FATAL" } } },
        };
        bool counted = pcie_errors_counted(host, folder);

        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
                const char *source = folder;
                uint64_t sum = 0, total = 0;
                int r = 0;

                for (size_t j = 0; counted && r == 0 && j < 2 && table[i].parts[j].file; j++) {
                        source = pool_format(pool, "%s/%s", folder, table[i].parts[j].file);
                        r = read_total(host, pool, source, table[i].parts[j].key, &total);
                        if (r == 0 && (__builtin_add_overflow(sum, total, &sum) || sum > INT64_MAX))
                                r = -ERANGE;
                }
                if (!counted)
                        fact_absent(facts, source, "pcie.%s.errors.%s", name, table[i].fact);
                else if (r < 0)
                        fact_unknown(facts, r == -ENOENT ? -ENODATA : r, source, "pcie.%s.errors.%s", name, table[i].fact);
                else
                        fact_known(facts, value_number((int64_t)sum, UNIT_COUNT), source, "pcie.%s.errors.%s", name,
                                   table[i].fact);
                if (note)
                        fact_note(facts, "%s", note);
        }
}
