/* What the memory modules are, by the firmware's list of them. */

#include "probes/modules.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/installed.h"

#include <errno.h>

#define EDAC "/sys/devices/system/edac/mc"

static void add_type(struct facts *facts, struct pool *pool, const struct installed *installed)
{
        const struct smbios *modules = &installed->modules;
        const char *text = NULL;

        for (unsigned type = 0; type < 64; type++) {
                const char *name = modules->types >> type & 1 ? smbios_type_name(type) : NULL;

                if (name && !text)
                        text = name;
                else if (name && !text_equals(name, text))
                        text = pool_format(pool, "%s %s", text, name);
        }
        if (text && !modules->typeless) {
                fact_known(facts, value_words(pool, text), installed->modules_source, "memory.type");
                return;
        }
        fact_unknown(facts, -ENODATA, installed->modules_source, "memory.type");
        if (modules->typeless)
                fact_note(facts, "%u of %u modules do not tell their type%s%s", modules->typeless, modules->modules,
                          text ? "; the others are " : "", text ? text : "");
}

/* Said to a person, who may know the board; a requirement must not pass on the word of some modules, or of a label. */
static const char *half_known_speed(struct pool *pool, const struct smbios *modules)
{
        autobuffer struct text_buffer text = { 0 };

        text_addf(&text, "%u of %u modules do not tell the speed they are configured to", modules->speedless, modules->modules);
        if (modules->fieldless == modules->speedless)
                text_add(&text, ", for which SMBIOS has a field since 2.7");
        if (modules->rated)
                text_addf(&text, "; the slowest of them is rated at %u MT/s", modules->rated);
        if (modules->speed)
                text_addf(&text, "; the slowest of the others runs at %u MT/s", modules->speed);
        return pool_dup(pool, text.at);
}

static void add_speed(struct facts *facts, struct pool *pool, const struct installed *installed)
{
        const struct smbios *modules = &installed->modules;

        if (!modules->speed || modules->speedless) {
                fact_unknown(facts, -ENODATA, installed->modules_source, "memory.speed");
                if (modules->speedless)
                        fact_note(facts, "%s", half_known_speed(pool, modules));
                return;
        }
        fact_known(facts, value_number(modules->speed, UNIT_TRANSFERS), installed->modules_source, "memory.speed");
        if (modules->slowed) {
                const char *place = slice_dup(pool, (struct slice){ modules->slowed_place.at, modules->slowed_place.size });

                fact_note(facts, "%u of %u modules run below their rated speed: %s at %u instead of %u MT/s", modules->slowed,
                          modules->modules, *place ? text_printable(pool, place, 40) : "one", modules->slowed_speed,
                          modules->slowed_rated);
        }
}

static void add_rated_speed(struct facts *facts, const struct installed *installed)
{
        const struct smbios *modules = &installed->modules;

        if (modules->labelled && !modules->labelless) {
                fact_known(facts, value_number(modules->labelled, UNIT_TRANSFERS), installed->modules_source,
                           "memory.rated_speed");
                return;
        }
        fact_unknown(facts, -ENODATA, installed->modules_source, "memory.rated_speed");
        if (modules->labelled)
                fact_note(facts, "%u of %u modules do not tell it; the slowest of the others is rated at %u MT/s",
                          modules->labelless, modules->modules, modules->labelled);
}

/* Does the driver of the memory controller name a mode of correction (Documentation/ABI/testing/sysfs-devices-edac)? */
static bool edac_corrects(struct host *host)
{
        autopool struct pool *scratch = pool_new();
        const char *const *names;

        if (host_list(host, scratch, &names, EDAC "/mc0") < 0)
                return false;
        for (; *names; names++) {
                struct slice mode;
                const char *text;

                if (!text_starts(*names, "dimm") && !text_starts(*names, "rank"))
                        continue;
                if (host_read(host, scratch, &text, EDAC "/mc0/%s/dimm_edac_mode", *names) < 0)
                        continue;
                mode = slice_trim(slice_of(text));
                return mode.size && !slice_equals(mode, "None") && !slice_equals(mode, "Unknown") &&
                       !slice_equals(mode, "Reserved");
        }
        return false;
}

/* The array says what the board does, the widths what the modules can. Where the two contradict, the driver decides. */
static void add_ecc(struct host *host, struct facts *facts, const struct installed *installed)
{
        const struct smbios *modules = &installed->modules;
        bool yes = modules->wide && !modules->narrow, no = modules->narrow && !modules->wide;
        bool array_yes = modules->arrays_with_ecc && !modules->arrays_without_ecc;
        bool array_no = modules->arrays_without_ecc && !modules->arrays_with_ecc;

        if (!modules->wide && !modules->narrow) {
                yes = array_yes;
                no = array_no;
        }
        if ((yes && array_no) || (no && array_yes) || yes == no) {
                if (edac_corrects(host)) {
                        fact_known(facts, value_flag(true), EDAC, "memory.ecc");
                        return;
                }
                fact_unknown(facts, -ENODATA, installed->modules_source, "memory.ecc");
                if (yes || no || (modules->wide && modules->narrow))
                        fact_note(facts, "the firmware contradicts itself about ECC");
                return;
        }
        fact_known(facts, value_flag(yes), installed->modules_source, "memory.ecc");
}

void modules_add_facts(struct host *host, struct facts *facts, const struct installed *installed)
{
        autopool struct pool *scratch = pool_new();
        static const char *const names[] = { "memory.type", "memory.speed", "memory.rated_speed", "memory.dimms",
                                             "memory.ecc" };

        if (installed->modules_error < 0) {
                int error = installed->modules_error == -ENOENT ? -ENODATA : installed->modules_error;

                for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                        if (text_equals(names[i], "memory.ecc") && edac_corrects(host)) {
                                fact_known(facts, value_flag(true), EDAC, "memory.ecc");
                                continue;
                        }
                        fact_unknown(facts, error, installed->modules_source, "%s", names[i]);
                        if (installed->modules_note)
                                fact_note(facts, "%s", installed->modules_note);
                }
                return;
        }
        add_type(facts, scratch, installed);
        add_speed(facts, scratch, installed);
        add_rated_speed(facts, installed);
        fact_known(facts, value_number(installed->modules.modules, UNIT_COUNT), installed->modules_source, "memory.dimms");
        fact_note(facts, "%u slots, of which %u filled", installed->modules.slots,
                  installed->modules.modules + installed->modules.persistent);
        add_ecc(host, facts, installed);
}
