/* Which of a tool's own files names the item: the profile of tuned, what its unit reads, the scripts that it runs. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>
#include <sys/stat.h>

#define TUNED_DEPTH 5 /* of profiles of tuned that include one another */
#define FILES_MAX   200

/* The file of a profile of tuned(8); of two with one name the administrator's. */
static const char *tuned_file(const struct evidence *evidence, const char *profile)
{
        static const char *const folders[] = { "/etc/tuned/profiles", "/etc/tuned", "/usr/lib/tuned/profiles",
                                               "/usr/lib/tuned" };

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                const char *path = pool_format(evidence->pool, "%s/%s/tuned.conf", folders[i], profile);

                if (host_exists(evidence->session->host, "%s", path))
                        return path;
        }
        return NULL;
}

/* Where the profile, or one that it includes, names the item; NULL: nowhere, or nobody can tell. */
static const char *profile_says(const struct evidence *evidence, const struct drift_row *row, const char *profile)
{
        for (unsigned depth = 0; profile && depth < TUNED_DEPTH; depth++) {
                const char *path = strchr(profile, '/') ? NULL : tuned_file(evidence, profile), *text, *line;
                struct slice at;

                profile = NULL;
                if (!path || host_read(evidence->session->host, evidence->pool, &text, "%s", path) < 0)
                        return NULL;
                while (text_line(&text, &at)) {
                        line = slice_dup(evidence->pool, slice_trim(at));
                        if (*line != '#' && *line != ';' && evidence_names(evidence, row, line))
                                return path;
                        if (text_starts(line, "include=") || text_starts(line, "include ="))
                                profile = text_trim(evidence->pool, strchr(line, '=') + 1);
                }
        }
        return NULL;
}

static const char *tuned_says(const struct evidence *evidence, const struct drift_row *row)
{
        const char *names, *path = NULL;
        struct slice name;

        if (host_read(evidence->session->host, evidence->pool, &names, "/etc/tuned/active_profile") < 0)
                return NULL;
        while (!path && text_word(&names, " \n", &name))
                path = profile_says(evidence, row, slice_dup(evidence->pool, name));
        return path;
}

/* --- what the others read ------------------------------------------------------------------------------------------------ */

/* cpupower: tools/power/cpupower/cpupower-service.conf of the kernel; before 6.16 each distribution had its own place. */
static const struct place {
        const char *unit;
        const char *path;  /* a folder of files, where it ends with a slash */
        const char *item;  /* a pattern */
        const char *words; /* of which a line begins with one; NULL: a line has to name the item as a command would */
} places[] = {
#define GOVERNOR "GOVERNOR governor CPUPOWER_START_OPTS"
        { "cpupower.service", "/etc/cpupower-service.conf", "cpu.governor*", GOVERNOR },
        { "cpupower.service", "/etc/default/cpupower", "cpu.governor*", GOVERNOR },
        { "cpupower.service", "/etc/sysconfig/cpupower", "cpu.governor*", GOVERNOR },
        { "cpufrequtils.service", "/etc/default/cpufrequtils", "cpu.governor*", GOVERNOR },
        { "auto-cpufreq.service", "/etc/auto-cpufreq.conf", "cpu.governor*", GOVERNOR },
        { "auto-cpufreq.service", "/etc/auto-cpufreq.conf", "cpu.turbo", "turbo" },
#define TLP_GOVERNOR "CPU_SCALING_GOVERNOR_ON_AC CPU_SCALING_GOVERNOR_ON_BAT"
#define TLP_BOOST    "CPU_BOOST_ON_AC CPU_BOOST_ON_BAT"
        { "tlp.service", "/etc/tlp.conf", "cpu.governor*", TLP_GOVERNOR },
        { "tlp.service", "/etc/tlp.conf", "cpu.turbo", TLP_BOOST },
        { "tlp.service", "/etc/tlp.d/", "cpu.governor*", TLP_GOVERNOR },
        { "tlp.service", "/etc/tlp.d/", "cpu.turbo", TLP_BOOST },
        { "NetworkManager.service", "/etc/NetworkManager/NetworkManager.conf", "*", NULL },
        { "NetworkManager.service", "/etc/NetworkManager/conf.d/", "*", NULL },
        { "NetworkManager.service", "/usr/lib/NetworkManager/conf.d/", "*", NULL },
        { "NetworkManager.service", "/etc/NetworkManager/dispatcher.d/", "*", NULL },
        { "NetworkManager.service", "/etc/NetworkManager/dispatcher.d/pre-up.d/", "*", NULL },
        { "NetworkManager.service", "/usr/lib/NetworkManager/dispatcher.d/", "*", NULL },
        { "systemd-networkd.service", "/etc/systemd/network/", "*", NULL },
        { "systemd-networkd.service", "/run/systemd/network/", "*", NULL },
        { "systemd-networkd.service", "/usr/lib/systemd/network/", "*", NULL },
};

static bool says(const struct evidence *evidence, const struct drift_row *row, const struct place *place, const char *line)
{
        const char *words = place->words;
        struct slice word;

        if (!words)
                return evidence_names(evidence, row, line);
        while (text_word(&words, " ", &word)) {
                const char *behind = line + word.size;

                if (strncmp(line, word.at, word.size) == 0 && behind[strspn(behind, " \t")] == '=')
                        return true;
        }
        return false;
}

static bool file_says(const struct evidence *evidence, const struct drift_row *row, const struct place *place, const char *path)
{
        const char *text, *line;
        struct slice at;

        struct host_stat stat;

        /* What is not for everybody holds a password, or a key. */
        if (host_stat(evidence->session->host, &stat, "%s", path) < 0 || !(stat.mode & S_IROTH) || text_ends(path, ".netdev") ||
            host_read(evidence->session->host, evidence->pool, &text, "%s", path) < 0)
                return false;
        while (text_line(&text, &at)) {
                line = slice_dup(evidence->pool, slice_trim(at));
                if (*line != '#' && *line != ';' && says(evidence, row, place, line))
                        return true;
        }
        return false;
}

static const char *place_says(const struct evidence *evidence, const struct drift_row *row, const struct place *place)
{
        const char *const *names;

        if (!text_ends(place->path, "/"))
                return file_says(evidence, row, place, place->path) ? place->path : NULL;
        if (host_list(evidence->session->host, evidence->pool, &names, "%s", place->path) < 0)
                return NULL;
        for (size_t i = 0; names[i] && i < FILES_MAX; i++) {
                const char *path = pool_format(evidence->pool, "%s%s", place->path, names[i]);

                if (file_says(evidence, row, place, path))
                        return path;
        }
        return NULL;
}

const char *evidence_tool_file(const struct evidence *evidence, const struct drift_row *row, const char *unit)
{
        const char *path = text_equals(unit, "tuned.service") ? tuned_says(evidence, row) : NULL;

        for (size_t i = 0; !path && i < sizeof places / sizeof places[0]; i++)
                if (text_equals(places[i].unit, unit) && text_matches(row->name, places[i].item))
                        path = place_says(evidence, row, &places[i]);
        return path;
}
