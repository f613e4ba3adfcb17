/* Reading texts out of JSON that somebody else may have written. */

#include "agent/json_text.h"

const char *json_text(const json_t *json, const char *key)
{
        return json_string_value(json_object_get(json, key));
}
