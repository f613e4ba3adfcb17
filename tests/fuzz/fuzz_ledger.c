/* Any bytes as a ledger: read without harm. A checksum that fits is made for each line, so that what lies behind it is reached. */

#include "agent/ledger.h"

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autopool struct pool *pool = pool_new();
        autobuffer struct text_buffer signed_lines = { 0 };
        const char *at = (const char *)bytes, *end = at + size;
        struct ledger ledger;

        ledger_parse(pool, bytes, size, &ledger);
        while (at < end) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                size_t length = (size_t)((newline ? newline : end) - at);
                char check[65];

                sha256_hex(at, length, check);
                text_add_bytes(&signed_lines, check, 16);
                text_add(&signed_lines, " ");
                text_add_bytes(&signed_lines, at, length);
                text_add(&signed_lines, "\n");
                at += length + (newline != NULL);
        }
        if (signed_lines.size)
                ledger_parse(pool, signed_lines.at, signed_lines.size, &ledger);
        return 0;
}
