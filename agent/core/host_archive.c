/* Packing a capture. libarchive is loaded only here and when one is unpacked: with the libraries it needs in turn it would double
 * the start of every other verb. */

#include "agent/core/host_archive.h"

#include "agent/core/archive.h"
#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

int archive_calls_load(struct archive_calls *calls)
{
        void *library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);

        if (!library)
                return -ELIBACC;
#define ARCHIVE_FIND(name)                                                                                                     \
        calls->name = (__typeof__(calls->name))dlsym(library, #name);                                                          \
        if (!calls->name)                                                                                                      \
                return -ELIBACC;
        ARCHIVE_CALLS(ARCHIVE_FIND)
#undef ARCHIVE_FIND
        return 0;
}

static la_ssize_t take(struct archive *archive, void *out, const void *bytes, size_t size)
{
        (void)archive;
        text_add_bytes(out, bytes, size);
        return (la_ssize_t)size;
}

static int pack_member(const struct archive_calls *calls, struct archive *archive, struct archive_entry *entry,
                       const struct member *member)
{
        bool file = member->kind == MEMBER_FILE, link = member->kind == MEMBER_LINK;

        calls->archive_entry_clear(entry);
        calls->archive_entry_set_pathname(entry, member->path);
        calls->archive_entry_set_filetype(entry, file ? AE_IFREG : link ? AE_IFLNK : AE_IFDIR);
        /* What was not read has no permissions: it is there by its name only. */
        calls->archive_entry_set_perm(entry, !file ? 0755 : member->known ? 0644 : 0);
        calls->archive_entry_set_mtime(entry, member->modified, 0);
        if (link)
                calls->archive_entry_set_symlink(entry, member->bytes);
        calls->archive_entry_set_size(entry, file && member->known ? (la_int64_t)member->size : 0);
        if (calls->archive_write_header(archive, entry) < ARCHIVE_WARN)
                return -EIO;
        if (!file || !member->known || !member->size)
                return 0;
        return calls->archive_write_data(archive, member->bytes, member->size) == (la_ssize_t)member->size ? 0 : -EIO;
}

int archive_pack(const struct member *members, size_t count, struct pool *pool, struct text_buffer *out, const char **problem)
{
        struct archive_calls calls;
        struct archive_entry *entry;
        struct archive *archive;
        int r;

        *problem = "libarchive (libarchive.so.13) is not installed";
        r = archive_calls_load(&calls);
        if (r < 0)
                return r;
        archive = calls.archive_write_new();
        entry = calls.archive_entry_new();
        /* Nothing is to follow the last frame: blocks are for tapes. */
        calls.archive_write_set_bytes_in_last_block(archive, 1);
        if (calls.archive_write_set_format_gnutar(archive) < ARCHIVE_OK ||
            calls.archive_write_add_filter_zstd(archive) < ARCHIVE_OK ||
            calls.archive_write_open(archive, out, NULL, take, NULL) < ARCHIVE_OK)
                r = -EIO;
        for (size_t i = 0; i < count && r == 0; i++)
                r = pack_member(&calls, archive, entry, &members[i]);
        if (r == 0 && calls.archive_write_close(archive) < ARCHIVE_OK)
                r = -EIO;
        if (r < 0)
                *problem = pool_format(pool, "libarchive: %s", calls.archive_error_string(archive));
        calls.archive_entry_free(entry);
        calls.archive_write_free(archive);
        return r;
}

void archive_sum_line(struct text_buffer *out, const char *hex, const char *path)
{
        bool escaped = strpbrk(path, "\\\n");

        text_addf(out, "%s%s  ", escaped ? "\\" : "", hex);
        for (; *path; path++) {
                if (*path == '\n')
                        text_add(out, "\\n");
                else if (*path == '\\')
                        text_add(out, "\\\\");
                else
                        text_add_bytes(out, path, 1);
        }
        text_add(out, "\n");
}
