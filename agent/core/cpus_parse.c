/* Reading CPU lists and masks, stricter than the kernel does: what it merely tolerates is a typing error in a profile. */

#include "agent/core/cpus.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* Every CPU there can be, each named once, takes less; a longer list repeats itself and would only cost time. */
#define LIST_SIZE_MAX 65536U

/* One stretch of a list: "3", "0-7", "0-31:2/4", "all:1/2". */
struct region {
        uint64_t first, last, used, group;
};

static bool number_read(struct slice *rest, unsigned count, uint64_t *number)
{
        uint64_t sum = 0;
        size_t i = 0;

        if (rest->size > 0 && rest->at[0] == 'N' && count > 0) {
                rest->at++;
                rest->size--;
                *number = count - 1;
                return true;
        }
        for (; i < rest->size && rest->at[i] >= '0' && rest->at[i] <= '9'; i++) {
                if (sum <= UINT32_MAX)
                        sum = sum * 10 + (uint64_t)(rest->at[i] - '0');
        }
        rest->at += i;
        rest->size -= i;
        *number = sum; /* beyond 32 bits only that it is too large */
        return i > 0;
}

static bool sign_read(struct slice *rest, char sign)
{
        if (rest->size == 0 || rest->at[0] != sign)
                return false;
        rest->at++;
        rest->size--;
        return true;
}

/* As bitmap_parse_region() of the kernel's lib/bitmap-str.c, save that nothing may be left over and that at least one CPU of each
 * group is taken: the kernel reads "0-7:0/4" as the empty set, which nobody means. */
static int region_read(struct slice rest, unsigned count, struct region *region)
{
        bool all = rest.size >= 3 && strncasecmp(rest.at, "all", 3) == 0;

        *region = (struct region){ .used = 1, .group = 1 };
        if (all) {
                if (count == 0)
                        return -EINVAL;
                region->last = count - 1;
                rest.at += 3;
                rest.size -= 3;
        } else {
                if (!number_read(&rest, count, &region->first))
                        return -EINVAL;
                region->last = region->first;
                if (rest.size == 0)
                        return 0;
                if (!sign_read(&rest, '-') || !number_read(&rest, count, &region->last))
                        return -EINVAL;
        }
        if (region->first > region->last)
                return -EINVAL;
        if (rest.size == 0)
                return 0;
        if (!sign_read(&rest, ':') || !number_read(&rest, count, &region->used))
                return -EINVAL;
        if (!sign_read(&rest, '/') || !number_read(&rest, count, &region->group) || rest.size > 0)
                return -EINVAL;
        if (region->used == 0 || region->used > region->group)
                return -EINVAL;
        return 0;
}

/* Word by word: a hostile list may name every CPU in each of thousands of regions. */
static void range_add(struct cpus *set, unsigned first, unsigned last)
{
        for (unsigned i = first / 64; i <= last / 64; i++) {
                uint64_t bits = UINT64_MAX;

                if (i == first / 64)
                        bits &= UINT64_MAX << first % 64;
                if (i == last / 64)
                        bits &= UINT64_MAX >> (63 - last % 64);
                set->word[i] |= bits;
        }
}

static void region_add(struct cpus *set, const struct region *region)
{
        if (region->used == region->group) {
                range_add(set, (unsigned)region->first, (unsigned)region->last);
                return;
        }
        for (uint64_t at = region->first; at <= region->last; at += region->group) {
                uint64_t last = at + region->used - 1;

                range_add(set, (unsigned)at, (unsigned)(last < region->last ? last : region->last));
        }
}

int cpus_parse(const char *text, unsigned flags, unsigned count, struct cpus *set)
{
        struct slice rest = slice_trim(slice_of(text));
        uint64_t limit = count > 0 && count < CPUS_MAX ? count : CPUS_MAX;
        struct cpus found = { 0 };
        int result = 0;

        /* "(null)" is a mask that was never allocated: the kernel's drivers/base/cpu.c prints it without nohz_full=. */
        if ((flags & CPUS_MAY_BE_EMPTY) != 0 && (rest.size == 0 || slice_equals(rest, "(null)"))) {
                *set = found;
                return 0;
        }
        if (rest.size > LIST_SIZE_MAX)
                return -EINVAL;
        for (;;) {
                const char *comma = rest.size > 0 ? memchr(rest.at, ',', rest.size) : NULL;
                size_t size = comma ? (size_t)(comma - rest.at) : rest.size;
                struct region region;
                int r;

                r = region_read((struct slice){ .at = rest.at, .size = size }, count, &region);
                if (r < 0)
                        return r;
                if (region.last >= limit || region.used > UINT32_MAX || region.group > UINT32_MAX)
                        result = -ERANGE; /* unless the rest is no list at all */
                else if (result == 0)
                        region_add(&found, &region);
                if (!comma)
                        break;
                rest.at += size + 1;
                rest.size -= size + 1;
        }
        if (result == 0)
                *set = found;
        return result;
}

static int hex_digit(char c)
{
        if (c >= '0' && c <= '9')
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

int cpus_parse_mask(const char *text, struct cpus *set)
{
        struct slice mask = slice_trim(slice_of(text));
        struct cpus found = { 0 };
        size_t group = 0, digits = 0;
        int result = 0;

        if (mask.size == 0 || mask.at[0] == ',' || mask.at[mask.size - 1] == ',')
                return -EINVAL;
        /* From the right, where CPU 0 is. */
        for (size_t i = mask.size; i-- > 0;) {
                int digit = hex_digit(mask.at[i]);

                if (mask.at[i] == ',') {
                        group++;
                        digits = 0;
                        continue;
                }
                if (digit < 0)
                        return -EINVAL;
                if (digits == 8 || (digit > 0 && group >= CPUS_MAX / 32))
                        result = -ERANGE;
                else if (digit > 0)
                        found.word[group / 2] |= (uint64_t)digit << (group % 2 * 32 + digits * 4);
                if (digits < 8)
                        digits++;
        }
        if (result == 0)
                *set = found;
        return result;
}
