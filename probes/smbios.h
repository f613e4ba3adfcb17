/* The memory devices that the firmware lists in its SMBIOS table (DMTF DSP0134). */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smbios_place {
        const char *at; /* not NUL-terminated; points into the table */
        size_t size;
};

#define SMBIOS_LISTED_MAX 256

struct smbios_slot {
        struct smbios_place place; /* the name of the slot; empty where it has none */
        uint64_t bytes;            /* 0: empty, or not DRAM, or the firmware does not know */
};

/* What the table adds up to; starts as { 0 }. */
struct smbios {
        unsigned slots;      /* memory devices listed, empty ones too */
        unsigned modules;    /* filled with DRAM */
        unsigned sizeless;   /* of these, those whose size the firmware does not know */
        uint64_t bytes;      /* of the modules whose size is known; UINT64_MAX: beyond 64 bits */
        unsigned persistent; /* filled with something else: flash, persistent memory */
        uint64_t persistent_bytes;
        unsigned
                foreign; /* of arrays that are no memory of the system on the board: on a CXL card, of the graphics ...; no slots */
        uint64_t foreign_bytes;
        uint64_t types;                      /* bit N: some module has memory type N; unknown types are left out */
        unsigned typeless;                   /* modules without a known type */
        unsigned speed;                      /* MT/s that the slowest is configured to, of those that tell; 0: none does */
        unsigned speedless;                  /* modules that do not tell what they are configured to */
        unsigned fieldless;                  /* of these, those of SMBIOS before 2.7, which has no field for it */
        unsigned rated;                      /* MT/s of the slowest label, of the speedless that tell; 0: none does */
        unsigned labelled;                   /* MT/s of the slowest label of all modules that tell; 0: none does */
        unsigned labelless;                  /* modules that do not tell what they are rated at */
        unsigned slowed;                     /* modules configured below their rated speed */
        unsigned slowed_speed, slowed_rated; /* of the first of these */
        struct smbios_place slowed_place;
        unsigned wide, narrow; /* modules with, and without, more bits in all than bits of data */
        unsigned arrays_with_ecc, arrays_without_ecc;
        unsigned listed; /* the first of the slots */
        struct smbios_slot list[SMBIOS_LISTED_MAX];
        unsigned char foreign_arrays[65536 / 8]; /* a bit for each handle */
        bool damaged; /* the table ends in the middle of something: what came before counts, but is not all */
};

/* A whole table: structures one behind the other, with their strings. Any bytes at all are accepted. */
void smbios_add_table(struct smbios *smbios, const void *table, size_t size);
/* One structure with its strings; it may lack the zeros at its end. Arrays go before the devices in them. */
void smbios_add_structure(struct smbios *smbios, const void *structure, size_t size);
/* "DDR4"; NULL for a type that says nothing. */
const char *smbios_type_name(unsigned type);
