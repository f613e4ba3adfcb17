/* Where a value stands behind a name, and which values are no secret. */

#include "agent/redact_inside.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define BARE_ENDS    " \t\r\n\"'`,;&|<>(){}"
#define LOWER        "abcdefghijklmnopqrstuvwxyz_"
#define UPPER        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"
#define NUMBER_LEAST 4 /* digits: fewer are a switch, or a length */

/* "$NAME", "$1", "${X}", "$(cat x)", "$env{X}"; but a password may begin so, and a hash of one does: "$6$...". */
static bool is_of_shell(struct slice value)
{
        size_t size = 1;

        while (size < value.size && strchr(islower((unsigned char)value.at[1]) ? LOWER : UPPER, value.at[size]))
                size++;
        if (size == 1)
                return value.at[1] == '{' || value.at[1] == '(' || value.size == 2;
        return isdigit((unsigned char)value.at[1]) ? value.size == 2 : size == value.size || value.at[size] == '{';
}

/* "%k" of udev(7), "%d/key" of systemd.unit(5). */
static bool is_specifier(struct slice value)
{
        return isalpha((unsigned char)value.at[1]) && (value.size <= 3 || value.at[2] == '/' || value.at[2] == '{');
}

/* A key that stands in a file is not in this one. Random letters may begin with a slash, but hardly with the name of a folder. */
static bool is_path(struct slice value)
{
        static const char *const folders[] = { "etc", "var",  "usr", "run", "opt", "home", "root", "srv",   "proc", "sys",
                                               "dev", "boot", "lib", "tmp", "bin", "sbin", "mnt",  "media", "data" };
        struct slice rest = value, first;

        if (!slice_word(&rest, "/", &first) || !rest.size)
                return false;
        for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
                if (slice_equals(first, folders[i]))
                        return true;
        return false;
}

bool redact_says_nothing(struct slice value)
{
        static const char *const words[] = { "yes", "no", "true", "false", "on", "off", "none", "null", "auto", "default" };
        size_t digits = 0;

        if (value.size < 2)
                return true;
        switch (*value.at) {
        case '$':
                return is_of_shell(value);
        case '%':
                return is_specifier(value);
        case '/':
                return is_path(value);
        case '<':
                return value.at[value.size - 1] == '>';
        case '*':
                return value.at[1] == '*' && value.at[value.size - 1] == '*';
        default:
                break;
        }
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (value.size == strlen(words[i]) && !strncasecmp(value.at, words[i], value.size))
                        return true;
        while (digits < value.size && isdigit((unsigned char)value.at[digits]))
                digits++;
        return digits == value.size && digits < NUMBER_LEAST;
}

struct slice redact_quoted(const char *at, char quote)
{
        const char ends[] = { quote, '\n', '\0' };
        size_t size = strcspn(at, ends);

        /* A script may have escaped the quotes. */
        size -= size && at[size] == quote && at[size - 1] == '\\';
        return (struct slice){ at, size };
}

struct slice redact_value_at(const char *at)
{
        at += *at == '\\' && (at[1] == '"' || at[1] == '\'');
        return *at == '"' || *at == '\'' ? redact_quoted(at + 1, *at) : (struct slice){ at, strcspn(at, BARE_ENDS) };
}
