/* Which of a tool's own files names the item: the profile of tuned, what its unit reads, the scripts that it runs. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define TUNED_DEPTH 5 /* of profiles of tuned that include one another */

/* "performance" of `governor = "performance"`; the whole line, where nothing is set equal. */
static const char *value_in(const char *line)
{
        const char *equals = strchr(line, '=');

        return equals ? equals + 1 : line;
}

/* --- tuned --------------------------------------------------------------------------------------------------------------- */

/* The file of a profile of tuned(8); of two with one name the administrator's. */
static const struct evidence_texts *tuned_file(const struct evidence *evidence, const char *profile)
{
        static const char *const folders[] = { "/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles",
                                               "/usr/lib/tuned" };

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                const struct evidence_texts *texts =
                        evidence_texts(evidence, pool_format(evidence->pool, "%s/%s/tuned.conf", folders[i], profile));

                if (texts->there)
                        return texts;
        }
        return NULL;
}

static enum saying line_says(const struct evidence *evidence, const struct drift_row *row, const char *line)
{
        return evidence_names(evidence, row, line) ? evidence_saying(evidence->pool, row, value_in(line)) : SAYS_NOT;
}

/* Where the profile, or one that it includes, names the item: what the profile itself says holds. */
static enum saying profile_says(const struct evidence *evidence, const struct drift_row *row, const char *profile,
                                const char **path)
{
        enum saying saying = SAYS_NOT;

        for (unsigned depth = 0; profile && !saying && depth < TUNED_DEPTH; depth++) {
                const struct evidence_texts *texts = strchr(profile, '/') ? NULL : tuned_file(evidence, profile);

                *path = texts ? texts->place : NULL;
                profile = NULL;
                for (size_t i = 0; texts && texts->count && texts->rows[0].lines[i] && saying != SAYS; i++) {
                        const char *line = texts->rows[0].lines[i];
                        enum saying here = line_says(evidence, row, line);

                        saying = here > saying ? here : saying;
                        if (text_starts(line, "include=") || text_starts(line, "include ="))
                                profile = text_trim(evidence->pool, value_in(line));
                }
        }
        return saying;
}

static enum saying tuned_says(const struct evidence *evidence, const struct drift_row *row, const char **path)
{
        const struct evidence_texts *texts = evidence_texts(evidence, "/etc/tuned/active_profile");
        const char *names = texts->count ? texts->rows[0].lines[0] : NULL, *found = NULL;
        enum saying saying = SAYS_NOT;
        struct slice name;

        while (names && saying != SAYS && text_word(&names, " ", &name)) {
                enum saying here = profile_says(evidence, row, slice_dup(evidence->pool, name), &found);

                if (here > saying)
                        *path = found;
                saying = here > saying ? here : saying;
        }
        return saying;
}

/* --- what the others read ------------------------------------------------------------------------------------------------ */

/* cpupower: tools/power/cpupower/cpupower-service.conf of the kernel; before 6.16 each distribution had its own place. */
static const struct place {
        const char *unit;
        const char *path;  /* a folder of files, where it ends with a slash */
        const char *item;  /* a pattern */
        const char *words; /* of which a line begins with one; NULL: see `form` */
        enum link_form form;
} places[] = {
#define GOVERNOR "GOVERNOR governor CPUPOWER_START_OPTS"
        { "cpupower.service", "/etc/cpupower-service.conf", "cpu.governor*", GOVERNOR, 0 },
        { "cpupower.service", "/etc/default/cpupower", "cpu.governor*", GOVERNOR, 0 },
        { "cpupower.service", "/etc/sysconfig/cpupower", "cpu.governor*", GOVERNOR, 0 },
        { "cpufrequtils.service", "/etc/default/cpufrequtils", "cpu.governor*", GOVERNOR, 0 },
        { "auto-cpufreq.service", "/etc/auto-cpufreq.conf", "cpu.governor*", GOVERNOR, 0 },
        { "auto-cpufreq.service", "/etc/auto-cpufreq.conf", "cpu.turbo", "turbo", 0 },
#define TLP_GOVERNOR "CPU_SCALING_GOVERNOR_ON_AC CPU_SCALING_GOVERNOR_ON_BAT"
#define TLP_BOOST    "CPU_BOOST_ON_AC CPU_BOOST_ON_BAT"
        { "tlp.service", "/etc/tlp.conf", "cpu.governor*", TLP_GOVERNOR, 0 },
        { "tlp.service", "/etc/tlp.conf", "cpu.turbo", TLP_BOOST, 0 },
        { "tlp.service", "/etc/tlp.d/", "cpu.governor*", TLP_GOVERNOR, 0 },
        { "tlp.service", "/etc/tlp.d/", "cpu.turbo", TLP_BOOST, 0 },
#define NM "NetworkManager.service"
        { NM, "/etc/NetworkManager/NetworkManager.conf", "*", NULL, LINK_MANAGER },
        { NM, "/etc/NetworkManager/conf.d/", "*", NULL, LINK_MANAGER },
        { NM, "/usr/lib/NetworkManager/conf.d/", "*", NULL, LINK_MANAGER },
        { NM, "/etc/NetworkManager/dispatcher.d/", "*", NULL, LINK_SCRIPT },
        { NM, "/etc/NetworkManager/dispatcher.d/pre-up.d/", "*", NULL, LINK_SCRIPT },
        { NM, "/usr/lib/NetworkManager/dispatcher.d/", "*", NULL, LINK_SCRIPT },
#define NETWORKD "systemd-networkd.service"
        { NETWORKD, "/etc/systemd/network/", "*", NULL, LINK_NETWORK },
        { NETWORKD, "/run/systemd/network/", "*", NULL, LINK_NETWORK },
        { NETWORKD, "/usr/lib/systemd/network/", "*", NULL, LINK_NETWORK },
};

/* What TLP does on mains it need not do on battery: of several lines one that says what is now will do. */
static enum saying words_say(const struct evidence *evidence, const struct drift_row *row, const char *words,
                             const char *const *lines)
{
        enum saying saying = SAYS_NOT;

        for (; *lines && saying != SAYS; lines++) {
                const char *value = evidence_set_value(*lines, words);
                enum saying here = value ? evidence_saying(evidence->pool, row, value) : SAYS_NOT;

                saying = here > saying ? here : saying;
        }
        return saying;
}

static enum saying place_says(const struct evidence *evidence, const struct drift_row *row, const struct place *place,
                              const char **path)
{
        const struct evidence_texts *texts = evidence_texts(evidence, place->path);
        enum saying saying = SAYS_NOT;

        for (size_t i = 0; i < texts->count && saying != SAYS; i++) {
                const struct evidence_text *text = &texts->rows[i];
                enum saying here = place->words ? words_say(evidence, row, place->words, text->lines)
                                                : evidence_link_saying(evidence, row, place->form, text);

                if (here > saying)
                        *path = text->path;
                saying = here > saying ? here : saying;
        }
        return saying;
}

enum saying evidence_tool_file(const struct evidence *evidence, const struct drift_row *row, const char *unit,
                               const char **path)
{
        enum saying saying = text_equals(unit, "tuned.service") ? tuned_says(evidence, row, path) : SAYS_NOT;
        const char *found = NULL;

        for (size_t i = 0; saying != SAYS && i < sizeof places / sizeof places[0]; i++) {
                enum saying here = text_equals(places[i].unit, unit) && text_matches(row->name, places[i].item)
                                           ? place_says(evidence, row, &places[i], &found)
                                           : SAYS_NOT;

                if (here > saying)
                        *path = found;
                saying = here > saying ? here : saying;
        }
        return saying;
}
