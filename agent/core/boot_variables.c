/* The firmware's variables about the boot loader. They are listed and not read: reading one calls the firmware, which may stop every
 * CPU for it (arch/x86/platform/efi, fs/efivarfs/file.c), while their names are in memory. */

#include "agent/core/boot_variables.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define FOLDER "/sys/firmware/efi/efivars"
#define VENDOR "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

struct boot_variables boot_variables_read(struct host *host, struct pool *pool)
{
        /* In the order in which systemd-boot looks at them (config_select_default_entry of src/boot/boot.c). */
        static const char *const choosers[] = { "LoaderEntryOneShot", "LoaderEntryPreferred", "LoaderEntryDefault" };
        struct boot_variables found = { 0 };
        const char *const *names;
        size_t best = sizeof choosers / sizeof choosers[0];

        if (host_list(host, pool, &names, FOLDER) < 0)
                return found;
        for (; *names; names++) {
                const char *name;

                if (!text_ends(*names, VENDOR))
                        continue;
                name = pool_copy(pool, *names, strlen(*names) - strlen(VENDOR));
                found.some_loader |= text_equals(name, "LoaderInfo");
                found.systemd_boot |= text_equals(name, "LoaderEntrySelected") || text_equals(name, "LoaderFeatures");
                for (size_t i = 0; i < best; i++)
                        if (text_equals(name, choosers[i]))
                                best = i;
        }
        if (best < sizeof choosers / sizeof choosers[0])
                found.next = choosers[best];
        return found;
}
