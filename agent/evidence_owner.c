/* Which package brought a file, by dpkg's own database. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DPKG_STATUS "/var/lib/dpkg/status"
#define DPKG_LISTS  "/var/lib/dpkg/info"
#define OF_PACKAGE  "of the package "
#define SHOWN_MAX   200

/* Where /lib is a link to /usr/lib a file has two names, and a package may have brought it under either (Debian's merged /usr). */
struct names {
        const char *path, *other; /* other NULL: there is one name only */
};

static struct names names_of(struct pool *pool, const char *path)
{
        static const char *const folders[] = { "/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/" };
        struct names names = { .path = path };

        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
                if (text_starts(path, folders[i]))
                        names.other = pool_format(pool, "/usr%s", path);
                else if (text_starts(path, "/usr") && text_starts(path + strlen("/usr"), folders[i]))
                        names.other = path + strlen("/usr");
        return names;
}

/* " /etc/sysctl.d/90-more.conf 1d2e..." below "Conffiles:" of a package. *package NULL: of none. */
static int find_by_status(const struct evidence *evidence, const char *path, const char **package)
{
        struct slice line, name = { 0 };
        const char *text;
        size_t size = strlen(path);
        int r;

        r = host_read(evidence->session->host, evidence->pool, &text, DPKG_STATUS);
        if (r < 0)
                return r;
        while (text_line(&text, &line)) {
                if (line.size > 9 && !memcmp(line.at, "Package: ", 9))
                        name = (struct slice){ line.at + 9, line.size - 9 };
                else if (line.size > size + 1 && line.at[0] == ' ' && !memcmp(line.at + 1, path, size) &&
                         line.at[size + 1] == ' ') {
                        *package = slice_dup(evidence->pool, name);
                        break;
                }
        }
        return 0;
}

static bool lists(const char *text, const struct names *names)
{
        struct slice line;

        while (text_line(&text, &line))
                if (slice_equals(line, names->path) || (names->other && slice_equals(line, names->other)))
                        return true;
        return false;
}

/* What is no configuration file stands in the lists of the packages. */
static int find_by_lists(const struct evidence *evidence, const struct names *names, const char **package)
{
        const char *const *files;
        int r, failed = 0;

        r = host_list(evidence->session->host, evidence->pool, &files, DPKG_LISTS);
        if (r < 0)
                return r;
        for (; *files; files++) {
                autopool struct pool *pool = pool_new();
                const char *text;

                if (!text_ends(*files, ".list"))
                        continue;
                r = host_read(evidence->session->host, pool, &text, DPKG_LISTS "/%s", *files);
                if (r < 0)
                        failed = r;
                if (r < 0 || !lists(text, names))
                        continue;
                *package = pool_copy(evidence->pool, *files, strlen(*files) - strlen(".list"));
                return 0;
        }
        return failed;
}

static const char *owner_words(const struct evidence *evidence, const char *path)
{
        struct names names = names_of(evidence->pool, path);
        const char *package = NULL;
        int r;

        r = find_by_status(evidence, path, &package);
        if (r >= 0 && !package && (names.other || text_starts(path, "/usr/")))
                r = find_by_lists(evidence, &names, &package);
        if (package)
                return pool_format(evidence->pool, OF_PACKAGE "%s", text_printable(evidence->pool, package, SHOWN_MAX));
        return r < 0 ? "nobody can tell of which package" : "of no package";
}

const char *evidence_owner_package(const struct evidence *evidence, const char *path)
{
        const char *words = evidence_owner(evidence, path);

        return text_starts(words, OF_PACKAGE) ? words + strlen(OF_PACKAGE) : NULL;
}

const char *evidence_owner(const struct evidence *evidence, const char *path)
{
        struct evidence_owners *owners = evidence->owners;

        for (size_t i = 0; i < owners->count; i++)
                if (text_equals(owners->rows[i].path, path))
                        return owners->rows[i].words;
        owners->rows = pool_grow(owners->pool, owners->rows, owners->count, sizeof *owners->rows);
        owners->rows[owners->count].path = pool_dup(owners->pool, path);
        owners->rows[owners->count].words = pool_dup(owners->pool, owner_words(evidence, path));
        return owners->rows[owners->count++].words;
}
