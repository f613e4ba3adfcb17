/* The running kernel, the installed ones, and the distribution's package of a flavour. */

#include "agent/core/kernels.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* --- the one that runs --------------------------------------------------------------------------------------------- */

static bool is_release(const char *text)
{
        size_t size = strlen(text);

        return size > 0 && size < 200 && isdigit((unsigned char)text[0]) &&
               strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+_~-") == size;
}

int kernel_release(struct host *host, struct pool *pool, const char **release, const char **source)
{
        struct slice word = { 0 };
        const char *text;
        int r;

        *source = "/proc/sys/kernel/osrelease";
        r = host_read(host, pool, &text, "/proc/sys/kernel/osrelease");
        if (r == 0) {
                *release = text_trim(pool, text);
                return is_release(*release) ? 0 : -EINVAL;
        }
        *source = "/proc/version";
        r = host_read(host, pool, &text, "/proc/version");
        if (r < 0)
                return r;
        if (!text_starts(text, "Linux version "))
                return -EINVAL;
        text += strlen("Linux version ");
        text_word(&text, " \n", &word);
        *release = slice_dup(pool, word);
        return is_release(*release) ? 0 : -EINVAL;
}

/* "PREEMPT RT" up to 4.19, "PREEMPT_RT" since; "PREEMPT_DYNAMIC" and "PREEMPT" are something else (init/Makefile). */
static bool says_rt(const char *version)
{
        static const char *const words[] = { "PREEMPT_RT", "PREEMPT RT" };

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                for (const char *at = strstr(version, words[i]); at; at = strstr(at + 1, words[i])) {
                        char behind = at[strlen(words[i])];

                        if (at > version && at[-1] == ' ' && (behind == ' ' || behind == '\n' || behind == '\0'))
                                return true;
                }
        return false;
}

int kernel_is_rt(struct host *host, struct pool *pool, bool *rt, const char **source)
{
        static const struct {
                const char *path, *start;
        } files[] = { { "/proc/version", "Linux version " }, { "/proc/sys/kernel/version", "#" } };
        const char *text;
        bool known = false;
        int64_t number;
        int error = -ENOENT, r;

        /* Only where the RT patch set is applied: mainline 6.12 with PREEMPT_RT has no such file. */
        *source = "/sys/kernel/realtime";
        if (host_number(host, &number, "/sys/kernel/realtime") == 0 && number == 1) {
                *rt = true;
                return 0;
        }
        *source = files[0].path;
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
                r = host_read(host, pool, &text, "%s", files[i].path);
                if (r == 0 && !text_starts(text, files[i].start))
                        r = -EINVAL;
                if (r < 0) {
                        error = error == -ENOENT ? r : error;
                        continue;
                }
                known = true;
                *rt = says_rt(text);
                *source = files[i].path;
                if (*rt)
                        return 0;
        }
        return known ? 0 : error;
}

/* --- the installed ones -------------------------------------------------------------------------------------------- */

/* One package of the dpkg database; state is the last word of its status: "installed", "half-configured". */
struct package_line {
        struct slice name, state, architecture;
};

static bool next_package(const char **cursor, struct package_line *package)
{
        struct slice line;

        *package = (struct package_line){ 0 };
        while (text_line(cursor, &line)) {
                struct slice rest = line, word = { 0 }, value;

                if (slice_trim(line).size == 0) {
                        if (package->name.size)
                                return true;
                        continue;
                }
                /* Continued lines start with a blank: they are descriptions and file lists. */
                if (line.at[0] == ' ' || line.at[0] == '\t' || !slice_word(&rest, " ", &word))
                        continue;
                value = slice_trim(rest);
                if (slice_equals(word, "Package:"))
                        package->name = value;
                else if (slice_equals(word, "Architecture:"))
                        package->architecture = value;
                else if (slice_equals(word, "Status:"))
                        while (slice_word(&value, " ", &word))
                                package->state = word;
        }
        return package->name.size > 0;
}

/* Does the package's name stand for the image of this release? Ubuntu signs some and calls the rest unsigned. */
static bool is_image_of(struct slice name, const char *release)
{
        static const char *const starts[] = { "linux-image-", "linux-image-unsigned-" };

        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
                size_t size = strlen(starts[i]);

                if (name.size == size + strlen(release) && !memcmp(name.at, starts[i], size) &&
                    !memcmp(name.at + size, release, strlen(release)))
                        return true;
        }
        return false;
}

/* True unless dpkg knows the package of this image and has not finished installing it. */
static bool is_whole(const char *database, const char *release)
{
        struct package_line package;
        bool broken = false;

        while (database && next_package(&database, &package)) {
                if (!is_image_of(package.name, release))
                        continue;
                if (slice_equals(package.state, "installed"))
                        return true;
                /* Removed packages stay listed with their configuration. */
                broken |= !slice_equals(package.state, "config-files") && !slice_equals(package.state, "not-installed");
        }
        return !broken;
}

int kernels_installed(struct host *host, struct pool *pool, struct kernels *kernels)
{
        const char *const *names;
        const char *database = NULL;
        bool asked = false;
        int r;

        *kernels = (struct kernels){ 0 };
        r = host_list(host, pool, &names, "/boot");
        if (r == -ENOENT || r == -ENOTDIR)
                return 0;
        if (r < 0)
                return r;
        for (; *names && kernels->count < 64; names++) {
                const char *release = *names + strlen("vmlinuz-");

                if (!text_starts(*names, "vmlinuz-") || !is_release(release))
                        continue;
                /* A file of a megabyte, which a host without a kernel of its own need not read. */
                if (!asked && host_read(host, pool, &database, "/var/lib/dpkg/status") < 0)
                        database = NULL;
                asked = true;
                if (!is_whole(database, release)) {
                        kernels->half = release;
                        continue;
                }
                kernels->releases = pool_grow(pool, kernels->releases, kernels->count, sizeof *kernels->releases);
                kernels->releases[kernels->count++] = release;
        }
        return 0;
}

/* --- the package that brings one ----------------------------------------------------------------------------------- */

/* One value of os-release(5), quotes taken off; "" if it is not there. */
static const char *os_release(struct host *host, struct pool *pool, const char *key)
{
        struct slice line;
        const char *text;
        size_t size = strlen(key);

        if (host_read(host, pool, &text, "/etc/os-release") < 0 && host_read(host, pool, &text, "/usr/lib/os-release") < 0)
                return "";
        while (text_line(&text, &line)) {
                struct slice value;

                line = slice_trim(line);
                if (line.size <= size || memcmp(line.at, key, size) != 0 || line.at[size] != '=')
                        continue;
                value = (struct slice){ line.at + size + 1, line.size - size - 1 };
                if (value.size >= 2 && strchr("\"'", value.at[0]) && value.at[value.size - 1] == value.at[0])
                        value = (struct slice){ value.at + 1, value.size - 2 };
                return slice_dup(pool, value);
        }
        return "";
}

/* "amd64": of the package dpkg itself, else of the first package that is not for all; "" unknown. */
static const char *architecture(struct pool *pool, const char *database)
{
        struct package_line package;
        struct slice found = { "", 0 };

        while (next_package(&database, &package)) {
                if (slice_equals(package.name, "dpkg") && package.architecture.size)
                        return slice_dup(pool, package.architecture);
                if (!found.size && package.architecture.size && !slice_equals(package.architecture, "all"))
                        found = package.architecture;
        }
        return slice_dup(pool, found);
}

static bool is_installed(const char *database, const char *name)
{
        struct package_line package;

        while (next_package(&database, &package))
                if (slice_equals(package.name, name) && slice_equals(package.state, "installed"))
                        return true;
        return false;
}

static const char *debian_package(struct pool *pool, bool rt, const char *machine)
{
        if (!text_equals(machine, "amd64") && !text_equals(machine, "arm64"))
                return NULL;
        return pool_format(pool, "linux-image-%s%s", rt ? "rt-" : "", machine);
}

void kernel_package_find(struct host *host, struct pool *pool, bool rt, struct kernel_package *package)
{
        const char *id = os_release(host, pool, "ID"), *database, *machine;

        *package = (struct kernel_package){ 0 };
        if (!text_equals(id, "debian") && !text_equals(id, "ubuntu")) {
                package->problem = pool_format(pool, "no kernel package is known for the distribution \"%s\"",
                                               text_printable(pool, id, 40));
                return;
        }
        if (host_read(host, pool, &database, "/var/lib/dpkg/status") < 0) {
                package->problem = "the package database /var/lib/dpkg/status cannot be read";
                return;
        }
        if (text_equals(id, "debian")) {
                machine = architecture(pool, database);
                package->name = debian_package(pool, rt, machine);
                if (!package->name)
                        package->problem = pool_format(pool, "no kernel package is known for Debian on \"%s\"",
                                                       text_printable(pool, machine, 40));
        } else {
                package->name = rt ? "linux-realtime" : "linux-image-generic";
                package->remark = rt ? "Ubuntu hands it out to Pro subscribers first: pro enable realtime-kernel" : NULL;
        }
        package->installed = package->name && is_installed(database, package->name);
}
