/* The questions and orders that are not files: who answers them on the live host. Only host.c uses this.
 *
 * Raw answers, as a capture stores them:
 *   cpuid                   text: a line "LEAF SUBLEAF EAX EBX ECX EDX" in hex for each leaf
 *   rtnl/links, .../addresses, .../routes   the kernel's netlink messages of the dump, one behind the other
 *   ethtool/linkmodes/IF, ethtool/linkstate/IF, ethtool/tsinfo/IF   the genetlink reply message
 *   ethtool/drvinfo/IF      text: "driver X", "version X", "firmware X", "bus X", a line each
 *   nvme/NAME/smart         the 512 bytes of the SMART log page of the controller, as the drive sent them
 *   devicemapper/status/NAME   text: what `dmsetup status NAME` prints, a line "START LENGTH TARGET PARAMETERS" for each target
 *   adjtimex                text: "state N", "status N", "offset_us N", "maxerror_us N", "esterror_us N", "tai N", a line each
 *   secure_boot             text: "unset", "unknown", "disabled" or "enabled": what the EFI stub left of what the firmware told it
 *   cpu/times               text: "after_ms N" and the lines "cpuN ..." of /proc/stat, twice, a second apart
 *   packages/pending        text: what `apt-get --simulate upgrade` prints, in English
 *   journal/errors/WINDOW   WINDOW is "boot", or seconds. Text: "boot_oldest_us N" and "boot_begins kernel|journald|later" of what the
 *                           journal has of this boot, "boot_since_us N" where the window begins, both by CLOCK_MONOTONIC, and a line
 *                           "entry UNIT MESSAGE_ID MESSAGE" for each of priority 0 to 3, "-" where it has none; "more" behind them
 *                           where they were too many; "damaged FILE" for each file of the journal that could not be read, "-" where
 *                           that came out on the way
 *   journal/commands/WINDOW WINDOW is "day", "week", "month" or "year", up to now. Text: "oldest_us N", "earlier_boot 0|1" and
 *                           "after_boot_us N" of the oldest entry there is, and a line "entry US sudo:PID|sudo|shell MESSAGE" for each
 *                           command that sudo, or a shell, told the journal of, and for what else sudo told
 *   journal/kernel/WINDOW   likewise: a line "entry US kernel MESSAGE" for each warning and worse of the kernel, and for each link
 *                           that went, came or is narrow, each CPU that went and each array that is put together anew
 *   statvfs/PATH            text: "bsize N", "blocks N", "bfree N", "bavail N", "files N", "ffree N", "favail N", a line each
 *   unit/NAME               text: "Property=value" lines as systemd names them: LoadState ActiveState SubState UnitFileState
 *                           FragmentPath DropInPaths Names TriggeredBy Triggers NRestarts NeedDaemonReload MainPID Result
 *                           ExecMainStartTimestamp (microseconds since the epoch) RootDirectory RootImage
 *                           ExecStart (the program, and of its arguments those that are paths, "-" for an option and "." for any other,
 *                           where it is one command; captures of before this was told have none)
 *                           LimitNOFILE LimitNOFILESoft LimitMEMLOCK ... (lists between blanks)
 *   endpoint/NAME           text: what endpoint.h says
 *   units                   text: a line "NAME LOAD ACTIVE SUB" for each loaded unit
 */

#pragma once

#include "agent/core/fact.h"

struct pool;
struct slice;

struct question {
        const char *prefix; /* "cpuid", "ethtool/linkmodes/" */
        enum reach reach;
        /* rest: what stands behind the prefix. -EOPNOTSUPP: no way to ask here; -ENOENT: no such thing. */
        int (*ask)(struct pool *pool, const char *rest, const void **answer, size_t *size);
        unsigned takes_ms; /* it takes so long whatever happens; 0: no time to speak of */
};
struct order {
        const char *prefix; /* "unit/", "systemd/", "grub/", "package/" */
        int (*tell)(const char *rest, const char *value);
};

extern const struct question questions[]; /* ends with prefix NULL; ask.c */
extern const struct order orders[];

/* netlink.c */
int ask_rtnl(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_ethtool_linkmodes(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_ethtool_linkstate(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_ethtool_tsinfo(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_ethtool_drvinfo(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* nvme.c: in a child with a deadline; -ETIMEDOUT where the drive does not answer. */
int ask_nvme(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* devicemapper.c: likewise, and where the device mapper is not loaded this does not load it. -EACCES without CAP_SYS_ADMIN. */
int ask_devicemapper(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* machine.c */
int ask_cpuid(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_adjtimex(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_statvfs(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* One byte of what the boot loader handed over: the rest (the monitor's serial number, maps of memory) is nobody's business. -EOPNOTSUPP
 * where the kernel does not keep it. */
int ask_secure_boot(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* cpu_times.c: takes a second, and a little for the scheduler */
#define CPU_TIMES_MS 1100
int ask_cpu_times(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* bus.c */
int ask_unit(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_units(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* host_endpoint.c: a name tells nothing without a profile, so host_endpoints asks the live host. -EOPNOTSUPP. */
int ask_endpoint(struct pool *pool, const char *rest, const void **answer, size_t *size);
int tell_unit(const char *rest, const char *value);    /* start, stop */
int tell_systemd(const char *rest, const char *value); /* reload */
/* journal_ask.c: in a child with a deadline. -EACCES where the system's journal may not be read, -EOPNOTSUPP where there is none. */
int ask_journal(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* journal_past.c: likewise */
int ask_commands(struct pool *pool, const char *rest, const void **answer, size_t *size);
int ask_kernel_log(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* package_ask.c: takes seconds */
int ask_packages(struct pool *pool, const char *rest, const void **answer, size_t *size);
/* program.c: child programs with a deadline */
int tell_grub(const char *rest, const char *value);    /* config, update */
int tell_package(const char *rest, const char *value); /* install, remove */
/* journal_tell.c: "NAME=value" each. 0 also where there is no journal; -EINTR when it does not take it within a moment. */
int tell_journal(const struct slice *fields, size_t count);
