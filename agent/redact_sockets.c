/* Network addresses as bytes, and as the kernel prints them in its tables of sockets and routes. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void redact_address_bytes(struct secrets *secrets, int family, void *bytes)
{
        char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
        enum secret_kind kind = family == AF_INET ? SECRET_FOUR : SECRET_SIX;
        size_t size;

        inet_ntop(family, bytes, from, sizeof from);
        size = strlen(from);
        if (text_equals(from, "::") || text_equals(from, "::1") || (family == AF_INET && redact_is_own(from)))
                return;
        memcpy(to, from, size + 1);
        secret_address(secrets, kind, to, from, size);
        if (inet_pton(family, to, bytes) != 1)
                memset(bytes, 0, family == AF_INET ? 4 : 16);
        if (size >= ADDRESS_TEXT_LEAST)
                secret_add(secrets, kind, from, size);
}

/* "0100007F": words of an address, each printed as a number of a little-endian machine. */
static void replace_hex(struct secrets *secrets, char *hex, size_t size)
{
        unsigned char bytes[16];
        char text[9];

        for (size_t i = 0; i < size; i += 8) {
                uint32_t word;

                memcpy(text, hex + i, 8);
                text[8] = '\0';
                word = (uint32_t)strtoul(text, NULL, 16);
                for (unsigned k = 0; k < 4; k++)
                        bytes[i / 2 + k] = (unsigned char)(word >> 8 * k);
        }
        redact_address_bytes(secrets, size == 8 ? AF_INET : AF_INET6, bytes);
        for (size_t i = 0; i < size; i += 8) {
                snprintf(text, sizeof text, "%02X%02X%02X%02X", bytes[i / 2 + 3], bytes[i / 2 + 2], bytes[i / 2 + 1],
                         bytes[i / 2]);
                memcpy(hex + i, text, 8);
        }
}

void redact_table(struct secrets *secrets, struct pool *pool, struct member *member)
{
        char *text = pool_copy(pool, member->bytes, member->size);
        bool sockets = !text_ends(member->path, "/route");
        unsigned column = 0;

        member->bytes = text;
        for (size_t at = 0, size; at < member->size; at += size ? size : 1) {
                size = strspn(text + at, "0123456789abcdefABCDEF");
                if (text[at] == '\n')
                        column = 0;
                column += text[at] == '\t';
                /* Behind the address of a socket stands its port; of a route the second and third are the network and the gateway. */
                if (sockets ? (size == 8 || size == 32) && text[at + size] == ':' &&
                                      strspn(text + at + size + 1, "0123456789abcdefABCDEF") == 4
                            : size == 8 && (column == 1 || column == 2))
                        replace_hex(secrets, text + at, size);
        }
}
