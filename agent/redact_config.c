/* What files of settings, scripts and rules say that is nobody else's business: by the name in front of it, and by its form. */

#include "agent/private_parameter.h"
#include "agent/redact_inside.h"

#include <ctype.h>
#include <string.h>

#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_LETTERS LETTERS "_.-"
#define BLANKS       " \t"
#define BARE_ENDS    " \t\r\n\"'`,;&|<>(){}"
#define VALUE_LEAST  8 /* of what is looked for everywhere */
#define NUMBER_LEAST 4 /* digits: fewer are a switch, or a length */
#define BEARER_LEAST 4

/* Switches, what a shell puts in, and paths: a key that stands in a file is not in this one. */
static bool says_nothing(struct slice value)
{
        static const char *const words[] = { "yes", "no", "true", "false", "on", "off", "none", "null", "auto", "default" };
        size_t digits = 0;

        if (value.size < 2 || strchr("$%/<*", *value.at))
                return true;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (value.size == strlen(words[i]) && !strncasecmp(value.at, words[i], value.size))
                        return true;
        while (digits < value.size && isdigit((unsigned char)value.at[digits]))
                digits++;
        return digits == value.size && digits < NUMBER_LEAST;
}

/* Elsewhere only what is found in no sentence, and is no name of the system's. */
static void hide(struct secrets *secrets, struct slice before, struct slice value)
{
        autobuffer struct text_buffer context = { 0 };

        if (says_nothing(value))
                return;
        text_add_bytes(&context, before.at, before.size);
        secret_mask(secrets, context.at ? context.at : "", value);
        if (strcspn(value.at, "0123456789") < value.size && redact_is_distinct(value, VALUE_LEAST) &&
            !secret_is_structure(secrets, value))
                secret_mask(secrets, "", value);
}

/* Behind the sign: in quotes of either kind, which a script may have escaped, or up to what ends a word. */
static struct slice value_at(const char *at)
{
        at += *at == '\\' && (at[1] == '"' || at[1] == '\'');
        if (*at == '"' || *at == '\'') {
                const char ends[] = { *at, '\n', '\0' };
                size_t size = strcspn(at + 1, ends);

                size -= size && at[size] == '\\';
                return (struct slice){ at + 1, size };
        }
        return (struct slice){ at, strcspn(at, BARE_ENDS) };
}

/* "NAME=VALUE", "NAME: VALUE", "ENV{NAME}=="VALUE"", ""NAME": "VALUE"", "--NAME VALUE"; at: behind the name. The place of the value, or NULL. */
static const char *behind_sign(struct slice name, const char *at)
{
        bool option = name.size > 2 && name.at[0] == '-' && name.at[1] == '-';

        at += *at == '}' || *at == '"' || *at == '\'';
        at += strspn(at, BLANKS);
        if (*at == '=' || (*at == ':' && at[1] != '/' && at[1] != ':'))
                return at + strspn(at, "=:") + strspn(at + strspn(at, "=:"), BLANKS);
        if ((*at == '+' || *at == '!') && at[1] == '=')
                return at + 2 + strspn(at + 2, BLANKS);
        return option && at > name.at + name.size && *at != '-' ? at : NULL;
}

/* "Domains=" of systemd.network(5), "dns-search=" of nm-settings(5): domains; the others name the host. */
static bool names_hosts(const char *name)
{
        static const char *const names[] = { "Domains",    "Hostname",      "FallbackNTP", "NTP",       "dns-search",
                                             "dns_search", "dhcp-hostname", "hostname",    "dhcp-fqdn", "DHCP_HOSTNAME" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (text_equals(name, names[i]))
                        return true;
        return false;
}

static void find_name(struct secrets *secrets, struct slice name, const char *at)
{
        char word[64];
        struct slice plain = name, value;

        while (plain.size && *plain.at == '-')
                plain = (struct slice){ plain.at + 1, plain.size - 1 };
        if (!plain.size || plain.size >= sizeof word)
                return;
        memcpy(word, plain.at, plain.size);
        word[plain.size] = '\0';
        if (names_hosts(word) && *at == '=') {
                redact_names(secrets, (struct slice){ at + 1, strcspn(at + 1, "\n#") });
                return;
        }
        at = behind_sign(name, at);
        if (!at)
                return;
        value = value_at(at);
        if (value.size && private_parameter(word) == PRIVATE_SECRET)
                hide(secrets, (struct slice){ plain.at, (size_t)(value.at - plain.at) }, value);
}

/* Of HTTP (RFC 6750, RFC 7617). */
static void find_bearers(struct secrets *secrets, const char *text)
{
        static const char *const marks[] = { "Bearer ", "Authorization: Basic " };

        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                for (const char *at = text; (at = strcasestr(at, marks[i]));) {
                        const char *start = at;
                        struct slice value;

                        at += strlen(marks[i]);
                        value = value_at(at);
                        if (value.size >= BEARER_LEAST)
                                hide(secrets, (struct slice){ start, (size_t)(value.at - start) }, value);
                }
}

/* Of curl(1) and its like: "-u USER:PASSWORD". */
static void find_users(struct secrets *secrets, const char *text)
{
        static const char *const marks[] = { " -u ", " --user ", " --user=", " --proxy-user " };

        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                for (const char *at = text; (at = strstr(at, marks[i]));) {
                        const char *start = at + 1;
                        struct slice value;

                        at += strlen(marks[i]);
                        value = value_at(at);
                        if (memchr(value.at, ':', value.size))
                                hide(secrets, (struct slice){ start, (size_t)(value.at - start) }, value);
                }
}

void redact_config(struct secrets *secrets, const char *text)
{
        for (const char *at = text + strcspn(text, NAME_LETTERS); *at; at += strcspn(at, NAME_LETTERS)) {
                struct slice name = { at, strspn(at, NAME_LETTERS) };

                at += name.size;
                if (*at && strchr("=:}\"' \t+!", *at))
                        find_name(secrets, name, at);
        }
        find_bearers(secrets, text);
        find_users(secrets, text);
        redact_urls(secrets, text);
        redact_mails(secrets, text);
}
