/* What rules of udev know devices by: serial numbers of those that are there, and of those that were. */

#include "agent/redact_inside.h"

#include <string.h>

/* Of ATTRS{serial}, ENV{ID_SERIAL_SHORT}, ATTR{wwid}, ENV{ID_FS_UUID}: does the key speak of such a number? */
static bool speaks_of_one(struct slice key)
{
        static const char *const words[] = { "serial", "wwid", "wwn", "uuid", "unique_id", "eui", "nguid" };

        for (size_t at = 0; at < key.size; at++)
                for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                        if (key.size - at >= strlen(words[i]) && strncasecmp(key.at + at, words[i], strlen(words[i])) == 0)
                                return true;
        return false;
}

/* Patterns of udev(7) stay what they are: "*" and "?" are no letters. */
void redact_rules(struct secrets *secrets, const char *text)
{
        for (const char *at = text; (at = strchr(at, '{')); at++) {
                const char *end = at + 1 + strcspn(at + 1, "}\n"), *value;
                size_t size;

                if (*end != '}' || !speaks_of_one((struct slice){ at + 1, (size_t)(end - at - 1) }))
                        continue;
                value = end + 1 + strspn(end + 1, " \t!+-:=");
                if (*value != '"')
                        continue;
                value++;
                size = strcspn(value, "\"\n");
                /* "mpath-*" names a kind, and nothing of this host. */
                if (memchr(value, '$', size) || memchr(value, '%', size) || redact_is_filler((struct slice){ value, size }))
                        continue;
                if (strcspn(value, "0123456789") < size)
                        secret_add_between(secrets, (struct slice){ at, (size_t)(value - at) }, (struct slice){ value, size },
                                           (struct slice){ "\"", 1 });
        }
}
