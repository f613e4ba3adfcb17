/* What most reports say of each item, and who stands out. */

#include "agent/fleet.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>

struct place {
        const char *host;
        enum fleet_kind kind;
        size_t number;
};

static int by_place(const void *a, const void *b)
{
        const struct place *left = a, *right = b;
        int order = text_compare_natural(left->host, right->host);

        if (!order)
                order = strcmp(left->host, right->host);
        if (!order)
                order = (left->kind > right->kind) - (left->kind < right->kind);
        return order ? order : (left->number > right->number) - (left->number < right->number);
}

static int by_number(const void *a, const void *b)
{
        const size_t *left = a, *right = b;

        return (*left > *right) - (*left < *right);
}

static void renumber(struct fleet *fleet, const size_t *numbers)
{
        for (size_t i = 0; i < fleet->item_count; i++) {
                for (size_t j = 0; j < fleet->items[i].count; j++) {
                        struct fleet_answer *answer = &fleet->items[i].answers[j];

                        for (size_t k = 0; k < answer->count; k++)
                                answer->reports[k] = numbers[answer->reports[k]];
                        qsort(answer->reports, answer->count, sizeof *answer->reports, by_number);
                }
        }
}

/* In whatever order the files were named, the answer is the same. */
static void sort_reports(struct fleet *fleet)
{
        struct fleet_report *sorted = pool_zero(fleet->pool, (fleet->count + 1) * sizeof *sorted);
        struct place *places = pool_zero(fleet->pool, (fleet->count + 1) * sizeof *places);
        size_t *numbers = pool_zero(fleet->pool, (fleet->count + 1) * sizeof *numbers);

        for (size_t i = 0; i < fleet->count; i++)
                places[i] = (struct place){ fleet->reports[i].host, fleet->reports[i].kind, i };
        qsort(places, fleet->count, sizeof *places, by_place);
        for (size_t i = 0; i < fleet->count; i++) {
                sorted[i] = fleet->reports[places[i].number];
                numbers[places[i].number] = i;
        }
        fleet->reports = sorted;
        renumber(fleet, numbers);
}

static bool is_unread(const struct fleet_answer *answer)
{
        return text_equals(answer->status, FLEET_UNREAD);
}

/* Which answer each report gives to the item; NULL: none. The caller frees it. */
static const struct fleet_answer **answers_of(const struct fleet *fleet, const struct fleet_item *item)
{
        const struct fleet_answer **given = memory_zero((fleet->count + 1) * sizeof(void *));

        for (size_t i = 0; i < item->count; i++)
                for (size_t j = 0; j < item->answers[i].count; j++)
                        given[item->answers[i].reports[j]] = &item->answers[i];
        return given;
}

/* The report in whose name it counts that this one gives the answer; FLEET_NONE: it does not count. Of a report that looked at all and
 * a newer one that looked at a part, what the newer one saw counts, and of the rest what the older one saw. */
static size_t counts_for(const struct fleet *fleet, const struct fleet_answer *const *given, size_t number)
{
        const struct fleet_report *report = &fleet->reports[number];
        const struct fleet_host *host = &fleet->hosts[report->host_at];
        size_t other = host->first;

        if (report->replaced)
                return FLEET_NONE;
        while (other < host->first + host->count &&
               (other == number || fleet->reports[other].kind != FLEET_FINDINGS || fleet->reports[other].replaced))
                other++;
        if (report->kind != FLEET_FINDINGS || other == host->first + host->count)
                return number;
        if (report->beside)
                return is_unread(given[number]) && given[other] ? FLEET_NONE : other;
        return given[other] && !is_unread(given[other]) ? FLEET_NONE : number;
}

/* Of what a report said that a newer one replaces nothing counts. */
static void drop_replaced(const struct fleet *fleet, struct fleet_item *item)
{
        autofree const struct fleet_answer **given = answers_of(fleet, item);
        autofree size_t *sizes = memory_zero((item->count + 1) * sizeof *sizes);
        size_t kept = 0;

        for (size_t i = 0; i < item->count; i++)
                for (size_t j = 0; j < item->answers[i].count; j++) {
                        size_t number = counts_for(fleet, given, item->answers[i].reports[j]);

                        if (number != FLEET_NONE)
                                item->answers[i].reports[sizes[i]++] = number;
                }
        for (size_t i = 0; i < item->count; i++) {
                struct fleet_answer answer = item->answers[i];

                answer.count = sizes[i];
                if (answer.count)
                        item->answers[kept++] = answer;
        }
        item->count = kept;
}

/* A version of which no report tells a fact that others tell may not know of it: who says nothing then, says nothing of the host. The
 * caller frees it. */
static bool *told_versions(struct fleet *fleet, const struct fleet_item *item, const struct fleet_answer *const *given)
{
        bool *told = memory_zero(fleet->version_count + 1);

        for (size_t i = 0; i < fleet->count; i++)
                if (given[i])
                        told[fleet->reports[i].version_at] = true;
        for (size_t i = 0; i < fleet->version_count; i++) {
                if (item->kind == FLEET_FINDINGS)
                        told[i] = true;
                fleet->versions[i].untold += !told[i] && fleet->versions[i].reports;
        }
        return told;
}

/* Those that do not speak of it say something, too: that there is no such thing. */
static void add_missing(struct fleet *fleet, struct fleet_item *item)
{
        autofree const struct fleet_answer **given = answers_of(fleet, item);
        autofree bool *told = told_versions(fleet, item, given);
        autofree size_t *silent = memory_zero((fleet->count + 1) * sizeof *silent);
        struct fleet_answer missing = { .status = FLEET_MISSING };
        size_t all = fleet->kinds[item->kind];

        item->of = all;
        for (size_t i = 0; i < fleet->count; i++) {
                const struct fleet_report *report = &fleet->reports[i];

                if (given[i] || report->kind != item->kind || !fleet_speaks(report))
                        continue;
                if (told[report->version_at])
                        silent[missing.count++] = i;
                else
                        item->of--;
        }
        if (!missing.count)
                return;
        if (missing.count * 2 <= all)
                missing.reports = pool_copy(fleet->pool, silent, missing.count * sizeof *silent);
        item->answers = pool_grow(fleet->pool, item->answers, item->count, sizeof *item->answers);
        item->answers[item->count++] = missing;
}

static int by_count(const void *a, const void *b)
{
        const struct fleet_answer *left = a, *right = b;

        if (left->count != right->count)
                return left->count < right->count ? 1 : -1;
        if (strcmp(left->status, right->status) != 0)
                return strcmp(left->status, right->status);
        return strcmp(left->have ? left->have : "", right->have ? right->have : "");
}

/* The status that more than half agree in, where they do not in the value. */
static const struct fleet_answer *most_by_status(const struct fleet *fleet, const struct fleet_item *item)
{
        for (size_t i = 0; i < item->count; i++) {
                struct fleet_answer together = { .status = item->answers[i].status };

                for (size_t j = 0; j < item->count; j++)
                        if (text_equals(item->answers[j].status, together.status))
                                together.count += item->answers[j].count;
                if (together.count * 2 > item->of && !is_unread(&together))
                        return pool_copy(fleet->pool, &together, sizeof together);
        }
        return NULL;
}

static void judge_item(struct fleet *fleet, struct fleet_item *item)
{
        add_missing(fleet, item);
        qsort(item->answers, item->count, sizeof *item->answers, by_count);
        for (size_t i = 0; i < item->count; i++)
                if (is_unread(&item->answers[i]))
                        item->of -= item->answers[i].count;
        for (size_t i = 0; i < item->count; i++)
                if (!is_unread(&item->answers[i]) && item->answers[i].count * 2 > item->of)
                        item->most = &item->answers[i];
        item->split = item->of > 0 && !item->most;
        if (item->split)
                item->most = most_by_status(fleet, item);
}

static bool stands_out(const struct fleet_item *item, const struct fleet_answer *answer)
{
        if (!item->most || is_unread(answer) || !answer->reports)
                return false;
        return item->split ? !text_equals(answer->status, item->most->status) : answer != item->most;
}

static void add_outliers(struct fleet *fleet, const struct fleet_item *item)
{
        for (size_t i = 0; i < item->count; i++) {
                if (!stands_out(item, &item->answers[i]))
                        continue;
                for (size_t j = 0; j < item->answers[i].count; j++) {
                        struct fleet_report *report = &fleet->reports[item->answers[i].reports[j]];

                        report->outliers++;
                        fleet->hosts[report->host_at].outliers++;
                        fleet->outliers =
                                pool_grow(fleet->pool, fleet->outliers, fleet->outlier_count, sizeof *fleet->outliers);
                        fleet->outliers[fleet->outlier_count++] =
                                (struct fleet_outlier){ .report = report, .item = item, .answer = &item->answers[i] };
                }
        }
}

static int by_name(const void *a, const void *b)
{
        const struct fleet_item *left = a, *right = b;
        int order = text_compare_natural(left->name, right->name);

        return order ? order : (left->kind > right->kind) - (left->kind < right->kind);
}

static int by_host(const void *a, const void *b)
{
        const struct fleet_outlier *left = a, *right = b;

        if (!text_equals(left->report->host, right->report->host))
                return left->report < right->report ? -1 : 1;
        if (left->item != right->item)
                return left->item < right->item ? -1 : 1;
        return 0;
}

/* Of two hosts of one name one is not told of. */
static int exit_of(const struct fleet *fleet)
{
        if (fleet->verdicts[VERDICT_NOT_READY] || fleet->outlier_count || fleet->split_count)
                return EXIT_NOT_READY;
        if (fleet->damaged_count || fleet->namesake_count || fleet->verdicts[VERDICT_UNKNOWN] || !fleet->count)
                return EXIT_CANNOT_TELL;
        return fleet->verdicts[VERDICT_PENDING] ? EXIT_PENDING : EXIT_READY;
}

static size_t version_of(struct fleet *fleet, const char *name)
{
        for (size_t i = 0; i < fleet->version_count; i++)
                if (text_equals(fleet->versions[i].name, name))
                        return i;
        fleet->versions = pool_grow(fleet->pool, fleet->versions, fleet->version_count, sizeof *fleet->versions);
        fleet->versions[fleet->version_count] = (struct fleet_version){ .name = name };
        return fleet->version_count++;
}

static void count_reports(struct fleet *fleet)
{
        for (size_t i = 0; i < fleet->count; i++) {
                struct fleet_report *report = &fleet->reports[i];

                report->version_at = version_of(fleet, report->version);
                fleet->kinds[report->kind] += fleet_speaks(report);
                fleet->versions[report->version_at].reports += fleet_speaks(report) && report->kind == FLEET_FACTS;
        }
}

void fleet_judge(struct fleet *fleet)
{
        sort_reports(fleet);
        fleet_judge_hosts(fleet);
        count_reports(fleet);
        if (fleet->item_count > 1)
                qsort(fleet->items, fleet->item_count, sizeof *fleet->items, by_name);
        for (size_t i = 0; i < fleet->item_count; i++) {
                drop_replaced(fleet, &fleet->items[i]);
                if (!fleet->items[i].count)
                        continue;
                judge_item(fleet, &fleet->items[i]);
                fleet->split_count += fleet->items[i].split;
                add_outliers(fleet, &fleet->items[i]);
        }
        if (fleet->outlier_count > 1)
                qsort(fleet->outliers, fleet->outlier_count, sizeof *fleet->outliers, by_host);
        for (size_t i = fleet->outlier_count; i-- > 0;)
                fleet->hosts[fleet->outliers[i].report->host_at].first_outlier = i;
        fleet->exit = exit_of(fleet);
}
