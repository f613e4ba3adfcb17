/* The menu in a generated grub.cfg, and which of its entries GRUB starts by itself. Pure: reads no file. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct pool;

#define GRUB_ITEMS_MAX 4096
#define GRUB_TOP       ((size_t)-1)

struct grub_item {
        const char *title, *id; /* an entry without an id is known by its title */
        size_t parent;          /* index of the submenu it stands in; GRUB_TOP */
        size_t position;        /* among the items of its menu, from 0 */
        bool submenu;
        const char *image;   /* of the kernel, as written; NULL: starts no Linux */
        const char *cmdline; /* what GRUB hands to the kernel behind BOOT_IMAGE= */
};

struct grub_config {
        size_t count;
        struct grub_item *items;
        const char *standard;  /* the value of "default" in the end, "" if never set */
        bool from_environment; /* it came out of the environment block */
        bool custom;           /* custom.cfg is read behind it */
        const char *problem;   /* the menu is not all in this file, or is no menu; NULL if it is */
};

/* environment: the text of grubenv, NULL if there is none. Everything lives in the pool. */
void grub_config_parse(struct pool *pool, const char *text, const char *environment, struct grub_config *config);
/* The entry that starts when nobody touches a key; NULL if there is none. */
const struct grub_item *grub_config_standard(const struct grub_config *config);
/* "submenu>entry", a '>' inside a name doubled; by title or by id. */
const char *grub_item_path(struct pool *pool, const struct grub_config *config, const struct grub_item *item, bool by_id);
