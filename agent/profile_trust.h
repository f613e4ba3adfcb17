/* Who could have written a profile. */

#pragma once

struct reading;
struct stat;

/* May this file, open as `file`, be believed? -EPERM with the problem naming the path, its mode and its owner. */
int profile_trust(struct reading *reading, const char *path, const char *shipped, const struct stat *file);
