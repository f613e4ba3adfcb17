/* A small machine made by hand: a temporary folder that holds sys/, proc/, etc/ ... and goes away with its test. */

#pragma once

#include "agent/core/host.h"

struct tree;

struct tree *tree_new(void); /* aborts when it cannot */
void tree_free(struct tree *tree); /* removes the folder; accepts NULL */
const char *tree_path(const struct tree *tree);
/* Makes a file, with the folders above it. path is absolute as on the host. */
void tree_file(struct tree *tree, const char *path, const char *format, ...) __attribute__((format(printf, 3, 4)));
void tree_bytes(struct tree *tree, const char *path, const void *bytes, size_t size);
void tree_link(struct tree *tree, const char *path, const char *target);
void tree_folder(struct tree *tree, const char *path);
/* Opens the tree as a host; the tree owns it. */
struct host *tree_host(struct tree *tree);
/* Unpacks a capture of ../shared/hosts (PLUMBLINE_CAPTURES overrides the folder) into a new tree. NULL where it is absent: the
 * test then prints that it is skipped. */
struct tree *tree_capture(const char *archive);
