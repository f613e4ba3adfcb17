/* Any bytes as a kernel command line and as a grub.cfg: read without harm, and a command line says the same as itself. */

#include "agent/core/cmdline.h"
#include "agent/core/grub_config.h"
#include "agent/core/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first half is one command line, the second another. */
static void compare(struct pool *pool, const char *text)
{
        size_t half = strlen(text) / 2;
        struct cmdline whole, first, second;

        if (cmdline_parse(pool, text, &whole) == 0) {
                if (whole.count < 200 && !cmdline_equals(&whole, &whole))
                        abort();
                for (size_t i = 0; i < whole.count && i < 64; i++) {
                        cmdline_has(&whole, whole.rows[i].name, whole.rows[i].value);
                        if (!cmdline_get(&whole, whole.rows[i].name))
                                abort();
                }
                cmdline_has_pages(&whole, "1G", "4");
        }
        if (cmdline_parse(pool, pool_copy(pool, text, half), &first) == 0 && cmdline_parse(pool, text + half, &second) == 0 &&
            first.count + second.count < 200 && cmdline_equals(&first, &second) != cmdline_equals(&second, &first))
                abort();
}

static void read_menu(struct pool *pool, const char *text)
{
        size_t half = strlen(text) / 2;
        const struct grub_item *item;
        struct grub_config config;

        grub_config_parse(pool, text, NULL, &config);
        item = grub_config_standard(&config);
        if (item)
                grub_item_path(pool, &config, item, true);
        grub_config_parse(pool, text + half, pool_copy(pool, text, half), &config);
        item = grub_config_standard(&config);
        if (item && item->submenu)
                abort();
        if (item)
                grub_item_path(pool, &config, item, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
        autopool struct pool *pool = pool_new();
        const char *text = pool_copy(pool, bytes, size);

        compare(pool, text);
        read_menu(pool, text);
        return 0;
}
