/* Makes SMBIOS tables for the tests: memory devices and arrays, as firmware writes them. */

#pragma once

#include <stddef.h>
#include <stdint.h>

#define SMBIOS_ROOM 8192

struct smbios_table {
        unsigned char bytes[SMBIOS_ROOM];
        size_t size;
};

/* One memory device; what is 0 is written as 0. length: of its formatted part, 0 for 0x5C. */
struct smbios_module {
        uint16_t size;     /* as in the table: MiB, 0 empty, 0xFFFF unknown, 0x7FFF see extended, bit 15 KiB */
        uint32_t extended; /* MiB */
        uint8_t type, technology;
        uint16_t rated, configured;
        uint32_t rated_extended, configured_extended;
        uint16_t total_width, data_width;
        const char *locator; /* NULL: none */
        uint16_t array;      /* handle of the array it is in */
        unsigned length;
};

void smbios_put_module(struct smbios_table *table, const struct smbios_module *module);
/* On the board, under a handle that no module names by itself. */
void smbios_put_array(struct smbios_table *table, unsigned use, unsigned correction);
void smbios_put_array_at(struct smbios_table *table, uint16_t handle, unsigned location, unsigned use, unsigned correction);
void smbios_put_end(struct smbios_table *table);
