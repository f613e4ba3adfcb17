/* What an NVMe drive says of its own health, and what the kernel says of its controller. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/nvme_drive.h"
#include "probes/nvme_page.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>

static void add_number(struct facts *facts, const struct nvme_drive *drive, const char *source, int error, struct value value,
                       const char *fact)
{
        if (error < 0)
                fact_unknown(facts, error, source, "nvme.%s.%s", drive->name, fact);
        else
                fact_known(facts, value, source, "nvme.%s.%s", drive->name, fact);
}

/* error: why there is no page, and then page says nothing. */
static void add_numbers(struct facts *facts, const struct nvme_drive *drive, const char *source, int error,
                        const struct nvme_page *page)
{
        static const char *const states[] = { "used", "spare", "temperature", "media_errors" };

        for (size_t i = 0; error < 0 && i < sizeof states / sizeof states[0]; i++)
                fact_unknown(facts, error, source, "nvme.%s.%s", drive->name, states[i]);
        if (error < 0)
                return;
        add_number(facts, drive, source, 0, value_number(page->used, UNIT_PERCENT), "used");
        if (page->used == 255)
                fact_note(facts, "or more");
        add_number(facts, drive, source, page->spare_error, value_number(page->spare, UNIT_PERCENT), "spare");
        if (!page->spare_error)
                fact_note(facts, "its limit is %d %%", (int)page->spare_threshold);
        add_number(facts, drive, source, page->temperature_error, value_number(page->temperature, UNIT_CELSIUS), "temperature");
        add_number(facts, drive, source, page->media_errors_error, value_number(page->media_errors, UNIT_COUNT),
                   "media_errors");
}

/* The states of drivers/nvme/host/core.c in which the drive takes no questions. */
static void add_state(struct facts *facts, struct pool *pool, const struct nvme_drive *drive, const char *source,
                      const char *state)
{
        if (text_equals(state, "dead") || text_starts(state, "deleting"))
                fact_known(facts, value_text(pool, "failed"), source, "nvme.%s.health", drive->name);
        else if (text_equals(state, "resetting") || text_equals(state, "connecting") || text_equals(state, "new"))
                fact_known(facts, value_text(pool, "warning"), source, "nvme.%s.health", drive->name);
        else
                fact_unknown(facts, -EINVAL, source, "nvme.%s.health", drive->name);
        fact_note(facts, "the controller is %s", state);
}

/* live: the kernel says so. */
static void add_verdict(struct facts *facts, struct pool *pool, const struct nvme_drive *drive, const char *source, int error,
                        const struct nvme_page *page, bool live)
{
        static const char *const words[] = { [NVME_OK] = "ok", [NVME_WARNING] = "warning", [NVME_FAILED] = "failed" };

        if (error == 0)
                error = page->health_error;
        if (error < 0) {
                fact_unknown(facts, error, source, "nvme.%s.health", drive->name);
                fact_note(facts, "%sthe drive's log page is not known", live ? "the controller is live; " : "");
                return;
        }
        fact_known(facts, value_text(pool, words[page->health]), source, "nvme.%s.health", drive->name);
        if (page->why)
                fact_note(facts, "%s", page->why);
}

void nvme_health_facts(struct host *host, struct facts *facts, struct pool *pool, const struct nvme_drive *drive)
{
        const char *source = pool_format(pool, "%s/state", drive->folder), *state = NULL;
        struct nvme_page page = { 0 };
        const void *bytes;
        size_t size;
        int r;

        /* A kernel without this file asks the drive all the same. */
        r = drive->old ? -ENOENT : sysfs_text(host, pool, &state, "%s", source);
        if (r == 0 && !text_equals(state, "live")) {
                add_state(facts, pool, drive, source, state);
                add_numbers(facts, drive, source, -ENODATA, &page);
                return;
        }
        source = pool_format(pool, "nvme/%s/smart", drive->name);
        r = host_ask(host, pool, &bytes, &size, "%s", source);
        if (r == 0)
                r = nvme_page_parse(pool, bytes, size, &page);
        add_verdict(facts, pool, drive, source, r, &page, state != NULL);
        add_numbers(facts, drive, source, r, &page);
}
