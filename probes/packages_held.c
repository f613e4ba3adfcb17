/* Whether a hold keeps apt from replacing the kernel: by what dpkg says of the packages of kernels. */

#include "probes/packages_held.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define IMAGE "linux-image-"

static bool field(struct slice line, const char *name, struct slice *value)
{
        size_t size = strlen(name);

        if (line.size < size || memcmp(line.at, name, size) != 0)
                return false;
        *value = slice_trim((struct slice){ line.at + size, line.size - size });
        return true;
}

/* --- kernels ---------------------------------------------------------------------------------------------------------- */

/* A package of a kernel, or one that brings the next: "linux-image-6.1.0-28-amd64", "linux-image-amd64". */
struct kernel {
        const char *name, *depends;
        bool held;
};

struct kernels {
        struct pool *pool;
        size_t count, stanzas;
        struct kernel *rows;
};

struct stanza {
        struct slice package, status, depends;
};

static bool is_release(const char *name)
{
        return text_starts(name, IMAGE) && isdigit((unsigned char)name[strlen(IMAGE)]);
}

/* "rt-amd64" of "linux-image-6.1.0-28-rt-amd64", "generic" of "linux-image-5.15.0-91-generic": behind version and ABI. */
static const char *flavour(struct pool *pool, const char *name)
{
        const char *at = is_release(name) ? strchr(name + strlen(IMAGE), '-') : NULL;
        size_t size;

        at = at ? strchr(at + 1, '-') : NULL;
        if (!at)
                return "";
        size = strlen(at + 1);
        if (text_ends(at, "-unsigned"))
                size -= strlen("-unsigned");
        return pool_copy(pool, at + 1, size);
}

/* Does this package bring the next kernel after that one? By its name, else by what it depends on. */
static bool brings_next(struct pool *pool, const struct kernel *bringer, const char *image)
{
        const char *wanted = flavour(pool, image), *rest = bringer->depends;
        struct slice word;

        if (is_release(bringer->name) || !*wanted)
                return false;
        if (text_equals(bringer->name + strlen(IMAGE), wanted))
                return true;
        while (rest && text_word(&rest, " ,|()", &word)) {
                const char *other = slice_dup(pool, word);

                if (is_release(other) && text_equals(flavour(pool, other), wanted))
                        return true;
        }
        return false;
}

/* The one that is installed and free; NULL: the hold holds. */
static const struct kernel *find_free(const struct kernels *kernels, const struct kernel *held)
{
        for (size_t i = 0; i < kernels->count; i++)
                if (!kernels->rows[i].held && brings_next(kernels->pool, &kernels->rows[i], held->name))
                        return &kernels->rows[i];
        return NULL;
}

/* What is wanted stands first, what is there last: "hold ok installed", "hold ok config-files" (dpkg-query(1)). */
static void add_kernel(struct kernels *kernels, const struct stanza *stanza)
{
        struct slice wanted, state, rest = stanza->status;

        kernels->stanzas += stanza->package.size && stanza->status.size;
        if (stanza->package.size <= strlen(IMAGE) || memcmp(stanza->package.at, IMAGE, strlen(IMAGE)) != 0 ||
            !slice_word(&rest, " ", &wanted) || !slice_word(&rest, " ", &state) || !slice_word(&rest, " ", &state) ||
            slice_equals(state, "config-files") || slice_equals(state, "not-installed"))
                return;
        kernels->rows = pool_grow(kernels->pool, kernels->rows, kernels->count, sizeof *kernels->rows);
        kernels->rows[kernels->count++] = (struct kernel){
                .name = slice_dup(kernels->pool, stanza->package),
                .depends = stanza->depends.size ? slice_dup(kernels->pool, stanza->depends) : NULL,
                .held = slice_equals(wanted, "hold"),
        };
}

static void read_kernels(struct kernels *kernels, const char *text)
{
        struct stanza stanza = { 0 };
        struct slice line;
        bool more = true;

        while (more) {
                more = text_line(&text, &line);
                if (more && line.size) {
                        if (!field(line, "Package:", &stanza.package) && !field(line, "Status:", &stanza.status))
                                field(line, "Depends:", &stanza.depends);
                        continue;
                }
                add_kernel(kernels, &stanza);
                stanza = (struct stanza){ 0 };
        }
}

/* --- pins ------------------------------------------------------------------------------------------------------------- */

static bool pins_kernel(struct host *host, struct pool *pool, const char *path)
{
        struct slice line, packages, name;
        const char *text;

        if (host_read(host, pool, &text, "%s", path) < 0)
                return false;
        while (text_line(&text, &line))
                if (field(line, "Package:", &packages))
                        while (slice_word(&packages, " ,\t", &name))
                                if (name.size >= strlen("linux-image") && text_starts(name.at, "linux-image"))
                                        return true;
        return false;
}

/* A file with a pin of a kernel; apt passes over names with any other ending (apt_preferences(5)). */
static const char *find_pin(struct host *host, struct pool *pool)
{
        const char *const *names;

        if (pins_kernel(host, pool, PINS))
                return PINS;
        if (host_list(host, pool, &names, PINS ".d") < 0)
                return NULL;
        for (; *names; names++) {
                const char *path = pool_format(pool, PINS ".d/%s", *names);

                if ((!strchr(*names, '.') || text_ends(*names, ".pref")) && pins_kernel(host, pool, path))
                        return path;
        }
        return NULL;
}

void packages_held_fact(struct host *host, struct facts *facts, struct pool *pool)
{
        autobuffer struct text_buffer names = { 0 }, idle = { 0 };
        struct kernels kernels = { .pool = pool };
        const char *text, *pin;
        int r;

        r = host_read(host, pool, &text, STATUS);
        if (r == 0)
                read_kernels(&kernels, text);
        if (r < 0 || !kernels.stanzas) {
                fact_unknown(facts, r < 0 && r != -ENOENT ? r : -ENODATA, STATUS, HELD);
                return;
        }
        for (size_t i = 0; i < kernels.count; i++) {
                const struct kernel *held = &kernels.rows[i], *bringer;

                if (!held->held)
                        continue;
                bringer = find_free(&kernels, held);
                if (bringer)
                        text_addf(&idle, "%s%s is on hold, and %s, which brings the next one, is not", idle.size ? "; " : "",
                                  text_printable(pool, held->name, 80), text_printable(pool, bringer->name, 80));
                else
                        text_addf(&names, "%s%s", names.size ? ", " : "", text_printable(pool, held->name, 80));
        }
        fact_known(facts, value_flag(names.size > 0), STATUS, HELD);
        pin = names.size || idle.size ? NULL : find_pin(host, pool);
        if (names.size || idle.size)
                fact_note(facts, "%s", names.size ? names.at : idle.at);
        else if (pin)
                fact_note(facts, "%s has a pin of a kernel, which is no hold: apt-cache policy tells what it does", pin);
}
