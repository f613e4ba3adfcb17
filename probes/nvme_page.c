/* Judging the SMART log page of an NVMe drive (NVM Express base specification, "SMART / Health Information"). */

#include "probes/nvme_page.h"

#include "agent/core/pool.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define PAGE_SIZE       512
#define AT_WARNING      0
#define AT_TEMPERATURE  1
#define AT_SPARE        3
#define AT_THRESHOLD    4
#define AT_USED         5
#define AT_MEDIA_ERRORS 160
#define ZERO_CELSIUS    273
/* No drive works beyond these; one that says so has a sensor that does not. */
#define COLDEST (-60)
#define HOTTEST 200

/* Bits of the first byte, each a state that the drive itself calls critical. */
static const char *const warnings[] = {
        "its spare capacity is low",          "its temperature is out of its limits",
        "its memory has become unreliable",   "it has become read-only",
        "its backup of volatile data failed", "its persistent memory region has become unreliable",
};
#define WARNINGS (sizeof warnings / sizeof warnings[0])

static uint64_t little_endian(const unsigned char *at, unsigned bytes)
{
        uint64_t number = 0;

        while (bytes--)
                number = number << 8 | at[bytes];
        return number;
}

static void read_numbers(const unsigned char *bytes, struct nvme_page *page)
{
        uint64_t errors = little_endian(bytes + AT_MEDIA_ERRORS, 8);
        uint64_t kelvin = little_endian(bytes + AT_TEMPERATURE, 2);

        page->spare = bytes[AT_SPARE];
        page->spare_threshold = bytes[AT_THRESHOLD];
        if (page->spare > 100 || page->spare_threshold > 100)
                page->spare_error = -ERANGE;
        page->used = bytes[AT_USED];
        page->temperature = (int64_t)kelvin - ZERO_CELSIUS;
        if (!kelvin)
                page->temperature_error = -ENODATA;
        else if (page->temperature < COLDEST || page->temperature > HOTTEST)
                page->temperature_error = -ERANGE;
        /* The counter has 128 bits. */
        if (errors > INT64_MAX || little_endian(bytes + AT_MEDIA_ERRORS + 8, 8))
                page->media_errors_error = -ERANGE;
        else
                page->media_errors = (int64_t)errors;
}

static void add(struct pool *pool, struct nvme_page *page, enum nvme_verdict verdict, const char *why)
{
        if (page->health < verdict)
                page->health = verdict;
        page->why = page->why ? pool_format(pool, "%s; %s", page->why, why) : why;
}

static void judge_warnings(struct pool *pool, unsigned bits, struct nvme_page *page)
{
        for (unsigned i = 0; i < WARNINGS; i++)
                if (bits & 1U << i)
                        add(pool, page, NVME_FAILED, pool_format(pool, "the drive says that %s", warnings[i]));
        /* Later versions of the specification may give these a meaning; it will be none that is fine. */
        if (bits >> WARNINGS)
                add(pool, page, NVME_WARNING, pool_format(pool, "a critical warning of unknown meaning: 0x%02x", bits));
}

static void judge(struct pool *pool, unsigned bits, struct nvme_page *page)
{
        judge_warnings(pool, bits, page);
        /* Drives that know of no spare capacity say 0 of 0. */
        if (!page->spare_error && page->spare_threshold && page->spare <= page->spare_threshold)
                add(pool, page, NVME_FAILED,
                    pool_format(pool, "%d %% spare capacity left, its limit is %d %%", (int)page->spare,
                                (int)page->spare_threshold));
        if (page->used >= 100)
                add(pool, page, NVME_WARNING, "its rated life is used up");
        if (page->media_errors)
                add(pool, page, NVME_WARNING, "it has lost blocks");
        /* What is bad is bad whatever else is garbled; "ok" needs all of it. */
        if (page->health == NVME_OK)
                page->health_error = page->spare_error ? page->spare_error : page->media_errors_error;
        if (page->health == NVME_OK && page->used >= 90)
                page->why = pool_format(pool, "%d %% of its rated life is used", (int)page->used);
}

static bool is_blank(const unsigned char *bytes)
{
        return (bytes[0] == 0 || bytes[0] == 0xff) && !memcmp(bytes, bytes + 1, PAGE_SIZE - 1);
}

int nvme_page_parse(struct pool *pool, const void *bytes, size_t size, struct nvme_page *page)
{
        const unsigned char *at = bytes;

        if (size < PAGE_SIZE || is_blank(at))
                return -EBADMSG;
        *page = (struct nvme_page){ 0 };
        read_numbers(at, page);
        judge(pool, at[AT_WARNING], page);
        return 0;
}
