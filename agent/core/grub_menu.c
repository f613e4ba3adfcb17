/* Which entry of a GRUB menu starts by itself: by number, title or id, down through submenus (grub-core/normal/menu.c). */

#include "agent/core/grub_config.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <stdint.h>
#include <string.h>

/* Does the first part of the wanted path name this? '>' ends a part, ">>" stands for a '>' within it. */
static bool names(const char *wanted, const char *name)
{
        for (;; wanted++, name++) {
                bool end = *wanted == '\0' || (*wanted == '>' && wanted[1] != '>');

                if (end)
                        return *name == '\0';
                if (*wanted == '>')
                        wanted++;
                if (*wanted != *name)
                        return false;
        }
}

static const char *behind(const char *wanted)
{
        for (; *wanted; wanted++) {
                if (*wanted != '>')
                        continue;
                if (wanted[1] != '>')
                        return wanted + 1;
                wanted++;
        }
        return wanted;
}

static const struct grub_item *at_position(const struct grub_config *config, size_t parent, uint64_t position)
{
        for (size_t i = 0; i < config->count; i++)
                if (config->items[i].parent == parent && config->items[i].position == position)
                        return &config->items[i];
        return NULL;
}

/* GRUB 2.06 takes any leading digits for a number, later versions only whole numbers: what is a whole number is one for
 * both. */
static const struct grub_item *in_menu(const struct grub_config *config, size_t parent, const char *wanted)
{
        size_t digits = strspn(wanted, "0123456789");
        const struct grub_item *found;
        uint64_t position = 0;

        for (size_t i = 0; i < digits && position < GRUB_ITEMS_MAX; i++)
                position = position * 10 + (uint64_t)(wanted[i] - '0');
        if (digits && (wanted[digits] == '\0' || wanted[digits] == '>')) {
                found = at_position(config, parent, position);
                return found ? found : at_position(config, parent, 0);
        }
        for (size_t i = 0; i < config->count; i++)
                if (config->items[i].parent == parent &&
                    (names(wanted, config->items[i].title) || names(wanted, config->items[i].id)))
                        return &config->items[i];
        found = digits ? at_position(config, parent, position) : NULL;
        return found ? found : at_position(config, parent, 0);
}

const struct grub_item *grub_config_standard(const struct grub_config *config)
{
        const char *wanted = config->standard;
        size_t parent = GRUB_TOP;

        for (;;) {
                const struct grub_item *item = in_menu(config, parent, wanted);

                if (!item || !item->submenu)
                        return item;
                parent = (size_t)(item - config->items);
                wanted = behind(wanted);
        }
}

static void add_escaped(struct text_buffer *path, const char *name)
{
        for (; *name; name++)
                text_add_bytes(path, *name == '>' ? ">>" : name, *name == '>' ? 2 : 1);
}

const char *grub_item_path(struct pool *pool, const struct grub_config *config, const struct grub_item *item, bool by_id)
{
        autobuffer struct text_buffer path = { 0 };
        const struct grub_item *chain[64];
        size_t count = 0;

        for (;; item = &config->items[item->parent]) {
                chain[count++] = item;
                if (item->parent == GRUB_TOP || count == sizeof chain / sizeof chain[0])
                        break;
        }
        while (count > 0) {
                count--;
                add_escaped(&path, by_id ? chain[count]->id : chain[count]->title);
                text_add(&path, count ? ">" : "");
        }
        return pool_dup(pool, path.at ? path.at : "");
}
