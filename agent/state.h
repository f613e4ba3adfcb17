/* What is recorded of a host: hardware, firmware, settings in their four layers, packages that matter. No serial numbers, no
 * contents of files, nothing that changes by itself from one minute to the next.
 *
 * A state is a JSON object: {"fact": {NAME: TEXT}, "package": {...}, "profile": {SETTING: TEXT}, "files": {...},
 * "next-boot": {...}, "running": {...}}. */

#pragma once

#include "agent/examine.h"

#include <jansson.h>

#define STATE_LAYERS 6
extern const char *const state_layers[STATE_LAYERS];

/* The text of what could not be read begins so. */
#define STATE_UNREADABLE "unreadable: "
/* Stands for what is nobody's business. */
#define STATE_UNRECORDED "(not recorded)"

/* Is a fact of this name recorded? A name may be a row of a table, with its '*'. */
bool state_records(const char *name);
/* What the examination saw. The caller owns it. */
json_t *state_look(const struct session *session, const struct examination *examination);
/* Only the settings of it, in their four layers. The caller owns it. */
json_t *state_settings(const struct plan *plan);
/* Adds from before what this examination left unread; what it looked for and did not find stays gone. carried, unless NULL, gets a text
 * "LAYER NAME" for each: nobody looked at those. */
void state_carry(json_t *state, const json_t *before, const struct examination *examination, json_t *carried);
/* The packages that matter, or all, by the dpkg database; an empty object where there is none. One that cannot be read is a single
 * member, "dpkg", whose text says why. */
json_t *state_packages(struct host *host, bool all);
/* What a row of the plan found, in words that tell it from another; the pool's, or the plan's. */
const char *state_row_text(struct pool *pool, const struct step *step);
/* The kernel's command line as it is recorded; in the pool. */
const char *state_cmdline(struct pool *pool, const char *cmdline);
/* The options of a mount, "rw,noatime,...", in the same way. */
const char *state_options(struct pool *pool, const char *options);
/* The names of units, in the same way. */
const char *state_units(struct pool *pool, const char *names);
/* What a row of the setting `id` found, or what it wants, with `hidden` in the place of what is private in parameters of the kernel's
 * command line and in sysctls; in the pool, or one of the texts given. */
const char *state_without_private(struct pool *pool, const char *id, const char *text, const char *hidden);

/* What has to be done to get from `before` to `after`: {LAYER: {NAME: TEXT or null}}, only what differs. The caller owns it. */
json_t *state_difference(const json_t *before, const json_t *after);
/* Does it to a state. */
void state_advance(json_t *state, const json_t *difference);
/* Is it a state, or a difference between states? */
bool state_is_valid(const json_t *json);
/* How many items there are in a state or a difference. */
size_t state_size(const json_t *state);

/* For locals: `autojson json_t *json = NULL;` */
void state_drop(json_t **json);
#define autojson __attribute__((cleanup(state_drop)))
