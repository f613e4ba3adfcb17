/* What is used of libarchive. */

#pragma once

#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_CALLS(C)                                                                                                       \
        C(archive_write_new)                                                                                                   \
        C(archive_write_set_format_gnutar)                                                                                     \
        C(archive_write_add_filter_zstd)                                                                                       \
        C(archive_write_set_bytes_in_last_block)                                                                               \
        C(archive_write_open)                                                                                                  \
        C(archive_write_header)                                                                                                \
        C(archive_write_data)                                                                                                  \
        C(archive_write_close)                                                                                                 \
        C(archive_write_free)                                                                                                  \
        C(archive_read_new)                                                                                                    \
        C(archive_read_support_format_tar)                                                                                     \
        C(archive_read_support_filter_zstd)                                                                                    \
        C(archive_read_open_fd)                                                                                                \
        C(archive_read_next_header)                                                                                            \
        C(archive_read_data)                                                                                                   \
        C(archive_read_free)                                                                                                   \
        C(archive_error_string)                                                                                                \
        C(archive_entry_new)                                                                                                   \
        C(archive_entry_free)                                                                                                  \
        C(archive_entry_clear)                                                                                                 \
        C(archive_entry_set_pathname)                                                                                          \
        C(archive_entry_set_filetype)                                                                                          \
        C(archive_entry_set_perm)                                                                                              \
        C(archive_entry_set_size)                                                                                              \
        C(archive_entry_set_mtime)                                                                                             \
        C(archive_entry_set_symlink)                                                                                           \
        C(archive_entry_pathname)                                                                                              \
        C(archive_entry_filetype)                                                                                              \
        C(archive_entry_perm)                                                                                                  \
        C(archive_entry_size)                                                                                                  \
        C(archive_entry_mtime)                                                                                                 \
        C(archive_entry_symlink)                                                                                               \
        C(archive_entry_hardlink)

#define ARCHIVE_POINTER(name) __typeof__(name) *name; /* NOLINT(bugprone-macro-parentheses): a declaration */
struct archive_calls {
        ARCHIVE_CALLS(ARCHIVE_POINTER)
};
#undef ARCHIVE_POINTER

/* Loads libarchive, which then stays. -ELIBACC. */
int archive_calls_load(struct archive_calls *calls);
