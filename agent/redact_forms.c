/* What a word looks like: a version, a UUID, what a maker fills in, a name that is found nowhere else. */

#include "agent/redact_inside.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#define NUMBER_LEAST 10 /* digits: shorter ones are sizes and frequencies, too */

bool redact_is_version_mark(const char *start, const char *at)
{
        return at > start && tolower((unsigned char)at[-1]) == 'v' && (at == start + 1 || !isalnum((unsigned char)at[-2]));
}

bool redact_is_uuid(struct slice word)
{
        if (word.size < UUID_SIZE || (word.size > UUID_SIZE && isalnum((unsigned char)word.at[UUID_SIZE])))
                return false;
        for (size_t i = 0; i < UUID_SIZE; i++) {
                bool dash = i == 8 || i == 13 || i == 18 || i == 23;

                if (dash ? word.at[i] != '-' : !isxdigit((unsigned char)word.at[i]))
                        return false;
        }
        return true;
}

static bool is_filler_word(struct slice word)
{
        static const char *const fillers[] = {
                "To be filled by O.E.M.",
                "Default string",
                "None",
                "Not Specified",
                "Not Available",
                "Not Applicable",
                "N/A",
                "Unknown",
                "INVALID",
                "System Serial Number",
                "Chassis Serial Number",
                "Base Board Serial Number",
                "No Asset Tag",
                "No Asset Information",
                "Asset-1234567890",
                "1234567890",
                "0123456789",
                "123456789",
                "01234567890123456789AB",
                "NO DIMM",
                "empty",
                "03000200-0400-0500-0006-000700080009",
        };

        for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++)
                if (strlen(fillers[i]) == word.size && !strncasecmp(fillers[i], word.at, word.size))
                        return true;
        return false;
}

bool redact_is_filler(struct slice word)
{
        bool seen[UCHAR_MAX + 1] = { false };
        unsigned letters = 0;

        for (size_t i = 0; i < word.size; i++) {
                unsigned char letter = (unsigned char)tolower((unsigned char)word.at[i]);

                letters += isalnum(letter) && !seen[letter];
                seen[letter] = true;
        }
        /* "00000000", "ffffffff", "00000001" */
        return letters <= 2 || is_filler_word(word);
}

bool redact_is_distinct(struct slice word, size_t least)
{
        size_t digits = 0, dashes = 0;

        for (size_t i = 0; i < word.size; i++) {
                digits += isdigit((unsigned char)word.at[i]) != 0;
                dashes += word.at[i] == '-';
        }
        if (word.size < least || !(digits + dashes) || (digits == word.size && digits < NUMBER_LEAST))
                return false;
        return !redact_is_filler(word);
}
