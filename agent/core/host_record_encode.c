/* A path as one word of a line. */

#include "agent/core/record.h"

#include "agent/core/text.h"

void record_encode(struct text_buffer *out, const char *path)
{
        for (; *path; path++) {
                unsigned char byte = (unsigned char)*path;

                if (byte <= ' ' || byte >= 0x7f || byte == '%')
                        text_addf(out, "%%%02x", byte);
                else
                        text_add_bytes(out, path, 1);
        }
}
