/* What a command has to do with an item that stands in files, and so is not changed by what only sets what runs. */

#include "agent/evidence_commands.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <string.h>

/* They write files that nobody names to them. */
static const char tools[] =
        "update-grub grub-mkconfig grub2-mkconfig grub-set-default grub-reboot grub-editenv grub-install grubby "
        "kernelstub update-initramfs dracut dpkg-reconfigure apt apt-get aptitude dpkg bootctl kernel-install "
        "update-rc.d tuned-adm fwupdmgr";

/* systemctl(1): by links, and by files of its own. */
static bool links(const char *program, const char *arguments)
{
        struct slice word;

        if (!text_equals(program, "systemctl"))
                return false;
        while (evidence_argument(&arguments, &word))
                if (evidence_is_among(word,
                                      "enable disable reenable mask unmask preset link edit revert set-default add-wants"))
                        return true;
        return false;
}

/* Files of the disk's that it names. */
static const char *paths_in(struct pool *pool, const struct act *act)
{
        autobuffer struct text_buffer paths = { 0 };
        const char *text = act->touched ? act->touched : "", *arguments;
        struct slice word;

        evidence_program(pool, text, &arguments);
        while (evidence_argument(&arguments, &word)) {
                const char *path = evidence_whole_path(pool, slice_dup(pool, word), act->folder);

                if (path && memchr(word.at, '/', word.size) && !text_starts(path, "/proc/") && !text_starts(path, "/sys/"))
                        text_addf(&paths, " %s", path);
        }
        if (act->targets)
                text_add(&paths, act->targets);
        return pool_dup(pool, paths.at ? paths.at : "");
}

enum naming evidence_names_stored(const struct evidence *evidence, const struct drift_row *row, const struct act *act)
{
        const char *arguments, *program = evidence_program(evidence->pool, act->words, &arguments);
        enum naming naming;

        if (!program || evidence_is_live(evidence->pool, act))
                return NAMES_NOT;
        naming = evidence_names_files(evidence, row, act);
        if (naming == NAMES_FILE)
                return naming;
        if (evidence_names(evidence, row, paths_in(evidence->pool, act)))
                return NAMES_FILE;
        if (!act->touched || !evidence_names(evidence, row, act->touched))
                return naming;
        return evidence_is_among(slice_of(program), tools) || links(program, arguments) ? NAMES_FILE : NAMES_PERHAPS;
}
