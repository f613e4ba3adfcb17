/* Profiles in a tree: the shipped ones in /shipped, the local ones in /local. */

#pragma once

struct pool;
struct profile;
struct tree;

/* Loads a name, or a path below the tree (beginning with '/'). *problem is "" without an error, and has "@" for the tree's folder. */
int profile_tree_load(struct tree *tree, struct pool *pool, const char *name, struct profile **profile, const char **problem);
