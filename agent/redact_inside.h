/* What the files of redaction share; nobody else includes this. */

#pragma once

#include "agent/redact.h"

#include "agent/core/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum secret_kind {
        SECRET_TEXT,   /* letters become letters, digits digits, the rest stays */
        SECRET_NUMBER, /* the same, also amid other letters and digits: so long that nothing else is the same */
        SECRET_BYTES,  /* all of them */
        SECRET_CARD,   /* the six bytes of a hardware address; its texts go with it */
        SECRET_FOUR,   /* an IPv4 address as text, with something behind it that is no digit */
        SECRET_SIX,    /* an IPv6 address as text */
};
struct secret {
        enum secret_kind kind;
        const unsigned char *from, *to;
        size_t size;
        bool word; /* only where no letter or digit stands beside it */
        bool fold; /* in upper and lower case */
        struct secret *next;
};

struct secrets {
        struct pool *pool;
        const struct member *members;
        size_t count;
        const struct member **versions; /* see redact_is_version */
        size_t version_count;
        const struct journal_watch *watch;
        struct slice plain_host; /* see redact_plain_host */
        unsigned char key[32];
        struct secret *by_pair[65536];  /* the short ones, by the first two bytes */
        struct secret *by_start[65536]; /* the others, by what begins them, in lower case */
};

/* The one that is there stays. Copies. */
void secret_put(struct secrets *secrets, const struct secret *secret);
/* The longest one that begins at this place; NULL: none. versions: four numbers are no address here. */
const struct secret *secret_find(const struct secrets *secrets, const unsigned char *bytes, size_t size, size_t at,
                                 bool versions);
/* everywhere: not only in the member at hand, but in all. */
void secret_add(struct secrets *secrets, enum secret_kind kind, const void *bytes, size_t size);
/* Letters and digits of this text where it stands between these two, which may be empty. */
void secret_add_between(struct secrets *secrets, struct slice before, struct slice text, struct slice after);
/* What may be a password, wherever it stands behind these words: it begins with a '^' then, and is as long as before. Backslashes in it
 * count for nothing. */
void secret_mask(struct secrets *secrets, const char *before, struct slice value);
/* Is this the name of something in /sys or /proc, or a part of the kernel's, too? */
bool secret_is_structure(const struct secrets *secrets, struct slice word);
/* Does a file that holds a version hold this one? */
bool secret_is_version(const struct secrets *secrets, struct slice word);
/* What becomes of these bytes as text, in their place. */
void secret_in_place(const struct secrets *secrets, char *bytes, size_t size);
/* Replaces the bytes of this one member only. */
void secret_only_here(struct secrets *secrets, struct member *member);
/* An address of IPv4 that is no host's own: this host, this network, all of them. */
bool redact_is_own(const char *four);
/* What only the key and the value determine: its hash, and a stream of bytes made of that. */
struct stream {
        char seed[65], block[65];
        size_t next;
};
void stream_open(const struct secrets *secrets, struct stream *stream, const void *value, size_t size);
unsigned stream_byte(const struct secrets *secrets, struct stream *stream);
/* A number that only the key and the value determine. */
uint64_t secret_chance(const struct secrets *secrets, const void *value, size_t size);
/* What an address as text becomes; to is a copy of it. */
void secret_address(const struct secrets *secrets, enum secret_kind kind, char *to, const char *from, size_t size);
/* Text that is shorter is no address of IPv6, but a mark in something else. */
#define ADDRESS_TEXT_LEAST 5
/* Replaces the addresses in the answer to "rtnl/addresses", and everywhere their texts; of cards in that to "rtnl/links". */
void redact_interfaces(struct secrets *secrets, struct pool *pool, struct member *member);
void redact_routes(struct secrets *secrets, struct pool *pool, struct member *member);
void redact_links(struct secrets *secrets, struct pool *pool, struct member *member);
/* The bytes of an address of this family become what its text becomes; and that is looked for everywhere then. */
void redact_address_bytes(struct secrets *secrets, int family, void *bytes);
/* The same in a table of /proc/net: of sockets or of routes. */
void redact_table(struct secrets *secrets, struct pool *pool, struct member *member);
/* Adds what is secret in the text of a kernel's command line, or of a file that has one in it. */
void redact_parameters(struct secrets *secrets, struct pool *pool, struct slice text);
/* The same in a profile, of what it wants there. */
void redact_profile(struct secrets *secrets, struct pool *pool, const char *text);
/* Adds what a file of settings, a script or a rule says under a name that sounds secret, what stands behind "Bearer", the names of hosts in
 * URLs and behind "Domains=" and its like, and mail addresses. */
void redact_config(struct secrets *secrets, const char *text);
/* The same of secrets alone, in what is no file of settings: arguments of a program. */
void redact_arguments(struct secrets *secrets, const char *text);
/* The value that begins behind a sign: in quotes of either kind, or up to what ends a word; up to this quote, or the end of the line. */
struct slice redact_value_at(const char *at);
struct slice redact_quoted(const char *at, char quote);
/* Is it none that could be a secret: a switch, what a shell or a specifier puts in, or a path? */
bool redact_says_nothing(struct slice value);
/* Adds the users and passwords that stand in URLs. */
void redact_logins(struct secrets *secrets, const char *text);
/* Adds the numbers of disks that stand in /dev/disk/by-id/, in /dev/mapper/ and the like. */
void redact_disks(struct secrets *secrets, const char *text);
/* Adds what rules of udev know devices by: ATTRS{serial}=="...", ENV{ID_SERIAL_SHORT}=="...", RESULT=="3600...". */
void redact_rules(struct secrets *secrets, const char *text);
/* The same of the name or the number of a map of the device mapper, and of a subsystem of NVMe. */
void redact_map(struct secrets *secrets, struct slice name);
void redact_subsystem(struct secrets *secrets, struct slice text);
/* Does it begin with a UUID: 8-4-4-4-12 digits? */
bool redact_is_uuid(struct slice word);
#define UUID_SIZE 36U
/* Adds the world-wide number that text begins with, however its kind is written in front: "3600508...", "0x5000c500...". */
bool redact_wwid(struct secrets *secrets, struct slice text);
/* Adds what has the form of an address of IP, or of a card, in this text. */
void redact_addresses(struct secrets *secrets, const char *text);
/* Is what begins at "at" behind the "v" of a version? */
bool redact_is_version_mark(const char *start, const char *at);
void redact_cards(struct secrets *secrets, const char *text, size_t size);
void redact_card(struct secrets *secrets, const unsigned char *card);
#define CARD_SIZE 6U
/* A file that tells versions: four numbers in it are one. */
bool redact_is_version(const char *path);
/* A word that is not found in sentences: long enough, a digit or a dash in it, and neither a small number nor what a maker fills in where
 * it has nothing to say. */
bool redact_is_distinct(struct slice word, size_t least);
/* What a maker fills in where it has nothing to say: zeros, "To be filled by O.E.M.". */
bool redact_is_filler(struct slice word);
/* Adds the one value that a member holds: a serial number, the host's name. */
void redact_serial(struct secrets *secrets, struct member *member);
void redact_host_name(struct secrets *secrets, struct member *member);
/* Adds the server that a filesystem is mounted from: of one source, or of a table of mounts with its options. */
void redact_source(struct secrets *secrets, struct slice source);
void redact_mounts(struct secrets *secrets, const char *text);
/* The same of hosts in URLs, in mail addresses, and in a list of names. */
void redact_urls(struct secrets *secrets, const char *text);
void redact_mails(struct secrets *secrets, const char *text);
void redact_names(struct secrets *secrets, struct slice names);
/* Adds the domains that /etc/resolv.conf names. */
void redact_resolver(struct secrets *secrets, const char *text);
/* What becomes of the name of a host, in its place; an address is left. Its domain becomes the same wherever it stands. */
void secret_server_in_place(const struct secrets *secrets, char *bytes, size_t size);
/* Replaces the names of users in the messages of an answer of the journal, and the host's where it is a plain word: there only. */
void redact_journal(struct secrets *secrets, struct pool *pool, struct member *member);
/* The same in what check says of it, but for the host's. */
void redact_users(const struct secrets *secrets, struct pool *pool, struct member *member);
/* Adds a host's name without its domain; false where it may be something else, too, and is not added. */
bool redact_host_label(struct secrets *secrets, struct slice label);
/* The host's name, without its domain, where it is a plain word and so is not found everywhere; else it is empty. */
struct slice redact_plain_host(const struct secrets *secrets);
/* In what plumbline wrote down of the host: puts the hashes of files as they are now in the place of those before, and writes the checksum
 * of each line anew that had a right one. before: the bytes of each member before anything was replaced. */
void redact_records(const struct secrets *secrets, struct member *members, const char *const *before);
/* Adds what is secret in this member. */
void redact_find(struct secrets *secrets, struct pool *pool, struct member *member);
