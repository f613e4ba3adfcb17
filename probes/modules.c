/* What the memory modules are, by the firmware's list of them. */

#include "probes/modules.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
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

/* The modes that correct, and those that do not; "Unknown" and "Reserved" say neither (edac_caps in drivers/edac/edac_mc_sysfs.c). */
static const struct {
        const char *word;
        bool corrects;
} edac_modes[] = {
        { "SECDED", true },     { "S2ECD2ED", true }, { "S4ECD4ED", true }, { "S8ECD8ED", true },
        { "S16ECD16ED", true }, { "None", false },    { "PARITY", false },  { "EC", false },
};

/* Of one module: 1, 0, or a negative errno. */
static int read_mode(struct host *host, const char *controller, const char *module)
{
        autopool struct pool *scratch = pool_new();
        const char *text;
        int r;

        r = sysfs_text(host, scratch, &text, EDAC "/%s/%s/dimm_edac_mode", controller, module);
        if (r < 0)
                return r;
        for (size_t i = 0; i < sizeof edac_modes / sizeof edac_modes[0]; i++)
                if (text_equals(text, edac_modes[i].word))
                        return edac_modes[i].corrects;
        return -ENODATA;
}

struct correction {
        unsigned yes, no;
        int error;        /* of the first module that does not tell; 0: all do */
        const char *none; /* the first that is not corrected: "mc1/dimm0" */
};

static void add_controller(struct host *host, struct pool *pool, const char *controller, struct correction *correction)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, EDAC "/%s", controller);
        if (r < 0) {
                correction->error = correction->error ? correction->error : r;
                return;
        }
        for (; *names; names++) {
                if (!sysfs_is_numbered(*names, "dimm") && !sysfs_is_numbered(*names, "rank"))
                        continue;
                r = read_mode(host, controller, *names);
                if (r < 0 && !correction->error)
                        correction->error = r;
                correction->yes += r == 1;
                correction->no += r == 0;
                if (r == 0 && !correction->none)
                        correction->none = pool_format(pool, "%s/%s", controller, *names);
        }
}

/* What the drivers of the memory controllers say of each module that is plugged in (Documentation/ABI/testing/sysfs-devices-edac). Without
 * a driver nothing is said, and that is no error. */
static struct correction read_correction(struct host *host, struct pool *pool)
{
        struct correction correction = { 0 };
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, EDAC);
        if (r < 0) {
                correction.error = r == -ENOENT ? 0 : r;
                return correction;
        }
        for (; *names; names++)
                if (sysfs_is_numbered(*names, "mc"))
                        add_controller(host, pool, *names, &correction);
        return correction;
}

/* The array says what the board does, the widths what the modules can. Negative: they contradict each other, or say nothing. */
static int firmware_corrects(const struct installed *installed, bool *contradicts)
{
        const struct smbios *modules = &installed->modules;
        bool yes = modules->wide && !modules->narrow, no = modules->narrow && !modules->wide;
        bool array_yes = modules->arrays_with_ecc && !modules->arrays_without_ecc;
        bool array_no = modules->arrays_without_ecc && !modules->arrays_with_ecc;

        if (installed->modules_error < 0)
                return installed->modules_error == -ENOENT ? -ENODATA : installed->modules_error;
        if (!modules->wide && !modules->narrow) {
                yes = array_yes;
                no = array_no;
        }
        *contradicts = yes || no || (modules->wide && modules->narrow);
        return (yes && array_no) || (no && array_yes) || yes == no ? -ENODATA : yes;
}

/* What the driver found switched off is off, whatever the modules could do. That all are corrected it can say where the firmware cannot. */
static void add_ecc(struct host *host, struct facts *facts, struct pool *pool, const struct installed *installed)
{
        const struct correction driver = read_correction(host, pool);
        bool contradicts = false;
        int firmware = firmware_corrects(installed, &contradicts);

        if (driver.no) {
                fact_known(facts, value_flag(false), EDAC, "memory.ecc");
                fact_note(facts, "%s is not corrected%s", driver.none,
                          firmware == 1 ? ", though the firmware's list says that all are" : "");
        } else if (firmware >= 0) {
                fact_known(facts, value_flag(firmware == 1), installed->modules_source, "memory.ecc");
        } else if (driver.yes && !driver.error) {
                fact_known(facts, value_flag(true), EDAC, "memory.ecc");
        } else {
                fact_unknown(facts, firmware, installed->modules_source, "memory.ecc");
                if (contradicts)
                        fact_note(facts, "the firmware contradicts itself about ECC");
                else if (driver.yes)
                        fact_note(facts, "%u modules are corrected by the driver's word; of others it does not tell",
                                  driver.yes);
                else if (installed->modules_note)
                        fact_note(facts, "%s", installed->modules_note);
        }
}

void modules_add_facts(struct host *host, struct facts *facts, const struct installed *installed)
{
        autopool struct pool *scratch = pool_new();
        static const char *const names[] = { "memory.type", "memory.speed", "memory.rated_speed", "memory.dimms" };

        add_ecc(host, facts, scratch, installed);
        if (installed->modules_error < 0) {
                int error = installed->modules_error == -ENOENT ? -ENODATA : installed->modules_error;

                for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
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
}
