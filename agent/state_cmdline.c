/* What is recorded of the kernel's command line, of sysctls and of the options of a mount: no passwords, and nothing that names a disk, a host
 * or an address. */

#include "agent/state.h"

#include "agent/private_parameter.h"

#include "agent/core/cmdline.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define MISSING "without " /* and the words that the next entry lacks: tuning/cmdline.c */

static const char *without_private(struct pool *pool, const char *cmdline, const char *hidden)
{
        autobuffer struct text_buffer text = { 0 };
        struct cmdline parsed;

        if (cmdline_parse(pool, cmdline, &parsed) < 0)
                return hidden;
        for (size_t i = 0; i < parsed.count; i++) {
                const struct parameter *row = &parsed.rows[i];

                text_addf(&text, "%s%s", i ? " " : "", row->name);
                if (!row->value)
                        continue;
                if (private_parameter(row->name) != PRIVATE_NOT || private_value(row->value))
                        text_addf(&text, "=%s", hidden);
                else
                        text_addf(&text, strpbrk(row->value, " \t") ? "=\"%s\"" : "=%s", row->value);
        }
        return pool_dup(pool, text.at ? text.at : "");
}

/* No hash stands in: that of an address is soon worked back. */
const char *state_cmdline(struct pool *pool, const char *cmdline)
{
        return without_private(pool, cmdline, STATE_UNRECORDED);
}

const char *state_options(struct pool *pool, const char *options)
{
        autobuffer struct text_buffer text = { 0 };
        struct slice word;

        text_add(&text, "");
        while (text_word(&options, ",", &word)) {
                const char *one = slice_dup(pool, word), *equals = strchr(one, '='), *name;

                text_addf(&text, "%s", text.size ? "," : "");
                name = equals ? pool_copy(pool, one, (size_t)(equals - one)) : NULL;
                if (name && (private_parameter(name) != PRIVATE_NOT || private_value(equals + 1)))
                        text_addf(&text, "%s=" STATE_UNRECORDED, name);
                else
                        text_add(&text, one);
        }
        return pool_dup(pool, text.at);
}

/* systemd's fsck and swap are called after a disk, and a service that a socket starts after both ends of its connection. */
static bool is_private_unit(const char *name)
{
        return private_value(name) || strstr(name, "dev-disk-by") || strstr(name, "dev-mapper");
}

const char *state_units(struct pool *pool, const char *names)
{
        autobuffer struct text_buffer text = { 0 };
        struct slice word;

        text_add(&text, "");
        while (text_word(&names, " ", &word)) {
                const char *name = slice_dup(pool, word), *at = strchr(name, '@'), *ending = strrchr(name, '.');

                text_addf(&text, "%s", text.size ? " " : "");
                if (is_private_unit(name))
                        text_addf(&text, "%.*s" STATE_UNRECORDED "%s", at ? (int)(at + 1 - name) : 0, name,
                                  ending ? ending : "");
                else
                        text_add(&text, name);
        }
        return pool_dup(pool, text.at);
}

/* net.ipv4.tcp_fastopen_key, net.ipv6.conf.all.stable_secret; what stands in for a value that is not there tells nothing. */
static bool is_private_sysctl(const char *name, const char *text)
{
        static const char *const hosts[] = { "kernel.hostname", "kernel/hostname", "kernel.domainname", "kernel/domainname" };

        if (text_equals(text, "absent") || text_equals(text, "not set"))
                return false;
        for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
                if (text_equals(name, hosts[i]))
                        return true;
        return private_parameter(name) == PRIVATE_SECRET || private_value(text);
}

const char *state_without_private(struct pool *pool, const char *id, const char *text, const char *hidden)
{
        bool missing = text_equals(id, "cmdline") && text_starts(text, MISSING);
        const char *name = text_starts(id, "cmdline.") ? id + strlen("cmdline.") : NULL;

        if (text_starts(id, "sysctl.") && !text_starts(text, STATE_UNREADABLE))
                return is_private_sysctl(id + strlen("sysctl."), text) ? hidden : text;
        if (missing)
                return pool_format(pool, MISSING "%s", without_private(pool, text + strlen(MISSING), hidden));
        if (!name || text_starts(text, STATE_UNREADABLE) || (text_starts(text, "no ") && text_equals(text + 3, name)))
                return text;
        return private_parameter(name) != PRIVATE_NOT || private_value(text) ? hidden : text;
}
