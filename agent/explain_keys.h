/* Keys of which the field of a knob, which stands for any name, says nothing. */

#pragma once

/* What it is and why it matters; NULL: nothing is known of it here. */
const char *explain_key(const char *name);
