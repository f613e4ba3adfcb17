/* What a bond makes of its ports. */

#include "probes/nic_port.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
#include "agent/core/text.h"

#include <errno.h>

/* A kernel before 3.14, or no port of a bond: nothing is known against it. */
static int read_part(struct host *host, struct pool *pool, const char **text, const char *folder, const char *name)
{
        int r = sysfs_text(host, pool, text, "%s/%s", folder, name);

        if (r == -ENOENT || r == -ENOTDIR)
                *text = NULL;
        return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

static bool is_number(const char *text)
{
        uint64_t number;

        return text && text_u64(text, 10, &number) == 0;
}

int nic_bond_leaves_out(struct host *host, struct pool *pool, const char *bond, const char *port, const char **why)
{
        const char *state = NULL, *own = NULL, *active = NULL;
        int r;

        *why = "bonding_slave/mii_status";
        r = read_part(host, pool, &state, port, *why);
        if (r < 0)
                return r;
        if (state && !text_equals(state, "up")) {
                *why = pool_format(pool, "mii_status %s in %s", text_printable(pool, state, 32),
                                   text_printable(pool, sysfs_last(pool, bond), 64));
                return 1;
        }
        *why = "ad_aggregator";
        r = read_part(host, pool, &own, port, "bonding_slave/ad_aggregator_id");
        /* "N/A": the bond is none of 802.3ad (ad_aggregator_id_show, drivers/net/bonding/bond_sysfs_slave.c). */
        if (r == 0 && is_number(own))
                r = read_part(host, pool, &active, bond, "bonding/ad_aggregator");
        if (r < 0)
                return r;
        if (!is_number(own) || !is_number(active) || text_equals(own, active))
                return 0;
        *why = pool_format(pool, "in aggregator %s, and %s uses %s", own, text_printable(pool, sysfs_last(pool, bond), 64),
                           active);
        return 1;
}

/* The file is empty where all ports carry traffic (802.3ad, balance-xor ...), and where none does. */
void nic_bond_active_fact(struct host *host, struct facts *facts, struct pool *pool, const char *label, const char *folder)
{
        const char *source = pool_format(pool, "%s/bonding/active_slave", folder);
        const char *name;
        int r;

        r = sysfs_text(host, pool, &name, "%s", source);
        if (r == 0)
                fact_known(facts, value_text(pool, name), source, "interface.%s.active", label);
        else if (r != -ENODATA)
                fact_unknown(facts, r, source, "interface.%s.active", label);
        else
                fact_absent(facts, source, "interface.%s.active", label);
        if (r == -ENODATA)
                fact_note(facts, "no single one: all of them carry its traffic, or none");
}
