/* Reads the menu out of a generated grub.cfg: menu entries, submenus, conditions, the default entry. */

#include "agent/core/grub_config.h"

#include "agent/core/grub_script.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

#define DEPTH_MAX 32
#define TEXT_MAX  ((size_t)4 * 1024 * 1024)

enum truth { FALSE, TRUE, MAYBE };
enum block { BLOCK_SUBMENU, BLOCK_ENTRY, BLOCK_SKIPPED };

/* What is open while the file is read from top to bottom. */
struct reader {
        struct pool *pool;
        struct grub_config *config;
        struct grub_script script;
        size_t depth;
        struct {
                enum block kind;
                size_t item; /* GRUB_TOP for BLOCK_SKIPPED */
        } blocks[DEPTH_MAX];
        size_t conditions;
        struct {
                bool active; /* commands of this branch may run */
                bool done;   /* some branch runs for certain: no later one does */
        } condition[DEPTH_MAX];
};

/* save_env writes "name=value" lines, padded with '#' (grub-core/lib/envblk.c). */
static void load_environment(struct grub_script *script, const char *text)
{
        struct slice line;

        while (text && text_line(&text, &line)) {
                const char *equals = memchr(line.at, '=', line.size);

                if (line.at[0] == '#' || !equals || line.size > 4096)
                        continue;
                grub_script_set(
                        script, slice_dup(script->pool, (struct slice){ line.at, (size_t)(equals - line.at) }),
                        slice_dup(script->pool, (struct slice){ equals + 1, line.size - 1 - (size_t)(equals - line.at) }));
        }
}

static bool is_active(const struct reader *reader)
{
        for (size_t i = 0; i < reader->conditions; i++)
                if (!reader->condition[i].active)
                        return false;
        return true;
}

static bool is_skipped(const struct reader *reader)
{
        return reader->depth > 0 && reader->blocks[reader->depth - 1].kind == BLOCK_SKIPPED;
}

/* "[ ... ]" over text; whatever asks the machine (files, devices) may go either way. */
static enum truth evaluate(const struct grub_script *script, size_t from)
{
        const char *const *at = script->words + from;
        size_t count = script->count - from;

        if (script->uncertain || script->end == '&' || script->end == '|' || count < 2 || strcmp(at[0], "[") != 0 ||
            strcmp(at[count - 1], "]") != 0)
                return MAYBE;
        at++;
        count -= 2;
        if (count == 0)
                return FALSE;
        if (count == 1)
                return *at[0] ? TRUE : FALSE;
        if (count == 2 && !strcmp(at[0], "-z"))
                return *at[1] ? FALSE : TRUE;
        if (count == 2 && !strcmp(at[0], "-n"))
                return *at[1] ? TRUE : FALSE;
        if (count == 3 && (!strcmp(at[1], "=") || !strcmp(at[1], "==")))
                return strcmp(at[0], at[2]) ? FALSE : TRUE;
        if (count == 3 && !strcmp(at[1], "!="))
                return strcmp(at[0], at[2]) ? TRUE : FALSE;
        return MAYBE;
}

static void open_branch(struct reader *reader, size_t index, enum truth truth)
{
        reader->condition[index].active = !reader->condition[index].done && truth != FALSE;
        if (truth == TRUE)
                reader->condition[index].done = true;
}

/* Takes the words of the shell-like syntax off the front of the command; returns where the command proper starts. */
static size_t read_keywords(struct reader *reader)
{
        const struct grub_script *script = &reader->script;

        for (size_t i = 0; i < script->count; i++) {
                const char *word = script->words[i];
                size_t last = reader->conditions - 1;

                if (!strcmp(word, "if")) {
                        if (reader->conditions < DEPTH_MAX) {
                                last = reader->conditions++;
                                reader->condition[last].done = false;
                                open_branch(reader, last, evaluate(script, i + 1));
                        } else {
                                reader->config->problem = "its conditions are nested too deep";
                        }
                        return script->count;
                }
                if (!strcmp(word, "elif") && reader->conditions) {
                        open_branch(reader, last, evaluate(script, i + 1));
                        return script->count;
                }
                if (!strcmp(word, "else") && reader->conditions)
                        open_branch(reader, last, MAYBE);
                else if (!strcmp(word, "fi") && reader->conditions)
                        reader->conditions--;
                else if (strcmp(word, "then") != 0 && strcmp(word, "do") != 0 && strcmp(word, "done") != 0)
                        return i;
        }
        return script->count;
}

static size_t add_item(struct reader *reader, bool submenu, size_t from)
{
        struct grub_config *config = reader->config;
        const struct grub_script *script = &reader->script;
        const char *title = NULL, *id = NULL;
        size_t parent = reader->depth ? reader->blocks[reader->depth - 1].item : GRUB_TOP, position = 0;

        for (size_t i = from + 1; i < script->count; i++) {
                const char *word = script->words[i];

                if (!strcmp(word, "--id") && i + 1 < script->count)
                        id = script->words[++i];
                else if (text_starts(word, "--id="))
                        id = word + strlen("--id=");
                else if (!strcmp(word, "--class") || !strcmp(word, "--users") || !strcmp(word, "--hotkey") ||
                         !strcmp(word, "--source"))
                        i++;
                else if (!text_starts(word, "--") && !title)
                        title = word;
        }
        for (size_t i = 0; i < config->count; i++)
                position += config->items[i].parent == parent;
        title = title ? title : "";
        config->items = pool_grow(reader->pool, config->items, config->count, sizeof *config->items);
        config->items[config->count] = (struct grub_item){
                .title = pool_dup(reader->pool, title),
                .id = pool_dup(reader->pool, id && *id ? id : title),
                .parent = parent,
                .position = position,
                .submenu = submenu,
        };
        return config->count++;
}

/* grub_create_loader_cmdline() of grub-core/lib/cmdline.c: a word with a blank goes in double quotes, and quotes and
 * backslashes get a backslash, which the kernel does not understand. */
static void add_argument(struct text_buffer *cmdline, const char *word)
{
        bool blank = strchr(word, ' ') != NULL;

        text_add(cmdline, cmdline->size ? " " : "");
        text_add(cmdline, blank ? "\"" : "");
        for (; *word; word++) {
                if (strchr("\\'\"", *word))
                        text_add(cmdline, "\\");
                text_add_bytes(cmdline, word, 1);
        }
        text_add(cmdline, blank ? "\"" : "");
}

static void read_linux(struct reader *reader, struct grub_item *item, size_t from)
{
        const struct grub_script *script = &reader->script;
        autobuffer struct text_buffer cmdline = { 0 };

        if (item->image || from + 1 >= script->count)
                return;
        item->image = pool_dup(reader->pool, script->words[from + 1]);
        text_add(&cmdline, "");
        for (size_t i = from + 2; i < script->count; i++)
                add_argument(&cmdline, script->words[i]);
        item->cmdline = pool_dup(reader->pool, cmdline.at);
}

static void assign(struct reader *reader, const char *word)
{
        const char *equals = strchr(word, '=');

        if (equals && equals > word)
                grub_script_set(&reader->script, pool_copy(reader->pool, word, (size_t)(equals - word)), equals + 1);
}

/* custom.cfg is looked at by the caller; user.cfg holds a password. What others do to the menu is not known. */
static void read_source(struct reader *reader, const char *path)
{
        if (text_ends(path, "/custom.cfg"))
                reader->config->custom = true;
        else if (!text_ends(path, "/user.cfg") && !reader->config->problem)
                reader->config->problem = "it reads other files than itself and custom.cfg";
}

/* A command that runs, or may run. */
static void read_command(struct reader *reader, size_t from)
{
        const struct grub_script *script = &reader->script;
        const char *name = script->words[from];
        bool in_entry = reader->depth && reader->blocks[reader->depth - 1].kind == BLOCK_ENTRY;

        if (in_entry) {
                struct grub_item *item = &reader->config->items[reader->blocks[reader->depth - 1].item];

                if (!strcmp(name, "linux") || !strcmp(name, "linux16") || !strcmp(name, "linuxefi"))
                        read_linux(reader, item, from);
                return;
        }
        if (!strcmp(name, "set") && from + 1 < script->count)
                assign(reader, script->words[from + 1]);
        else if (!strcmp(name, "unset") && from + 1 < script->count)
                grub_script_set(&reader->script, script->words[from + 1], "");
        else if (!strcmp(name, "blscfg"))
                reader->config->problem = "its entries come from /boot/loader/entries (blscfg)";
        else if ((!strcmp(name, "source") || !strcmp(name, ".")) && from + 1 < script->count)
                read_source(reader, script->words[from + 1]);
        else if (from + 1 == script->count)
                assign(reader, name);
}

/* A brace opens behind the command that was read last. */
static void open_block(struct reader *reader, size_t from, bool runs)
{
        const struct grub_script *script = &reader->script;
        const char *name = from < script->count ? script->words[from] : "";
        bool submenu = !strcmp(name, "submenu"), entry = !strcmp(name, "menuentry");
        size_t last = reader->depth, item = GRUB_TOP;
        enum block kind = BLOCK_SKIPPED;

        if (reader->depth == DEPTH_MAX || reader->config->count == GRUB_ITEMS_MAX) {
                reader->config->problem = "it has more entries or levels than any real menu";
                reader->script.at = "";
                return;
        }
        if (runs && (submenu || entry)) {
                kind = submenu ? BLOCK_SUBMENU : BLOCK_ENTRY;
                item = add_item(reader, submenu, from);
        }
        reader->blocks[last].kind = kind;
        reader->blocks[last].item = item;
        reader->depth++;
}

static void read_all(struct reader *reader)
{
        const struct grub_script *script = &reader->script;

        while (grub_script_next(&reader->script)) {
                bool skipped = is_skipped(reader), runs;
                size_t from = skipped ? script->count : read_keywords(reader);

                runs = !skipped && is_active(reader);
                if (script->end == '{')
                        open_block(reader, from, runs);
                else if (runs && from < script->count)
                        read_command(reader, from);
                if (script->end == '}' && reader->depth)
                        reader->depth--;
        }
}

void grub_config_parse(struct pool *pool, const char *text, const char *environment, struct grub_config *config)
{
        struct reader reader = { .pool = pool, .config = config };
        const char *chosen;

        *config = (struct grub_config){ .standard = "" };
        if (strnlen(text, TEXT_MAX + 1) > TEXT_MAX) {
                config->problem = "it is larger than any real menu";
                return;
        }
        grub_script_begin(&reader.script, pool, text);
        load_environment(&reader.script, environment);
        chosen = grub_script_get(&reader.script, "next_entry");
        for (unsigned i = 0; i < 2 && !*chosen; i++)
                chosen = grub_script_get(&reader.script, i == 0 ? "prev_saved_entry" : "saved_entry");
        read_all(&reader);
        config->standard = grub_script_get(&reader.script, "default");
        config->from_environment = *chosen && !strcmp(chosen, config->standard);
        if (!config->count && !config->problem)
                config->problem = "it has no menu entry";
        grub_script_end(&reader.script);
}
