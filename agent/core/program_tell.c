/* Telling by program: GRUB's configuration. */

#include "agent/core/ask.h"
#include "agent/core/program.h"
#include "agent/core/text.h"

#include <errno.h>

#define GRUB_TIMEOUT_MS (5U * 60 * 1000)
#define OUTPUT_SIZE     8192

int tell_grub(const char *rest, const char *value)
{
        static const char *const update[] = { "update-grub", NULL };
        static const char *const make[] = { "grub-mkconfig", "-o", "/boot/grub/grub.cfg", NULL };
        char output[OUTPUT_SIZE];
        int r;

        if (!text_equals(rest, "config") || (value && *value && !text_equals(value, "update")))
                return -EINVAL;
        r = program_run(update, NULL, GRUB_TIMEOUT_MS, output, sizeof output);
        if (r == -ENOENT)
                r = program_run(make, NULL, GRUB_TIMEOUT_MS, output, sizeof output);
        return r > 0 ? -EIO : r;
}
