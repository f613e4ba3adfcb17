/* The memory devices that the firmware lists in its SMBIOS table (DMTF DSP0134, 7.17 and 7.18). */

#include "probes/smbios.h"

#include <string.h>

#define MIB (UINT64_C(1) << 20)

enum { TYPE_ARRAY = 16, TYPE_DEVICE = 17, TYPE_END = 127 };

/* One structure: fields beyond its own length, or beyond the table, do not exist. */
struct structure {
        const unsigned char *at;
        size_t length; /* of the formatted part; at least 4 */
        const unsigned char *strings;
        size_t strings_size;
};

static bool has(const struct structure *structure, size_t offset, size_t size)
{
        return structure->length >= offset + size;
}

static unsigned byte_at(const struct structure *structure, size_t offset)
{
        return has(structure, offset, 1) ? structure->at[offset] : 0;
}

static unsigned word_at(const struct structure *structure, size_t offset)
{
        return has(structure, offset, 2) ? structure->at[offset] | (unsigned)structure->at[offset + 1] << 8 : 0;
}

static uint32_t dword_at(const struct structure *structure, size_t offset)
{
        return has(structure, offset, 4) ? word_at(structure, offset) | (uint32_t)word_at(structure, offset + 2) << 16 : 0;
}

/* Strings are counted from 1; one that is not there is empty. */
static struct smbios_place string_at(const struct structure *structure, size_t offset)
{
        const unsigned char *at = structure->strings;
        size_t left = structure->strings_size;

        for (unsigned number = byte_at(structure, offset); number > 0 && left > 0; number--) {
                const unsigned char *end = memchr(at, 0, left);
                size_t size = end ? (size_t)(end - at) : left;

                if (number == 1 || size == 0)
                        return (struct smbios_place){ (const char *)at, size };
                at += size + (end != NULL);
                left -= size + (end != NULL);
        }
        return (struct smbios_place){ "", 0 };
}

const char *smbios_type_name(unsigned type)
{
        static const char *const names[] = {
                [0x03] = "DRAM",   [0x0F] = "SDRAM",  [0x11] = "RDRAM",  [0x12] = "DDR",    [0x13] = "DDR2",
                [0x14] = "DDR2",   [0x18] = "DDR3",   [0x19] = "FBD2",   [0x1A] = "DDR4",   [0x1B] = "LPDDR",
                [0x1C] = "LPDDR2", [0x1D] = "LPDDR3", [0x1E] = "LPDDR4", [0x20] = "HBM",    [0x21] = "HBM2",
                [0x22] = "DDR5",   [0x23] = "LPDDR5", [0x24] = "HBM3",   [0x25] = "MRDIMM",
        };

        return type < sizeof names / sizeof names[0] ? names[type] : NULL;
}

/* False: the slot is empty. size 0: the firmware does not know. */
static bool read_size(const struct structure *device, uint64_t *bytes)
{
        unsigned size = word_at(device, 0x0C);

        if (size == 0)
                return false;
        if (size == 0xFFFF)
                *bytes = 0;
        else if (size == 0x7FFF)
                *bytes = (dword_at(device, 0x1C) & 0x7FFFFFFF) * MIB;
        else if (size & 0x8000)
                *bytes = UINT64_C(1024) * (size & 0x7FFF);
        else
                *bytes = size * MIB;
        return true;
}

static unsigned read_speed(const struct structure *device, size_t offset, size_t extended)
{
        unsigned speed = word_at(device, offset);

        return speed == 0xFFFF ? dword_at(device, extended) & 0x7FFFFFFF : speed;
}

static void add_bytes(uint64_t *sum, uint64_t bytes)
{
        if (__builtin_add_overflow(*sum, bytes, sum))
                *sum = UINT64_MAX;
}

/* The flash that holds the firmware, and persistent modules, are memory devices too. */
static bool is_dram(const struct structure *device)
{
        unsigned type = byte_at(device, 0x12), technology = byte_at(device, 0x28);

        if ((type >= 0x06 && type <= 0x0A) || type == 0x1F)
                return false;
        return technology == 0 || technology == 2 || technology == 3 || technology == 8; /* 8: MRDIMM, since 3.8 */
}

/* 0: not known. */
static unsigned slower(unsigned a, unsigned b)
{
        return !a || (b && b < a) ? b : a;
}

/* What a module is rated at stands on its label: the board may run it slower, and does with two on one channel. */
static void add_speed(struct smbios *smbios, const struct structure *device)
{
        unsigned rated = read_speed(device, 0x15, 0x54), configured = read_speed(device, 0x20, 0x58);

        smbios->labelled = slower(smbios->labelled, rated);
        smbios->labelless += !rated;
        if (!configured) {
                smbios->speedless++;
                smbios->fieldless += !has(device, 0x20, 2);
                smbios->rated = slower(smbios->rated, rated);
                return;
        }
        smbios->speed = slower(smbios->speed, configured);
        /* Firmware rounds 2933 1/3 either way. */
        if (configured + 1 >= rated)
                return;
        if (!smbios->slowed++) {
                smbios->slowed_speed = configured;
                smbios->slowed_rated = rated;
                smbios->slowed_place = string_at(device, 0x10);
        }
}

static unsigned char *foreign_byte(struct smbios *smbios, unsigned handle)
{
        return &smbios->foreign_arrays[handle / 8];
}

/* Firmware without arrays, or that names one which is not there, has all its memory on the board. */
static bool is_foreign(struct smbios *smbios, const struct structure *device)
{
        unsigned handle = word_at(device, 0x04);

        return has(device, 0x04, 2) && *foreign_byte(smbios, handle) >> handle % 8 & 1;
}

static void add_foreign(struct smbios *smbios, const struct structure *device)
{
        uint64_t bytes;

        if (!read_size(device, &bytes))
                return;
        smbios->foreign++;
        add_bytes(&smbios->foreign_bytes, bytes);
}

static void add_device(struct smbios *smbios, const struct structure *device)
{
        unsigned total = word_at(device, 0x08), data = word_at(device, 0x0A), type = byte_at(device, 0x12);
        struct smbios_slot *slot = smbios->listed < SMBIOS_LISTED_MAX ? &smbios->list[smbios->listed++] : NULL;
        uint64_t bytes;

        smbios->slots++;
        if (slot)
                *slot = (struct smbios_slot){ .place = string_at(device, 0x10) };
        if (!read_size(device, &bytes))
                return;
        if (!is_dram(device)) {
                smbios->persistent++;
                add_bytes(&smbios->persistent_bytes, bytes);
                return;
        }
        smbios->modules++;
        if (slot)
                slot->bytes = bytes;
        add_bytes(&smbios->bytes, bytes);
        smbios->sizeless += bytes == 0;
        if (smbios_type_name(type))
                smbios->types |= UINT64_C(1) << type;
        else
                smbios->typeless++;
        add_speed(smbios, device);
        if (total && data && total != 0xFFFF && data != 0xFFFF) {
                smbios->wide += total > data;
                smbios->narrow += total <= data;
        }
}

/* Memory of the system, on the board or on a riser of its own (9): the rest is video, flash or cache, or on a card in a slot for devices,
 * such as CXL (0xA4). A structure that ends before it says so is not doubted. */
static bool is_of_system(const struct structure *array)
{
        unsigned location = byte_at(array, 0x04);

        return (!has(array, 0x05, 1) || byte_at(array, 0x05) == 3) && (location <= 3 || location == 9);
}

static void add_array(struct smbios *smbios, const struct structure *array)
{
        unsigned correction = byte_at(array, 0x06), handle = word_at(array, 0x02);

        if (!is_of_system(array)) {
                *foreign_byte(smbios, handle) |= (unsigned char)(1U << handle % 8);
                return;
        }
        smbios->arrays_without_ecc += correction == 3 || correction == 4;
        smbios->arrays_with_ecc += correction >= 5 && correction <= 7;
}

/* The size of the structure with its strings, which end with two zero bytes; 0: the table does not hold all of it. */
static size_t measure(const unsigned char *at, size_t size, struct structure *structure)
{
        if (size < 4 || at[1] < 4 || at[1] > size)
                return 0;
        *structure = (struct structure){ .at = at, .length = at[1], .strings = at + at[1] };
        for (size_t end = at[1]; end + 1 < size; end++) {
                if (at[end] || at[end + 1])
                        continue;
                structure->strings_size = end - at[1];
                return end + 2;
        }
        return 0;
}

static void add(struct smbios *smbios, const struct structure *structure)
{
        if (structure->at[0] == TYPE_ARRAY)
                add_array(smbios, structure);
        else if (structure->at[0] == TYPE_DEVICE && is_foreign(smbios, structure))
                add_foreign(smbios, structure);
        else if (structure->at[0] == TYPE_DEVICE)
                add_device(smbios, structure);
}

static bool is_blank(const unsigned char *at, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (at[i])
                        return false;
        return true;
}

static void add_all(struct smbios *smbios, const unsigned char *at, size_t size, unsigned type)
{
        while (!is_blank(at, size)) {
                struct structure structure;
                size_t whole = measure(at, size, &structure);

                if (!whole) {
                        /* The last structure of some tables lacks its two zeros. */
                        smbios->damaged |= size < 4 || at[0] != TYPE_END;
                        return;
                }
                if (at[0] == TYPE_END)
                        return;
                if (at[0] == type)
                        add(smbios, &structure);
                at += whole;
                size -= whole;
        }
}

/* Nothing says that an array stands before what is in it. */
void smbios_add_table(struct smbios *smbios, const void *table, size_t size)
{
        add_all(smbios, table, size, TYPE_ARRAY);
        add_all(smbios, table, size, TYPE_DEVICE);
}

void smbios_add_structure(struct smbios *smbios, const void *structure, size_t size)
{
        const unsigned char *at = structure;
        struct structure one;

        if (!measure(at, size, &one)) {
                if (size < 4 || at[1] < 4 || at[1] > size) {
                        smbios->damaged = true;
                        return;
                }
                one = (struct structure){ .at = at, .length = at[1], .strings = at + at[1], .strings_size = size - at[1] };
        }
        add(smbios, &one);
}
