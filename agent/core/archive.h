/* Captures as files: tar, packed by zstd. */

#pragma once

#include <stddef.h>

struct host;
struct member;
struct pool;
struct text_buffer;

/* Adds the packed archive of these members, in their order, to out. -ELIBACC: there is no libarchive. *problem: one sentence. */
int archive_pack(const struct member *members, size_t count, struct pool *pool, struct text_buffer *out, const char **problem);

/* Unpacks a capture into a folder of its own, which nobody else can enter and which goes away with the host, and opens that as a
 * host that nothing can be written to. -ELIBACC; -EBADMSG for an archive that is damaged or is none; -EPERM for one that reaches
 * out of its folder, -EFBIG for one that is too large; *problem: one sentence that names the member. */
int host_open_archive(const char *file, struct pool *pool, struct host **host, const char **problem);

/* The file that names the others and their SHA-256, in the form of sha256sum(1); the first member. */
#define ARCHIVE_SUMS ".plumbline/SHA256SUMS"
/* A line of it. */
void archive_sum_line(struct text_buffer *out, const char *hex, const char *path);
