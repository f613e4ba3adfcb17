/* Words that all formats share, and what makes any text safe in each of them. */

#include "agent/report.h"

#include "agent/core/pool.h"

#include <math.h>
#include <string.h>

#define GIVEN_UP_MAX 600

static enum state state_of(enum status status)
{
        if (status == STATUS_WAIVED)
                return STATE_WAIVED;
        if (status == STATUS_PENDING)
                return STATE_PENDING;
        if (status == STATUS_UNKNOWN)
                return STATE_UNKNOWN;
        return status_is_failure(status) ? STATE_FAILED : STATE_OK;
}

const char *report_state_name(enum state state)
{
        static const char *const names[STATES] = { "ok", "waived", "pending", "unread", "unknown", "failed" };

        return names[state];
}

const struct finding *report_row(const struct report *report, size_t i, enum state *state)
{
        const struct findings *list = report->findings;
        bool unread = i >= list->count;

        if (unread) {
                i -= list->count;
                list = report->unread;
        }
        if (!list || i >= list->count)
                return NULL;
        if (state)
                *state = unread ? STATE_UNREAD : state_of(list->rows[i].status);
        return &list->rows[i];
}

const char *report_verdict_words(enum verdict verdict)
{
        static const char *const words[] = { "ready", "not ready", "ready after a reboot", "cannot tell" };

        return words[verdict];
}

const char *report_given_up(const struct report *report, struct pool *pool)
{
        return report->given_up
                       ? pool_format(pool, "given up, as a time limit of %g s wants: %s", report->options->time_limit_s,
                                     text_printable(pool, report->given_up, GIVEN_UP_MAX))
                       : NULL;
}

const char *report_words(struct pool *pool, const struct finding *finding, size_t limit)
{
        const char *have = finding->have ? text_printable(pool, finding->have, limit) : NULL;
        const char *want = finding->want ? text_printable(pool, finding->want, limit) : NULL;

        /* What an endpoint did is a sentence of its own: "gave up after 1 s". */
        if (have && want && !text_equals(have, want) && text_starts(finding->id, "endpoint.") &&
            !text_starts(finding->have, "unreadable"))
                return pool_format(pool, "%s, want %s", have, want);
        if (have && want && !text_equals(have, want))
                return pool_format(pool, "have %s, want %s", have, want);
        if (have || want)
                return have ? have : want;
        return "";
}

void report_add_wrapped(struct text_buffer *out, size_t used, size_t indent, size_t width, const char *text)
{
        while (*text) {
                size_t gap = strspn(text, " \n\t"), size = strcspn(text + gap, " \n\t");

                if (width && gap && used + gap + size > width) {
                        text_addf(out, "\n%*s", (int)indent, "");
                        used = indent;
                } else {
                        text_add_bytes(out, text, gap);
                        used += gap;
                }
                text_add_bytes(out, text + gap, size);
                used += size;
                text += gap + size;
        }
        text_add(out, "\n");
}

/* Of what runs on the machine, and not of the machine. */
static bool is_about_services(const char *id)
{
        return text_starts(id, "endpoint.") || text_starts(id, "unit.") || text_starts(id, "units.") ||
               text_starts(id, "journal.");
}

struct report_advice report_advice(const struct findings *findings)
{
        struct report_advice advice = { 0 };

        for (size_t i = 0; i < findings->count; i++) {
                const struct finding *finding = &findings->rows[i];

                if (status_is_fine(finding->status))
                        continue;
                advice.apply += text_equals(finding->fix, "plumbline apply");
                advice.reboot += finding->status == STATUS_PENDING;
                advice.root += text_equals(finding->fix, "run it as root");
                if (finding->kind != FINDING_REQUIREMENT || finding->status != STATUS_FAIL || finding->tier == TIER_INFO)
                        continue;
                if (is_about_services(finding->id))
                        advice.services++;
                else
                        advice.box++;
        }
        return advice;
}

bool report_number(const struct value *value, double *number)
{
        switch (value->kind) {
        case VALUE_FLAG:
                *number = value->flag;
                return true;
        case VALUE_NUMBER:
                *number = (double)value->number;
                return true;
        case VALUE_REAL:
                *number = value->real;
                return true;
        case VALUE_TEXT:
        case VALUE_VERSION:
        case VALUE_CPUS:
        case VALUE_MASK:
        case VALUE_WORDS:
        case VALUE_FIELDS:
        case VALUE_CHOICE:
                break;
        }
        return false;
}

const char *report_number_words(struct pool *pool, double number)
{
        if (isnan(number))
                return "NaN";
        if (isinf(number))
                return number > 0 ? "+Inf" : "-Inf";
        if (number == floor(number) && fabs(number) < 0x1p63)
                return pool_format(pool, "%.0f", number);
        return pool_format(pool, "%.12g", number);
}

void report_escape(struct text_buffer *out, const char *text, const struct escape *table)
{
        autopool struct pool *pool = pool_new();

        if (!text)
                return;
        for (const char *c = text_printable(pool, text, REPORT_TEXT_MAX); *c; c++) {
                const struct escape *row = table;

                while (row->character && row->character != *c)
                        row++;
                if (row->character)
                        text_add(out, row->as);
                else
                        text_add_bytes(out, c, 1);
        }
}

bool report_selects(const char *name, const char *const *patterns, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                size_t size = strlen(patterns[i]);

                if (text_matches(name, patterns[i]) || (!strncmp(name, patterns[i], size) && name[size] == '.'))
                        return true;
        }
        return count == 0;
}
