/* Reading texts out of JSON that somebody else may have written. */

#pragma once

#include <jansson.h>

/* The text of a member; NULL where there is none, or it is no text. json may be NULL. */
const char *json_text(const json_t *json, const char *key);
