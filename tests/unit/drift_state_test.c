/* States: what is recorded of a host and what is not. */

#include "agent/drift.h"
#include "agent/report.h"
#include "agent/state.h"

#include "agent/core/pool.h"
#include "tests/support/expect.h"
#include "tests/support/tree.h"

#include <errno.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct fact_info infos[] = {
        { "kernel.cmdline", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "nic.*.speed", VALUE_NUMBER, UNIT_BITRATE, REACH_TOUCHING, "", "" },
        { "nic.*.errors", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "", "" },
        { "pcie.*.errors.*", VALUE_NUMBER, UNIT_COUNT, REACH_QUIET, "", "" },
        { "nic.*.firmware", VALUE_TEXT, UNIT_NONE, REACH_TOUCHING, "", "" },
        { "net.nameservers", VALUE_WORDS, UNIT_NONE, REACH_QUIET, "", "" },
        { "units.failed_names", VALUE_WORDS, UNIT_NONE, REACH_TOUCHING, "", "" },
        { "disk.*.options", VALUE_TEXT, UNIT_NONE, REACH_QUIET, "", "" },
        { "memory.used", VALUE_REAL, UNIT_PERCENT, REACH_QUIET, "", "" },
        { 0 },
};

static const char *at(const json_t *state, const char *layer, const char *name)
{
        return json_string_value(json_object_get(json_object_get(state, layer), name));
}

struct scene {
        struct tree *tree;
        struct session session;
        struct examination examination;
};

static void scene_open(struct scene *scene)
{
        *scene = (struct scene){ .tree = tree_new(),
                                 .examination = { .facts = facts_new(),
                                                  .plan = plan_new(),
                                                  .findings = findings_new(),
                                                  .unread = findings_new() } };
        scene->session.host = tree_host(scene->tree);
        scene->examination.facts->infos = infos;
}

static void scene_close(struct scene *scene)
{
        examination_close(&scene->examination);
        tree_free(scene->tree);
}

static void facts(void)
{
        autojson json_t *state = NULL, *before = NULL;
        struct scene scene;
        struct facts *list;

        scene_open(&scene);
        list = scene.examination.facts;
        fact_known(list, value_text(list->pool, "root=UUID=5ab1 rd.iscsi.Password=\"open sesame\" quiet"), "test",
                   "kernel.cmdline");
        fact_known(list, value_number(10000000000, UNIT_BITRATE), "test", "nic.eth0.speed");
        fact_unknown(list, -EIO, "test", "nic.eth1.speed");
        fact_absent(list, "test", "nic.eth2.speed");
        fact_unknown(list, -ECANCELED, "test", "nic.eth0.firmware");
        fact_known(list, value_number(7, UNIT_COUNT), "test", "nic.eth0.errors");
        fact_known(list, value_number(8, UNIT_COUNT), "test", "pcie.0000:01:00.0.errors.corrected");
        fact_known(list, value_number(1, UNIT_COUNT), "test", "pcie.0000:01:00.0.errors.uncorrected");
        fact_known(list, value_text(list->pool, "rw,journal_path=/dev/disk/by-id/nvme-S4XSERIAL9"), "test",
                   "disk./data.options");
        fact_known(list, value_words(list->pool, "b.mount ssh@0-10.0.0.5:22-10.0.0.9:55512.service"), "test",
                   "units.failed_names");
        fact_known(list, value_real(7, UNIT_PERCENT), "test", "memory.used");
        fact_known(list, value_words(list->pool, "10.0.0.1 10.0.0.2"), "test", "net.nameservers");
        state = state_look(&scene.session, &scene.examination);
        EXPECT_TEXT("secrets", at(state, "fact", "kernel.cmdline"),
                    "root=(not recorded) rd.iscsi.Password=(not recorded) quiet");
        EXPECT_TEXT("known", at(state, "fact", "nic.eth0.speed"), "10 Gbit/s");
        EXPECT("unreadable", text_starts(at(state, "fact", "nic.eth1.speed"), "unreadable: "));
        EXPECT_TEXT("absent", at(state, "fact", "nic.eth2.speed"), "absent");
        EXPECT_TEXT("one is too many", at(state, "fact", "pcie.0000:01:00.0.errors.uncorrected"), "1");
        EXPECT_NUMBER("no counters, no use, no addresses, nothing that was left unread", state_size(state), 7);
        EXPECT_TEXT("no connection", at(state, "fact", "units.failed_names"), "b.mount ssh@(not recorded).service");
        EXPECT_TEXT("no drive by its number", at(state, "fact", "disk./data.options"), "rw,journal_path=(not recorded)");
        before = json_loads("{\"fact\": {\"nic.eth0.firmware\": \"1.2\", \"nic.eth9.speed\": \"1 Gbit/s\"}}", 0, NULL);
        state_carry(state, before, &scene.examination, NULL);
        EXPECT_TEXT("what was left unread is carried on", at(state, "fact", "nic.eth0.firmware"), "1.2");
        EXPECT_TEXT("what is gone is gone", at(state, "fact", "nic.eth9.speed"), NULL);
        scene_close(&scene);
}

static void settings(void)
{
        struct setting rows[] = { { .id = "cpu.governor", .text = "performance" }, { .id = "irq.nic", .text = "local" } };
        struct settings wanted = { .count = COUNT(rows), .rows = rows };
        autojson json_t *state = NULL, *before = NULL;
        struct step *step;
        struct scene scene;
        struct plan *plan;

        scene_open(&scene);
        plan = scene.examination.plan;
        plan_begin(plan, "cpu", &wanted);
        plan_note(plan, &rows[0], STATUS_PASS, LAYER_RUNNING, "policy0", "performance", "performance", NULL);
        plan_note(plan, &rows[0], STATUS_PASS, LAYER_RUNNING, "policy1", "performance", "performance", NULL);
        for (int i = 0; i < 8; i++)
                plan_note(plan, &rows[1], STATUS_DRIFT, LAYER_RUNNING, pool_format(plan->pool, "irq%d", i),
                          pool_format(plan->pool, "%d", i / 2 * (i % 2)), "9", NULL);
        plan_note(plan, &rows[1], STATUS_UNKNOWN, LAYER_NEXT_BOOT, "boot", "unreadable: needs root", "9", NULL);
        step = plan_note(plan, NULL, STATUS_DRIFT, LAYER_FILES, "/etc/x", "", "", NULL);
        step->how = STEP_FILE;
        step->before = (struct content){ .kind = CONTENT_FILE, .bytes = "geheim", .size = 6, .mode = 0640 };
        state = state_look(&scene.session, &scene.examination);
        EXPECT_TEXT("all alike", at(state, "running", "cpu.governor"), "performance");
        EXPECT_TEXT("wanted", at(state, "profile", "cpu.governor"), "performance");
        EXPECT_TEXT("not all alike", at(state, "running", "irq.nic"), "0 on 5 of 8, 1 on irq3, 2 on irq5, 3 on irq7");
        EXPECT_TEXT("could not be read", at(state, "next-boot", "irq.nic"), "unreadable: needs root");
        EXPECT_TEXT("no content of a file", at(state, "files", "cpu"), "6 bytes, mode 640, sha256 addb0f5e7826");
        before =
                json_loads("{\"running\": {\"irq.default\": \"1\", \"cpu\": \"2\"}, \"files\": {\"irq.nic\": \"3\"}}", 0, NULL);
        state_carry(state, before, &scene.examination, NULL);
        EXPECT_TEXT("what runs may not have been asked", at(state, "running", "cpu"), "2");
        EXPECT_TEXT("no setting any more", at(state, "running", "irq.default"), NULL);
        EXPECT_TEXT("no file any more", at(state, "files", "irq.nic"), NULL);
        scene_close(&scene);
}

static void packages(void)
{
        autojson json_t *packages = NULL;
        struct tree *tree = tree_new();

        tree_file(tree, "/var/lib/dpkg/status",
                  "Package: linux-image-rt-amd64\nStatus: install ok installed\nArchitecture: amd64\nVersion: 6.1.1-1\n"
                  "Description: x\n Package: tuned\n\n"
                  "Package: irqbalance\nStatus: deinstall ok config-files\nVersion: 1\n\n"
                  "Package: vim\nStatus: install ok installed\nVersion: 2\n\n"
                  "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2.36\n\n"
                  "Package: libc6\nStatus: install ok installed\nArchitecture: i386\nVersion: 2.35\n\n\n\n"
                  "Package: tuned\nStatus: install ok half-configured\nVersion: 3");
        packages = state_packages(tree_host(tree), false);
        EXPECT_NUMBER("those that matter", json_object_size(packages), 4);
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "linux-image-rt-amd64")), "6.1.1-1");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "libc6")), "2.36");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "libc6:i386")), "2.35");
        EXPECT_TEXT(NULL, json_string_value(json_object_get(packages, "tuned")), "3 (not whole)");
        tree_free(tree);
}

static const struct test tests[] = {
        { "facts", facts },
        { "settings", settings },
        { "packages", packages },
        { NULL, NULL },
};

const struct suite suite_drift_state = { "drift_state", tests };
