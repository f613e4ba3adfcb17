/* One host by its reports: which of them count, what its verdict is, how old they are, and whether it may be two of one name. */

#include "agent/fleet.h"

#include "agent/report.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S (24 * 60 * 60)
/* No box of metal is down and up again within it. */
#define REBOOT_S 60

/* The reports of one name from one boot. */
struct boot {
        const char *id;
        const struct fleet_report *first, *last; /* by time */
        const struct fleet_report *whole, *partial;
        bool twin;
};

int64_t fleet_seconds(const char *text)
{
        struct tm tm = { 0 };

        return strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm) ? timegm(&tm) : 0;
}

const char *fleet_age(struct pool *pool, const char *text, int64_t now)
{
        static const struct {
                int64_t seconds;
                const char *name;
        } units[] = { { DAY_S, "day" }, { 60 * 60, "hour" }, { 60, "minute" } };
        int64_t age = now - fleet_seconds(text);

        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                if (age >= units[i].seconds)
                        return pool_format(pool, "%lld %s%s", (long long)(age / units[i].seconds), units[i].name,
                                           age / units[i].seconds == 1 ? "" : "s");
        return "less than a minute";
}

bool fleet_speaks(const struct fleet_report *report)
{
        return !report->replaced && !report->beside;
}

const char *fleet_verdict_words(const struct fleet_host *host)
{
        if (!host->judged)
                return "";
        if (host->partial && host->verdict == VERDICT_READY)
                return "ready as far as looked";
        return host->partial && host->verdict == VERDICT_PENDING ? "ready after a reboot, as far as looked"
                                                                 : report_verdict_words(host->verdict);
}

/* Of what looked at all and what looked at a part of it later the worse verdict counts: what the part left out is as it was found. */
static void add_verdict(struct fleet_host *host, const struct fleet_report *whole, const struct fleet_report *partial)
{
        const struct fleet_report *worse = whole ? whole : partial;

        if (whole && partial && strcmp(whole->time, partial->time) <= 0 &&
            fleet_rank(partial->verdict) > fleet_rank(whole->verdict))
                worse = partial;
        if (!worse)
                return;
        if (!host->judged || fleet_rank(worse->verdict) > fleet_rank(host->verdict))
                host->verdict = worse->verdict;
        host->judged = true;
        host->partial = host->partial || !whole;
}

/* --- two boots at once ---------------------------------------------------------------------------------------------------- */

static int by_boot(const void *a, const void *b)
{
        const struct fleet_report *left = *(const struct fleet_report *const *)a;
        const struct fleet_report *right = *(const struct fleet_report *const *)b;
        int order = strcmp(left->boot_id, right->boot_id);

        if (!order)
                order = strcmp(left->time, right->time);
        return order ? order : strcmp(left->place, right->place);
}

static int by_first(const void *a, const void *b)
{
        const struct boot *left = a, *right = b;
        int order = strcmp(left->first->time, right->first->time);

        return order ? order : strcmp(left->id, right->id);
}

static void take_in(struct boot *boot, const struct fleet_report *report)
{
        const struct fleet_report **newest = report->partial ? &boot->partial : &boot->whole;

        boot->last = report;
        if (report->kind == FLEET_FINDINGS && (!*newest || fleet_is_newer(report, *newest)))
                *newest = report;
}

/* The boots of a name, the first one first. */
static struct boot *boots_of(const struct fleet *fleet, const struct fleet_host *host, struct pool *pool, size_t *count)
{
        const struct fleet_report **reports = pool_zero(pool, (host->count + 1) * sizeof(void *));
        struct boot *boots = pool_zero(pool, (host->count + 1) * sizeof *boots);
        size_t known = 0;

        *count = 0;
        for (size_t i = host->first; i < host->first + host->count; i++)
                if (fleet->reports[i].boot_id && *fleet->reports[i].boot_id)
                        reports[known++] = &fleet->reports[i];
        qsort(reports, known, sizeof *reports, by_boot);
        for (size_t i = 0; i < known; i++) {
                if (!i || !text_equals(reports[i]->boot_id, reports[i - 1]->boot_id))
                        boots[(*count)++] = (struct boot){ .id = reports[i]->boot_id, .first = reports[i] };
                take_in(&boots[*count - 1], reports[i]);
        }
        qsort(boots, *count, sizeof *boots, by_first);
        return boots;
}

/* A host is in one boot at a time. Where a name is in two, the verdict of each counts, since nobody knows whose is asked for. */
static void find_namesakes(struct fleet *fleet, struct fleet_host *host)
{
        autopool struct pool *pool = pool_new();
        size_t count, latest = 0;
        struct boot *boots = boots_of(fleet, host, pool, &count);

        for (size_t i = 1; i < count; i++) {
                const struct fleet_report *reach = boots[latest].last, *next = boots[i].first;

                if (fleet_seconds(next->time) <= fleet_seconds(reach->time) + REBOOT_S) {
                        boots[i].twin = boots[latest].twin = true;
                        host->namesakes = pool_format(fleet->pool, "%s of %s, boot %.8s, and %s of %s, boot %.8s", reach->place,
                                                      reach->time, reach->boot_id, next->place, next->time, next->boot_id);
                }
                if (strcmp(boots[i].last->time, reach->time) > 0)
                        latest = i;
        }
        for (size_t i = 0; i < count; i++)
                if (boots[i].twin)
                        add_verdict(host, boots[i].whole, boots[i].partial);
        fleet->namesake_count += host->namesakes != NULL;
}

/* --- all of one host ------------------------------------------------------------------------------------------------------- */

static void settle(struct fleet *fleet, struct fleet_host *host)
{
        struct fleet_report *whole = NULL, *partial = NULL;

        for (size_t i = host->first; i < host->first + host->count; i++) {
                struct fleet_report *report = &fleet->reports[i];

                if (report->kind != FLEET_FINDINGS || report->replaced)
                        continue;
                if (report->partial)
                        partial = report;
                else
                        whole = report;
        }
        if (whole && partial) {
                partial->replaced = strcmp(whole->time, partial->time) > 0;
                partial->beside = !partial->replaced;
        }
        if (whole && partial && partial->replaced) {
                fleet_add_older(fleet, partial, whole);
                partial = NULL;
        }
        add_verdict(host, whole, partial);
        find_namesakes(fleet, host);
}

static void find_oldest(struct fleet *fleet, struct fleet_host *host)
{
        for (size_t i = host->first; i < host->first + host->count; i++) {
                const struct fleet_report *report = &fleet->reports[i];

                if (!report->replaced && (!host->oldest || strcmp(report->time, host->oldest) < 0))
                        host->oldest = report->time;
        }
        if (!fleet->oldest || strcmp(host->oldest, fleet->oldest) < 0)
                fleet->oldest = host->oldest;
}

static void find_stale(struct fleet *fleet)
{
        int64_t newest = 0;

        for (size_t i = 0; i < fleet->count; i++)
                if (!fleet->reports[i].replaced && fleet_seconds(fleet->reports[i].time) > newest)
                        newest = fleet_seconds(fleet->reports[i].time);
        for (size_t i = 0; i < fleet->host_count; i++) {
                fleet->hosts[i].stale = fleet_seconds(fleet->hosts[i].oldest) < newest - DAY_S;
                fleet->stale_count += fleet->hosts[i].stale;
        }
}

void fleet_judge_hosts(struct fleet *fleet)
{
        fleet->hosts = pool_zero(fleet->pool, (fleet->count + 1) * sizeof *fleet->hosts);
        for (size_t i = 0; i < fleet->count; i++) {
                struct fleet_report *report = &fleet->reports[i];

                if (!i || !text_equals(report->host, fleet->reports[i - 1].host))
                        fleet->hosts[fleet->host_count++] = (struct fleet_host){ .name = report->host, .first = i };
                report->host_at = fleet->host_count - 1;
                fleet->hosts[report->host_at].count++;
        }
        for (size_t i = 0; i < fleet->host_count; i++) {
                struct fleet_host *host = &fleet->hosts[i];

                settle(fleet, host);
                find_oldest(fleet, host);
                if (host->judged && host->partial && host->verdict == VERDICT_READY)
                        fleet->ready_partly++;
                else if (host->judged)
                        fleet->verdicts[host->verdict]++;
        }
        find_stale(fleet);
}
