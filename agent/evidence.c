/* Gathers what may have made items differ, and puts the best first. */

#include "agent/evidence_inside.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MIN 3 /* characters of a name that is looked for in a text: a shorter one is in everything */

bool evidence_fits(const struct drift_row *row, int64_t at)
{
        if (row->last_right <= row->first_seen)
                return at >= row->since && at <= row->first_seen;
        return at >= row->last_right || (row->since && at >= row->since && at <= row->first_seen);
}

/* A clock that was set back shows such a time twice. */
static bool is_twice(const struct drift_row *row, int64_t at)
{
        return row->last_right > row->first_seen && at < row->last_right;
}

bool evidence_surely_fits(const struct drift_row *row, int64_t at)
{
        return evidence_fits(row, at) && !is_twice(row, at);
}

unsigned evidence_weigh(const struct drift_row *row, int64_t at, unsigned weight)
{
        return is_twice(row, at) && weight >= CLUE_LIKELY ? CLUE_LIKELY - 1 : weight;
}

void evidence_add(const struct evidence *evidence, struct drift_row *row, const char *kind, unsigned weight, int64_t at,
                  const char *text)
{
        struct pool *pool = evidence->drift->pool;
        size_t place = 0;

        for (size_t i = 0; i < row->clue_count; i++) {
                if (text_equals(row->clues[i].text, text) && row->clues[i].at == at)
                        return;
                if (row->clues[i].weight < row->clues[place].weight)
                        place = i;
        }
        if (row->clue_count < CLUES_MAX) {
                row->clues = pool_grow(pool, row->clues, row->clue_count, sizeof *row->clues);
                place = row->clue_count++;
        } else if (row->clues[place].weight >= weight) {
                return;
        }
        row->clues[place] = (struct clue){ kind, weight, at, pool_dup(pool, text) };
}

void evidence_unseen(const struct evidence *evidence, const char *what, int error)
{
        struct drift *drift = evidence->drift;

        drift->unseen = pool_format(drift->pool, "%s%s%s: %s", drift->unseen ? drift->unseen : "", drift->unseen ? "; " : "",
                                    what, error_words(error));
}

static bool goes_on(char character)
{
        return isalnum((unsigned char)character) || character == '_' || character == '-';
}

/* The word, and not a part of a longer one: eth1 is not in eth10, nor in eth1.100. whole false: it may begin a longer one, as linux-image
 * does. */
static bool has_word(const char *text, const char *word, bool whole)
{
        size_t size = strlen(word);

        for (const char *at = strstr(text, word); size >= WORD_MIN && at; at = strstr(at + 1, word)) {
                if (at > text && (goes_on(at[-1]) || at[-1] == '.'))
                        continue;
                if (!isalnum((unsigned char)at[size]) &&
                    (!whole || !(goes_on(at[size]) || (at[size] == '.' && goes_on(at[size + 1])))))
                        return true;
        }
        return false;
}

bool evidence_has_word(const char *text, const char *word)
{
        return has_word(text, word, true);
}

/* What people and programs call a subject when they do something to it. */
static const struct {
        const char *pattern; /* of an item's name */
        const char *words;
} subjects[] = {
        { "cpu.governor*", "scaling_governor governor cpupower cpufreq-set cpufrequtils" },
        { "cpu.smt", "smt" },
        { "cpu.online", "chcpu online offline" },
        { "cpu.turbo", "no_turbo boost cpupower" },
        { "cpu.microcode*", "intel-microcode amd64-microcode" },
        { "cmdline*", "grub update-grub cmdline" },
        { "kernel.cmdline", "grub update-grub cmdline" },
        { "kernel.next", "grub update-grub grub-set-default linux-image linux-realtime" },
        { "kernel.*", "linux-image linux-realtime linux-modules" },
        { "hugepages*", "nr_hugepages hugepages hugeadm" },
        { "irq*", "smp_affinity smp_affinity_list default_smp_affinity irqbalance" },
        { "limits*", "limits.conf limits.d prlimit" },
        { "clock.*", "chrony chronyd ntpd ntpsec timesyncd ptp4l phc2sys clocksource" },
        { "nic.*", "ethtool" },
        { "memory.errors*", "EDAC" },
        { "cpu.machine_checks", "mce" },
        { "swap.*", "swapon swapoff fstab" },
        { "host.bios.*", "fwupd fwupdmgr" },
};

/* "eth0" of nic.eth0.speed: what stands between the first dot and the last. NULL: nothing does. */
static const char *device_of(struct pool *pool, const char *name)
{
        const char *first = strchr(name, '.'), *last = strrchr(name, '.');

        return first && last > first + 1 ? pool_copy(pool, first + 1, (size_t)(last - first - 1)) : NULL;
}

/* "vm.swappiness" of sysctl.vm.swappiness, "cups" of services.off.cups. */
static const char *key_of(const char *name)
{
        static const char *const heads[] = { "sysctl.", "services.off.", "cmdline.", "limits." };

        for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
                if (text_starts(name, heads[i]))
                        return name + strlen(heads[i]);
        return NULL;
}

static bool names_key(struct pool *pool, const char *key, const char *text)
{
        char *path = pool_dup(pool, key);
        const char *ending = strrchr(key, '.');

        for (char *c = path; *c; c++)
                *c = (char)(*c == '.' ? '/' : *c);
        return has_word(text, key, true) || has_word(text, path, true) ||
               (ending && text_equals(ending, ".service") &&
                has_word(text, pool_copy(pool, key, (size_t)(ending - key)), true));
}

bool evidence_names(const struct evidence *evidence, const struct drift_row *row, const char *text)
{
        const char *key = key_of(row->name), *device = device_of(evidence->pool, row->name);
        bool setting = !text_equals(row->layer, "fact") && !text_equals(row->layer, "package");

        if (text_equals(row->layer, "package"))
                return has_word(text, row->name, true);
        if (key && names_key(evidence->pool, key, text))
                return true;
        if (!setting && device && !strchr(device, '.') && has_word(text, device, true))
                return true;
        for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
                const char *words = subjects[i].words;
                struct slice word;

                while (text_matches(row->name, subjects[i].pattern) && text_word(&words, " ", &word))
                        if (has_word(text, slice_dup(evidence->pool, word), false))
                                return true;
        }
        return false;
}

bool evidence_is_of(const struct step *step, const struct drift_row *row)
{
        size_t size = strlen(step->id);

        return text_equals(step->id, row->name) || (!strncmp(row->name, step->id, size) && row->name[size] == '.');
}

static int by_weight(const void *a, const void *b)
{
        const struct clue *left = a, *right = b;

        if (left->weight != right->weight)
                return left->weight < right->weight ? 1 : -1;
        return left->at < right->at ? 1 : left->at > right->at ? -1 : strcmp(left->text, right->text);
}

void evidence_find(const struct session *session, const struct examination *examination, const struct history *history,
                   struct drift *drift)
{
        autopool struct pool *pool = pool_new();
        const struct evidence evidence = { session, examination, history, drift, pool };

        if (!drift->count)
                return;
        evidence_of_files(&evidence);
        evidence_of_own_files(&evidence);
        evidence_of_commands(&evidence);
        evidence_of_kernel(&evidence);
        evidence_of_hardware(&evidence);
        evidence_of_packages(&evidence);
        evidence_of_boots(&evidence);
        evidence_of_tools(&evidence);
        for (size_t i = 0; i < drift->count; i++)
                if (drift->rows[i].clue_count)
                        qsort(drift->rows[i].clues, drift->rows[i].clue_count, sizeof(struct clue), by_weight);
}
