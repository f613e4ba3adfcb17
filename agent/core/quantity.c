/* Numbers with units: one table of what may stand behind a number. */

#include "agent/core/quantity.h"

#include "agent/core/text.h"

#include <errno.h>

__extension__ typedef unsigned __int128 wide;

#define KI (UINT64_C(1) << 10)
#define MI (UINT64_C(1) << 20)
#define GI (UINT64_C(1) << 30)
#define TI (UINT64_C(1) << 40)
#define PI (UINT64_C(1) << 50)
#define K  UINT64_C(1000)
#define M  (K * K)
#define G  (M * K)
#define T  (G * K)
#define P  (T * K)

/* Beyond this many a further digit behind the point changes nothing that is measured here. */
#define PLACES_MAX 15U

struct scale {
        const char *name;
        enum unit unit;
        uint64_t num, den;
};

static const struct scale scales[] = {
        { "B", UNIT_BYTES, 1, 1 },        { "byte", UNIT_BYTES, 1, 1 },     { "bytes", UNIT_BYTES, 1, 1 },
        { "KiB", UNIT_BYTES, KI, 1 },     { "MiB", UNIT_BYTES, MI, 1 },     { "GiB", UNIT_BYTES, GI, 1 },
        { "TiB", UNIT_BYTES, TI, 1 },     { "PiB", UNIT_BYTES, PI, 1 },     { "kB", UNIT_BYTES, K, 1 },
        { "KB", UNIT_BYTES, K, 1 },       { "MB", UNIT_BYTES, M, 1 },       { "GB", UNIT_BYTES, G, 1 },
        { "TB", UNIT_BYTES, T, 1 },       { "PB", UNIT_BYTES, P, 1 },       { "bit/s", UNIT_BITRATE, 1, 1 },
        { "kbit/s", UNIT_BITRATE, K, 1 }, { "Mbit/s", UNIT_BITRATE, M, 1 }, { "Gbit/s", UNIT_BITRATE, G, 1 },
        { "Tbit/s", UNIT_BITRATE, T, 1 }, { "ns", UNIT_SECONDS, 1, G },     { "us", UNIT_SECONDS, 1, M },
        { "ms", UNIT_SECONDS, 1, K },     { "s", UNIT_SECONDS, 1, 1 },      { "min", UNIT_SECONDS, 60, 1 },
        { "h", UNIT_SECONDS, 3600, 1 },   { "d", UNIT_SECONDS, 86400, 1 },  { "%", UNIT_PERCENT, 1, 1 },
        { "MT/s", UNIT_TRANSFERS, 1, 1 }, { "GT/s", UNIT_TRANSFERS, K, 1 }, { "C", UNIT_CELSIUS, 1, 1 },
        { "Hz", UNIT_HERTZ, 1, 1 },       { "kHz", UNIT_HERTZ, K, 1 },      { "MHz", UNIT_HERTZ, M, 1 },
        { "GHz", UNIT_HERTZ, G, 1 },
};

/* /proc/meminfo says kB and means KiB (proc(5)); the caches of a CPU in sysfs have sizes like "32K". */
static const struct scale kernel_scales[] = {
        { "kB", UNIT_BYTES, KI, 1 },
        { "K", UNIT_BYTES, KI, 1 },
        { "M", UNIT_BYTES, MI, 1 },
        { "G", UNIT_BYTES, GI, 1 },
};

static const struct scale *scale_find(const struct scale *table, size_t count, struct slice name)
{
        for (size_t i = 0; i < count; i++) {
                if (slice_equals(name, table[i].name))
                        return &table[i];
        }
        return NULL;
}

static int scale_read(struct slice name, enum unit unit, enum author author, struct quantity *quantity)
{
        const struct scale *scale = NULL;

        quantity->num = quantity->den = 1;
        if (name.size == 0)
                return 0;
        if (author == AUTHOR_KERNEL)
                scale = scale_find(kernel_scales, sizeof(kernel_scales) / sizeof(kernel_scales[0]), name);
        if (!scale)
                scale = scale_find(scales, sizeof(scales) / sizeof(scales[0]), name);
        if (!scale)
                return -EINVAL;
        if (scale->unit != unit)
                return -EDOM;
        quantity->num = scale->num;
        quantity->den = scale->den;
        return 0;
}

/* Moves past the digits at the start of *rest, adding at most `most` of them to *number. Returns how many; *whole says whether
 * that was all of them. */
static unsigned digits_take(struct slice *rest, size_t most, uint64_t *number, bool *whole)
{
        unsigned taken = 0;

        *whole = true;
        for (; rest->size > 0 && rest->at[0] >= '0' && rest->at[0] <= '9'; rest->at++, rest->size--) {
                unsigned digit = (unsigned)(rest->at[0] - '0');
                uint64_t next;

                *whole = *whole && taken < most && !__builtin_mul_overflow(*number, 10, &next) &&
                         !__builtin_add_overflow(next, digit, &next);
                if (!*whole)
                        continue;
                *number = next;
                taken++;
        }
        return taken;
}

static bool sign_allowed(enum unit unit)
{
        return unit != UNIT_BYTES && unit != UNIT_BITRATE && unit != UNIT_TRANSFERS && unit != UNIT_HERTZ;
}

int quantity_read(const char *text, enum unit unit, enum author author, struct quantity *quantity)
{
        struct slice rest = slice_trim(slice_of(text));
        struct quantity found = { 0 };
        bool fits, all_places;
        int r;

        if (rest.size > 0 && rest.at[0] == '-') {
                found.negative = true;
                rest.at++;
                rest.size--;
        }
        if (rest.size == 0 || rest.at[0] < '0' || rest.at[0] > '9')
                return -EINVAL;
        digits_take(&rest, SIZE_MAX, &found.digits, &fits);
        if (rest.size > 1 && rest.at[0] == '.' && rest.at[1] >= '0' && rest.at[1] <= '9') {
                rest.at++;
                rest.size--;
                found.places = digits_take(&rest, PLACES_MAX, &found.digits, &all_places);
        }
        r = scale_read(slice_trim(rest), unit, author, &found);
        if (r < 0)
                return r;
        if (found.negative && !sign_allowed(unit))
                return -EINVAL;
        if (!fits)
                return -ERANGE;
        *quantity = found;
        return 0;
}

static wide power_of_ten(unsigned exponent)
{
        wide power = 1;

        while (exponent-- > 0)
                power *= 10;
        return power;
}

int quantity_whole(const struct quantity *quantity, int64_t *number)
{
        wide top = (wide)quantity->digits * quantity->num;
        wide bottom = power_of_ten(quantity->places) * quantity->den;
        wide whole = top / bottom;

        if (top % bottom != 0) {
                whole = (top + bottom / 2) / bottom;
                if (quantity->num == 1 || whole == 0)
                        return -EINVAL;
        }
        if (whole > (wide)INT64_MAX + quantity->negative)
                return -ERANGE;
        *number = quantity->negative ? (int64_t)(0 - (uint64_t)whole) : (int64_t)whole;
        return 0;
}

double quantity_real(const struct quantity *quantity)
{
        double top = (double)((wide)quantity->digits * quantity->num);
        double bottom = (double)(power_of_ten(quantity->places) * quantity->den);

        return quantity->negative ? -(top / bottom) : top / bottom;
}
