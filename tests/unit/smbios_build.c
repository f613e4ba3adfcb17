/* Makes SMBIOS tables for the tests: memory devices and arrays, as firmware writes them. */

#include "tests/unit/smbios_build.h"

#include <stdlib.h>
#include <string.h>

static void put(struct smbios_table *table, const void *bytes, size_t size)
{
        if (size > SMBIOS_ROOM - table->size)
                abort();
        memcpy(table->bytes + table->size, bytes, size);
        table->size += size;
}

static void put_number(unsigned char *at, uint32_t number, size_t size)
{
        for (size_t i = 0; i < size; i++)
                at[i] = (unsigned char)(number >> (8 * i));
}

/* The strings, and the two zeros behind them. */
static void put_strings(struct smbios_table *table, const char *string)
{
        if (string)
                put(table, string, strlen(string) + 1);
        put(table, "\0", string ? 1 : 2);
}

void smbios_put_module(struct smbios_table *table, const struct smbios_module *module)
{
        unsigned char at[0x5C] = { 17 };
        size_t length = module->length ? module->length : sizeof at;

        at[1] = (unsigned char)length;
        put_number(at + 0x04, module->array, 2);
        put_number(at + 0x08, module->total_width, 2);
        put_number(at + 0x0A, module->data_width, 2);
        put_number(at + 0x0C, module->size, 2);
        at[0x10] = module->locator != NULL;
        at[0x12] = module->type;
        put_number(at + 0x15, module->rated, 2);
        put_number(at + 0x1C, module->extended, 4);
        put_number(at + 0x20, module->configured, 2);
        at[0x28] = module->technology;
        put_number(at + 0x54, module->rated_extended, 4);
        put_number(at + 0x58, module->configured_extended, 4);
        put(table, at, length);
        put_strings(table, module->locator);
}

void smbios_put_array(struct smbios_table *table, unsigned use, unsigned correction)
{
        smbios_put_array_at(table, (uint16_t)(0xF000 + use), 3, use, correction);
}

void smbios_put_array_at(struct smbios_table *table, uint16_t handle, unsigned location, unsigned use, unsigned correction)
{
        unsigned char at[0x17] = { 16, sizeof at };

        put_number(at + 0x02, handle, 2);
        at[0x04] = (unsigned char)location;
        at[0x05] = (unsigned char)use;
        at[0x06] = (unsigned char)correction;
        put(table, at, sizeof at);
        put_strings(table, NULL);
}

void smbios_put_end(struct smbios_table *table)
{
        static const unsigned char end[] = { 127, 4, 0xFE, 0xFF, 0, 0 };

        put(table, end, sizeof end);
}
