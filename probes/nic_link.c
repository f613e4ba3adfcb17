/* The link of a network port: whether there is one, how fast it is, and what the driver tells. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/netlink_parse.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define MEGABIT       INT64_C(1000000)
#define SILENT_DRIVER "the driver does not say"

static int link_of_state(const char *state)
{
        static const char *const down[] = { "down", "notpresent", "lowerlayerdown", "testing", "dormant" };

        if (text_equals(state, "up"))
                return 1;
        for (size_t i = 0; i < sizeof down / sizeof down[0]; i++)
                if (text_equals(state, down[i]))
                        return 0;
        return text_equals(state, "unknown") ? -ENODATA : -EINVAL;
}

/* operstates.rst: "unknown" means that neither driver nor user space has set it, and data may flow. */
static int read_link(struct host *host, struct pool *pool, const char *name, const char *folder, const char **source)
{
        const char *state;
        const void *answer;
        int64_t carrier;
        size_t size;
        bool up;
        int r;

        *source = pool_format(pool, "%s/operstate", folder);
        r = sysfs_text(host, pool, &state, "%s", *source);
        if (r == 0)
                r = link_of_state(state);
        if (r >= 0 || (r != -ENODATA && r != -ENOENT))
                return r;
        if (host_ask(host, pool, &answer, &size, "ethtool/linkstate/%s", name) == 0 &&
            netlink_parse_linkstate(answer, size, &up) == 0) {
                *source = pool_format(pool, "ethtool/linkstate/%s", name);
                return up;
        }
        *source = pool_format(pool, "%s/carrier", folder);
        r = host_number(host, &carrier, "%s", *source);
        if (r < 0)
                return r == -EINVAL ? -ENODATA : r; /* EINVAL: the kernel's answer for a port that is not up */
        return carrier == 1;
}

void nic_stack_link_fact(struct host *host, struct facts *facts, struct pool *pool, const char *name, const char *label,
                         const char *folder)
{
        const char *source;
        int linked = read_link(host, pool, name, folder, &source);

        if (linked < 0)
                fact_unknown(facts, linked, source, "interface.%s.link", label);
        else
                fact_known(facts, value_flag(linked == 1), source, "interface.%s.link", label);
}

/* Why there is none. Where the driver may not be asked, or does not say, nothing is added. */
static void note_no_link(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const void *answer;
        const char *why;
        size_t size;

        if (host_ask(host, pool, &answer, &size, "ethtool/linkstate/%s", port->name) < 0)
                return;
        why = netlink_parse_no_link(answer, size);
        if (why)
                fact_note(facts, "%s", why);
}

/* The driver's answer; *modes is touched only when there is one. Under a directory without answers, on kernels before 5.6 and
 * for drivers without ethtool there is none, and the sysfs files, which ask the same function of the driver, must do. */
static int ask_modes(struct host *host, struct pool *pool, const struct nic_port *port, struct netlink_modes *modes)
{
        const void *answer;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, "ethtool/linkmodes/%s", port->name);
        return r < 0 ? r : netlink_parse_linkmodes(answer, size, modes);
}

/* -1, 0 and EINVAL all mean that the driver does not know (speed_show in net/core/net-sysfs.c). */
static int read_speed(struct host *host, const char *source, uint64_t *speed)
{
        int64_t megabits;
        int r;

        r = host_number(host, &megabits, "%s", source);
        if (r < 0)
                return r == -EINVAL ? -ENODATA : r;
        if (megabits == -1 || megabits == 0)
                return -ENODATA;
        if (megabits < 0 || megabits >= UINT32_MAX)
                return -ERANGE;
        *speed = (uint64_t)(megabits * MEGABIT);
        return 0;
}

static void add_speed(struct host *host, struct facts *facts, struct pool *pool, struct nic_port *port, int asked,
                      const struct netlink_modes *modes)
{
        const char *source = pool_format(pool, "ethtool/linkmodes/%s", port->name);

        if (asked == 0 && modes->speed_known) {
                port->speed = modes->speed;
                port->speed_error = 0;
        } else if (asked < 0) {
                source = pool_format(pool, "%s/speed", port->folder);
                port->speed_error = read_speed(host, source, &port->speed);
        }
        if (port->speed_error == 0) {
                fact_known(facts, value_number((int64_t)port->speed, UNIT_BITRATE), source, "nic.%s.speed", port->label);
                return;
        }
        fact_unknown(facts, port->speed_error, source, "nic.%s.speed", port->label);
        if (port->speed_error == -ENODATA)
                fact_note(facts, SILENT_DRIVER);
}

static void add_duplex(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port, int asked,
                       const struct netlink_modes *modes)
{
        const char *source = pool_format(pool, "ethtool/linkmodes/%s", port->name);
        const char *duplex = asked == 0 ? modes->duplex : NULL;
        int r = -ENODATA;

        if (asked < 0) {
                source = pool_format(pool, "%s/duplex", port->folder);
                r = sysfs_text(host, pool, &duplex, "%s", source);
                if (r == -EINVAL)
                        r = -ENODATA;
                else if (r == 0 && !text_equals(duplex, "full") && !text_equals(duplex, "half"))
                        r = text_equals(duplex, "unknown") ? -ENODATA : -EINVAL;
                if (r < 0)
                        duplex = NULL;
        }
        if (duplex) {
                fact_known(facts, value_text(pool, duplex), source, "nic.%s.duplex", port->label);
                return;
        }
        fact_unknown(facts, r, source, "nic.%s.duplex", port->label);
        if (r == -ENODATA)
                fact_note(facts, SILENT_DRIVER);
}

static void add_peer_speed(struct facts *facts, struct pool *pool, const struct nic_port *port, int asked,
                           const struct netlink_modes *modes)
{
        const char *source = pool_format(pool, "ethtool/linkmodes/%s", port->name);

        if (asked < 0) {
                fact_unknown(facts, asked, source, "nic.%s.peer_speed", port->label);
        } else if (modes->peer_speed) {
                fact_known(facts, value_number((int64_t)modes->peer_speed, UNIT_BITRATE), source, "nic.%s.peer_speed",
                           port->label);
        } else {
                fact_absent(facts, source, "nic.%s.peer_speed", port->label);
                fact_note(facts, "the other end does not say, or the driver does not");
        }
}

/* A port that has no link, or is no Ethernet: what the files still hold is stale, and must satisfy nobody. */
static void add_no_speed(struct facts *facts, const struct nic_port *port, const char *why)
{
        fact_absent(facts, port->folder, "nic.%s.speed", port->label);
        fact_note(facts, "%s", why);
        fact_absent(facts, port->folder, "nic.%s.duplex", port->label);
        fact_note(facts, "%s", why);
}

static void add_max_speed(struct facts *facts, struct pool *pool, const struct nic_port *port, int asked,
                          const struct netlink_modes *modes)
{
        const char *source = pool_format(pool, "ethtool/linkmodes/%s", port->name);

        if (asked == 0 && modes->max_speed) {
                fact_known(facts, value_number((int64_t)modes->max_speed, UNIT_BITRATE), source, "nic.%s.max_speed",
                           port->label);
                return;
        }
        fact_unknown(facts, asked < 0 ? asked : -ENODATA, source, "nic.%s.max_speed", port->label);
        if (asked == 0)
                fact_note(facts, "the driver names no link mode that is known");
}

/* "firmware 6.80 0x800042e1 1.2585.0": what stands behind the word, up to the end of the line. */
static const char *drvinfo_line(struct pool *pool, const char *answer, const char *name)
{
        struct slice line;

        while (text_line(&answer, &line)) {
                size_t size = strlen(name);

                if (line.size > size && !memcmp(line.at, name, size) && line.at[size] == ' ')
                        return text_printable(
                                pool, slice_dup(pool, slice_trim((struct slice){ line.at + size, line.size - size })), 128);
        }
        return "";
}

static void add_firmware(struct host *host, struct facts *facts, struct pool *pool, const struct nic_port *port)
{
        const char *source = pool_format(pool, "ethtool/drvinfo/%s", port->name);
        const char *version;
        const void *answer;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, "%s", source);
        if (r < 0) {
                fact_unknown(facts, r, source, "nic.%s.firmware", port->label);
                return;
        }
        version = drvinfo_line(pool, pool_copy(pool, answer, size), "firmware");
        if (!*version || text_equals(version, "N/A")) {
                fact_absent(facts, source, "nic.%s.firmware", port->label);
                fact_note(facts, SILENT_DRIVER);
                return;
        }
        fact_known(facts, value_text(pool, version), source, "nic.%s.firmware", port->label);
}

void nic_link_facts(struct host *host, struct facts *facts, struct pool *pool, struct nic_port *port)
{
        struct netlink_modes modes = { 0 };
        const char *source;
        int asked;

        port->linked = read_link(host, pool, port->name, port->folder, &source);
        if (port->linked < 0)
                fact_unknown(facts, port->linked, source, "nic.%s.link", port->label);
        else
                fact_known(facts, value_flag(port->linked == 1), source, "nic.%s.link", port->label);
        if (port->linked == 0)
                note_no_link(host, facts, pool, port);
        add_firmware(host, facts, pool, port);
        if (!port->ethernet) {
                add_no_speed(facts, port, "not an Ethernet port");
                fact_absent(facts, port->folder, "nic.%s.max_speed", port->label);
                fact_note(facts, "not an Ethernet port");
                fact_absent(facts, port->folder, "nic.%s.peer_speed", port->label);
                fact_note(facts, "not an Ethernet port");
                return;
        }
        asked = ask_modes(host, pool, port, &modes);
        add_max_speed(facts, pool, port, asked, &modes);
        add_peer_speed(facts, pool, port, asked, &modes);
        if (port->linked == 0) {
                add_no_speed(facts, port, "link is down");
                return;
        }
        add_speed(host, facts, pool, port, asked, &modes);
        add_duplex(host, facts, pool, port, asked, &modes);
}
