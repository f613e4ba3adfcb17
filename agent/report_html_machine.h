/* The machine as it is drawn: groups of CPUs, devices, and where each queue's interrupt lands. Private to the HTML page. */

#pragma once

#include "agent/core/topology.h"
#include "agent/report_html.h"

/* What a CPU is for. What the profile wants is told apart from what the kernel does. */
enum role {
        ROLE_HOUSEKEEPING, /* by the profile, and the kernel isolates it not */
        ROLE_ISOLATED,
        ROLE_NOT_YET, /* the profile wants it isolated, the kernel does not isolate it */
        ROLE_STRAY,   /* the kernel isolates it, and the profile wants it for housekeeping */
        ROLE_PLAIN,   /* not isolated, and the profile does not say what it is for */
        ROLE_UNKNOWN, /* online; whether it is isolated is not known */
        ROLE_OFFLINE,
};
#define ROLES 7

#define NODE_UNKNOWN (-1)

/* The CPUs and devices of one node in one socket; a box of the drawing. */
struct group {
        int package, node; /* -1 not known */
        struct cpus cpus;
        unsigned cores, threads; /* threads: of the core that has most */
        unsigned devices;
        unsigned bundles; /* labels of far queues */
        unsigned x, y, width, height;
};

/* Where the interrupt of one queue is handled. */
struct landing {
        int queue; /* IRQ_QUEUE_UNKNOWN */
        unsigned number;
        int cpu;                    /* -1: it may be any of allowed, or that is not known either */
        const struct cpus *allowed; /* NULL unknown */
        const char *unknown;        /* why nothing is known of it; NULL */
        bool near, far; /* all CPUs that it may be are on the card's node; none of them is; neither: not known, or mixed */
        bool isolated;
};

struct device {
        const char *name, *about;
        bool is_nic;
        int node; /* NODE_UNKNOWN */
        size_t group;
        unsigned x, y;
        size_t landing_count;
        struct landing *landings;
        unsigned far;
};

struct spot {
        unsigned x, y; /* upper left corner of its cell */
        bool placed;
};

struct scene {
        const struct html *html;
        const struct topology *topology;
        const char *partition_problem; /* NULL */
        bool isolated_known;
        struct cpus roles[ROLES];
        size_t group_count;
        struct group *groups; /* by socket, then node; what has none is last */
        size_t device_count, drawn_count;
        struct device *devices;  /* those that are drawn first */
        const char *irq_problem; /* NULL */
        struct spot *spots;      /* as topology->cpus */
        unsigned width, height;
};

/* -ENOENT: the host has no CPU folder. */
int scene_read(const struct html *html, struct scene *scene);
/* Finds the devices and where their interrupts are handled; part of scene_read. */
void scene_read_devices(struct scene *scene);
/* How many queues of the card are handled in the group and have no wire of their own, but one with a label for all. */
unsigned scene_bundle(const struct device *device, const struct group *group);
/* Gives each group, CPU and device its place. */
void scene_arrange(struct scene *scene);
enum role scene_role(const struct scene *scene, unsigned cpu);

#define CELL_WIDTH    32U
#define CELL_HEIGHT   22U
#define DEVICE_WIDTH  184U
#define DEVICE_HEIGHT 40U
#define LABEL_WIDTH   200U
#define LABEL_HEIGHT  16U
/* A card of more queues would hide the machine behind its wires: its near ones are marks alone, its far ones one wire for each node. */
#define WIRES_MAX 8U

/* How many labels stand side by side in the head of a group, behind its name. */
unsigned scene_labels_abreast(const struct group *group);

/* From each card to where its queues are handled; drawn below the CPUs, so that their numbers are read. */
void scene_add_wires(const struct scene *scene);
/* A mark on each CPU that handles a queue; drawn above. */
void scene_add_marks(const struct scene *scene);
/* "What is far": a line for each card whose queues are handled on another node. */
void scene_add_far(const struct scene *scene);
/* That there are no cards or disks, that there is no telling, or how many are not drawn. */
void scene_add_missing(const struct scene *scene);
/* The same as the drawing, as tables. */
void scene_add_words(const struct scene *scene);
