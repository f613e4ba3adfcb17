/* The fastest physical port that has a link. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

/* A PCI function with a wire: virtual functions have none, and are given away every day. */
static bool is_port(struct host *host, struct pool *pool, const char *address)
{
        const char *class, *physical;

        return sysfs_text(host, pool, &class, "/sys/bus/pci/devices/%s/class", address) == 0 && text_starts(class, "0x0200") &&
               host_link(host, pool, &physical, "/sys/bus/pci/devices/%s/physfn", address) < 0;
}

/* The folder of a device's interfaces stays, and is empty, while they are in another network namespace (fs/sysfs shows each reader his
 * own). */
static unsigned count_elsewhere(struct host *host, struct pool *pool)
{
        const char *const *names, *const *interfaces;
        unsigned count = 0;

        if (host_list(host, pool, &names, "/sys/bus/pci/devices") < 0)
                return 0;
        for (; *names; names++)
                count += sysfs_is_pci(*names) &&
                         host_list(host, pool, &interfaces, "/sys/bus/pci/devices/%s/net", *names) == 0 && !*interfaces &&
                         is_port(host, pool, *names);
        return count;
}

/* Ethernet ports that a user-space driver has taken from the kernel: there, but with nothing to be read about them. */
static unsigned count_bypassed(struct host *host, struct pool *pool)
{
        static const char *const drivers[] = { "vfio-pci", "igb_uio", "uio_pci_generic" };
        unsigned count = 0;

        for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
                const char *const *names;

                if (host_list(host, pool, &names, "/sys/bus/pci/drivers/%s", drivers[i]) < 0)
                        continue;
                for (; *names; names++)
                        count += sysfs_is_pci(*names) && is_port(host, pool, *names);
        }
        return count;
}

/* A port of a guest that is no copy of a card: its speed is what somebody wrote, or nothing. */
static bool is_paravirtual(struct host *host, struct pool *pool, const struct nic_port *port)
{
        static const char *const buses[] = { "virtio", "vmbus", "xen", "xen-backend" };
        const char *target;

        if (host_link(host, pool, &target, "%s/device/subsystem", port->folder) < 0)
                return false;
        for (size_t i = 0; i < sizeof buses / sizeof buses[0]; i++)
                if (text_equals(basename(target), buses[i]))
                        return true;
        return false;
}

static void count_silent(struct host *host, struct pool *pool, const struct nic_port *port, struct nic_fastest *fastest)
{
        bool wired = !is_paravirtual(host, pool, port), first = fastest->silent == 0;

        if (first || (wired && fastest->silent == fastest->unwired)) {
                fastest->error = port->linked < 0 ? port->linked : port->speed_error;
                fastest->silent_label = port->label;
        }
        fastest->silent++;
        fastest->unwired += !wired;
}

void nic_fastest_count(struct host *host, struct pool *pool, const struct nic_port *port, struct nic_fastest *fastest)
{
        fastest->ports++;
        if (port->linked == 0)
                return;
        fastest->linked++;
        if (port->speed_error < 0 || port->linked < 0) {
                count_silent(host, pool, port, fastest);
                return;
        }
        if (port->speed <= fastest->best)
                return;
        fastest->best = port->speed;
        fastest->best_source = pool_format(pool, "nic.%s.speed", port->label);
}

/* Ports that may be faster than what is known, in words; NULL: there are none. A port without a wire is never faster than one with it. */
static const char *unseen_ports(struct host *host, struct pool *pool, const struct nic_fastest *fastest)
{
        const struct {
                unsigned count;
                const char *one, *many;
        } kinds[] = {
                { count_bypassed(host, pool), "port belongs to a user-space driver", "ports belong to a user-space driver" },
                { count_elsewhere(host, pool), "port is in another network namespace",
                  "ports are in another network namespace" },
        };
        autobuffer struct text_buffer text = { 0 };

        if (fastest->silent > (fastest->best ? fastest->unwired : 0))
                text_addf(&text, "the speed of %s is not known", fastest->silent_label);
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                if (kinds[i].count)
                        text_addf(&text, "%s%u %s", text.size ? "; " : "", kinds[i].count,
                                  kinds[i].count == 1 ? kinds[i].one : kinds[i].many);
        return text.size ? pool_dup(pool, text.at) : NULL;
}

void nic_fastest_fact(struct host *host, struct facts *facts, struct pool *pool, const struct nic_fastest *fastest)
{
        const char *unseen = unseen_ports(host, pool, fastest);

        if (fastest->best) {
                fact_known(facts, value_number((int64_t)fastest->best, UNIT_BITRATE), fastest->best_source, "nic.fastest");
                if (unseen) {
                        fact_at_least(facts);
                        fact_note(facts, "at least: %s", unseen);
                }
                return;
        }
        if (unseen) {
                fact_unknown(facts, fastest->silent ? fastest->error : -ENODATA, fastest->silent ? NIC_FOLDER : "/sys/bus/pci",
                             "nic.fastest");
                fact_note(facts, "%s", unseen);
                return;
        }
        fact_absent(facts, NIC_FOLDER, "nic.fastest");
        fact_note(facts, fastest->ports ? "no physical port has a link" : "no physical Ethernet port");
}
