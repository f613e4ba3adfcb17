/* The one door to the machine: a live host, or a directory that holds sys/, proc/, etc/ ... of one. Nothing else in the program
 * opens a file, a socket or a child process. Every path is absolute as on that host and is resolved inside its root by the
 * kernel (openat2, RESOLVE_IN_ROOT), links included. */

#pragma once

#include "agent/core/fact.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct host;
struct pool;
struct slice;

/* Is this root the live host? NULL is, and the root folder under any name. */
bool host_is_here(const char *root);
/* -ENOTDIR and its kin. The caller owns *host. */
int host_open(const char *root, struct host **host);
void host_close(struct host *host); /* accepts NULL */
bool host_is_live(const struct host *host);
/* This host, or a capture of one: what it was asked about itself then, it may be told now. */
bool host_was_live(const struct host *host);

/* Reads louder than this are refused with -ECANCELED. A new host refuses REACH_DISTURBING and allows the rest. */
void host_allow(struct host *host, enum reach loudest);
/* As a new host does. */
void host_allow_usual(struct host *host);
/* These touching sources are read all the same: patterns of paths and of questions, ending with NULL, kept by the caller until the
 * host is closed. What is disturbing stays refused. */
void host_allow_also(struct host *host, const char *const *sources);
/* From now on looking takes no longer than this: a question that hangs is given up, and when the time is out everything is refused with
 * -ETIME. A file that hangs holds up whoever reads it, so place, of LIMIT_PLACE bytes, always holds what is being read, for somebody
 * else to tell; it may be NULL. */
#define LIMIT_PLACE 512
void host_limit(struct host *host, unsigned ms, char *place);
/* Is the time out? */
bool host_is_late(const struct host *host);
/* What was given up for that, between commas; NULL: nothing. */
const char *host_given_up(const struct host *host);
/* How many files were read, folders listed and questions asked, by reach; and how many changes were made. */
unsigned host_reads(const struct host *host, enum reach reach);
unsigned host_changes(const struct host *host);

/* --- reading: results live in the pool; all return 0 or a negative errno ---------------------------------------------- */

/* The whole file, read to its end whatever stat says, NUL behind it. -EFBIG above 16 MiB, -EISDIR, -EINVAL for a FIFO, a socket
 * or a device, -EACCES without permission. Text with a NUL byte in it is -EILSEQ; host_read_bytes takes any. */
int host_read(struct host *host, struct pool *pool, const char **text, const char *path, ...)
        __attribute__((format(printf, 4, 5)));
int host_read_bytes(struct host *host, struct pool *pool, const void **bytes, size_t *size, const char *path, ...)
        __attribute__((format(printf, 5, 6)));
/* /proc/interrupts, which is a text of interrupts times CPUs and may be larger than any file is read: as a machine of one CPU would have it,
 * with the sums of all. -EFBIG where even that is too large, or a row is. */
int host_interrupts(struct host *host, struct pool *pool, const char **text);
/* host_read and value_parse_kernel in one. -EINVAL where the file holds something else. */
int host_value(struct host *host, struct pool *pool, enum value_kind kind, enum unit unit, struct value *value,
               const char *path, ...) __attribute__((format(printf, 6, 7)));
/* The same for a CPU list ("" is the empty set) and for a number in decimal or 0x hex. */
int host_cpus(struct host *host, struct cpus *set, const char *path, ...) __attribute__((format(printf, 3, 4)));
int host_number(struct host *host, int64_t *number, const char *path, ...) __attribute__((format(printf, 3, 4)));

/* Names in a folder, without "." and "..", in natural order; the array ends with NULL. */
int host_list(struct host *host, struct pool *pool, const char *const **names, const char *path, ...)
        __attribute__((format(printf, 4, 5)));
/* Where a link points, as it is written. -EINVAL: not a link. */
int host_link(struct host *host, struct pool *pool, const char **target, const char *path, ...)
        __attribute__((format(printf, 4, 5)));

struct host_stat {
        mode_t mode; /* type and permissions */
        uid_t uid;
        gid_t gid;
        uint64_t size;    /* bytes; fiction under /proc and /sys */
        int64_t modified; /* seconds since the epoch */
        uint64_t links;
        /* Its inode changed: also where what was written is dated back, as rsync and tar do. -1: a copy of the host's files does not tell */
        int64_t changed;
        uint64_t device, inode; /* for comparing two files; 0 and 0 where that is not known */
};
/* Of the thing itself, a link not followed. */
int host_stat(struct host *host, struct host_stat *stat, const char *path, ...) __attribute__((format(printf, 3, 4)));
/* May everybody read it? What is not for everybody holds a password, or a key; of a link what it leads to counts. True where it cannot be
 * looked at: reading it tells why. */
bool host_is_for_all(struct host *host, struct pool *pool, const char *path);
/* Does the path exist, links followed? Unreadable counts as existing, and so does what there is no time for. */
bool host_exists(struct host *host, const char *path, ...) __attribute__((format(printf, 2, 3)));

/* Where a path of the host is for a program that does not look through the door (the profile loader): links resolved inside the
 * root. -ENOENT and its kin. */
int host_outside_path(struct host *host, struct pool *pool, const char **outside, const char *path);
/* The same of the root itself, of which nothing is read. */
int host_outside_root(struct host *host, struct pool *pool, const char **outside);

/* What is not a file is asked under a name; the raw answer is what a capture stores. Questions (see ask.h for each):
 *   "cpuid", "rtnl/links", "rtnl/addresses", "rtnl/routes", "ethtool/linkmodes/IF", "ethtool/linkstate/IF", "ethtool/drvinfo/IF",
 *   "ethtool/tsinfo/IF", "nvme/NAME/smart", "devicemapper/status/NAME", "adjtimex", "secure_boot", "cpu/times", "statvfs/PATH", "unit/NAME", "units",
 *   "packages/pending", "journal/errors/WINDOW", "journal/commands/WINDOW", "journal/kernel/WINDOW"
 * Under a directory the answer is the file ROOT/.plumbline/ask/QUESTION (what stands behind the question's own prefix with '/'
 * written as "%2f": ".plumbline/ask/statvfs/%2fboot"); -ENODATA where there is none.
 * -EOPNOTSUPP: this host has no way to ask it (no systemd, no ethtool netlink). */
int host_ask(struct host *host, struct pool *pool, const void **answer, size_t *size, const char *question, ...)
        __attribute__((format(printf, 5, 6)));

/* What was worked out from this host under a name, as long as nothing was changed since: NULL, or what host_remember was given. It lives
 * until the host is closed, which calls release on it. */
void *host_recall(const struct host *host, const char *name);
void host_remember(struct host *host, const char *name, void *thing, void (*release)(void *thing));
/* Somebody else changed the host (a test, its tree): nothing that was worked out holds any more. */
void host_forget(struct host *host);

/* --- changing: for agent/ only (apply, ledger, the agent's own state); probes and knobs never call these --------------- */

/* A kernel file: opened without creating, one write. */
int host_write(struct host *host, const char *path, const char *text);

enum content_kind { CONTENT_ABSENT, CONTENT_FILE, CONTENT_LINK, CONTENT_FOLDER };
struct content {
        enum content_kind kind;
        const char *bytes; /* FILE: the content; LINK: the target */
        size_t size;
        mode_t mode; /* FILE, FOLDER: permissions */
        uid_t uid;
        gid_t gid;
};
/* What is at the path, a link not followed. A path that is not there, or below one, is CONTENT_ABSENT and no error. A device,
 * socket or FIFO is -EINVAL. */
int host_content(struct host *host, struct pool *pool, struct content *content, const char *path);
bool content_equals(const struct content *a, const struct content *b);
/* Makes it so: a file beside its place, synced, renamed, the folder synced; a link likewise; ABSENT removes (a folder only if
 * it is empty, else -ENOTEMPTY). The folder above must exist. */
int host_replace(struct host *host, const char *path, const struct content *content);
/* Adds bytes at the end of a file (made 0600 if absent) and syncs it. */
int host_append(struct host *host, const char *path, const void *bytes, size_t size);
/* Folder and all above it, with this mode, where absent. */
int host_make_folder(struct host *host, const char *path, mode_t mode);
/* Does what is not a file: "unit/NAME" start|stop, "systemd/reload", "grub/config" update, "package/NAME" install|remove.
 * Under a directory -EOPNOTSUPP. timeout: bounded inside. */
int host_tell(struct host *host, const char *target, const char *value);
/* An entry for the journal of the live host: fields "NAME=value", in which a value may hold any bytes. This is no change. Where no
 * journal listens nothing comes of it; one that hangs is waited for once, for a fifth of a second, and then no more. */
void host_log(struct host *host, const struct slice *fields, size_t count);

/* An advisory lock on the file, one of two that a host can hold. create false: -ENOENT when there is no file. -EBUSY when somebody
 * holds it. Held until the host is closed, and path must live as long; asked again meanwhile, 0. */
int host_lock(struct host *host, const char *path, bool create);

/* --- for the tests: the nth change from now (1 is the next) fails with -EIO, or ends the process with status 86 --------- */
enum host_fault { FAULT_NONE, FAULT_FAIL, FAULT_DIE, FAULT_FULL };
void host_fault(struct host *host, enum host_fault fault, unsigned nth);
