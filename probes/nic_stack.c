/* Interfaces that are configured over others (bonds, VLANs, bridges, teams), followed down to the physical ports they stand on. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LOWER    "lower_"
#define FUNCTION "vf"
/* The kernel nests at most eight (MAX_NEST_DEV in linux/netdevice.h), and a bridge takes 1024 (BR_MAX_PORTS in net/bridge). */
#define DEPTH_MAX 16
#define WAYS_MAX  4096

struct interface {
        const char *name;
        const char *folder;
        const struct nic_port *port; /* NULL: no physical port */
        const char *kind;            /* "bond", "vlan": what the kernel calls it; NULL: it does not say */
        int error;                   /* why what is below it could not be listed */
        size_t count;
        struct interface **lowers; /* NULL among them: one that is gone */
        unsigned walked;           /* the last walk that was here, and found all there is below */
};

struct stack {
        struct host *host;
        struct pool *pool;
        const struct nic_links *links;
        size_t count;
        struct interface *rows; /* by name */
};

/* A physical port, and why the bond above it does not use it. */
struct found {
        const struct nic_port *port;
        int out;         /* 1, 0, or why that is not known */
        const char *why; /* out is not 0 */
};

/* From one interface down. */
struct walk {
        const struct stack *stack;
        struct pool *pool;
        unsigned number, ways;
        size_t count;
        struct found *found;
        const char *at; /* where it could not go on */
};

static int compare_interfaces(const void *a, const void *b)
{
        return strcmp(((const struct interface *)a)->name, ((const struct interface *)b)->name);
}

static struct interface *find_interface(const struct stack *stack, const char *name)
{
        struct interface key = { .name = name };

        if (!stack->rows)
                return NULL;
        return bsearch(&key, stack->rows, stack->count, sizeof *stack->rows, compare_interfaces);
}

/* The word behind DEVTYPE=, which some kinds (macvlan, team) do not set. An interface without a kind is no error. */
static int read_kind(const struct stack *stack, struct interface *interface)
{
        const char *text;
        struct slice line;
        int r;

        r = host_read(stack->host, stack->pool, &text, "%s/uevent", interface->folder);
        while (r == 0 && text_line(&text, &line)) {
                const char *word = slice_dup(stack->pool, line);

                if (text_starts(word, "DEVTYPE=")) {
                        interface->kind = text_printable(stack->pool, word + strlen("DEVTYPE="), 64);
                        return 0;
                }
        }
        for (size_t i = 0; i < stack->links->count; i++) {
                if (stack->links->rows[i].kind && text_equals(stack->links->rows[i].name, interface->name)) {
                        interface->kind = text_printable(stack->pool, stack->links->rows[i].kind, 64);
                        return 0;
                }
        }
        return r == -ENOENT ? 0 : r;
}

static void add_lower(const struct stack *stack, struct interface *interface, const char *name)
{
        interface->lowers = pool_grow(stack->pool, interface->lowers, interface->count, sizeof(struct interface *));
        interface->lowers[interface->count++] = find_interface(stack, name);
}

/* A virtual function stands on the port of its physical function. */
static bool read_function(const struct stack *stack, struct interface *interface)
{
        const char *const *names;
        const char *target;
        int r;

        if (host_link(stack->host, stack->pool, &target, "%s/device/physfn", interface->folder) < 0)
                return false;
        interface->kind = FUNCTION;
        r = host_list(stack->host, stack->pool, &names, "%s/device/physfn/net", interface->folder);
        for (; r == 0 && *names; names++)
                add_lower(stack, interface, *names);
        /* Another driver, or another namespace, has the port. */
        interface->error = r == -ENOENT ? 0 : r;
        return true;
}

static void read_lowers(const struct stack *stack, struct interface *interface)
{
        const char *const *names;

        interface->error = host_list(stack->host, stack->pool, &names, "%s", interface->folder);
        /* bonding_masters: a file among the interfaces. */
        if (interface->error == -ENOTDIR) {
                interface->error = 0;
                return;
        }
        if (interface->error < 0 || read_function(stack, interface))
                return;
        interface->error = read_kind(stack, interface);
        for (; *names; names++)
                if (text_starts(*names, LOWER))
                        add_lower(stack, interface, *names + strlen(LOWER));
}

static struct stack read_stack(struct host *host, struct pool *pool, const char *const *names, const struct nic_links *links,
                               const struct nic_port *ports, size_t port_count)
{
        struct stack stack = { .host = host, .pool = pool, .links = links };

        for (; *names; names++) {
                stack.rows = pool_grow(pool, stack.rows, stack.count, sizeof *stack.rows);
                stack.rows[stack.count++] = (struct interface){
                        .name = *names,
                        .folder = pool_format(pool, "/sys/class/net/%s", *names),
                };
        }
        if (stack.count > 1)
                qsort(stack.rows, stack.count, sizeof *stack.rows, compare_interfaces);
        for (size_t i = 0; i < port_count; i++) {
                struct interface *found = find_interface(&stack, ports[i].name);

                if (found)
                        found->port = &ports[i];
        }
        /* What stands below a physical port (the conduit of a switch chip, the function that a hypervisor gave) is its own matter. */
        for (size_t i = 0; i < stack.count; i++)
                if (!stack.rows[i].port)
                        read_lowers(&stack, &stack.rows[i]);
        return stack;
}

/* What is known of a way when it comes below a bond: a port that one bond leaves out has no part in what stands on it. */
static struct found below(const struct walk *walk, const struct interface *upper, const struct interface *lower,
                          struct found above)
{
        struct found here = { 0 };

        if (above.out != 0 || !text_equals(upper->kind, "bond"))
                return above;
        here.out = nic_bond_leaves_out(walk->stack->host, walk->pool, upper->folder, lower->folder, &here.why);
        return here;
}

/* Links that go round are no kernel's: they are too deep. */
static int descend(struct walk *walk, struct interface *interface, struct found above, unsigned depth)
{
        if (interface->walked == walk->number)
                return 0;
        walk->at = interface->name;
        if (depth > DEPTH_MAX)
                return -ELOOP;
        if (interface->error < 0)
                return interface->error;
        if (interface->port) {
                above.port = interface->port;
                walk->found = pool_grow(walk->pool, walk->found, walk->count, sizeof *walk->found);
                walk->found[walk->count++] = above;
        }
        for (size_t i = 0; i < interface->count; i++) {
                struct interface *lower = interface->lowers[i];
                int r;

                if (!lower)
                        return -ENODEV;
                if (walk->ways++ == WAYS_MAX)
                        return -E2BIG;
                r = descend(walk, lower, below(walk, interface, lower, above), depth + 1);
                if (r < 0)
                        return r;
        }
        interface->walked = walk->number;
        return 0;
}

static bool is_collection(const char *kind)
{
        return text_equals(kind, "bond") || text_equals(kind, "bridge") || text_equals(kind, "team");
}

/* Never without something below: where that is not to be seen, it is in another network namespace. */
static bool is_part(const char *kind)
{
        return text_equals(kind, "vlan") || text_equals(kind, "macvlan") || text_equals(kind, FUNCTION);
}

static bool is_up(const struct found *found)
{
        return found->port->linked == 1 && found->out == 0;
}

/* Names as words: the kernel allows no blank in a name, a folder does. */
static struct value words_of(const struct walk *walk, bool up_only)
{
        autobuffer struct text_buffer text = { 0 };

        for (size_t i = 0; i < walk->count; i++) {
                char *word = pool_dup(walk->pool, walk->found[i].port->label);

                if (up_only && !is_up(&walk->found[i]))
                        continue;
                for (char *blank = word; *(blank += strcspn(blank, " \t"));)
                        *blank = '?';
                text_addf(&text, "%s ", word);
        }
        return value_words(walk->pool, text.at);
}

static void add_unknown_links(struct facts *facts, const struct found *found, int error, const char *label)
{
        static const char *const names[] = { "up", "down", "slowest" };

        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
                fact_unknown(facts, error, found->port->folder, "interface.%s.%s", label, names[k]);
                if (found->port->linked < 0)
                        fact_note(facts, "whether %s has a link is not known", found->port->label);
                else
                        fact_note(facts, "whether the bond uses %s is not known: %s", found->port->label, found->why);
        }
}

/* up and down; false where some link is not known. */
static bool add_links(struct facts *facts, const struct walk *walk, const char *label, const char *source)
{
        autobuffer struct text_buffer out = { 0 };
        int64_t down = 0;

        for (size_t i = 0; i < walk->count; i++) {
                const struct found *found = &walk->found[i];
                int error = found->port->linked < 0 ? found->port->linked : found->port->linked == 1 ? found->out : 0;

                if (error < 0) {
                        add_unknown_links(facts, found, error, label);
                        return false;
                }
                down += !is_up(found);
                if (found->out > 0)
                        text_addf(&out, "%s%s: %s", out.size ? "; " : "", found->port->label, found->why);
        }
        fact_known(facts, words_of(walk, true), source, "interface.%s.up", label);
        fact_known(facts, value_number(down, UNIT_COUNT), source, "interface.%s.down", label);
        if (out.size)
                fact_note(facts, "%s", out.at);
        return true;
}

/* One whose speed is not known may be the slowest. */
static void add_slowest(struct facts *facts, const struct walk *walk, const char *label, const char *source)
{
        const struct nic_port *slowest = NULL;

        for (size_t i = 0; i < walk->count; i++) {
                const struct nic_port *port = walk->found[i].port;

                if (!is_up(&walk->found[i]))
                        continue;
                if (port->speed_error < 0) {
                        fact_unknown(facts, port->speed_error, port->folder, "interface.%s.slowest", label);
                        fact_note(facts, "the speed of %s is not known", port->label);
                        return;
                }
                if (!slowest || port->speed < slowest->speed)
                        slowest = port;
        }
        if (!slowest) {
                fact_absent(facts, source, "interface.%s.slowest", label);
                fact_note(facts, "no port below it has a link that is used");
                return;
        }
        fact_known(facts, value_number((int64_t)slowest->speed, UNIT_BITRATE),
                   pool_format(walk->pool, "nic.%s.speed", slowest->label), "interface.%s.slowest", label);
        fact_note(facts, "that of %s", slowest->label);
}

static void add_ports(struct facts *facts, struct walk *walk, struct interface *interface, const char *label)
{
        static const char *const names[] = { "ports", "up", "down", "slowest" };
        const char *source = pool_format(walk->pool, "%s/" LOWER "*", interface->folder);
        int r;

        r = descend(walk, interface, (struct found){ 0 }, 0);
        if (r == 0 && !interface->count && is_part(interface->kind))
                r = -ENODATA;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                if (r < 0) {
                        fact_unknown(facts, r, source, "interface.%s.%s", label, names[i]);
                        if (r == -ENODATA)
                                fact_note(facts, "what it stands on is in another network namespace");
                        else
                                fact_note(facts, "what is below %s cannot be told", text_printable(walk->pool, walk->at, 64));
                } else if (!walk->count) {
                        fact_absent(facts, source, "interface.%s.%s", label, names[i]);
                        fact_note(facts, "no physical port is below it");
                }
        }
        if (r < 0 || !walk->count)
                return;
        fact_known(facts, words_of(walk, false), source, "interface.%s.ports", label);
        if (add_links(facts, walk, label, source))
                add_slowest(facts, walk, label, source);
}

void nic_stack_facts(struct host *host, struct facts *facts, struct pool *pool, const char *const *names,
                     const struct nic_links *links, const struct nic_addresses *addresses, const struct nic_port *ports,
                     size_t count)
{
        struct stack stack = read_stack(host, pool, names, links, ports, count);

        for (size_t i = 0; i < stack.count; i++) {
                struct interface *interface = &stack.rows[i];
                struct walk walk = { .stack = &stack, .pool = pool, .number = (unsigned)i + 1 };
                const char *label = text_printable(pool, interface->name, 64);

                if (interface->error < 0 && !interface->port)
                        fact_unlisted(facts, interface->error, interface->folder, "interface.%s.*", label);
                if (!interface->count && !is_collection(interface->kind) && !is_part(interface->kind))
                        continue;
                if (interface->kind)
                        fact_known(facts, value_text(pool, interface->kind), interface->folder, "interface.%s.kind", label);
                else
                        fact_unknown(facts, -ENODATA, interface->folder, "interface.%s.kind", label);
                nic_stack_link_fact(host, facts, pool, interface->name, label, interface->folder);
                add_ports(facts, &walk, interface, label);
                nic_mtu_fact(host, facts, pool, "interface", label, interface->folder);
                nic_address_fact(facts, pool, links, addresses, "interface", interface->name);
                if (text_equals(interface->kind, "bond"))
                        nic_bond_active_fact(host, facts, pool, label, interface->folder);
        }
}
