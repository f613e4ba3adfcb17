/* How much memory is installed, by the best source that can be believed.
 *
 * The kernel's own figures are smaller than what is plugged in: firmware, crash kernel and page structures are taken off
 * MemTotal, memory blocks leave out holes or round them up. They bound what is installed: the sum of the online blocks is at
 * least 97 % of it, MemTotal at least 93 %. Between those bounds the roundest size is the one that can be bought. */

#include "probes/installed.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define TABLE          "/sys/firmware/dmi/tables/DMI"
#define ENTRIES        "/sys/firmware/dmi/entries"
#define BLOCKS         "/sys/devices/system/memory"
#define BLOCKS_PERCENT 97
#define TOTAL_PERCENT  93
#define MIB            (INT64_C(1) << 20)

int64_t installed_round(int64_t low, int64_t high)
{
        for (int64_t step = INT64_C(1) << 52; step >= MIB; step /= 2) {
                int64_t over = low % step, round;

                if (!over)
                        return low;
                if (__builtin_add_overflow(low, step - over, &round) || round > high)
                        continue;
                return round;
        }
        return low;
}

static int64_t at_most(int64_t bytes, int percent)
{
        return bytes / percent > INT64_MAX / 100 ? INT64_MAX : bytes / percent * 100 + bytes % percent * 100 / percent;
}

static int64_t bounded(uint64_t bytes)
{
        return bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
}

static const char *show(struct pool *pool, int64_t bytes)
{
        struct value value = value_number(bytes, UNIT_BYTES);

        return value_show(pool, &value);
}

/* --- the firmware's list of memory devices ---------------------------------------------------------------------------- */

static int read_entries(struct host *host, struct pool *pool, struct smbios *modules)
{
        const char *const *names;
        int r, worst = 0;

        r = host_list(host, pool, &names, ENTRIES);
        if (r < 0)
                return r;
        for (; *names; names++) {
                const void *bytes;
                size_t size;

                if (!text_starts(*names, "16-") && !text_starts(*names, "17-"))
                        continue;
                r = host_read_bytes(host, pool, &bytes, &size, ENTRIES "/%s/raw", *names);
                if (r < 0)
                        worst = r;
                else
                        smbios_add_structure(modules, bytes, size);
        }
        return worst;
}

/* Is the list whole, and does it hold what the kernel has? */
static void judge_modules(struct pool *pool, int64_t total, struct installed *installed)
{
        const struct smbios *modules = &installed->modules;
        uint64_t sum = modules->bytes, all;

        if (modules->damaged)
                installed->modules_note = "the firmware's list of memory devices is cut off or damaged";
        else if (!modules->slots && !modules->foreign)
                installed->modules_error = -ENODATA;
        else if (sum > INT64_MAX)
                installed->modules_note = "the firmware claims more memory than any machine can have";
        else if (!modules->modules && !modules->persistent)
                installed->modules_note = "the firmware lists no memory device that is filled";
        else if (!modules->sizeless && total >= 0 && !__builtin_add_overflow(sum, modules->persistent_bytes, &all) &&
                 !__builtin_add_overflow(all, modules->foreign_bytes, &all) && all < (uint64_t)total)
                installed->modules_note =
                        pool_format(pool, "the firmware lists %s of memory, less than the %s that the kernel has",
                                    show(pool, (int64_t)sum), show(pool, total));
        if (installed->modules_note)
                installed->modules_error = -ENODATA;
}

static void read_modules(struct host *host, struct pool *pool, int64_t total, struct installed *installed)
{
        const void *table;
        size_t size;
        int r;

        installed->modules_source = TABLE;
        /* The names of slots point into the table. */
        installed->modules_error = host_read_bytes(host, pool, &table, &size, TABLE);
        if (installed->modules_error == 0) {
                smbios_add_table(&installed->modules, table, size);
                judge_modules(pool, total, installed);
                if (installed->modules_error == 0)
                        return;
        }
        if (!host_exists(host, ENTRIES))
                return;
        struct installed second = { .modules_source = ENTRIES };

        r = read_entries(host, pool, &second.modules);
        second.modules_error = r;
        if (r == 0)
                judge_modules(pool, total, &second);
        if (second.modules_error == 0 || installed->modules_error == -ENOENT)
                *installed = second;
}

/* What the list holds besides, which is no memory of the system. */
static const char *left_out(struct pool *pool, const struct smbios *modules)
{
        const char *note = NULL;

        if (modules->persistent)
                note = pool_format(pool, "%u further device(s) are persistent memory or flash and do not count",
                                   modules->persistent);
        if (modules->foreign)
                note = pool_format(pool, "%s%s%s on a card or for another use than the system's, such as CXL, does not count",
                                   note ? note : "", note ? "; " : "", show(pool, bounded(modules->foreign_bytes)));
        return note;
}

static void take_modules(struct pool *pool, int64_t total, struct installed *installed)
{
        const struct smbios *modules = &installed->modules;

        installed->error = 0;
        installed->bytes = (int64_t)modules->bytes;
        installed->source = installed->modules_source;
        /* Mirroring, a module that the firmware took out of use, or mem= on the command line. */
        if (total >= 0 && at_most(total, TOTAL_PERCENT) < installed->bytes)
                installed->note = pool_format(pool, "the kernel has only %s of it", show(pool, total));
        else
                installed->note = left_out(pool, modules);
}

/* --- what the kernel knows -------------------------------------------------------------------------------------------- */

static int read_block_size(struct host *host, struct pool *pool, uint64_t *size)
{
        const char *text;
        int r;

        r = host_read(host, pool, &text, BLOCKS "/block_size_bytes");
        if (r < 0)
                return r;
        /* In hex, without the 0x: Documentation/admin-guide/mm/memory-hotplug.rst. */
        r = text_u64(text, 16, size);
        if (r < 0)
                return r;
        return *size < MIB || *size > UINT64_C(1) << 40 ? -ERANGE : 0;
}

static int count_blocks(struct host *host, struct pool *pool, uint64_t *count)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, BLOCKS);
        if (r < 0)
                return r;
        *count = 0;
        for (; *names; names++) {
                autopool struct pool *scratch = pool_new();
                const char *state;

                if (!text_starts(*names, "memory") || (*names)[6] < '0' || (*names)[6] > '9')
                        continue;
                r = host_read(host, scratch, &state, BLOCKS "/%s/state", *names);
                if (r < 0)
                        return r;
                *count += slice_equals(slice_trim(slice_of(state)), "online");
        }
        return *count ? 0 : -ENODATA;
}

/* A block that is partly a hole counts whole: below 4 GiB and at the end of the last range. */
static int take_blocks(struct host *host, struct pool *pool, int64_t total, struct installed *installed)
{
        autopool struct pool *scratch = pool_new();
        uint64_t size, count, sum;
        int64_t low;
        int r;

        r = read_block_size(host, scratch, &size);
        if (r < 0)
                return r;
        r = count_blocks(host, scratch, &count);
        if (r < 0)
                return r;
        if (__builtin_mul_overflow(size, count, &sum) || sum > INT64_MAX || (total >= 0 && sum < (uint64_t)total))
                return -EINVAL;
        low = sum > 2 * size ? (int64_t)(sum - 2 * size) : (int64_t)sum;
        if (low < total)
                low = total;
        installed->error = 0;
        installed->bytes = installed_round(low, at_most((int64_t)sum, BLOCKS_PERCENT));
        installed->source = BLOCKS;
        installed->note =
                pool_format(pool, "derived: %u online memory blocks of %s, taken as at least %d %% of what is installed",
                            (unsigned)count, show(pool, (int64_t)size), BLOCKS_PERCENT);
        return 0;
}

static void take_total(struct pool *pool, int64_t total, const char *source, struct installed *installed)
{
        installed->error = 0;
        installed->bytes = installed_round(total, at_most(total, TOTAL_PERCENT));
        installed->source = source;
        installed->note = pool_format(pool, "derived: MemTotal of %s, taken as at least %d %% of what is installed",
                                      show(pool, total), TOTAL_PERCENT);
}

/* Why a better source did not serve. */
static const char *excuse(struct pool *pool, const struct installed *installed)
{
        if (installed->modules_note)
                return installed->modules_note;
        if (installed->modules_error == 0)
                return "the firmware does not know the size of some module";
        if (installed->modules_error == -ENOENT || installed->modules_error == -ENODATA)
                return NULL;
        return pool_format(pool, "%s: %s", installed->modules_source, error_words(installed->modules_error));
}

void installed_read(struct host *host, struct pool *pool, int64_t total, const char *total_source, struct installed *installed)
{
        const char *why;

        memset(installed, 0, sizeof *installed);
        read_modules(host, pool, total, installed);
        if (installed->modules_error == 0 && !installed->modules.sizeless && installed->modules.bytes) {
                take_modules(pool, total, installed);
                return;
        }
        if (take_blocks(host, pool, total, installed) < 0) {
                if (total <= 0) {
                        installed->error = installed->modules_error < 0 && installed->modules_error != -ENOENT
                                                   ? installed->modules_error
                                                   : -ENODATA;
                        installed->source = total_source;
                        installed->note = installed->modules_note;
                        return;
                }
                take_total(pool, total, total_source, installed);
        }
        why = excuse(pool, installed);
        if (why)
                installed->note = pool_format(pool, "%s; %s", installed->note, why);
}
