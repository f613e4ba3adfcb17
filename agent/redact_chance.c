/* Chance that only the key and a value determine. */

#include "agent/redact_inside.h"

#include "agent/core/sha256.h"

#include <stdlib.h>
#include <string.h>

void stream_open(const struct secrets *secrets, struct stream *stream, const void *value, size_t size)
{
        autobuffer struct text_buffer text = { 0 };

        text_add_bytes(&text, secrets->key, sizeof secrets->key);
        text_add_bytes(&text, value, size);
        sha256_hex(text.at, text.size, stream->seed);
        stream->next = 0;
}

unsigned stream_byte(const struct secrets *secrets, struct stream *stream)
{
        char pair[3] = { 0 };

        if (stream->next % 32 == 0) {
                autobuffer struct text_buffer text = { 0 };

                text_add_bytes(&text, secrets->key, sizeof secrets->key);
                text_addf(&text, "%zu %s", stream->next / 32, stream->seed);
                sha256_hex(text.at, text.size, stream->block);
        }
        memcpy(pair, stream->block + stream->next++ % 32 * 2, 2);
        return (unsigned)strtoul(pair, NULL, 16);
}

uint64_t secret_chance(const struct secrets *secrets, const void *value, size_t size)
{
        struct stream stream;

        stream_open(secrets, &stream, value, size);
        stream.seed[16] = '\0';
        return strtoull(stream.seed, NULL, 16);
}
