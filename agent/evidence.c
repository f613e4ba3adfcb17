/* Gathers what may have made items differ, and puts the best first. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdlib.h>
#include <string.h>

static int by_weight(const void *a, const void *b)
{
        const struct clue *left = a, *right = b;

        if (left->weight != right->weight)
                return left->weight < right->weight ? 1 : -1;
        return left->at < right->at ? 1 : left->at > right->at ? -1 : strcmp(left->text, right->text);
}

static const char *const *step_files(const struct evidence *evidence, const struct drift_row *row)
{
        const struct plan *plan = evidence->examination->plan;
        const char **list = NULL;
        size_t count = 0;

        for (size_t i = 0; i < plan->count; i++) {
                const struct step *step = plan->rows[i];
                const char *path =
                        step->target && evidence_is_of(step, row) ? evidence_path(evidence->pool, step->target) : NULL;

                if (!path)
                        continue;
                list = pool_grow(evidence->pool, list, count, sizeof *list);
                list[count++] = path;
        }
        list = pool_grow(evidence->pool, list, count, sizeof *list);
        list[count] = NULL;
        return list;
}

/* Of each row, once: there may be thousands of commands, and of steps. */
static const char *const **files_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        const char *const **files = pool_zero(evidence->pool, drift->count * sizeof *files);

        for (size_t i = 0; i < drift->count; i++) {
                const char **one;

                if (!text_equals(drift->rows[i].layer, "profile")) {
                        files[i] = step_files(evidence, &drift->rows[i]);
                        continue;
                }
                one = pool_zero(evidence->pool, 2 * sizeof *one);
                one[0] = evidence_profile_path(evidence, &drift->rows[i]);
                files[i] = one;
        }
        return files;
}

static const char **devices_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        const char **devices = pool_zero(evidence->pool, drift->count * sizeof *devices);

        for (size_t i = 0; i < drift->count; i++)
                devices[i] = evidence_mount_device(evidence, &drift->rows[i]);
        return devices;
}

static const char **addresses_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        const char **addresses = pool_zero(evidence->pool, drift->count * sizeof *addresses);

        for (size_t i = 0; i < drift->count; i++)
                addresses[i] = text_equals(drift->rows[i].layer, "fact") ? evidence_address(evidence, &drift->rows[i]) : NULL;
        return addresses;
}

static struct evidence_array *arrays_of(const struct evidence *evidence)
{
        const struct drift *drift = evidence->drift;
        struct evidence_array *arrays = pool_zero(evidence->pool, drift->count * sizeof *arrays);

        for (size_t i = 0; i < drift->count; i++)
                arrays[i] = evidence_array(evidence, &drift->rows[i]);
        return arrays;
}

void evidence_find(const struct session *session, const struct examination *examination, const struct history *history,
                   enum evidence_wanted wanted, struct drift *drift)
{
        autopool struct pool *pool = pool_new();
        struct evidence_owners owners = { .pool = pool };
        struct evidence_library library = { .pool = pool };
        struct evidence_file file = { 0 };
        struct package_log log = { 0 };
        struct evidence_deeds deeds = { 0 };
        const char *copied = NULL;
        struct evidence evidence = { .session = session,
                                     .examination = examination,
                                     .history = history,
                                     .drift = drift,
                                     .owners = &owners,
                                     .copied = &copied,
                                     .file = &file,
                                     .library = &library,
                                     .log = &log,
                                     .deeds = &deeds,
                                     .pool = pool };

        if (!drift->count || wanted == EVIDENCE_NONE)
                return;
        evidence.files = files_of(&evidence);
        evidence.devices = devices_of(&evidence);
        evidence.addresses = addresses_of(&evidence);
        evidence.arrays = arrays_of(&evidence);
        evidence_read_deeds(&evidence);
        evidence_of_files(&evidence);
        evidence_of_ledgers(&evidence);
        evidence_of_sysctl(&evidence);
        evidence_of_own_files(&evidence);
        evidence_of_profile(&evidence);
        evidence_of_udev(&evidence);
        if (wanted == EVIDENCE_ALL)
                evidence_of_commands(&evidence);
        evidence_of_kernel(&evidence);
        evidence_of_hardware(&evidence);
        evidence_of_packages(&evidence);
        evidence_of_boots(&evidence);
        evidence_of_tools(&evidence);
        pool_free(file.pool);
        drift->looked = true;
        for (size_t i = 0; i < drift->count; i++)
                if (drift->rows[i].clue_count)
                        qsort(drift->rows[i].clues, drift->rows[i].clue_count, sizeof(struct clue), by_weight);
}
