/* The file of the profile that wants what the profile wants now. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define SHIPPED   "/usr/share/plumbline/profiles"
#define LOCAL     "/etc/plumbline/profiles"
#define SHOWN_MAX 200

/* What a path of this program's is called on the host that is looked at; NULL: it is no file of that host. */
static const char *inside(const struct evidence *evidence, const char *path)
{
        const char *root;
        size_t size;

        if (!path || path[0] != '/' || host_outside_path(evidence->session->host, evidence->pool, &root, "/") < 0)
                return NULL;
        size = text_equals(root, "/") ? 0 : strlen(root);
        return !strncmp(path, root, size) && path[size] == '/' ? path + size : NULL;
}

/* "base.yaml:12": the profile itself, or one that it extends, which stands beside it or where the others do. */
static const char *path_of(const struct evidence *evidence, const char *from)
{
        static const char *const folders[] = { NULL, LOCAL, SHIPPED };
        const char *own = inside(evidence, evidence->session->profile->path), *slash = own ? strrchr(own, '/') : NULL;
        const char *name = from ? pool_copy(evidence->pool, from, strcspn(from, ":")) : NULL;

        if (!slash || !name || text_equals(slash + 1, name) || strchr(name, '/'))
                return own;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
                const char *path = folders[i] ? pool_format(evidence->pool, "%s/%s", folders[i], name)
                                              : pool_format(evidence->pool, "%.*s/%s", (int)(slash - own), own, name);

                if (host_exists(evidence->session->host, "%s", path))
                        return path;
        }
        return NULL;
}

/* "base.yaml:12", where the setting stands in the profile. NULL: it does not. */
static const char *place_of(const struct evidence *evidence, const struct drift_row *row)
{
        const struct plan *plan = evidence->examination->plan;

        for (size_t i = 0; row->now && i < plan->count; i++)
                if (plan->rows[i]->setting && text_equals(plan->rows[i]->id, row->name))
                        return plan->rows[i]->setting->from;
        return NULL;
}

const char *evidence_profile_path(const struct evidence *evidence, const struct drift_row *row)
{
        return evidence->session->profile ? path_of(evidence, place_of(evidence, row)) : NULL;
}

static void hold_against(const struct evidence *evidence, struct drift_row *row)
{
        const char *path = evidence_profile_path(evidence, row), *place = place_of(evidence, row), *line;
        struct host_stat stat;

        if (!path || host_stat(evidence->session->host, &stat, "%s", path) < 0)
                return;
        line = place ? strchr(place, ':') : NULL;
        evidence_add(evidence, row, "file", evidence_weigh_file(row, stat.modified, place ? 72 : 60, 18), stat.modified,
                     pool_format(evidence->pool, "%s%s, %s, %s", text_printable(evidence->pool, path, SHOWN_MAX),
                                 line ? text_printable(evidence->pool, line, 20) : "", evidence_owner(evidence, path),
                                 place ? "wants it so" : "does not name it"));
}

void evidence_of_profile(const struct evidence *evidence)
{
        for (size_t i = 0; i < evidence->drift->count; i++)
                if (text_equals(evidence->drift->rows[i].layer, "profile"))
                        hold_against(evidence, &evidence->drift->rows[i]);
}
