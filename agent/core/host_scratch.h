/* The folder that an archive is unpacked into. */

#pragma once

#include <limits.h>
#include <sys/types.h>

struct unpacked {
        char path[PATH_MAX];
        int leash;     /* what the watcher waits for the end of */
        pid_t watcher; /* removes the folder; negative: there is none, and its owner does */
};

/* Made with mode 0700 below TMPDIR, else /tmp. */
int scratch_new(struct unpacked **unpacked);
/* Removes it with all in it, and waits for that. Accepts NULL. */
void scratch_free(struct unpacked *unpacked);
