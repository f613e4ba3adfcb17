/* Sysctls at the next boot: what our file says, and which other file wins. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tuning/sysctl_wish.h"

/* Is every field of the one unlike that of the other? Where one is equal, we may have written it ourselves. */
static bool differs_everywhere(const struct value *a, const struct value *b)
{
        if (a->kind != VALUE_FIELDS || b->kind != VALUE_FIELDS || a->fields.count != b->fields.count)
                return !value_equals(a, b);
        for (size_t i = 0; i < a->fields.count; i++)
                if (a->fields.at[i].magnitude == b->fields.at[i].magnitude &&
                    a->fields.at[i].negative == b->fields.at[i].negative)
                        return false;
        return true;
}

/* A one-sided wish is written only where it is needed: not where another file says something as good, nor where the kernel has
 * something better by itself (systemd raises fs.file-max as far as it goes). What our file says stays as it is while it is good
 * enough, so that what we wrote ourselves never moves the line. */
static const char *one_sided_line(struct sysctl_round *round, const struct sysctl_wish *wish)
{
        struct pool *pool = round->plan->pool;
        const struct sysctl_line *other = sysctl_files_winner(&round->files, wish->path, SYSCTL_OWN_NAME);
        const struct sysctl_line *own = sysctl_files_line(&round->files, wish->path, SYSCTL_OWN_FILE);
        bool others_set = other && other->value;
        struct value have, target, bound;
        const struct value *now = NULL;

        if (others_set && sysctl_fulfils(pool, wish, other->value))
                return NULL;
        if (own && own->value && sysctl_fulfils(pool, wish, own->value) &&
            value_parse_kernel(pool, own->value, wish->kind, UNIT_NONE, &target) == 0)
                return value_kernel(pool, &target);
        if (wish->step->undo_text && value_parse_kernel(pool, wish->step->undo_text, wish->kind, UNIT_NONE, &have) == 0)
                now = &have;
        if (want_target(pool, wish->want, NULL, &bound) < 0 || want_target(pool, wish->want, now, &target) < 0)
                return NULL;
        if (!others_set && now && want_holds(wish->want, now) && differs_everywhere(now, &bound))
                return NULL;
        return value_kernel(pool, &target);
}

const char *sysctl_line_value(struct sysctl_round *round, const struct sysctl_wish *wish)
{
        if ((!wish->present && !wish->setting->absent_ok) || wish->step->status == STATUS_NO_EFFECT)
                return NULL;
        if (sysctl_is_one_sided(wish->want))
                return one_sided_line(round, wish);
        return value_kernel(round->plan->pool, &wish->want->values[0]);
}

/* What a file says that not everybody may read is for nobody's report. */
static const char *shown_value(struct sysctl_round *round, const struct sysctl_line *line)
{
        struct pool *pool = round->plan->pool;

        return host_is_for_all(round->host, pool, line->file) ? text_printable(pool, line->value, SYSCTL_SHOWN_MAX)
                                                              : "a value that not everybody may read";
}

static struct step *note_shadow(struct sysctl_round *round, const struct sysctl_wish *wish, const struct sysctl_line *line,
                                const char *why)
{
        struct pool *pool = round->plan->pool;
        const char *where = pool_format(pool, "%s:%u", line->file, line->number);
        const char *now = line->value ? shown_value(round, line) : "not set";
        struct step *step;

        step = plan_note(round->plan, wish->setting, STATUS_SHADOWED, LAYER_FILES, where, now, wish->want->text,
                         "%s, which is read after %s, %s at the next boot", where, SYSCTL_OWN_FILE, why);
        step->fix = pool_format(pool, "take the line out of %s", line->file);
        return step;
}

/* Another file that comes later, or the partner that zeroes this key. */
void sysctl_compare_files(struct sysctl_round *round, const struct sysctl_wish *wish, bool written)
{
        struct pool *pool = round->plan->pool;
        const struct sysctl_files *files = &round->files;
        const char *partner = wish->special ? wish->special->partner : NULL;
        const struct sysctl_line *other = sysctl_files_winner(files, wish->path, SYSCTL_OWN_NAME);
        bool good = other && other->value && sysctl_fulfils(pool, wish, other->value);

        if (!written)
                return;
        if (other && !good && !other->pattern && sysctl_line_is_after(files, other, SYSCTL_OWN_NAME))
                note_shadow(round, wish, other, other->value ? "sets another value" : "keeps the key off");
        else if (other && !good && other->value && !wish->step->note)
                wish->step->note = pool_format(pool, "%s:%u sets %s; what %s says wins", other->file, other->number,
                                               shown_value(round, other), SYSCTL_OWN_FILE);
        if (!partner)
                return;
        other = sysctl_files_winner(files, partner, SYSCTL_OWN_NAME);
        if (other && other->value && !other->pattern && !sysctl_is_zero(pool, other->value) &&
            sysctl_line_is_after(files, other, SYSCTL_OWN_NAME))
                note_shadow(round, wish, other, pool_format(pool, "sets %s and thereby this key to 0", partner));
}

void sysctl_note_unreadable(struct sysctl_round *round)
{
        for (size_t i = 0; i < round->files.file_count; i++) {
                const struct sysctl_file *file = &round->files.files[i];
                struct step *step;

                if (!file->error || text_equals(file->name, SYSCTL_OWN_FILE))
                        continue;
                step = plan_note(round->plan, NULL, STATUS_UNKNOWN, LAYER_FILES, file->name,
                                 pool_format(round->plan->pool, "unreadable: %s", error_words(file->error)), "readable",
                                 "without it nobody can tell who sets the keys at the next boot");
                step->fix = "run as root, or repair the file";
        }
}
