/* Disks and drives that hang on USB. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/block_transport.h"
#include "probes/probes.h"

#include <errno.h>
#include <string.h>

#define NAME   "usb.storage"
#define BLOCKS "/sys/block"
#define NONE   "none"

static const struct fact_info usb_facts[] = {
        { NAME, VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "Block devices behind USB, the word none where there are none: sticks, card readers, disks, and the drives that a "
          "management "
          "controller "
          "lends the host (often sr0). Somebody may boot from one, carry data away on it, or have forgotten it.",
          "the links " BLOCKS "/*" },
        { 0 },
};

/* A name from a tree may hold what no kernel puts into one. */
static const char *as_word(struct pool *pool, const char *name)
{
        char *word = pool_dup(pool, text_printable(pool, name, 64));

        for (char *blank = word; (blank = strchr(blank, ' '));)
                *blank = '?';
        return word;
}

/* Where a device stands is told by its link; loop devices and their kin are known by their names. */
static int is_behind_usb(struct host *host, struct pool *pool, const char *name)
{
        const char *folder = pool_format(pool, BLOCKS "/%s", name), *path;
        struct block_disk disk = block_disk(host, pool, name, folder);
        int r = disk.transport ? 0 : host_link(host, pool, &path, "%s", folder);

        return r < 0 ? r : text_equals(disk.transport, "usb");
}

static int usb_run(struct host *host, struct facts *facts)
{
        autobuffer struct text_buffer words = { 0 };
        autopool struct pool *pool = pool_new();
        const char *const *names;
        const char *source = BLOCKS;
        int r;

        r = host_list(host, pool, &names, BLOCKS);
        for (; r >= 0 && *names; names++) {
                r = is_behind_usb(host, pool, *names);
                if (r > 0)
                        text_addf(&words, "%s ", as_word(pool, *names));
                else if (r < 0)
                        source = pool_format(pool, BLOCKS "/%s", *names);
        }
        if (r < 0)
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, source, NAME);
        else
                fact_known(facts, value_words(pool, words.size ? words.at : NONE), BLOCKS, NAME);
        return 0;
}

const struct probe probe_usb = {
        .name = "usb",
        .help = "Disks and drives that hang on USB.",
        .facts = usb_facts,
        .run = usb_run,
};
