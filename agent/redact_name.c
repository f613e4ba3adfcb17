/* Files that hold nothing but a name or a number: of the host, or of a part of it. */

#include "agent/redact_inside.h"

#include "agent/core/record.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#define SERIAL_LEAST 6
#define SERIAL_MOST  256
#define NAME_LEAST   4
#define WORD_LEAST   2

void redact_serial(struct secrets *secrets, struct member *member)
{
        struct slice value = slice_trim((struct slice){ member->bytes, member->size });
        size_t prefix = value.size > 4 && value.at[3] == '.' ? 4 : 0; /* "eui.", "naa." */

        /* It is in other names, too, where its kind is written otherwise. */
        if (prefix && redact_wwid(secrets, (struct slice){ value.at + prefix, value.size - prefix }))
                return;
        if (!value.size || redact_is_filler((struct slice){ value.at + prefix, value.size - prefix }))
                return;
        if (value.size <= SERIAL_MOST && !memchr(value.at, '\n', value.size) && redact_is_distinct(value, SERIAL_LEAST))
                secret_add(secrets, SECRET_TEXT, value.at, value.size);
        else
                secret_only_here(secrets, member);
}

/* "node0", "eth1": that is how the kernel calls its own, on any host. */
static bool is_kernels_word(struct slice word)
{
        static const char *const words[] = { "node", "cpu",  "eth",  "nvme", "md",   "dm-",   "loop",
                                             "tty",  "ttys", "bond", "host", "port", "irq",   "usb",
                                             "ram",  "zram", "veth", "br",   "wlan", "index", "state" };

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
                size_t size = strlen(words[i]), at = size;

                if (word.size < size || strncasecmp(word.at, words[i], size) != 0)
                        continue;
                while (at < word.size && isdigit((unsigned char)word.at[at]))
                        at++;
                if (at == word.size)
                        return true;
        }
        return false;
}

static bool is_host_word(const struct secrets *secrets, struct slice word)
{
        return word.size >= WORD_LEAST && word.size <= HOST_NAME_MAX && !is_kernels_word(word) &&
               !slice_equals(word, "localhost") && !secret_is_structure(secrets, word);
}

struct slice redact_plain_host(const struct secrets *secrets)
{
        struct slice name = { "", 0 };

        for (size_t i = 0; i < secrets->count && !name.size; i++) {
                const struct member *member = &secrets->members[i];
                bool tells = text_equals(member->path, "proc/sys/kernel/hostname") || text_equals(member->path, "etc/hostname");

                if (tells && member->kind == MEMBER_FILE && member->known && member->size)
                        name = slice_trim((struct slice){ member->bytes, member->size });
        }
        if (name.size && memchr(name.at, '.', name.size))
                name.size = (size_t)((const char *)memchr(name.at, '.', name.size) - name.at);
        if (redact_is_distinct(name, NAME_LEAST) || !is_host_word(secrets, name))
                name.size = 0;
        return name;
}

bool redact_host_label(struct secrets *secrets, struct slice label)
{
        if (!redact_is_distinct(label, NAME_LEAST) || !is_host_word(secrets, label))
                return false;
        secret_add(secrets, SECRET_TEXT, label.at, label.size);
        return true;
}

/* Every box says "localhost"; and a host that is called like its system would take that word out of everything. A domain goes by
 * itself, so that the host's name is the same with it and without. */
void redact_host_name(struct secrets *secrets, struct member *member)
{
        struct slice name = slice_trim((struct slice){ member->bytes, member->size });
        struct slice first = name, domain = { NULL, 0 };
        const char *dot = memchr(name.at, '.', name.size);

        if (!name.size || slice_equals(name, "localhost") || slice_equals(name, "(none)"))
                return;
        if (dot) {
                first.size = (size_t)(dot - name.at);
                domain = (struct slice){ dot + 1, name.size - first.size - 1 };
        }
        if (name.size <= HOST_NAME_MAX && domain.size && memchr(domain.at, '.', domain.size))
                secret_add(secrets, SECRET_TEXT, domain.at, domain.size);
        if (name.size > HOST_NAME_MAX || !redact_host_label(secrets, first))
                secret_only_here(secrets, member);
}
