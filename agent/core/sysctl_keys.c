/* Sysctl keys: their files, and those that the kernel treats in a way of its own. */

#include "agent/core/sysctl_keys.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <string.h>

#define KEY_MAX 200

#define MOVED         "Linux 5.13 moved it to /sys/kernel/debug/sched, out of reach of sysctl"
#define USE_HUGEPAGES "use hugepages, which counts by size and node; this one counts pages of whatever size is the default"
#define MAKES_NOTHING "writing it makes something happen once; it holds no value that could be kept"

/* kernel.org: admin-guide/sysctl/{kernel,vm,net}.rst, networking/ip-sysctl.rst; the handlers named in brackets. */
static const struct sysctl_special specials[] = {
        { .key = "vm/nr_hugepages", .refused = USE_HUGEPAGES },
        { .key = "vm/nr_hugepages_mempolicy", .refused = USE_HUGEPAGES },
        { .key = "vm/nr_overcommit_hugepages", .refused = USE_HUGEPAGES },
        { .key = "vm/drop_caches", .refused = MAKES_NOTHING },
        { .key = "vm/compact_memory", .refused = MAKES_NOTHING },
        { .key = "vm/stat_refresh", .refused = "touching it interrupts every CPU, and it holds no value" },
        { .key = "net/*/route/flush", .refused = MAKES_NOTHING },
        { .key = "fs/binfmt_misc/*", .refused = "binfmt.d(5) is the place for it" },

        { .key = "net/ipv4/tcp_low_latency",
          .no_effect = "a legacy option without any effect since Linux 4.14 (ip-sysctl.rst)" },
        { .key = "net/ipv4/tcp_fack", .no_effect = "a legacy option without any effect since Linux 4.15 (ip-sysctl.rst)" },

        { .key = "net/ipv4/tcp_nodelay",
          .gone = "there never was such a key: TCP_NODELAY is an option of each socket (tcp(7))" },
        { .key = "net/ipv4/tcp_tw_recycle", .gone = "Linux 4.12 removed it: it broke clients behind address translation" },
        { .key = "kernel/sched_latency_ns", .gone = MOVED },
        { .key = "kernel/sched_*_granularity_ns", .gone = MOVED },
        { .key = "kernel/sched_migration_cost_ns", .gone = MOVED },
        { .key = "kernel/sched_nr_migrate", .gone = MOVED },
        { .key = "kernel/sched_tunable_scaling", .gone = MOVED },

        { .key = "net/core/busy_*",
          .none = "0",
          .gone = "this kernel was built without busy polling (CONFIG_NET_RX_BUSY_POLL: not on PREEMPT_RT with netconsole)" },
        { .key = "kernel/numa_balancing",
          .none = "0",
          .gone = "this kernel has no NUMA balancing (a PREEMPT_RT kernel never has)" },
        { .key = "kernel/sched_autogroup_enabled", .none = "0" },
        { .key = "kernel/sched_schedstats", .none = "0" },
        { .key = "kernel/timer_migration", .none = "0" },
        { .key = "kernel/nmi_watchdog", .none = "0" },
        { .key = "kernel/soft_watchdog", .none = "0" },
        { .key = "kernel/watchdog", .none = "0" },
        { .key = "kernel/hung_task_timeout_secs", .none = "0" },
        { .key = "vm/zone_reclaim_mode", .none = "0" },
        { .key = "vm/compaction_proactiveness", .none = "0" },
        { .key = "net/ipv6/conf/*/disable_ipv6", .none = "1" },

        /* security/yama/yama_lsm.c, kernel/kexec_core.c, kernel/module/main.c, kernel/bpf/syscall.c: no way back. */
        { .key = "kernel/yama/ptrace_scope", .stuck = "3" },
        { .key = "kernel/kexec_load_disabled", .stuck = "1", .none = "1" },
        { .key = "kernel/modules_disabled", .stuck = "1", .none = "1" },
        { .key = "kernel/unprivileged_bpf_disabled", .stuck = "1", .none = "1" },

        /* mm/page-writeback.c: each handler zeroes the other, and the byte counts refuse 0. */
        { .key = "vm/dirty_ratio", .partner = "vm/dirty_bytes" },
        { .key = "vm/dirty_bytes", .partner = "vm/dirty_ratio" },
        { .key = "vm/dirty_background_ratio", .partner = "vm/dirty_background_bytes" },
        { .key = "vm/dirty_background_bytes", .partner = "vm/dirty_background_ratio" },
};

const struct sysctl_special *sysctl_special(const char *path)
{
        for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
                if (text_matches(path, specials[i].key))
                        return &specials[i];
        return NULL;
}

/* Runs of slashes become one, and none is left at the ends, so that two spellings of a path are equal. */
static void simplify(char *path)
{
        char *to = path;

        for (const char *from = path; *from; from++) {
                if (*from == '/' && (to == path || to[-1] == '/'))
                        continue;
                *to++ = *from;
        }
        while (to > path && to[-1] == '/')
                to--;
        *to = 0;
}

char *sysctl_path(struct pool *pool, const char *key)
{
        char *path = pool_dup(pool, key);
        const char *first = strpbrk(path, "/.");

        if (first && *first == '.')
                for (char *at = path; *at; at++) {
                        if (*at == '.')
                                *at = '/';
                        else if (*at == '/')
                                *at = '.';
                }
        simplify(path);
        return path;
}

bool sysctl_is_pattern(const char *path)
{
        return strpbrk(path, "*?[") != NULL;
}

static bool has_odd_byte(const char *key)
{
        for (; *key; key++)
                if (isspace((unsigned char)*key) || iscntrl((unsigned char)*key) || *key == '=' || *key == '#' || *key == ';')
                        return true;
        return false;
}

/* A component that is empty, "." or "..", looking at the path before runs of slashes are joined. */
static bool has_odd_component(const char *key)
{
        const char *first = strpbrk(key, "/.");
        char separator = first ? *first : '.';

        for (const char *at = key;; at++) {
                const char *end = strchr(at, separator);
                size_t size = end ? (size_t)(end - at) : strlen(at);
                char dot = separator == '.' ? '/' : '.';

                if (size == 0 || (size == 1 && at[0] == dot) || (size == 2 && at[0] == dot && at[1] == dot))
                        return true;
                if (!end)
                        return false;
                at = end;
        }
}

const char *sysctl_key_problem(struct pool *pool, const char *key)
{
        const struct sysctl_special *special;

        if (strlen(key) > KEY_MAX)
                return pool_format(pool, "a sysctl key has at most %d characters", KEY_MAX);
        if (has_odd_byte(key) || has_odd_component(key))
                return pool_format(pool, "\"%s\" is no sysctl key: expected names between dots, such as \"vm.swappiness\"",
                                   text_printable(pool, key, KEY_MAX));
        if (key[0] == '-')
                return pool_format(pool,
                                   "\"%s\" starts with '-', which in sysctl.d means that failures do not matter: name the key",
                                   text_printable(pool, key, KEY_MAX));
        if (sysctl_is_pattern(key))
                return pool_format(pool, "\"%s\" is a pattern: name each key", text_printable(pool, key, KEY_MAX));
        if (!strpbrk(key, "./"))
                return pool_format(pool, "\"%s\" is no sysctl key: expected a group and a name, such as \"vm.swappiness\"",
                                   text_printable(pool, key, KEY_MAX));
        special = sysctl_special(sysctl_path(pool, key));
        if (special && special->refused)
                return pool_format(pool, "%s cannot be asked for: %s", key, special->refused);
        return NULL;
}
