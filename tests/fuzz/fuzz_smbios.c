/* Fuzzes the parser of SMBIOS tables. */

#include "agent/core/pool.h"
#include "probes/smbios.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(const struct smbios *smbios)
{
        unsigned sum = 0;

        if (smbios->modules + smbios->persistent > smbios->slots || smbios->sizeless > smbios->modules ||
            smbios->speedless > smbios->modules || smbios->fieldless > smbios->speedless || smbios->slowed > smbios->modules)
                abort();
        if (smbios->slowed && smbios->slowed_speed >= smbios->slowed_rated)
                abort();
        /* Touches every byte of the place, so that one outside the table is seen. */
        for (size_t i = 0; i < smbios->slowed_place.size; i++)
                sum += (unsigned char)smbios->slowed_place.at[i];
        if (smbios->slowed_place.size && sum == 0)
                abort();
        for (unsigned type = 0; type < 64; type++)
                if (smbios->types >> type & 1 && !smbios_type_name(type))
                        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autofree uint8_t *exact = memory_zero(size ? size : 1); /* so that a step beyond is seen */
        struct smbios table = { 0 }, one = { 0 };

        memcpy(exact, bytes, size);
        smbios_add_table(&table, exact, size);
        check(&table);
        smbios_add_structure(&one, exact, size);
        check(&one);
        return 0;
}
