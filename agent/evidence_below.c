/* Which devices an item stands on, by what sysfs says now. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DEPTH_MAX 8 /* of mappings, arrays and bonds on one another */

static bool is_address(const char *name)
{
        return strchr(name, ':') && strchr(name, '.') && name[strspn(name, "0123456789abcdefABCDEF:.")] == '\0';
}

/* The last PCI address in the path; NULL: none is. */
static const char *address_in(struct pool *pool, const char *path)
{
        const char *found = NULL;
        struct slice word;

        while (text_word(&path, "/", &word)) {
                const char *name = slice_dup(pool, word);

                found = is_address(name) ? name : found;
        }
        return found;
}

static bool has_component(const char *path, const char *name)
{
        struct slice word;

        while (text_word(&path, "/", &word))
                if (slice_equals(word, name))
                        return true;
        return false;
}

/* What the device is made of: "nvme0n1" of md0, "ens1f0" of bond0. */
static const char *const *parts_of(const struct evidence *evidence, const char *class, const char *name)
{
        bool net = text_equals(class, "net");
        const char *const *names, **parts = NULL;
        size_t count = 0;

        if (host_list(evidence->session->host, evidence->pool, &names, net ? "/sys/class/%s/%s" : "/sys/class/%s/%s/slaves",
                      class, name) < 0)
                return NULL;
        for (; *names; names++) {
                if (net && !text_starts(*names, "lower_"))
                        continue;
                parts = pool_grow(evidence->pool, parts, count, sizeof *parts);
                parts[count++] = net ? *names + strlen("lower_") : *names;
        }
        parts = pool_grow(evidence->pool, parts, count, sizeof *parts);
        parts[count] = NULL;
        return parts;
}

static enum standing look_below(const struct evidence *evidence, const char *class, const char *name, const char *device,
                                unsigned depth)
{
        enum standing best = STANDS_NOT;
        const char *const *parts;
        const char *target;

        if (strchr(name, '/') ||
            host_link(evidence->session->host, evidence->pool, &target, "/sys/class/%s/%s", class, name) < 0)
                return STANDS_PERHAPS;
        if (has_component(target, device))
                return STANDS_SURELY;
        if (address_in(evidence->pool, target))
                return STANDS_NOT;
        parts = depth ? parts_of(evidence, class, name) : NULL;
        if (!parts || !*parts)
                return STANDS_PERHAPS;
        for (; *parts && best != STANDS_SURELY; parts++) {
                enum standing standing = look_below(evidence, class, *parts, device, depth - 1);

                best = standing > best ? standing : best;
        }
        return best;
}

static const char *block_of(const struct evidence *evidence, const struct drift_row *row, const char *device)
{
        const char *mounted = evidence->devices[row - evidence->drift->rows];

        if (text_starts(row->name, "raid."))
                return evidence_mapped(evidence, device);
        if (!mounted || !text_starts(mounted, "/dev/"))
                return NULL;
        return evidence_mapped(evidence, strrchr(mounted, '/') + 1);
}

/* Of a btrfs, which is no block device: what one of its devices stands on. */
static enum standing stands_below(const struct evidence *evidence, const struct evidence_array *array, const char *device)
{
        enum standing best = evidence_array_has(array, device) ? STANDS_SURELY : STANDS_NOT;

        for (size_t i = 0; array->devices[i] && best != STANDS_SURELY; i++) {
                enum standing standing =
                        look_below(evidence, "block", array->devices[i], evidence_mapped(evidence, device), DEPTH_MAX);

                best = standing > best ? standing : best;
        }
        return best;
}

enum standing evidence_stands(const struct evidence *evidence, const struct drift_row *row, const char *device)
{
        size_t size = drift_device_size(row->name), head = strcspn(row->name, ".") + 1;
        const struct evidence_array *array = &evidence->arrays[row - evidence->drift->rows];
        const char *own, *block;

        if (!device || !size)
                return STANDS_PERHAPS;
        own = pool_copy(evidence->pool, row->name + head, size - head - 1);
        if (text_equals(own, device))
                return STANDS_SURELY;
        if (text_starts(row->name, "nic.") || text_starts(row->name, "interface."))
                return look_below(evidence, "net", own, device, DEPTH_MAX);
        if (text_starts(row->name, "nvme."))
                return look_below(evidence, "nvme", own, device, 0);
        if (array->devices)
                return stands_below(evidence, array, device);
        block = text_starts(row->name, "raid.") || text_starts(row->name, "disk.") ? block_of(evidence, row, own) : NULL;
        return block ? look_below(evidence, "block", block, evidence_mapped(evidence, device), DEPTH_MAX) : STANDS_PERHAPS;
}

/* What the item's device had at the baseline, where that is another now, or gone with it: the text of "nic.eth0.pci". */
static const char *had_before(const struct evidence *evidence, const struct drift_row *row, const char *fact)
{
        size_t size = drift_device_size(row->name), head = strcspn(row->name, ".");
        const char *name = pool_format(evidence->pool, "nic%.*s%s", (int)(size - head), row->name + head, fact);

        for (size_t i = 0; i < evidence->drift->count; i++)
                if (text_equals(evidence->drift->rows[i].layer, "fact") && text_equals(evidence->drift->rows[i].name, name))
                        return evidence->drift->rows[i].baseline;
        return NULL;
}

static bool is_one_module(const char *a, const char *b)
{
        for (; *a && *b; a++, b++)
                if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
                        return false;
        return *a == *b;
}

static const char *driver_of(const struct evidence *evidence, const struct drift_row *row)
{
        bool port = text_equals(row->layer, "fact") && (text_starts(row->name, "nic.") || text_starts(row->name, "interface."));

        return port && drift_device_size(row->name) ? had_before(evidence, row, "driver") : NULL;
}

bool evidence_knows_driver(const struct evidence *evidence, const struct drift_row *row)
{
        return driver_of(evidence, row) != NULL;
}

bool evidence_names_driver(const struct evidence *evidence, const struct drift_row *row, const char *text)
{
        const char *driver = driver_of(evidence, row);
        bool loads = false;
        struct slice word;

        while (driver && text_word(&text, " \t'\";|&()", &word)) {
                const char *name = slice_dup(evidence->pool, word), *program = basename(name);

                if (loads && is_one_module(name, driver))
                        return true;
                loads = loads || text_equals(program, "modprobe") || text_equals(program, "rmmod");
        }
        return false;
}

const char *evidence_address(const struct evidence *evidence, const struct drift_row *row)
{
        bool net = text_starts(row->name, "nic."), nvme = text_starts(row->name, "nvme.");
        size_t size = drift_device_size(row->name), head = strcspn(row->name, ".") + 1;
        const char *own, *target, *before;

        if (!size || (!net && !nvme))
                return NULL;
        own = pool_copy(evidence->pool, row->name + head, size - head - 1);
        if (strchr(own, '/'))
                return NULL;
        if (host_link(evidence->session->host, evidence->pool, &target, "/sys/class/%s/%s", net ? "net" : "nvme", own) == 0)
                return address_in(evidence->pool, target);
        before = net ? had_before(evidence, row, "pci") : NULL;
        return before && is_address(before) ? before : NULL;
}
