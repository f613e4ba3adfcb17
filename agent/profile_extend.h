/* A profile and all that it extends, as one tree. */

#pragma once

struct node;
struct profile_places;
struct reading;

struct extended {
        struct node *root;   /* the resolved tree, without plumbline, name, summary and extends */
        const char *name;    /* of the profile itself; its file's name where it has none */
        const char *summary; /* of the profile itself, else of the last that has one; NULL none */
};

/* -EINVAL, -EPERM and their kin with the problem set. */
int profile_extend(struct reading *reading, const struct profile_places *places, const char *path, struct extended *extended);

/* What stands above the sections of one file, checked: the version, known keys, name and summary (NULL where absent). */
int profile_head(struct reading *reading, const struct node *root, const char **name, const char **summary);
