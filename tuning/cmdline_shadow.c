/* Other files for grub-mkconfig that set a parameter of ours, and win. */

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/cmdline_text.h"
#include "tuning/cmdline_view.h"

#include <string.h>

/* Files are read in the order of their names, /etc/default/grub first. */
static bool is_behind_ours(const struct grub_assignment *row)
{
        return text_starts(row->file, "/etc/default/grub.d/") && strcmp(row->file, CMDLINE_FILE) > 0;
}

static bool is_default_line(const struct grub_assignment *row)
{
        return text_equals(row->name, "GRUB_CMDLINE_LINUX_DEFAULT");
}

/* A later file that does not carry the value on makes an end of what was set before it. */
static bool is_overwritten(const struct view *view, size_t index)
{
        const struct grub_assignment *row = &view->defaults.rows[index];

        for (size_t i = index + 1; i < view->defaults.count; i++)
                if (text_equals(view->defaults.rows[i].name, row->name) && !view->defaults.rows[i].appends)
                        return true;
        return false;
}

/* Does this assignment decide, where both it and our file set the parameter? GRUB_CMDLINE_LINUX stands before
 * GRUB_CMDLINE_LINUX_DEFAULT on the command line (grub.d/10_linux). */
static bool wins(const struct grub_assignment *row, const struct setting *setting)
{
        bool behind = is_default_line(row) && is_behind_ours(row);

        if (text_equals(setting->text, "false"))
                return true;
        return cmdline_keeps_first(setting->keys[0]) ? !behind : behind;
}

static void shadow_row(struct view *view, const struct grub_assignment *row, const struct setting *setting,
                       const struct cmdline *cmdline)
{
        const char *place = pool_format(view->pool, "%s:%u", row->file, row->line);
        struct step *step;

        step = plan_note(view->plan, setting, STATUS_SHADOWED, LAYER_NEXT_BOOT, place, view_found(view, cmdline, setting),
                         view_wanted(view, setting), "%s",
                         cmdline_keeps_first(setting->keys[0])
                                 ? "the kernel keeps the first of several, and this one comes first"
                                 : "this one has the last word");
        step->fix = pool_format(view->pool, "take %s out of %s, line %u, then run update-grub", setting->keys[0], row->file,
                                row->line);
        view->shadowed = true;
}

static void compare(struct view *view, const struct grub_assignment *row)
{
        struct cmdline cmdline;

        if (cmdline_parse(view->pool, row->value, &cmdline) < 0)
                return;
        for (size_t i = 0; i < view->want->count; i++) {
                const struct setting *setting = &view->want->rows[i];

                if (setting->held || !cmdline_get(&cmdline, setting->keys[0]) || view_holds(view, &cmdline, setting))
                        continue;
                if (wins(row, setting))
                        shadow_row(view, row, setting, &cmdline);
        }
}

static void overwritten_row(struct view *view, const struct grub_assignment *row)
{
        struct step *step;

        step = plan_note(view->plan, NULL, STATUS_SHADOWED, LAYER_NEXT_BOOT,
                         pool_format(view->pool, "%s:%u", row->file, row->line), "sets GRUB_CMDLINE_LINUX_DEFAULT anew",
                         "carries it on", "it is read behind our file and does not carry its parameters on");
        step->fix = pool_format(view->pool, "begin the value with $GRUB_CMDLINE_LINUX_DEFAULT in %s, line %u", row->file,
                                row->line);
        view->shadowed = true;
}

void view_shadows(struct view *view)
{
        for (size_t i = 0; i < view->defaults.count; i++) {
                const struct grub_assignment *row = &view->defaults.rows[i];

                if (text_equals(row->name, "GRUB_DEFAULT") || text_equals(row->file, CMDLINE_FILE) || is_overwritten(view, i))
                        continue;
                compare(view, row);
                if (is_default_line(row) && is_behind_ours(row) && !row->appends)
                        overwritten_row(view, row);
        }
}
