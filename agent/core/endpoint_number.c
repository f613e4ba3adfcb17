/* Is a text a number, as one can stand in the JSON of an answer? */

#include "agent/core/endpoint.h"

#include <jansson.h>
#include <string.h>

bool endpoint_is_number(const char *text)
{
        json_t *json;
        bool number;

        /* The reader would pass over white space. */
        if (text[strspn(text, "+-.0123456789eE")])
                return false;
        json = json_loads(text, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
        number = json_is_number(json);
        json_decref(json);
        return number;
}
