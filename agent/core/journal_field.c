/* The journal that is open: one field of the entry that it stands at. */

#include "agent/core/journal_inside.h"

#include <stdio.h>
#include <string.h>

void journal_close(sd_journal **journal)
{
        sd_journal_close(*journal);
}

bool journal_field(sd_journal *journal, const char *name, bool blanks, char *text, size_t size)
{
        const void *bytes;
        size_t length, skip = strlen(name) + 1;

        snprintf(text, size, "-");
        if (sd_journal_get_data(journal, name, &bytes, &length) < 0 || length <= skip)
                return false;
        length = length - skip < size - 1 ? length - skip : size - 1;
        memcpy(text, (const char *)bytes + skip, length);
        text[length] = '\0';
        for (size_t i = 0; i < length; i++)
                if ((unsigned char)text[i] < ' ' || text[i] == 0x7f || (text[i] == ' ' && !blanks))
                        text[i] = '?';
        return true;
}
