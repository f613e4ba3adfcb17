/* Which interrupts are of a network interface, and of which of its queues. */

#include "agent/core/irq_list.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

static int read_nic(struct host *host, struct pool *pool, struct irq_list *list, const char *name)
{
        struct irq_nic nic = { .name = name, .node = -1 };
        const char *target;
        int64_t node;
        int r;

        /* No device, no card: a bridge, a bond, a tunnel; or bonding_masters, which is a file. */
        r = host_link(host, pool, &target, "/sys/class/net/%s/device", name);
        if (r < 0)
                return r == -ENOENT || r == -ENOTDIR || r == -EINVAL ? 0 : r;
        nic.device = basename(target);
        nic.pci = sysfs_pci(pool, target);
        if (!nic.pci && host_link(host, pool, &target, "/sys/class/net/%s", name) >= 0)
                nic.pci = sysfs_pci(pool, target);
        if (!nic.pci && host_link(host, pool, &target, "/sys/bus/virtio/devices/%s", nic.device) >= 0)
                nic.pci = sysfs_pci(pool, target);
        if (host_number(host, &node, "/sys/class/net/%s/device/numa_node", name) < 0 &&
            (!nic.pci || host_number(host, &node, "/sys/bus/pci/devices/%s/numa_node", nic.pci) < 0))
                node = -1;
        nic.node = node >= 0 && node < INT32_MAX ? (int)node : -1;
        list->nics = pool_grow(pool, list->nics, list->nic_count, sizeof *list->nics);
        list->nics[list->nic_count++] = nic;
        return 0;
}

static bool ends_name(char c)
{
        return !c || strchr("-:@. ", c);
}

/* "eth0", "eth0-rx-1", "i40e-ens1f0-TxRx-12", "mlx5_comp3@pci:0000:3b:00.0", "virtio2-input.0". */
static bool names_nic(const char *action, const struct irq_nic *nic)
{
        size_t size = strlen(nic->name);
        const char *at = action;

        if (nic->pci && (at = strchr(action, '@')) && text_ends(at, nic->pci))
                return true;
        for (at = action; (at = strstr(at, nic->name)); at++)
                if ((at == action || at[-1] == '-') && ends_name(at[size]))
                        return true;
        size = strlen(nic->device);
        return text_starts(nic->device, "virtio") && strncmp(action, nic->device, size) == 0 && action[size] == '-';
}

static const struct irq_nic *find_nic(struct pool *pool, const struct irq_list *list, const struct irq *irq)
{
        const char *cursor = irq->actions;
        struct slice action;

        /* By name first: one function may carry several interfaces. */
        while (text_word(&cursor, ", ", &action)) {
                const char *name = slice_dup(pool, action);

                for (size_t i = 0; i < list->nic_count; i++)
                        if (names_nic(name, &list->nics[i]))
                                return &list->nics[i];
        }
        /* A shared line is of the card only by name. */
        for (size_t i = 0; irq->pci && !strchr(irq->actions, ',') && i < list->nic_count; i++)
                if (text_equals(list->nics[i].pci, irq->pci))
                        return &list->nics[i];
        return NULL;
}

static void find_queue(struct pool *pool, struct irq *irq)
{
        const char *cursor = irq->actions;
        struct slice action;

        while (!irq->is_queue && text_word(&cursor, ", ", &action))
                irq->is_queue = irq_name_is_queue(slice_dup(pool, action), irq->nic->name, &irq->queue);
}

/* A card without a queue to be known by its name has one interrupt for all: "enp3s0" of r8169. */
static void take_all(struct irq_list *list, const struct irq_nic *nic)
{
        for (size_t i = 0; i < list->count; i++)
                if (list->rows[i].nic == nic && list->rows[i].is_queue)
                        return;
        for (size_t i = 0; i < list->count; i++)
                if (list->rows[i].nic == nic)
                        list->rows[i].is_queue = true;
}

int irq_nics_read(struct host *host, struct pool *pool, struct irq_list *list)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, "/sys/class/net");
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        for (; *names; names++) {
                r = read_nic(host, pool, list, *names);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; list->nic_count && i < list->count; i++) {
                list->rows[i].nic = find_nic(pool, list, &list->rows[i]);
                if (list->rows[i].nic)
                        find_queue(pool, &list->rows[i]);
        }
        for (size_t i = 0; i < list->nic_count; i++)
                take_all(list, &list->nics[i]);
        return 0;
}
