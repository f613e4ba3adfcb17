/* What reading and writing the history share; nobody else includes this. */

#pragma once

#include "agent/history.h"

#include "agent/core/text.h"

#define HISTORY_FOLDER   "/var/lib/plumbline/history"
#define HISTORY_LAST     HISTORY_FOLDER "/last"
#define HISTORY_SEGMENTS 512U               /* of more, the newest are looked at */
#define HISTORY_LINE_MAX (4U * 1024 * 1024) /* a longer one is none of ours */
#define AGAIN_MAX        512U               /* numbers in one list */

extern const char *const history_inherited[HISTORY_INHERITED];

struct history *history_new(void);
/* Names of the segments, the oldest first; the array ends with NULL. */
int history_segments(struct host *host, struct pool *pool, const char *const **names);
unsigned history_segment_id(const char *name); /* 0: no segment's name */
/* Adds the records of a file. name: for the words about damage. */
void history_parse(struct history *history, const char *name, const void *bytes, size_t size);
/* A line: check, blank, JSON, newline; in the pool. */
const char *history_line(struct pool *pool, const json_t *json);
/* The JSON of a line without its newline; NULL where it is not what was written. The caller owns it. */
json_t *history_open(struct slice line);
/* How many audits a segment takes whose first record has this size, and up to which size it takes changes. */
unsigned history_segment_audits(size_t first);
size_t history_segment_bytes(size_t first);
/* Takes the oldest segments away until the audit `next` and so many bytes more are within the bounds. The segment of the path `keep` stays
 * (NULL: none does where it must not), and false says that they do not fit beside it. */
bool history_room(struct host *host, const char *keep, unsigned next, size_t size);
