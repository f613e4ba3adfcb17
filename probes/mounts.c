/* The kernel's lists of mounts, in both their forms. */

#include "probes/mounts.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/mounts_tree.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define WORDS_MAX 64
/* Beyond this something is wrong, and looking for doubles would take long. */
#define MOUNTS_MAX 4096
#define PLACES_MAX 16384

/* One form of a line. */
typedef bool parse_line_fn(struct pool *pool, struct slice line, struct mount *mount, struct mount_place *place);

/* The kernel writes blanks, tabs, newlines and backslashes as "\040" and so on (seq_path in fs/seq_file.c). */
static const char *unescape(struct pool *pool, struct slice word)
{
        char *text = slice_dup(pool, word), *out = text;

        for (const char *in = text; *in; out++) {
                if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' && in[3] >= '0' &&
                    in[3] <= '7') {
                        *out = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + (in[3] - '0'));
                        in += 4;
                } else {
                        *out = *in++;
                }
        }
        *out = '\0';
        return text;
}

static size_t split(struct slice line, struct slice *words)
{
        size_t count = 0;

        while (count < WORDS_MAX && slice_word(&line, " \t", &words[count]))
                count++;
        return count;
}

static bool is_read_only(struct slice options)
{
        struct slice word;

        while (slice_word(&options, ",", &word))
                if (slice_equals(word, "ro"))
                        return true;
        return false;
}

static bool is_access(struct slice word)
{
        return slice_equals(word, "ro") || slice_equals(word, "rw");
}

/* Options of the mount and of the filesystem below it. Either can make it read-only. */
static const char *join_options(struct pool *pool, struct slice mount, struct slice filesystem)
{
        autobuffer struct text_buffer text = { 0 };
        struct slice both[] = { mount, filesystem }, word;

        text_add(&text, is_read_only(mount) || is_read_only(filesystem) ? "ro" : "rw");
        for (size_t i = 0; i < 2; i++) {
                for (struct slice rest = both[i]; slice_word(&rest, ",", &word);) {
                        if (is_access(word))
                                continue;
                        text_add(&text, ",");
                        text_add_bytes(&text, word.at, word.size);
                }
        }
        return pool_dup(pool, text.at);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": optional fields end with a lone dash
 * (proc_pid_mountinfo(5)). */
static bool parse_mountinfo(struct pool *pool, struct slice line, struct mount *mount, struct mount_place *place)
{
        struct slice words[WORDS_MAX];
        size_t count = split(line, words), dash = 6;

        while (dash < count && !slice_equals(words[dash], "-"))
                dash++;
        if (dash + 2 >= count || text_u64(slice_dup(pool, words[0]), 10, &place->id) < 0 ||
            text_u64(slice_dup(pool, words[1]), 10, &place->parent) < 0)
                return false;
        *mount = (struct mount){
                .point = unescape(pool, words[4]),
                .type = unescape(pool, words[dash + 1]),
                .source = unescape(pool, words[dash + 2]),
                .device = slice_dup(pool, words[2]),
                .options = join_options(pool, words[5], dash + 3 < count ? words[dash + 3] : slice_of("")),
                .partial = !slice_equals(words[3], "/"),
                .read_only = dash + 3 < count && is_read_only(words[dash + 3]),
        };
        return true;
}

/* "/dev/sda1 / ext3 rw,relatime 0 0" */
static bool parse_fstab(struct pool *pool, struct slice line, struct mount *mount, struct mount_place *place)
{
        struct slice words[WORDS_MAX];

        (void)place; /* this form does not tell how the mounts hang together */
        if (split(line, words) < 4)
                return false;
        *mount = (struct mount){
                .source = unescape(pool, words[0]),
                .point = unescape(pool, words[1]),
                .type = unescape(pool, words[2]),
                .options = join_options(pool, words[3], slice_of("")),
        };
        return true;
}

/* Filesystems that are full by design, or that another host or a program answers for and that may therefore hang. */
static bool is_left_out(const char *type)
{
        static const char *const types[] = { "squashfs", "iso9660", "udf",  "erofs", "cramfs", "romfs", "rootfs", "ocfs2",
                                             "gfs2",     "autofs",  "proc", "sysfs", "devpts", "bpf",   "lustre", "devtmpfs" };

        if (text_starts(type, "fuse") || text_starts(type, "nfs") || text_starts(type, "cgroup"))
                return true;
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
                if (text_equals(type, types[i]))
                        return true;
        return false;
}

bool mount_keeps_devices(const struct mount *mount)
{
        return text_equals(mount->type, "btrfs") || text_equals(mount->type, "zfs") || text_equals(mount->type, "bcachefs");
}

/* On a block device, or of a kind that keeps its devices to itself. The root counts whatever it is made of. */
static bool is_real(const struct mount *mount)
{
        if (is_left_out(mount->type))
                return false;
        if (mount_keeps_devices(mount) || text_equals(mount->point, "/"))
                return true;
        return mount->device ? !text_starts(mount->device, "0:") : text_starts(mount->source, "/dev/");
}

/* A later mount at the same point covers the earlier one, whatever it is. */
static int keep(struct pool *pool, struct mounts *mounts, struct mount **rows, const struct mount *mount)
{
        for (size_t i = 0; i < mounts->count; i++) {
                if (!text_equals((*rows)[i].point, mount->point))
                        continue;
                memmove(&(*rows)[i], &(*rows)[i + 1], (mounts->count - i - 1) * sizeof **rows);
                mounts->count--;
                break;
        }
        if (!is_real(mount))
                return 0;
        if (mounts->count == MOUNTS_MAX)
                return -E2BIG;
        *rows = pool_grow(pool, *rows, mounts->count, sizeof **rows);
        (*rows)[mounts->count++] = *mount;
        return 0;
}

/* What lies below another mount is told, but nothing can be asked of it by its path. */
static void find_hidden(const struct mount_place *places, size_t count, struct mount *rows, size_t row_count)
{
        struct mount_tree tree = { places, count, MOUNT_TREE_BUDGET };

        for (size_t i = 0; i < row_count; i++)
                rows[i].hidden = places[rows[i].place].id && mount_is_hidden(&tree, rows[i].place);
}

static int parse(struct pool *pool, const char *text, parse_line_fn *parse_line, struct mounts *mounts)
{
        struct mount_place *places = NULL;
        struct mount *rows = NULL;
        struct slice line;
        size_t count = 0;

        while (text_line(&text, &line)) {
                struct mount_place place = { 0 };
                struct mount mount;
                int r;

                if (!parse_line(pool, line, &mount, &place) || mount.point[0] != '/')
                        continue;
                if (count == PLACES_MAX)
                        return -E2BIG;
                place.point = mount.point;
                mount.place = count;
                places = pool_grow(pool, places, count, sizeof *places);
                places[count++] = place;
                r = keep(pool, mounts, &rows, &mount);
                if (r < 0)
                        return r;
        }
        find_hidden(places, count, rows, mounts->count);
        mounts->rows = rows;
        return count ? 0 : -ENODATA;
}

int mounts_read(struct host *host, struct pool *pool, struct mounts *mounts)
{
        static const struct {
                const char *file;
                parse_line_fn *parse_line;
        } forms[] = {
                { "/proc/self/mountinfo", parse_mountinfo },
                { "/proc/1/mountinfo", parse_mountinfo },
                { "/proc/mounts", parse_fstab },
        };
        int first = 0;

        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
                struct mounts found = { .file = forms[i].file };
                const char *text;
                int r;

                r = host_read(host, pool, &text, "%s", forms[i].file);
                if (r == 0)
                        r = parse(pool, text, forms[i].parse_line, &found);
                if (r == 0) {
                        *mounts = found;
                        return 0;
                }
                if (!first)
                        first = r;
        }
        return first;
}

/* The same filesystem at two places: by its device number, else by its source. ZFS datasets each have a number of their own. */
static bool is_same(const struct mount *a, const struct mount *b)
{
        if (a->device && b->device)
                return text_equals(a->device, b->device);
        return text_equals(a->source, b->source);
}

/* The root goes first, be it a subvolume; then what its path leads to; then the filesystem's own mount, before bind mounts of its folders; then the shorter
 * point, then the earlier one. */
static bool goes_before(const struct mounts *mounts, size_t a, size_t b)
{
        const struct mount *first = &mounts->rows[a], *second = &mounts->rows[b];
        size_t length = strlen(first->point), other = strlen(second->point);

        if (length == 1 || other == 1)
                return length < other;
        if (first->hidden != second->hidden)
                return second->hidden;
        if (first->partial != second->partial)
                return second->partial;
        return length != other ? length < other : a < b;
}

bool mount_goes_before(const struct mounts *mounts, size_t a, size_t b)
{
        return a != b && is_same(&mounts->rows[a], &mounts->rows[b]) && goes_before(mounts, a, b);
}

bool mount_is_repeated(const struct mounts *mounts, size_t at)
{
        for (size_t i = 0; i < mounts->count; i++)
                if (mount_goes_before(mounts, i, at))
                        return true;
        return false;
}

const struct mount *mounts_at(const struct mounts *mounts, const char *point)
{
        for (size_t i = 0; i < mounts->count; i++)
                if (text_equals(mounts->rows[i].point, point))
                        return &mounts->rows[i];
        return NULL;
}
