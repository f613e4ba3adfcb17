/* What the door was asked, kept so that the same questions get the same answers elsewhere: the body of a capture. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct record;

/* From now on the door writes down each answer it gives; the first one to a question stands. The host keeps the record until it is
 * closed. */
void host_record(struct host *host);
/* From now on what is refused as too loud is not written down (false), or is again (true). */
void host_record_refusals(struct host *host, bool wanted);

enum member_kind { MEMBER_FOLDER, MEMBER_FILE, MEMBER_LINK };
struct member {
        const char *path; /* without a slash in front: "proc/cmdline", ".plumbline/ask/units" */
        enum member_kind kind;
        bool known;        /* a file that was read, a folder that was listed */
        const char *bytes; /* FILE: the content; LINK: the target */
        size_t size;
        int64_t modified;
};
/* All of it, sorted by path: unpacked into a folder it is a tree that --root understands. seconds: when, since the
 * epoch. The rows are the caller's to change; they live as long as the host. */
struct member *host_members(struct host *host, int64_t seconds, size_t *count);

/* An archive that was unpacked: when it was made. False for all else. */
bool host_captured_at(const struct host *host, int64_t *seconds);

/* A path as it stands in the lists of a capture: control characters, blanks, "%" and what is not ASCII written as %xx. */
struct text_buffer;
void record_encode(struct text_buffer *out, const char *path);
