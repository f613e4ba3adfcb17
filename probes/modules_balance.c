/* Whether memory is plugged in evenly: a channel or a node with less of it is slower, and serves others' share. */

#include "probes/modules.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/topology.h"
#include "probes/installed.h"

#include <errno.h>
#include <string.h>

#define CHANNELS_MAX 128
#define NAME_LIMIT   40
/* The kernel keeps a part of each node for itself, and more of the first. */
#define NODE_SLACK 10 /* percent */

struct channel {
        const char *name; /* "P1-DIMMA"; "A" may be all channels of a socket */
        uint64_t bytes;
};

/* "P1-DIMMA2" and "CPU0_DIMM_A2" are of the channel before the number: a letter that stands alone, or behind "DIMM". "A2" is of channel A
 * on some boards, and the second of many slots of socket A on others (Dell's). NULL for a name that tells none ("DIMM 3", "DIMM2"), for
 * which each vendor has a spelling of its own. */
static const char *channel_name(struct pool *pool, struct slice place)
{
        size_t end = place.size;
        char before;

        while (end > 0 && place.at[end - 1] >= '0' && place.at[end - 1] <= '9')
                end--;
        if (end == place.size || end == 0 || place.at[end - 1] < 'A' || place.at[end - 1] > 'P')
                return NULL;
        before = end > 1 ? place.at[end - 2] : '_';
        if (((before >= 'A' && before <= 'Z') || (before >= 'a' && before <= 'z')) &&
            (end < 5 || memcmp(place.at + end - 5, "DIMM", 4) != 0))
                return NULL;
        return text_printable(pool, slice_dup(pool, (struct slice){ place.at, end }), NAME_LIMIT);
}

/* -ENODATA: some name tells no channel. */
static int sum_channels(struct pool *pool, const struct smbios *modules, struct channel *channels, size_t *count)
{
        *count = 0;
        for (size_t i = 0; i < modules->listed; i++) {
                const struct smbios_slot *slot = &modules->list[i];
                const char *name = channel_name(pool, (struct slice){ slot->place.at, slot->place.size });
                size_t at = 0;

                if (!name)
                        return -ENODATA;
                while (at < *count && !text_equals(channels[at].name, name))
                        at++;
                if (at == *count) {
                        if (at == CHANNELS_MAX)
                                return -ENODATA;
                        channels[(*count)++] = (struct channel){ .name = name };
                }
                if (__builtin_add_overflow(channels[at].bytes, slot->bytes, &channels[at].bytes))
                        return -ERANGE;
        }
        return 0;
}

static const char *size_words(struct pool *pool, uint64_t bytes)
{
        return pool_format(pool, "%llu GiB", (unsigned long long)(bytes >> 30));
}

static bool is_bare(const struct channel *channel)
{
        return strlen(channel->name) == 1;
}

/* Whichever of the two a letter is, one with less is uneven. */
static const char *uneven_words(struct pool *pool, const struct channel *a, const struct channel *b)
{
        return pool_format(
                pool, is_bare(a) && is_bare(b) ? "slots %s have %s, slots %s have %s" : "channel %s has %s, channel %s has %s",
                a->name, size_words(pool, a->bytes), b->name, size_words(pool, b->bytes));
}

/* Says what is uneven; NULL: nothing is, as far as the names of the slots tell. *told: they tell. */
static const char *uneven_channels(struct pool *pool, const struct smbios *modules, bool *told)
{
        struct channel *channels = pool_zero(pool, CHANNELS_MAX * sizeof *channels);
        const struct channel *first = NULL;
        size_t count;

        *told = sum_channels(pool, modules, channels, &count) == 0;
        for (size_t i = 0; *told && i < count; i++) {
                if (!channels[i].bytes)
                        continue;
                if (first && channels[i].bytes != first->bytes)
                        return uneven_words(pool, first, &channels[i]);
                if (!first)
                        first = &channels[i];
        }
        for (size_t i = 0; *told && i < count; i++)
                *told = !is_bare(&channels[i]);
        return NULL;
}

static bool same_sizes(const struct smbios *modules)
{
        uint64_t size = 0;

        for (size_t i = 0; i < modules->listed; i++) {
                uint64_t bytes = modules->list[i].bytes;

                if (size && bytes && bytes != size)
                        return false;
                size = bytes ? bytes : size;
        }
        return true;
}

static const char *uneven_nodes(struct host *host, struct pool *pool)
{
        const struct topology_node *least = NULL, *most = NULL;
        const struct topology *topology;

        if (topology_read(host, &topology) < 0 || !topology->numa_sane)
                return NULL;
        for (size_t i = 0; i < topology->node_count; i++) {
                const struct topology_node *node = &topology->nodes[i];

                /* Memory on a card of its own has no CPUs, and is another kind. */
                if (cpus_empty(&node->cpus) || node->memory < 0)
                        continue;
                least = !least || node->memory < least->memory ? node : least;
                most = !most || node->memory > most->memory ? node : most;
        }
        if (!least || least->memory >= most->memory - most->memory / 100 * NODE_SLACK)
                return NULL;
        return pool_format(pool, "node %u has %s, node %u has %s", most->node, size_words(pool, (uint64_t)most->memory),
                           least->node, size_words(pool, (uint64_t)least->memory));
}

void modules_add_balance(struct host *host, struct facts *facts, const struct installed *installed)
{
        autopool struct pool *pool = pool_new();
        const struct smbios *modules = &installed->modules;
        const char *source = installed->modules_source;
        const char *nodes = uneven_nodes(host, pool), *channels = NULL;
        bool told = false, whole = installed->modules_error == 0 && !modules->sizeless && modules->listed >= modules->slots;

        if (whole)
                channels = uneven_channels(pool, modules, &told);
        if (nodes || channels) {
                fact_known(facts, value_flag(false), nodes ? "/sys/devices/system/node" : source, "memory.balanced");
                fact_note(facts, "%s", nodes ? nodes : channels);
        } else if (whole && (told || same_sizes(modules))) {
                fact_known(facts, value_flag(true), source, "memory.balanced");
                if (!told)
                        fact_note(facts, "all modules have one size; the names of the slots do not tell their channels");
        } else {
                int error = installed->modules_error;

                fact_unknown(facts, error < 0 && error != -ENOENT ? error : -ENODATA, source, "memory.balanced");
        }
}
