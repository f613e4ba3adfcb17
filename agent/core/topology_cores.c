/* Which threads make one core, and how many cores and packages there are. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/topology_inside.h"

#include <limits.h>
#include <stdlib.h>

#define FOLDER "/sys/devices/system/cpu"

/* The CPUs that one CPU says it shares a core or package with. Sets are large and mostly the same: a hash stands for each. */
struct company {
        bool known; /* and the CPU itself is in it */
        unsigned first, count;
        uint64_t hash;
};

struct set_name {
        const char *name;
        bool mask;
};

/* Newest first: Documentation/admin-guide/cputopology.rst. Only the masks are older than 2.6.27. */
static const struct set_name core_sets[] = {
        { "core_cpus_list", false },
        { "thread_siblings_list", false },
        { "core_cpus", true },
        { "thread_siblings", true },
        { NULL, false },
};
static const struct set_name package_sets[] = {
        { "package_cpus_list", false },
        { "core_siblings_list", false },
        { "package_cpus", true },
        { "core_siblings", true },
        { NULL, false },
};

static int read_id(struct host *host, unsigned cpu, const char *name)
{
        int64_t id;

        if (host_number(host, &id, FOLDER "/cpu%u/topology/%s", cpu, name) < 0 || id < 0 || id > INT_MAX)
                return -1;
        return (int)id;
}

static bool read_set(struct host *host, unsigned cpu, const struct set_name *name, struct cpus *set)
{
        autopool struct pool *pool = pool_new();
        const char *text;

        if (!name->mask)
                return host_cpus(host, set, FOLDER "/cpu%u/topology/%s", cpu, name->name) == 0;
        return host_read(host, pool, &text, FOLDER "/cpu%u/topology/%s", cpu, name->name) == 0 &&
               cpus_parse_mask(text, set) == 0;
}

/* favourite: the name that answered last, since a kernel that has it for one CPU has it for all. */
static struct company read_company(struct host *host, const struct topology *topology, unsigned cpu,
                                   const struct set_name *names, const struct set_name **favourite)
{
        struct company company = { .hash = 14695981039346656037U };
        const struct set_name *name = *favourite;
        struct cpus set;

        if (!name || !read_set(host, cpu, name, &set)) {
                for (name = names; name->name && !read_set(host, cpu, name, &set); name++)
                        ;
                if (!name->name)
                        return company;
                *favourite = name;
        }
        if (!cpus_has(&set, cpu))
                return company;
        for (size_t i = 0; i < sizeof set.word / sizeof set.word[0]; i++) {
                set.word[i] &= topology->online.word[i];
                company.hash = (company.hash ^ set.word[i]) * 1099511628211U;
        }
        company.known = true;
        company.first = cpus_next(&set, 0);
        company.count = cpus_count(&set);
        return company;
}

static bool is_online(const struct topology *topology, size_t row)
{
        return cpus_has(&topology->online, topology->cpus[row].cpu);
}

/* Do the sets of all online CPUs divide them: are any two the same, or strangers? leader[]: the lowest CPU of each. */
static bool companies_agree(const struct topology *topology, struct pool *pool, const struct company *companies,
                            unsigned *leader)
{
        unsigned *members = pool_zero(pool, topology->count * sizeof *members);

        for (size_t i = 0; i < topology->count; i++) {
                size_t first;

                if (!is_online(topology, i))
                        continue;
                if (!companies[i].known)
                        return false;
                first = (size_t)(topology_row(topology, companies[i].first) - topology->cpus);
                if (!companies[first].known || companies[first].hash != companies[i].hash)
                        return false;
                members[first]++;
                leader[i] = companies[i].first;
        }
        for (size_t i = 0; i < topology->count; i++)
                if (members[i] && members[i] != companies[i].count)
                        return false;
        return true;
}

static int compare_ids(const void *left, const void *right)
{
        const struct topology_cpu *a = left, *b = right;

        if (a->package != b->package)
                return a->package < b->package ? -1 : 1;
        if (a->die != b->die)
                return a->die < b->die ? -1 : 1;
        if (a->core != b->core)
                return a->core < b->core ? -1 : 1;
        return a->cpu < b->cpu ? -1 : a->cpu > b->cpu;
}

static bool same_ids(const struct topology_cpu *a, const struct topology_cpu *b)
{
        return a->package == b->package && a->die == b->die && a->core == b->core;
}

/* The lowest CPU with the same package, die and core; CPUS_END where the core has no number. */
static void lead_by_ids(const struct topology *topology, struct pool *pool, unsigned *leader)
{
        struct topology_cpu *rows = pool_zero(pool, topology->count * sizeof *rows);
        unsigned first = CPUS_END;
        size_t count = 0;

        for (size_t i = 0; i < topology->count; i++) {
                leader[i] = CPUS_END;
                if (is_online(topology, i) && topology->cpus[i].core >= 0)
                        rows[count++] = topology->cpus[i];
        }
        if (count)
                qsort(rows, count, sizeof *rows, compare_ids);
        for (size_t i = 0; i < count; i++) {
                if (i == 0 || !same_ids(&rows[i - 1], &rows[i]))
                        first = rows[i].cpu;
                leader[topology_row(topology, rows[i].cpu) - topology->cpus] = first;
        }
}

static void number_cores(struct topology *topology, const unsigned *leader)
{
        for (size_t i = 0; i < topology->count; i++) {
                struct topology_cpu *row = &topology->cpus[i];

                if (!is_online(topology, i) || leader[i] == CPUS_END)
                        continue;
                row->core_index =
                        leader[i] == row->cpu ? (int)topology->cores++ : topology_row(topology, leader[i])->core_index;
        }
}

/* The sibling sets are what the scheduler goes by. Package, die and core numbers come from firmware and may repeat: on AMD
 * family 10h and 15h a core is numbered within its node, of which a package has two. */
static void judge_ids(struct topology *topology, struct pool *pool, const unsigned *by_sets, const unsigned *by_ids)
{
        for (size_t i = 0; i < topology->count; i++) {
                const struct topology_cpu *row = &topology->cpus[i];

                if (!is_online(topology, i) || by_ids[i] == CPUS_END || by_sets[i] == by_ids[i])
                        continue;
                if (by_ids[i] != row->cpu)
                        topology->core_problem = pool_format(
                                pool,
                                "CPUs %u and %u have the same core number but are not siblings: cores are counted by the "
                                "sibling lists",
                                by_ids[i], row->cpu);
                else
                        topology->core_problem = pool_format(
                                pool,
                                "CPUs %u and %u are siblings but have different core numbers: cores are counted by the "
                                "sibling lists",
                                by_sets[i], row->cpu);
                return;
        }
}

static void count_cores(struct topology *topology, struct pool *pool, const struct company *companies, bool any)
{
        unsigned *by_sets = pool_zero(pool, topology->count * sizeof *by_sets);
        unsigned *by_ids = pool_zero(pool, topology->count * sizeof *by_ids);

        lead_by_ids(topology, pool, by_ids);
        if (companies_agree(topology, pool, companies, by_sets)) {
                judge_ids(topology, pool, by_sets, by_ids);
                number_cores(topology, by_sets);
                return;
        }
        if (any)
                topology->core_problem = "the sibling lists of the CPUs contradict each other: cores are counted by package, "
                                         "die and core number";
        if (cpus_count(&topology->online) == 1)
                by_ids[topology_row(topology, cpus_next(&topology->online, 0)) - topology->cpus] =
                        cpus_next(&topology->online, 0);
        number_cores(topology, by_ids);
        for (size_t i = 0; i < topology->count; i++) {
                if (!is_online(topology, i) || topology->cpus[i].core_index >= 0)
                        continue;
                topology->core_problem = pool_format(pool, "nothing says which core CPU %u belongs to", topology->cpus[i].cpu);
                return;
        }
}

static unsigned count_leaders(const struct topology *topology, const unsigned *leader)
{
        unsigned count = 0;

        for (size_t i = 0; i < topology->count; i++)
                count += is_online(topology, i) && leader[i] == topology->cpus[i].cpu;
        return count;
}

/* A package has no number on many arm64 and ppc64 machines, and on s390 the number is one within its book. */
static void count_packages_by_sets(struct host *host, struct topology *topology, struct pool *pool)
{
        struct company *companies = pool_zero(pool, topology->count * sizeof *companies);
        unsigned *leader = pool_zero(pool, topology->count * sizeof *leader);
        const struct set_name *favourite = NULL;

        for (size_t i = 0; i < topology->count; i++)
                if (is_online(topology, i))
                        companies[i] = read_company(host, topology, topology->cpus[i].cpu, package_sets, &favourite);
        if (companies_agree(topology, pool, companies, leader))
                topology->sockets = count_leaders(topology, leader);
}

static int compare_numbers(const void *left, const void *right)
{
        int a = *(const int *)left, b = *(const int *)right;

        return (a > b) - (a < b);
}

/* Zero stays where the packages cannot be told apart. */
static void count_packages(struct host *host, struct topology *topology, struct pool *pool)
{
        int *ids = pool_zero(pool, topology->count * sizeof *ids);
        size_t count = 0;

        for (size_t i = 0; i < topology->count; i++)
                if (is_online(topology, i))
                        ids[count++] = topology->cpus[i].package;
        if (!count)
                return;
        qsort(ids, count, sizeof *ids, compare_numbers);
        if (ids[0] < 0 || host_exists(host, FOLDER "/cpu%u/topology/book_id", cpus_next(&topology->online, 0))) {
                count_packages_by_sets(host, topology, pool);
                if (ids[0] < 0 || topology->sockets)
                        return;
        }
        for (size_t i = 0; i < count; i++)
                topology->sockets += i == 0 || ids[i] != ids[i - 1];
}

void topology_read_cores(struct host *host, struct pool *pool, struct topology *topology)
{
        autopool struct pool *scratch = pool_new();
        struct company *companies = pool_zero(scratch, topology->count * sizeof *companies);
        const struct set_name *favourite = NULL;
        const char *problem;
        /* Since 5.2; a kernel has it for every CPU or for none. */
        bool dies = host_exists(host, FOLDER "/cpu%u/topology/die_id", cpus_next(&topology->online, 0));

        for (size_t i = 0; i < topology->count; i++) {
                struct topology_cpu *row = &topology->cpus[i];

                if (!is_online(topology, i))
                        continue;
                row->package = read_id(host, row->cpu, "physical_package_id");
                row->die = dies ? read_id(host, row->cpu, "die_id") : -1;
                row->core = read_id(host, row->cpu, "core_id");
                companies[i] = read_company(host, topology, row->cpu, core_sets, &favourite);
        }
        count_cores(topology, scratch, companies, favourite != NULL);
        problem = topology->core_problem;
        topology->core_problem = pool_dup(pool, problem);
        count_packages(host, topology, scratch);
}
