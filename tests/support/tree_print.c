/* Says in text what a tree holds, so that two moments of it can be compared. */

#include "tests/support/tree.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const FTSENT **a, const FTSENT **b)
{
        return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* FNV-1a, 64 bits: good enough to see a changed byte, and short. */
static uint64_t hash(uint64_t sum, const char *bytes, size_t size)
{
        for (size_t i = 0; i < size; i++)
                sum = (sum ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
        return sum;
}

static uint64_t hash_file(const char *path)
{
        char bytes[16384];
        uint64_t sum = UINT64_C(0xcbf29ce484222325);
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

        if (fd < 0)
                return (uint64_t)errno;
        for (ssize_t size = read(fd, bytes, sizeof(bytes)); size > 0; size = read(fd, bytes, sizeof(bytes)))
                sum = hash(sum, bytes, (size_t)size);
        close(fd);
        return sum;
}

static void add_entry(struct text_buffer *out, const FTSENT *entry, const char *path)
{
        const struct stat *stat = entry->fts_statp;

        text_addf(out, "%s %06o %u:%u", path, stat->st_mode, stat->st_uid, stat->st_gid);
        if (S_ISLNK(stat->st_mode)) {
                char target[PATH_MAX];
                ssize_t size = readlink(entry->fts_accpath, target, sizeof(target) - 1);

                target[size > 0 ? size : 0] = '\0';
                text_addf(out, " -> %s", target);
        } else if (S_ISREG(stat->st_mode)) {
                text_addf(out, " %lld %016llx", (long long)stat->st_size, (unsigned long long)hash_file(entry->fts_accpath));
        }
        text_add(out, "\n");
}

char *tree_fingerprint(const struct tree *tree, unsigned flags)
{
        char *const paths[] = { (char *)(uintptr_t)tree_path(tree), NULL };
        FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
        struct text_buffer out = { 0 };

        if (!walk)
                tree_abort("fts_open", paths[0]);
        text_add(&out, "");
        for (FTSENT *entry = fts_read(walk); entry; entry = fts_read(walk)) {
                const char *path = entry->fts_path + strlen(paths[0]);

                if (entry->fts_info == FTS_DP || !*path)
                        continue;
                if ((flags & TREE_WITHOUT_STATE) &&
                    (text_equals(path, "/var/lib/plumbline") || text_equals(path, "/run/plumbline"))) {
                        fts_set(walk, entry, FTS_SKIP);
                        continue;
                }
                add_entry(&out, entry, path);
        }
        fts_close(walk);
        return out.at;
}

static bool has_line(const char *lines, struct slice wanted)
{
        const char *end = lines + strlen(lines);
        const char *from = lines;

        for (;;) {
                const char *found = memmem(from, (size_t)(end - from), wanted.at, wanted.size + 1);

                if (!found)
                        return false;
                if (found == lines || found[-1] == '\n')
                        return true;
                from = found + 1;
        }
}

/* Both are sorted by folder, not by line, so a line is looked up in the whole of the other. */
static unsigned print_missing(char sign, const char *lines, const char *other, unsigned limit)
{
        unsigned printed = 0;
        struct slice line;

        while (text_line(&lines, &line)) {
                if (has_line(other, line))
                        continue;
                if (printed++ < limit)
                        printf("        %c %.*s\n", sign, (int)line.size, line.at);
        }
        return printed;
}

void tree_print_difference(const char *a, const char *b, unsigned limit)
{
        unsigned gone = print_missing('-', a, b, limit);
        unsigned come = print_missing('+', b, a, limit);

        if (gone > limit || come > limit)
                printf("        (%u lines gone, %u come)\n", gone, come);
}
