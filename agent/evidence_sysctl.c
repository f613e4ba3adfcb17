/* Which lines of sysctl.d(5) set what runs to what it is now: also those that another file outdoes at the next boot, since whoever has sysctl(8)
 * read one file has that one's values. */

#include "agent/evidence_inside.h"

#include "agent/core/meminfo.h"
#include "agent/core/pool.h"
#include "agent/core/sysctl_files.h"
#include "agent/core/sysctl_keys.h"
#include "agent/core/text.h"

#include <string.h>

#define SHOWN_MAX 200
#define OWN_FILE  "/etc/sysctl.d/99-zz-plumbline.conf" /* what is told of it stands in evidence_own.c */
#define PAGES     "vm/nr_hugepages"

/* What is looked for: the key of a row, and where the row is no key's own, what it is called. */
struct sought {
        struct drift_row *row;
        const char *path;    /* below /proc/sys */
        const char *partner; /* sets the key to 0 when it is set; NULL: nothing does */
        const char *it;      /* "it", "vm.nr_hugepages" */
        bool sure;           /* the row is the key's for certain */
};

static bool is_zero(const char *value)
{
        return *value && value[strspn(value, "0")] == '\0';
}

/* "2M": the size that the key counts; NULL: nobody can tell. */
static const char *default_size(const struct evidence *evidence)
{
        const char *text;
        int64_t bytes;

        if (host_read(evidence->session->host, evidence->pool, &text, "/proc/meminfo") < 0 ||
            meminfo_find(text, "Hugepagesize", &bytes) < 0 || bytes < 1024)
                return NULL;
        if (bytes % (1 << 30) == 0)
                return pool_format(evidence->pool, "%lldG", (long long)(bytes >> 30));
        if (bytes % (1 << 20) == 0)
                return pool_format(evidence->pool, "%lldM", (long long)(bytes >> 20));
        return pool_format(evidence->pool, "%lldK", (long long)(bytes >> 10));
}

static bool has_part(const char *name, const char *part)
{
        struct slice word;

        while (text_word(&name, ".", &word))
                if (slice_equals(word, part))
                        return true;
        return false;
}

/* False: no line of these files is about it. */
static bool seek(const struct evidence *evidence, struct drift_row *row, struct sought *sought)
{
        bool runs = text_equals(row->layer, "running"), fact = text_equals(row->layer, "fact");
        const char *size;

        *sought = (struct sought){ .row = row, .it = "it", .sure = true };
        if (runs && text_starts(row->name, "sysctl.")) {
                const struct sysctl_special *special;

                sought->path = sysctl_path(evidence->pool, row->name + strlen("sysctl."));
                special = sysctl_special(sought->path);
                sought->partner = special ? special->partner : NULL;
                return true;
        }
        if (!(runs || fact) || !text_starts(row->name, "hugepages."))
                return false;
        size = default_size(evidence);
        sought->path = PAGES;
        sought->it = "vm.nr_hugepages";
        sought->sure = size != NULL;
        return !size || has_part(row->name, size);
}

static bool sets(const struct sysctl_line *line, const struct sought *sought)
{
        if (!line->value)
                return false;
        return sysctl_line_matches(line, sought->path) ||
               (sought->partner && sysctl_line_matches(line, sought->partner) && !is_zero(line->value));
}

/* Another line behind it in the same file has the last word. */
static bool is_outdone(const struct sysctl_files *files, size_t index, const struct sought *sought)
{
        for (size_t i = index + 1; i < files->line_count; i++)
                if (text_equals(files->lines[i].file, files->lines[index].file) && sets(&files->lines[i], sought))
                        return true;
        return false;
}

static bool came_with_package(const struct evidence *evidence, const struct drift_row *row, const char *path)
{
        const char *package = evidence_owner_package(evidence, path);

        return package && evidence_package_came(evidence, row, package);
}

/* wins: at the next boot. */
static unsigned weigh(const struct evidence *evidence, const struct sought *sought, const char *path, int64_t at,
                      enum saying saying, bool wins)
{
        const struct drift_row *row = sought->row;
        bool in_time = (at && evidence_surely_fits(row, at)) || came_with_package(evidence, row, path);

        if (saying == SAYS_OTHER)
                return wins || in_time ? CLUE_OTHER : 0;
        if (!sought->sure || (wins && evidence_was_before(evidence, row, row->name)))
                return CLUE_LATE;
        return evidence_weigh_file(row, at, in_time ? 90 : wins ? 72 : 66, 0);
}

static void hold_line(const struct evidence *evidence, const struct sysctl_line *line, const struct sought *sought, bool wins)
{
        struct pool *pool = evidence->pool;
        bool own = sysctl_line_matches(line, sought->path);
        const char *value = own ? line->value : "0", *shown = text_printable(pool, line->value, 80);
        enum saying saying = evidence_saying(pool, sought->row, value);
        int64_t at = evidence_written(evidence, line->file);
        unsigned weight = saying == SAYS_BASELINE ? 0 : weigh(evidence, sought, line->file, at, saying, wins);

        if (!weight)
                return;
        evidence_add(evidence, sought->row, "file", weight, at,
                     pool_format(pool, "%s:%u, %s, sets %s%s%s%s", text_printable(pool, line->file, SHOWN_MAX), line->number,
                                 evidence_owner(evidence, line->file),
                                 own ? sought->it : text_printable(pool, line->path, SHOWN_MAX), own ? " to " : ", and so it",
                                 own ? "" : " to ", own ? shown : "0"));
}

static void hold_against(const struct evidence *evidence, const struct sysctl_files *files, const struct sought *sought)
{
        const struct sysctl_line *winner = sysctl_files_winner(files, sought->path, NULL);

        for (size_t i = 0; i < files->line_count; i++)
                if (!text_equals(files->lines[i].file, OWN_FILE) && sets(&files->lines[i], sought) &&
                    !is_outdone(files, i, sought))
                        hold_line(evidence, &files->lines[i], sought, &files->lines[i] == winner);
}

void evidence_of_sysctl(const struct evidence *evidence)
{
        struct sysctl_files files;
        bool read = false;

        for (size_t i = 0; i < evidence->drift->count; i++) {
                struct sought sought;

                if (!seek(evidence, &evidence->drift->rows[i], &sought))
                        continue;
                if (!read)
                        sysctl_files_read(evidence->session->host, evidence->pool, &files);
                /* What `sysctl -p` reads, whether or not the boot does. */
                if (!read)
                        sysctl_files_add(evidence->session->host, evidence->pool, &files, "/etc/sysctl.conf");
                read = true;
                hold_against(evidence, &files, &sought);
        }
}
