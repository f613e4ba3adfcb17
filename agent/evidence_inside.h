/* What the kinds of evidence share; nobody else includes this. */

#pragma once

#include "agent/evidence.h"
#include "agent/ledger.h"

/* Asking dpkg reads thousands of files: once for a path. */
struct evidence_owners {
        size_t count;
        struct {
                const char *path, *words;
        } * rows;
        struct pool *pool;
};

/* The file that was read last, to see what it holds. */
struct evidence_file {
        struct pool *pool; /* owns the others */
        const char *path, *text;
};

/* What tools' files say, by the place where they stand: the lines of each, without comments. */
struct evidence_text {
        const char *path;
        const char *const *lines; /* ends with NULL */
};
struct evidence_texts {
        const char *place; /* a folder ends with a slash */
        bool there;        /* be it that not everybody may read it */
        size_t count;
        struct evidence_text *rows;
};
struct evidence_library {
        struct pool *pool;
        size_t count;
        struct evidence_texts **places;
};

/* What an array of the row's name is made of now; of any other row all is NULL. Each ends with NULL. */
struct evidence_array {
        const char *const *names;   /* those devices, the drives they are a part of, and what is below them */
        const char *const *devices; /* of a btrfs: those that it has, or had until it was mounted anew */
        const char *const *points;  /* of a btrfs: where it is mounted */
};

/* An apply, or that it was taken back. */
struct evidence_deed {
        const struct ledger *ledger;
        bool undone;
        int64_t from, to; /* seconds since the epoch; 0: not known */
};
struct evidence_deeds {
        size_t count;
        struct evidence_deed *rows; /* the newest first */
};

/* KERNEL=="eth0" asks, KERNEL!="eth0" asks and denies, ATTR{mtu}="9000" does neither. */
struct udev_clause {
        const char *key, *value;
        bool asks, denies;
};
struct udev_rule {
        size_t count;
        struct udev_clause *clauses;
        const char *names; /* all of it but what it denies */
};

/* A line of dpkg's log. */
struct package_change {
        int64_t first, last; /* when: not equal where the clock showed that hour twice, and both may be meant */
        const char *action;  /* "install", "upgrade", "remove", "purge", "configure", "trigproc" */
        const char *package; /* "procps:amd64" */
        const char *from, *to;
};
struct package_log {
        bool read;
        size_t count;
        struct package_change *rows;
        int64_t begins; /* the time of its first line; INT64_MAX: it has none */
        int error, error_before, zone_error;
};

struct evidence {
        const struct session *session;
        const struct examination *examination;
        const struct history *history;
        struct drift *drift;
        const char *const **files;      /* of each row, ending with NULL: those that its setting stands in */
        const char **devices;           /* of each row, NULL but where it is of a mount point: what is mounted there */
        const char **addresses;         /* of each row, NULL but where it is of a port or drive on PCI: "0000:3b:00.0" */
        struct evidence_array *arrays;  /* of each row */
        struct evidence_owners *owners; /* what evidence_owner found so far */
        const char **copied;            /* the text that was copied last: one command is held against many items */
        struct evidence_file *file;
        struct evidence_library *library;
        struct package_log *log;
        struct evidence_deeds *deeds;
        struct pool *pool; /* until all is found */
};

/* Can it have happened when the item went wrong? Times are whole seconds, so the ends count. */
bool evidence_fits(const struct drift_row *row, int64_t at);
/* Since when something fits one of the rows. */
int64_t evidence_since(const struct drift *drift);
/* Did it, by every clock? */
bool evidence_surely_fits(const struct drift_row *row, int64_t at);
/* The weight of what happened then: no longer likely where the clock was set back, which shows such a time twice. */
unsigned evidence_weigh(const struct drift_row *row, int64_t at, unsigned weight);
/* The weight of what a file says that was written then: more where it was in between, and no longer likely where the item had gone wrong by
 * then. 0: not known when. */
#define CLUE_LATE  60 /* at most */
#define CLUE_OTHER 50 /* of what sets it to something else */
unsigned evidence_weigh_file(const struct drift_row *row, int64_t at, unsigned weight, unsigned more);
/* What runs was wrong already when this item of the files was still right: what stands in them did not do it. */
bool evidence_was_before(const struct evidence *evidence, const struct drift_row *row, const char *name);
/* Was it another boot in which the item was first seen otherwise? False where that is not known. */
bool evidence_started_again(const struct evidence *evidence, const struct drift_row *row);
/* Adds a clue; the text is copied. Of more than CLUES_MAX a row keeps the heaviest, and of equal ones the newest, and counts the rest. */
#define CLUES_MAX 8
void evidence_add(const struct evidence *evidence, struct drift_row *row, const char *kind, unsigned weight, int64_t at,
                  const char *text);
/* The same, and of those whose text matches the pattern no more than max are kept. */
void evidence_add_some(const struct evidence *evidence, struct drift_row *row, const struct clue *clue, const char *pattern,
                       size_t max);
/* Says once that something could not be looked at; error 0: what it is tells why. */
void evidence_unseen(const struct evidence *evidence, const char *what, int error);
/* Does the name match one of the patterns, with blanks between them? */
bool evidence_matches(struct pool *pool, const char *name, const char *patterns);
/* "eth0" of nic.eth0.speed, in the pool; NULL: the name is of no device. */
const char *evidence_device(struct pool *pool, const char *name);
/* Does the text name the item: its key, its device, its file, its package? */
bool evidence_names(const struct evidence *evidence, const struct drift_row *row, const char *text);
/* The same of the name of a package that came, went or changed. */
bool evidence_names_package(const struct evidence *evidence, const struct drift_row *row, const char *package);
/* Does it? Perhaps: a file that could have held it, or a tool that may have set it. */
enum naming { NAMES_NOT, NAMES_PERHAPS, NAMES_FILE };
/* Of a file in one of the folders where those stand that hold the item: by what it says now. */
enum naming evidence_names_holder(const struct evidence *evidence, const struct drift_row *row, const char *path);
/* Of a file that sysctl was told to set things from: what it says of the item; perhaps, where it says nothing, or is gone. */
enum naming evidence_names_loaded(const struct evidence *evidence, const struct drift_row *row, const char *path);
/* Is it `plumbline apply` or `undo`, one of which changed the item when it went wrong? Perhaps, where it is something else by now. */
enum naming evidence_names_deed(const struct evidence *evidence, const struct drift_row *row, const char *text);
/* Does the command set what files of sysctl say, or what plumbline's ledger has? */
enum naming evidence_names_load(const struct evidence *evidence, const struct drift_row *row, const char *text,
                                const char *folder);
/* Is this the option of sysctl(8) to do so? */
bool evidence_sysctl_loads(struct slice word);
/* The words that are something in the folder where the command ran, as whole paths, where that is below /proc or /sys; else NULL. */
const char *evidence_below(const struct evidence *evidence, const char *text, const char *folder);
/* "/etc/sysctl.d/90-more.conf" of the target "/etc/sysctl.d/90-more.conf:3"; NULL: no file of the disk's. In the pool, or the target's. */
const char *evidence_path(struct pool *pool, const char *target);
/* Does it hold this very path, and not one that goes on behind it? */
bool evidence_names_path(struct pool *pool, const char *path, const char *text);
/* Does it name the mount point, the device there (NULL: not known), its unit, fstab, or mount something without saying where? */
bool evidence_names_mount(struct pool *pool, const char *point, const char *device, const char *text);
/* "/dev/sda1" of "/data"; NULL: nothing is mounted there now, or no device is. */
const char *evidence_mounted(const struct evidence *evidence, const char *point);
/* The same of an item of a mount point, such as disk./data.options; NULL for any other. */
const char *evidence_mount_device(const struct evidence *evidence, const struct drift_row *row);
/* Does the item stand on this device: a port, a drive, or the PCI address of one or of a switch above it? Surely not is only said where sysfs
 * tells; what fell out of an array or a bond is no longer there to be found below it. */
enum standing { STANDS_NOT, STANDS_PERHAPS, STANDS_SURELY };
enum standing evidence_stands(const struct evidence *evidence, const struct drift_row *row, const char *device);
/* "0000:3b:00.0" of an item of a port or a drive, and of a port that is gone as it was at the baseline; NULL: of nothing else, or not told. */
const char *evidence_address(const struct evidence *evidence, const struct drift_row *row);
/* Does the command load or take out the module that drove the item's port at the baseline, and drives it no more? */
bool evidence_names_driver(const struct evidence *evidence, const struct drift_row *row, const char *text);
/* Is it known which one drove it? */
bool evidence_knows_driver(const struct evidence *evidence, const struct drift_row *row);
/* What the row's array is made of, for `arrays`. */
struct evidence_array evidence_array(const struct evidence *evidence, const struct drift_row *row);
/* Does the text name one of its devices, or tell btrfs or mount of the place where it is? */
bool evidence_names_array(struct pool *pool, const struct evidence_array *array, const char *text);
bool evidence_array_has(const struct evidence_array *array, const char *device);
/* The block device of a mapping's name: "dm-2" of vg0-data. Its own name, where it is no mapping's. */
const char *evidence_mapped(const struct evidence *evidence, const char *name);
/* The word, and not a part of a longer one; a word of less than three characters is in nothing. */
bool evidence_has_word(const char *text, const char *word);
/* The same where a longer word may begin with it: linux-image-6.1 with linux-image. */
bool evidence_begins_word(const char *text, const char *word);
/* A drive by its namespaces and their partitions: nvme1 is in nvme1n1, and not in nvme10n1. */
bool evidence_has_drive(const char *text, const char *drive);
/* The step belongs to the item: it is of the same setting, or of the file that holds it. */
bool evidence_is_of(const struct step *step, const struct drift_row *row);
/* The file of the profile that an item of the layer `profile` comes from; NULL: not known, or no file of this host. */
const char *evidence_profile_path(const struct evidence *evidence, const struct drift_row *row);
/* Of a file, or of all in a folder, what everybody may read; read once. */
const struct evidence_texts *evidence_texts(const struct evidence *evidence, const char *place);
/* What a file says of the item: nothing; what it was at the baseline and is no more; neither that nor what it is now; what it is now, as far as
 * can be told. */
enum saying { SAYS_NOT, SAYS_BASELINE, SAYS_OTHER, SAYS };
/* By the value that a file sets it to. */
enum saying evidence_saying(struct pool *pool, const struct drift_row *row, const char *value);
/* By the file of the tool with this unit (NULL: not known) that names it, which *path is then. */
enum saying evidence_tool_file(const struct evidence *evidence, const struct drift_row *row, const char *unit,
                               const char **path);
/* Of the files of a tool that sets up links: networkd's, NetworkManager's, and what that runs. */
enum link_form { LINK_NETWORK, LINK_MANAGER, LINK_SCRIPT, LINK_FORMS };
enum saying evidence_link_saying(const struct evidence *evidence, const struct drift_row *row, enum link_form form,
                                 const struct evidence_text *text);
/* False: it sets and runs nothing. */
bool evidence_read_rule(struct pool *pool, const char *text, struct udev_rule *rule);
/* By its assignments; of what it runs nobody knows more than that it names the item. */
enum saying evidence_rule_says(const struct evidence *evidence, const struct drift_row *row, const struct udev_rule *rule);
/* What stands behind the '=' of a line that begins with one of these words; NULL: it does not. */
const char *evidence_set_value(const char *line, const char *words);
/* "of the package NAME", "of no package", or that it cannot be told. */
const char *evidence_owner(const struct evidence *evidence, const char *path);
/* NAME; NULL: of none, or not known. */
const char *evidence_owner_package(const struct evidence *evidence, const char *path);
/* Into evidence->deeds, before anything else. */
void evidence_read_deeds(const struct evidence *evidence);
/* "plumbline's undo of apply 1" */
const char *evidence_deed_words(struct pool *pool, const struct evidence_deed *deed);
/* Read once, with the zone of that host. */
const struct package_log *evidence_package_log(const struct evidence *evidence);
/* What of it could not be looked at. */
void evidence_tell_log(const struct evidence *evidence);
/* Was it installed, upgraded or configured in between? */
bool evidence_package_came(const struct evidence *evidence, const struct drift_row *row, const char *package);
/* When the file was written, that a link leads to; 0: not known. */
int64_t evidence_written(const struct evidence *evidence, const char *path);

/* "   alice : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/sbin/sysctl -w vm.swappiness=60": HOST=, TTY=, CHROOT=, PWD=, USER=, GROUP=,
 * TSID=, ENV= and COMMAND= in this order, each where there is one (sudoers(5), "Accepted command log entries"; lib/eventlog/eventlog.c of
 * sudo). False: it tells of no command that ran. */
struct sudo_line {
        const char *user;
        const char *folder; /* in which it ran; NULL: not known */
        const char *as;     /* NULL: root */
        const char *words;  /* the command; NULL: the line ends before it */
};
bool evidence_read_sudo(struct pool *pool, const char *message, struct sudo_line *line);

/* "journal/QUESTION/...": calls hold for each entry since the first item was last right, with an evidence whose pool ends after the
 * call. what: the words for what could not be looked at. window: from so long ago on at least, where the journal and its answer have room for
 * that; NULL: no longer than needed. */
struct journal_line {
        int64_t at; /* seconds since the epoch */
        const char *who, *message;
};
void evidence_read_journal(const struct evidence *evidence, const char *question, const char *what, const char *window,
                           void (*hold)(const struct evidence *evidence, const struct journal_line *line, void *into),
                           void *into);

void evidence_of_files(const struct evidence *evidence);     /* evidence_files.c */
void evidence_of_own_files(const struct evidence *evidence); /* evidence_own.c */
void evidence_of_ledgers(const struct evidence *evidence);   /* evidence_ledger.c */
void evidence_of_profile(const struct evidence *evidence);   /* evidence_profile.c */
void evidence_of_sysctl(const struct evidence *evidence);    /* evidence_sysctl.c */
void evidence_of_packages(const struct evidence *evidence);  /* evidence_packages.c */
void evidence_of_commands(const struct evidence *evidence);  /* evidence_commands.c */
void evidence_of_kernel(const struct evidence *evidence);    /* evidence_journal.c */
void evidence_of_hardware(const struct evidence *evidence);  /* evidence_hardware.c */
void evidence_of_boots(const struct evidence *evidence);     /* evidence_boots.c */
void evidence_of_tools(const struct evidence *evidence);     /* evidence_tools.c */
void evidence_of_udev(const struct evidence *evidence);      /* evidence_udev.c */
