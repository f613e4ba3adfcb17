/* Whether a name stands in a text as a word of its own. */

#include "agent/evidence_inside.h"

#include <ctype.h>
#include <string.h>

#define DIGITS   "0123456789"
#define WORD_MIN 3 /* characters of a name that is looked for in a text: a shorter one is in everything */

static bool goes_on(char character)
{
        return isalnum((unsigned char)character) || character == '_' || character == '-';
}

/* The word, and not a part of a longer one: eth1 is not in eth10, nor in eth1.100. whole false: it may begin a longer one, as linux-image
 * does. */
static bool has_word(const char *text, const char *word, bool whole)
{
        size_t size = strlen(word);

        for (const char *at = strstr(text, word); size >= WORD_MIN && at; at = strstr(at + 1, word)) {
                if (at > text && (goes_on(at[-1]) || at[-1] == '.'))
                        continue;
                if (!isalnum((unsigned char)at[size]) &&
                    (!whole || !(goes_on(at[size]) || (at[size] == '.' && goes_on(at[size + 1])))))
                        return true;
        }
        return false;
}

/* "n1" and "n1p2" behind a drive's name: its namespaces, and their partitions. 0: it is neither. */
static size_t namespace_size(const char *text)
{
        size_t size = *text == 'n' ? 1 + strspn(text + 1, DIGITS) : 0, more;

        if (size < 2)
                return 0;
        more = text[size] == 'p' ? strspn(text + size + 1, DIGITS) : 0;
        return more ? size + 1 + more : size;
}

bool evidence_has_drive(const char *text, const char *drive)
{
        size_t size = strlen(drive);

        for (const char *at = strstr(text, drive); at; at = strstr(at + 1, drive)) {
                size_t more = namespace_size(at + size);

                if (more && !(at > text && (goes_on(at[-1]) || at[-1] == '.')) && !goes_on(at[size + more]))
                        return true;
        }
        return false;
}

bool evidence_has_word(const char *text, const char *word)
{
        return has_word(text, word, true);
}

bool evidence_begins_word(const char *text, const char *word)
{
        return has_word(text, word, false);
}
