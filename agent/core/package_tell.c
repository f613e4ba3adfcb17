/* Telling by program: packages, by apt-get. */

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/program.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define PACKAGE_TIMEOUT_MS (20U * 60 * 1000)
#define QUERY_TIMEOUT_MS   (60U * 1000)
#define OUTPUT_SIZE        8192
#define IMAGES_MAX         8

static const char *const quiet_environment[] = { "DEBIAN_FRONTEND=noninteractive", "DEBIAN_PRIORITY=critical",
                                                 "NEEDRESTART_MODE=l", "UCF_FORCE_CONFFOLD=1", NULL };

/* deb-control(5): lower case letters, digits, plus, minus, dot; nothing that a program could take for an option. */
static bool is_package(const char *name)
{
        size_t size = strlen(name);

        return size >= 2 && size < 128 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+-.") == size && name[0] != '-' &&
               name[0] != '+' && name[0] != '.';
}

/* apt-get ends with 100 whatever the reason was. */
static int reason(int r, const char *output)
{
        static const struct {
                const char *words;
                int error;
        } reasons[] = {
                { "Unable to locate package", -ENOPKG },
                { "has no installation candidate", -ENOPKG },
                { "Could not get lock", -EBUSY },
                { "Unable to acquire the dpkg frontend lock", -EBUSY },
                { "enough free space", -ENOSPC },
                { "No space left on device", -ENOSPC },
                { "Temporary failure resolving", -EHOSTUNREACH },
                { "Failed to fetch", -EHOSTUNREACH },
                { "are you root?", -EPERM },
        };

        if (r <= 0)
                return r;
        for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
                if (strstr(output, reasons[i].words))
                        return reasons[i].error;
        return -EIO;
}

static int run_apt(const char *verb, const char *const *names)
{
        const char *argv[12 + IMAGES_MAX] = { "apt-get",
                                              "-q",
                                              "-y",
                                              "-o",
                                              "Dpkg::Options::=--force-confold",
                                              "-o",
                                              "DPkg::Lock::Timeout=120",
                                              "--no-install-recommends",
                                              verb };
        char output[OUTPUT_SIZE];
        size_t count = 9;
        int r;

        while (names && *names && count < sizeof argv / sizeof argv[0] - 1)
                argv[count++] = *names++;
        r = program_run(argv, quiet_environment, PACKAGE_TIMEOUT_MS, output, sizeof output);
        return reason(r, output);
}

static int install(const char *name)
{
        const char *const names[] = { name, NULL };
        int r;

        r = run_apt("install", names);
        if (r != -ENOPKG)
                return r;
        /* A fresh machine has no lists of packages yet. */
        r = run_apt("update", NULL);
        return r < 0 ? r : run_apt("install", names);
}

static bool is_automatic(const char *name)
{
        const char *const argv[] = { "apt-mark", "showauto", name, NULL };
        char output[OUTPUT_SIZE];

        return program_run(argv, NULL, QUERY_TIMEOUT_MS, output, sizeof output) == 0 && text_starts(output, name);
}

/* Which images the package of a kernel points to. Where its own unpacking was cut off only apt's lists say so. */
static int depends(const char *name, char *output, size_t size)
{
        const char *const ask_installed[] = { "dpkg-query", "-W", "-f", "${Depends}", name, NULL };
        const char *const ask_lists[] = { "apt-cache", "show", "--no-all-versions", name, NULL };
        int r;

        r = program_run(ask_installed, NULL, QUERY_TIMEOUT_MS, output, size);
        if (r == 0 && strstr(output, "linux-image-"))
                return 0;
        return program_run(ask_lists, NULL, QUERY_TIMEOUT_MS, output, size);
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
        for (size_t i = 0; i < count; i++)
                if (text_equals(names[i], name))
                        return true;
        return false;
}

/* Is there a kernel left to start when these go? */
static bool stays_bootable(struct pool *pool, const char *const *names, size_t count)
{
        static const char *const ask[] = { "dpkg-query",         "-W", "-f", "${db:Status-Status} ${Package}\n",
                                           "linux-image-[0-9]*", NULL };
        char output[OUTPUT_SIZE];
        const char *cursor = output;
        struct slice line;

        if (program_run(ask, NULL, QUERY_TIMEOUT_MS, output, sizeof output) != 0)
                return false;
        while (text_line(&cursor, &line)) {
                const char *image = slice_dup(pool, line);

                if (text_starts(image, "installed ") && !is_among(names, count, image + strlen("installed ")))
                        return true;
        }
        return false;
}

/* A kernel's package only points to the image of one release, which would stay behind and be started. It goes also where it is
 * the one that runs: it cannot load another module then, and the reboot that this needs anyway is asked for. */
static size_t add_images(struct pool *pool, const char *name, const char **names, size_t count)
{
        char output[OUTPUT_SIZE];
        const char *cursor = output;
        size_t alone = count;
        struct slice word;

        if (depends(name, output, sizeof output) != 0)
                return count;
        while (count < IMAGES_MAX && text_word(&cursor, " ,|\n", &word)) {
                const char *image = slice_dup(pool, word);

                if (text_starts(image, "linux-image-") && is_package(image) && !is_among(names, count, image) &&
                    is_automatic(image))
                        names[count++] = image;
        }
        return stays_bootable(pool, names, count) ? count : alone;
}

/* What a power cut left half unpacked apt-get wants to install anew before anything else; dpkg takes it away. */
static int remove_by_force(const char *const *names)
{
        const char *argv[4 + IMAGES_MAX] = { "dpkg", "--force-remove-reinstreq", "--remove" };
        char output[OUTPUT_SIZE];
        size_t count = 3;
        int r;

        while (*names && count < sizeof argv / sizeof argv[0] - 1)
                argv[count++] = *names++;
        r = program_run(argv, quiet_environment, PACKAGE_TIMEOUT_MS, output, sizeof output);
        return reason(r, output);
}

static int take_away(const char *name)
{
        static const char *const settle[] = { "dpkg", "--force-confold", "--configure", "-a", NULL };
        autopool struct pool *pool = pool_new();
        const char *names[IMAGES_MAX + 1] = { name };
        char output[OUTPUT_SIZE];
        size_t count = 1;
        int r;

        /* Until dpkg has ended what was interrupted, apt-get does nothing; where nothing was, this does nothing. */
        program_run(settle, quiet_environment, PACKAGE_TIMEOUT_MS, output, sizeof output);
        if (text_starts(name, "linux-"))
                count = add_images(pool, name, names, count);
        names[count] = NULL;
        r = run_apt("remove", names);
        return r == -EIO ? remove_by_force(names) : r;
}

int tell_package(const char *rest, const char *value)
{
        static const char *const has_dpkg[] = { "dpkg-query", "-W", "dpkg", NULL };
        int r;

        if (!is_package(rest) || (!text_equals(value, "install") && !text_equals(value, "remove")))
                return -EINVAL;
        /* There are systems with an apt-get and without dpkg, whose packages have other names. */
        r = program_run(has_dpkg, NULL, QUERY_TIMEOUT_MS, NULL, 0);
        if (r != 0)
                return r < 0 && r != -ENOENT ? r : -EOPNOTSUPP;
        return text_equals(value, "install") ? install(rest) : take_away(rest);
}
