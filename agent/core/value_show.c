/* Values written: for people, and for a kernel file. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct step_up {
        double size;
        const char *name;
};

/* At most so many places, without zeros at the end: "1.50" reads as if it had been measured so finely. */
static char *show_real(struct pool *pool, double number, int places, const char *unit)
{
        char *text = pool_format(pool, "%.*f", places, number);
        char *end = text + strlen(text);

        if (strchr(text, '.')) {
                while (end[-1] == '0')
                        *--end = '\0';
                if (end[-1] == '.')
                        *--end = '\0';
        }
        if (strcmp(text, "-0") == 0)
                text = pool_dup(pool, "0");
        return pool_format(pool, "%s%s%s", text, unit[0] ? " " : "", unit);
}

/* Three significant digits in the largest unit that leaves at least 1; steps go up and end with size 0. */
static char *show_scaled(struct pool *pool, double number, const struct step_up *steps)
{
        double scaled;

        /* 999.5 of one unit would be shown as 1000: the next one then reads better. */
        while (steps[1].size > 0 && fabs(number) / steps[0].size >= 999.5)
                steps++;
        scaled = number / steps[0].size;
        return show_real(pool, scaled, fabs(scaled) >= 99.95 ? 0 : fabs(scaled) >= 9.995 ? 1 : 2, steps[0].name);
}

/* A memory size is a power of two times something small and shown exactly, as is what has four digits (an MTU of 9000); the size of a drive
 * is decimal and not. */
static char *show_bytes(struct pool *pool, int64_t bytes)
{
        static const char *const binary[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
        static const struct step_up decimal[] = { { 1, "B" },     { 1e3, "kB" },  { 1e6, "MB" }, { 1e9, "GB" },
                                                  { 1e12, "TB" }, { 1e15, "PB" }, { 0, NULL } };
        int64_t count = bytes;
        size_t i = 0;

        while (count != 0 && count % 1024 == 0 && i + 1 < sizeof(binary) / sizeof(binary[0])) {
                count /= 1024;
                i++;
        }
        if (llabs(count) < 10000)
                return pool_format(pool, "%" PRId64 " %s", count, binary[i]);
        return show_scaled(pool, (double)bytes, decimal);
}

static char *show_quantity(struct pool *pool, double number, enum unit unit)
{
        static const struct step_up bitrate[] = { { 1, "bit/s" },    { 1e3, "kbit/s" },  { 1e6, "Mbit/s" },
                                                  { 1e9, "Gbit/s" }, { 1e12, "Tbit/s" }, { 0, NULL } };
        static const struct step_up hertz[] = { { 1, "Hz" }, { 1e3, "kHz" }, { 1e6, "MHz" }, { 1e9, "GHz" }, { 0, NULL } };
        static const struct step_up fractions[] = { { 1e-9, "ns" }, { 1e-6, "us" }, { 1e-3, "ms" }, { 1, "s" }, { 0, NULL } };

        switch (unit) {
        case UNIT_BITRATE:
                return show_scaled(pool, number, bitrate);
        case UNIT_HERTZ:
                return show_scaled(pool, number, hertz);
        case UNIT_SECONDS:
                if (fabs(number) < 1 && number != 0)
                        return show_scaled(pool, number, fractions);
                return show_real(pool, number, 3, "s");
        case UNIT_PERCENT:
                return show_real(pool, number, 2, "%");
        case UNIT_TRANSFERS:
                return show_real(pool, number, 2, "MT/s");
        case UNIT_CELSIUS:
                return show_real(pool, number, 1, "C");
        case UNIT_BYTES:
                return fabs(number) < 0x1p62 ? show_bytes(pool, llround(number)) : show_real(pool, number, 0, "B");
        case UNIT_NONE:
        case UNIT_COUNT:
                break;
        }
        return pool_format(pool, "%.10g", number);
}

static char *show_number(struct pool *pool, int64_t number, enum unit unit)
{
        static const struct {
                enum unit unit;
                const char *name;
        } whole[] = { { UNIT_NONE, "" },      { UNIT_COUNT, "" },          { UNIT_SECONDS, " s" },
                      { UNIT_PERCENT, " %" }, { UNIT_TRANSFERS, " MT/s" }, { UNIT_CELSIUS, " C" } };

        for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
                if (whole[i].unit == unit)
                        return pool_format(pool, "%" PRId64 "%s", number, whole[i].name);
        }
        return unit == UNIT_BYTES ? show_bytes(pool, number) : show_quantity(pool, (double)number, unit);
}

static char *write_fields(struct pool *pool, const struct value *value)
{
        autobuffer struct text_buffer text = { 0 };

        for (size_t i = 0; i < value->fields.count; i++) {
                const struct value_field *field = &value->fields.at[i];

                text_addf(&text, "%s%s%" PRIu64, i > 0 ? " " : "", field->negative ? "-" : "", field->magnitude);
        }
        return pool_copy(pool, text.at, text.size);
}

/* The shortest text that reads back as the same number. */
static char *write_real(struct pool *pool, double real)
{
        char *text = pool_format(pool, "%.15g", real);

        return strtod(text, NULL) == real ? text : pool_format(pool, "%.17g", real);
}

char *value_show(struct pool *pool, const struct value *value)
{
        switch (value->kind) {
        case VALUE_FLAG:
                return pool_dup(pool, value->flag ? "yes" : "no");
        case VALUE_NUMBER:
                return show_number(pool, value->number, value->unit);
        case VALUE_REAL:
                return show_quantity(pool, value->real, value->unit);
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                return pool_dup(pool, value->text ? value->text : "");
        case VALUE_CPUS:
        case VALUE_MASK:
                return cpus_empty(value->cpus) ? pool_dup(pool, "none") : cpus_format(pool, value->cpus);
        case VALUE_FIELDS:
                return write_fields(pool, value);
        }
        return pool_dup(pool, "");
}

char *value_kernel(struct pool *pool, const struct value *value)
{
        switch (value->kind) {
        case VALUE_FLAG:
                return pool_dup(pool, value->flag ? "1" : "0");
        case VALUE_NUMBER:
                return pool_format(pool, "%" PRId64, value->number);
        case VALUE_REAL:
                return write_real(pool, value->real);
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_WORDS:
        case VALUE_CHOICE:
                return pool_dup(pool, value->text ? value->text : "");
        case VALUE_CPUS:
                return cpus_format(pool, value->cpus);
        case VALUE_MASK:
                return cpus_format_mask(pool, value->cpus, 0);
        case VALUE_FIELDS:
                return write_fields(pool, value);
        }
        return pool_dup(pool, "");
}
