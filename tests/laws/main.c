/* Runs the laws on the machines of tests/hosts and on the captures of others and of plumbline's own making (PLUMBLINE_OWN_CAPTURES, else
 * build/test/captures), where those are here, with one process for each CPU.
 * `laws NAME...` runs them on these machines only. */

#include "tests/laws/laws.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "tests/support/tree.h"
#include "tuning/knobs.h"

#include <glob.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MAX 8U
#define OWN_ENDING  ".tar.zst"

/* How many changes get a fault: a sample where a tree is big, so that the whole takes less than two minutes. */
enum { POINTS_ALL = 60, POINTS_ALONE = 12, POINTS_CAPTURE = 24, POINTS_CAPTURE_ALONE = 4 };

/* Shared by the workers. */
struct board {
        atomic_uint next;
        atomic_uint passed, failed, skipped;
};

struct machine {
        const char *name;
        enum { BY_HAND, BY_OTHERS, BY_PLUMBLINE } made;
};

static const char *const captures[] = {
        "x86_64-epyc_7451.tar.gz",      "32em64t-2n8c+dax+nvme+mic+dimms.tar.bz2", "vmware_fpe.tar.gz",
        "x86_64-64cpu-linux6.2.tar.gz", "8em64t-2s2ca2c-buggynuma.tar.bz2",        "16em64t-4s2c2t-offlines.tar.bz2",
        "x86_64-dell_e4310.tar.gz",
};

static const char *own_folder(void)
{
        const char *folder = getenv("PLUMBLINE_OWN_CAPTURES");

        return folder && *folder ? folder : "build/test/captures";
}

/* Adds "NAME" for each FOLDER/NAMEending. */
static void add_found(struct pool *pool, struct machine **machines, size_t *count, const char *folder, const char *ending,
                      int made)
{
        glob_t found;

        if (glob(pool_format(pool, "%s/*%s", folder, ending), 0, NULL, &found) != 0)
                return;
        for (size_t i = 0; i < found.gl_pathc; i++) {
                const char *name = strrchr(found.gl_pathv[i], '/') + 1;

                *machines = pool_grow(pool, *machines, *count, sizeof(**machines));
                (*machines)[(*count)++] = (struct machine){ pool_copy(pool, name, strlen(name) - strlen(ending)), made };
        }
        globfree(&found);
}

static struct machine *list_machines(struct pool *pool, size_t *count)
{
        struct machine *machines = NULL;

        *count = 0;
        /* The big ones first, so that no worker starts one when the others are done. */
        for (size_t i = 0; i < sizeof(captures) / sizeof(*captures); i++) {
                machines = pool_grow(pool, machines, *count, sizeof(*machines));
                machines[(*count)++] = (struct machine){ captures[i], BY_OTHERS };
        }
        add_found(pool, &machines, count, own_folder(), OWN_ENDING, BY_PLUMBLINE);
        add_found(pool, &machines, count, "tests/hosts", ".tree", BY_HAND);
        return machines;
}

/* The capture of a live host plans what only a live host can do: start units, install packages. Here it is a tree like the others. */
static void make_tree(struct tree *tree)
{
        autopool struct pool *pool = pool_new();
        FILE *seen = fopen(pool_format(pool, "%s/.plumbline/seen", tree_path(tree)), "r+");
        char word[5] = { 0 };

        if (!seen || fread(word, 1, 4, seen) != 4 || !text_equals(word, "live") || fseek(seen, 0, SEEK_SET) < 0 ||
            fwrite("tree", 1, 4, seen) != 4 || fclose(seen) != 0)
                tree_abort("no capture of a live host", tree_path(tree));
}

static struct tree *open_machine(const struct machine *machine)
{
        autopool struct pool *pool = pool_new();
        struct tree *tree;

        if (machine->made == BY_HAND)
                return tree_load(machine->name);
        if (machine->made == BY_OTHERS)
                return tree_capture(machine->name);
        tree = tree_unpack(pool_format(pool, "%s/%s" OWN_ENDING, own_folder(), machine->name), 0);
        if (tree) {
                make_tree(tree);
                /* What was applied there is no business of these applies. */
                tree_remove(tree, "/var/lib/plumbline");
                tree_remove(tree, "/run/plumbline");
        }
        return tree;
}

static void run_trial(struct board *board, struct tree *tree, const struct machine *machine, const struct profile *profile,
                      const char *name, const struct knob *const *chosen)
{
        unsigned points = machine->made == BY_HAND ? POINTS_ALL : POINTS_CAPTURE;
        struct trial trial = { .host = machine->name, .name = name, .tree = tree, .knobs = chosen, .profile = profile };

        if (chosen != knobs)
                points = machine->made == BY_HAND ? POINTS_ALONE : POINTS_CAPTURE_ALONE;
        trial.most_points = points;
        laws_run(&trial);
        board->passed += trial.passed;
        board->failed += trial.failed;
        printf("%-6s %s, %s: %u changes%s\n", trial.failed ? "FAILED" : "ok", machine->name, name, trial.changes,
               trial.changes > points ? " (faults at a sample of them)" : "");
}

static void run_machine(struct board *board, const struct machine *machine, const struct profile *profile)
{
        struct tree *tree = open_machine(machine);

        if (!tree) {
                printf("skipped: %s is not here\n", machine->name);
                board->skipped++;
                return;
        }
        /* A capture holds neither; they are every system's, and not what an apply makes. */
        tree_folder(tree, "/var/lib");
        tree_folder(tree, "/run");
        run_trial(board, tree, machine, profile, "all", knobs);
        for (const struct knob *const *knob = knobs; *knob; knob++) {
                const struct knob *const alone[] = { *knob, NULL };

                run_trial(board, tree, machine, profile, (*knob)->name, alone);
        }
        tree_free(tree);
}

static struct profile *load_profile(struct pool *pool)
{
        const struct profile_places places = { .shipped = "profiles" };
        const struct profile_tables tables = { .knobs = knobs, .probes = probes };
        const char *name = getenv("PLUMBLINE_LAWS_PROFILE");
        struct profile *profile;
        const char *problem;

        if (profile_load(name ? name : "trading", &places, &tables, pool, &profile, &problem) < 0) {
                printf("laws: %s\n", problem);
                return NULL;
        }
        return profile;
}

static bool is_chosen(const char *name, int argc, char **argv)
{
        for (int i = 1; i < argc; i++) {
                if (text_starts(name, argv[i]))
                        return true;
        }
        return argc == 1;
}

static int work(struct board *board, int argc, char **argv)
{
        autopool struct pool *pool = pool_new();
        struct profile *profile = load_profile(pool);
        struct machine *machines;
        size_t count;

        if (!profile)
                return 1;
        machines = list_machines(pool, &count);
        for (unsigned i = board->next++; i < count; i = board->next++) {
                if (is_chosen(machines[i].name, argc, argv))
                        run_machine(board, &machines[i], profile);
        }
        profile_free(profile);
        return 0;
}

static unsigned start_workers(struct board *board, int argc, char **argv)
{
        long online = sysconf(_SC_NPROCESSORS_ONLN);
        unsigned count = online > 0 && online < WORKERS_MAX ? (unsigned)online : WORKERS_MAX;

        for (unsigned i = 0; i < count; i++) {
                if (fork() == 0) {
                        int r;

                        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
                        r = work(board, argc, argv);
                        exit(r); /* by way of the leak checker */
                }
        }
        return count;
}

int main(int argc, char **argv)
{
        struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        unsigned count;
        int status;

        if (board == MAP_FAILED)
                return 1;
        count = start_workers(board, argc, argv);
        for (unsigned i = 0; i < count; i++) {
                if (wait(&status) < 0 || status == 0)
                        continue;
                printf("FAILED a worker ended with status %#x\n", (unsigned)status);
                board->failed++;
        }
        if (board->skipped)
                printf("laws: %u captures skipped\n", board->skipped);
        printf("%u passed, %u failed\n", board->passed, board->failed);
        return board->failed > 0 || board->passed == 0 ? 1 : 0;
}
