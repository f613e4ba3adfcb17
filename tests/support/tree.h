/* A small machine made by hand: a temporary folder that holds sys/, proc/, etc/ ... and goes away with its test. */

#pragma once

#include "agent/core/host.h"

struct tree;

struct tree *tree_new(void);       /* aborts when it cannot */
void tree_free(struct tree *tree); /* removes the folder; accepts NULL */
const char *tree_path(const struct tree *tree);
/* A folder that is there already and stays: tree_keep lets go of a tree without removing its folder. */
struct tree *tree_at(const char *folder);
void tree_keep(struct tree *tree);
/* Makes a file, with the folders above it. path is absolute as on the host. What was there before is replaced; links on the way
 * stay inside the tree. */
void tree_file(struct tree *tree, const char *path, const char *format, ...) __attribute__((format(printf, 3, 4)));
void tree_bytes(struct tree *tree, const char *path, const void *bytes, size_t size);
void tree_link(struct tree *tree, const char *path, const char *target);
void tree_folder(struct tree *tree, const char *path);
void tree_mode(struct tree *tree, const char *path, mode_t mode);
/* When it was written, in seconds since the epoch; of a link, its own time. */
void tree_time(struct tree *tree, const char *path, int64_t at);
/* Takes away a file or a folder with all in it; nothing there is no error. */
void tree_remove(struct tree *tree, const char *path);
/* Opens the tree as a host; the tree owns it. A second call gives the same host. */
struct host *tree_host(struct tree *tree);
/* Unpacks a capture of ../shared/hosts (PLUMBLINE_CAPTURES overrides the folder) into a new tree. NULL where it is absent: the
 * test then prints that it is skipped. */
struct tree *tree_capture(const char *archive);
/* Unpacks an archive into a new tree, without so many folders at the top. NULL where it is absent. */
struct tree *tree_unpack(const char *archive, unsigned strip);
/* The machine that tests/hosts/NAME.tree describes (PLUMBLINE_HOSTS overrides the folder). Aborts on a mistake in it. */
struct tree *tree_load(const char *name);
/* Adds what a .tree file says to the tree; see tests/hosts/README.md for its lines. */
void tree_read(struct tree *tree, const char *file);
struct tree *tree_copy(const struct tree *tree);

/* One line for each thing in the tree, sorted: path, type, mode, owner, and a hash of the content or the target of a link. The
 * caller frees it. */
enum tree_flags {
        TREE_WHOLE = 0,
        TREE_WITHOUT_STATE = 1 << 0, /* not the agent's own state: var/lib/plumbline and run/plumbline */
};
char *tree_fingerprint(const struct tree *tree, unsigned flags);
/* Prints the lines that only one of two fingerprints has, at most `limit` of them, "-" those of a, "+" those of b. */
void tree_print_difference(const char *a, const char *b, unsigned limit);

/* For the files of this folder: says what failed and aborts. */
__attribute__((noreturn)) void tree_abort(const char *what, const char *path);
