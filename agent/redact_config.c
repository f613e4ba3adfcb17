/* What files of settings, scripts and rules say that is nobody else's business: by the name in front of it, and by its form. */

#include "agent/private_parameter.h"
#include "agent/redact_inside.h"

#include <ctype.h>
#include <string.h>

#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define NAME_LETTERS LETTERS "_.-"
#define BLANKS       " \t"
#define VALUE_LEAST  8 /* of what is looked for everywhere */
#define BEARER_LEAST 4
#define TOKEN_LEAST  12

/* Elsewhere only what is found in no sentence, and is no name of the system's. */
static void hide(struct secrets *secrets, struct slice before, struct slice value)
{
        autobuffer struct text_buffer context = { 0 };

        if (redact_says_nothing(value))
                return;
        text_add_bytes(&context, before.at, before.size);
        secret_mask(secrets, context.at ? context.at : "", value);
        if (strcspn(value.at, "0123456789") < value.size && redact_is_distinct(value, VALUE_LEAST) &&
            !secret_is_structure(secrets, value))
                secret_mask(secrets, "", value);
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

/* Behind a sign. Where a quote stands in front of the name, and none behind it, that one holds both: Environment="NAME=VALUE". */
static struct slice value_of(const char *text, struct slice name, const char *at)
{
        char quote = name.at > text ? name.at[-1] : '\0';

        if ((quote == '"' || quote == '\'') && name.at[name.size] == '=' && *at != '"' && *at != '\'' && *at != '\\')
                return redact_quoted(at, quote);
        return redact_value_at(at);
}

/* Of YAML: "NAME: |", and lines that stand farther to the right. */
static bool find_block(struct secrets *secrets, const char *text, const char *name, const char *at)
{
        const char *line = name, *next = at + 1 + strspn(at + 1, "+-0123456789");
        size_t depth, blanks;

        if ((*at != '|' && *at != '>') || *next != '\n')
                return false;
        while (line > text && line[-1] != '\n')
                line--;
        depth = strspn(line, " ");
        while (*next == '\n') {
                blanks = strspn(next + 1, " ");
                at = next + 1 + blanks;
                next = at + strcspn(at, "\n");
                if (blanks <= depth && next > at)
                        break;
                if (next > at)
                        hide(secrets, (struct slice){ at - blanks, blanks }, (struct slice){ at, (size_t)(next - at) });
        }
        return true;
}

/* settings: a file of them, where a list of hosts takes the rest of its line. */
static void find_name(struct secrets *secrets, const char *text, struct slice name, const char *at, bool settings)
{
        char word[64];
        struct slice plain = name, value;

        while (plain.size && *plain.at == '-')
                plain = (struct slice){ plain.at + 1, plain.size - 1 };
        if (!plain.size || plain.size >= sizeof word)
                return;
        memcpy(word, plain.at, plain.size);
        word[plain.size] = '\0';
        if (settings && names_hosts(word) && *at == '=') {
                redact_names(secrets, (struct slice){ at + 1, strcspn(at + 1, "\n#") });
                return;
        }
        at = behind_sign(name, at);
        if (!at)
                return;
        if (private_parameter(word) != PRIVATE_SECRET || find_block(secrets, text, name.at, at))
                return;
        value = value_of(text, name, at);
        if (value.size)
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
                        value = redact_value_at(at);
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
                        value = redact_value_at(at);
                        if (memchr(value.at, ':', value.size))
                                hide(secrets, (struct slice){ start, (size_t)(value.at - start) }, value);
                }
}

/* What their makers know by a mark in front: GitHub, GitLab, Slack, Stripe, AWS, and a JSON web token (RFC 7519). */
static void find_tokens(struct secrets *secrets, const char *text)
{
        static const char *const marks[] = { "ghp_",  "gho_",  "ghs_",     "ghu_",     "ghr_", "github_pat_", "glpat-", "xoxb-",
                                             "xoxp-", "xoxa-", "sk_live_", "rk_live_", "AKIA", "ASIA",        "hvs.",   "eyJ" };

        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
                for (const char *at = text; (at = strstr(at, marks[i]));) {
                        const char *rest = at + strlen(marks[i]);
                        size_t size = strspn(rest, NAME_LETTERS);

                        if (size >= TOKEN_LEAST && (at == text || !strchr(NAME_LETTERS, at[-1])))
                                secret_mask(secrets, marks[i], (struct slice){ rest, size });
                        at = rest;
                }
}

/* "-----BEGIN RSA PRIVATE KEY-----" (RFC 7468): its lines, which are found nowhere else. */
static void find_keys(struct secrets *secrets, const char *text)
{
        struct slice line;
        bool within = false;

        while (text_line(&text, &line)) {
                bool mark = memmem(line.at, line.size, "PRIVATE KEY", strlen("PRIVATE KEY"));

                line = slice_trim(line);
                if (mark)
                        within = memmem(line.at, line.size, "-BEGIN ", strlen("-BEGIN "));
                else if (within && line.size >= VALUE_LEAST)
                        secret_mask(secrets, "", line);
        }
}

static void find_names(struct secrets *secrets, const char *text, bool settings)
{
        for (const char *at = text + strcspn(text, NAME_LETTERS); *at; at += strcspn(at, NAME_LETTERS)) {
                struct slice name = { at, strspn(at, NAME_LETTERS) };

                at += name.size;
                if (*at && strchr("=:}\"' \t+!", *at))
                        find_name(secrets, text, name, at, settings);
        }
        find_bearers(secrets, text);
        find_users(secrets, text);
        find_tokens(secrets, text);
}

void redact_arguments(struct secrets *secrets, const char *text)
{
        find_names(secrets, text, false);
}

void redact_config(struct secrets *secrets, const char *text)
{
        find_names(secrets, text, true);
        find_keys(secrets, text);
        redact_urls(secrets, text);
        redact_mails(secrets, text);
}
