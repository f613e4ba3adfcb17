/* The fastest physical port that has a link. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>

/* Ethernet ports that a user-space driver has taken from the kernel: there, but with nothing to be read about them. */
static unsigned count_bypassed(struct host *host, struct pool *pool)
{
        static const char *const drivers[] = { "vfio-pci", "igb_uio", "uio_pci_generic" };
        unsigned count = 0;

        for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
                const char *const *names;

                if (host_list(host, pool, &names, "/sys/bus/pci/drivers/%s", drivers[i]) < 0)
                        continue;
                for (; *names; names++) {
                        const char *class;

                        if (sysfs_is_pci(*names) &&
                            sysfs_text(host, pool, &class, "/sys/bus/pci/devices/%s/class", *names) == 0 &&
                            text_starts(class, "0x0200"))
                                count++;
                }
        }
        return count;
}

void nic_fastest_count(struct nic_fastest *fastest, struct pool *pool, const struct nic_port *port)
{
        fastest->ports++;
        if (port->linked == 0)
                return;
        fastest->linked++;
        if (port->speed_error < 0 || port->linked < 0) {
                if (!fastest->silent++) {
                        fastest->error = port->linked < 0 ? port->linked : port->speed_error;
                        fastest->silent_label = port->label;
                }
                return;
        }
        if (port->speed <= fastest->best)
                return;
        fastest->best = port->speed;
        fastest->best_source = pool_format(pool, "nic.%s.speed", port->label);
}

void nic_fastest_fact(struct host *host, struct facts *facts, struct pool *pool, const struct nic_fastest *fastest)
{
        unsigned bypassed;

        if (fastest->best) {
                fact_known(facts, value_number((int64_t)fastest->best, UNIT_BITRATE), fastest->best_source, "nic.fastest");
                if (fastest->silent)
                        fact_note(facts, "the speed of %s is not known", fastest->silent_label);
                return;
        }
        if (fastest->silent) {
                fact_unknown(facts, fastest->error, NIC_FOLDER, "nic.fastest");
                fact_note(facts, "%s is there, its speed is not known", fastest->silent_label);
                return;
        }
        bypassed = count_bypassed(host, pool);
        if (bypassed) {
                fact_unknown(facts, -ENODATA, "/sys/bus/pci/drivers", "nic.fastest");
                fact_note(facts, "%u port%s belong%s to a user-space driver: the kernel knows no speed", bypassed,
                          bypassed == 1 ? "" : "s", bypassed == 1 ? "s" : "");
                return;
        }
        fact_absent(facts, NIC_FOLDER, "nic.fastest");
        fact_note(facts, fastest->ports ? "no physical port has a link" : "no physical Ethernet port");
}
