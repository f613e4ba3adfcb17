/* Making a machine on which one item drifted. */

#include "tests/unit/evidence_scene.h"

#include "agent/history_inside.h"
#include "agent/state.h"

#include "agent/core/pool.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void evidence_scene_open(struct evidence_scene *scene)
{
        *scene = (struct evidence_scene){ .pool = pool_new(), .tree = tree_new(), .history = history_new() };
        setenv("TZ", "UTC", 1);
        tzset();
        scene->examination = (struct examination){
                .facts = facts_new(), .plan = plan_new(), .findings = findings_new(), .unread = findings_new()
        };
        scene->session.host = tree_host(scene->tree);
        scene->session.pool = scene->pool;
        scene->session.profile = &scene->profile;
        scene->session.seconds = WRONG + 60;
        scene->session.boot_id = "b";
        tree_file(scene->tree, COMMANDS, "oldest_us 1000\n");
        tree_file(scene->tree, "/.plumbline/ask/journal/kernel/day", "oldest_us 1000\n");
        tree_file(scene->tree, "/var/log/dpkg.log", "2020-01-01 00:00:00 startup archives unpack\n");
        tree_file(scene->tree, "/var/lib/dpkg/status", "Package: procps\n");
        tree_folder(scene->tree, "/var/lib/dpkg/info");
}

void evidence_scene_close(struct evidence_scene *scene)
{
        drift_free(scene->drift);
        json_decref(scene->baseline);
        json_decref(scene->now);
        history_free(scene->history);
        examination_close(&scene->examination);
        tree_free(scene->tree);
        pool_free(scene->pool);
}

void evidence_scene_record(struct evidence_scene *scene, int id, int at, const char *boot, const json_t *state)
{
        autojson json_t *json = json_pack("{s:s, s:i, s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:[], s:O}", "record", "whole", "id",
                                          id, "at", at, "verb", "audit", "exit", 0, "boot_id", boot, "profile", "p", "sha256",
                                          "s", "verdict", "ready", "wrong", "state", state);
        const char *line = history_line(scene->pool, json);

        history_parse(scene->history, "test", line, strlen(line));
}

void evidence_scene_drifts(struct evidence_scene *scene, const char *layer, const char *name, const char *from, const char *to,
                           int right, int wrong, const char *boot)
{
        evidence_scene_changes(scene, layer, (const struct evidence_change[]){ { name, from, to }, { 0 } }, right, wrong, boot);
}

void evidence_scene_changes(struct evidence_scene *scene, const char *layer, const struct evidence_change *changes, int right,
                            int wrong, const char *boot)
{
        autojson json_t *before = json_object(), *after = json_object();

        for (; changes->name; changes++) {
                if (changes->from)
                        json_object_set_new(before, changes->name, json_string(changes->from));
                if (changes->to)
                        json_object_set_new(after, changes->name, json_string(changes->to));
        }
        scene->baseline = json_pack("{s:i, s:i, s:s, s:{s:O}}", "id", 1, "at", right, "boot_id", "b", "state", layer, before);
        scene->now = json_pack("{s:O}", layer, after);
        evidence_scene_record(scene, 1, right, "b", json_object_get(scene->baseline, "state"));
        evidence_scene_record(scene, 2, wrong, boot, scene->now);
        scene->drift = drift_find(scene->baseline, scene->now, NULL, scene->session.seconds, scene->history);
}

static const char *clues_of(struct evidence_scene *scene, const char *name, const char *kind)
{
        autobuffer struct text_buffer text = { 0 };

        text_add(&text, "");
        for (size_t i = 0; i < scene->drift->count; i++) {
                const struct drift_row *row = &scene->drift->rows[i];

                for (size_t j = 0; text_equals(row->name, name) && j < row->clue_count; j++)
                        if (!kind || text_equals(row->clues[j].kind, kind))
                                text_addf(&text, "%s%u %s %s", text.size ? "; " : "", row->clues[j].weight, row->clues[j].kind,
                                          row->clues[j].text);
        }
        return pool_dup(scene->pool, text.at);
}

const char *evidence_scene_clues(struct evidence_scene *scene)
{
        evidence_find(&scene->session, &scene->examination, scene->history, EVIDENCE_ALL, scene->drift);
        return evidence_scene_clues_of(scene, scene->drift->rows[0].name);
}

const char *evidence_scene_clues_of(struct evidence_scene *scene, const char *name)
{
        return clues_of(scene, name, NULL);
}

const char *evidence_scene_commands(struct evidence_scene *scene)
{
        evidence_find(&scene->session, &scene->examination, scene->history, EVIDENCE_ALL, scene->drift);
        return clues_of(scene, scene->drift->rows[0].name, "command");
}
