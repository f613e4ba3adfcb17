/* Which release an image of a kernel is of, by its name or by what it links to. */

#include "agent/core/boot_image.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

bool boot_is_release(const char *text)
{
        size_t size = strlen(text);

        return size < 200 && isdigit((unsigned char)text[0]) &&
               strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.+_~-") == size;
}

static const char *release_in_name(struct pool *pool, const char *name)
{
        static const char *const starts[] = { "vmlinuz-", "vmlinux-", "kernel-", "bzImage-" };
        static const char *const ends[] = { ".efi.signed", ".efi", ".signed" };
        char *release;

        for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
                if (!text_starts(name, starts[i]) || !boot_is_release(name + strlen(starts[i])))
                        continue;
                release = pool_dup(pool, name + strlen(starts[i]));
                for (size_t j = 0; j < sizeof ends / sizeof ends[0]; j++)
                        if (text_ends(release, ends[j]))
                                release[strlen(release) - strlen(ends[j])] = '\0';
                return release;
        }
        return NULL;
}

/* kernel-install puts an image at MACHINE-ID/RELEASE/linux. */
static const char *release_in_folder(struct pool *pool, const char *image)
{
        const char *last = strrchr(image, '/'), *start = last;
        const char *name;

        if (!last || strcmp(last, "/linux") != 0)
                return NULL;
        while (start > image && start[-1] != '/')
                start--;
        name = pool_copy(pool, start, (size_t)(last - start));
        return boot_is_release(name) ? name : NULL;
}

const char *boot_image_release(struct host *host, struct pool *pool, const char *image)
{
        static const char *const folders[] = { "/boot/", "/" };
        const char *name = basename(image), *target;
        const char *release = release_in_name(pool, name);

        if (!release)
                release = release_in_folder(pool, image);
        if (release || strlen(name) > 100)
                return release;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0] && !release; i++)
                if (host_link(host, pool, &target, "%s%s", folders[i], name) == 0)
                        release = release_in_name(pool, basename(target));
        return release;
}
