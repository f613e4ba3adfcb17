/* The SMART log page of an NVMe drive. */

#pragma once

#include <stddef.h>
#include <stdint.h>

struct pool;

enum nvme_verdict { NVME_OK, NVME_WARNING, NVME_FAILED };

/* Each number with an errno of its own: 0, or why it is not to be used. -ENODATA: the drive does not tell; -ERANGE: out of all reason. */
struct nvme_page {
        int spare_error, temperature_error, media_errors_error;
        int64_t spare, spare_threshold, used; /* percent; used stands at 255 for all that is more */
        int64_t temperature;                  /* degrees Celsius */
        int64_t media_errors;
        int health_error; /* the page does not allow a verdict */
        enum nvme_verdict health;
        const char *why; /* of a verdict that is not ok: text from the pool; else NULL, or what is worth knowing */
};

/* -EBADMSG: shorter than a page, or every byte of it the same: what a drive sends that has no such page, or is no longer there. */
int nvme_page_parse(struct pool *pool, const void *bytes, size_t size, struct nvme_page *page);
