/* What the name of an interrupt tells: its queue, and whether its driver leaves the placement to the kernel. */

#include "agent/core/irq_list.h"

#include "agent/core/text.h"

#include <string.h>
#include <strings.h>

/* Queue numbers have few digits; more is no number of a queue. */
#define DIGITS_MAX 5U

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* Digits up to the end, or up to the "@pci:0000:3b:00.0" that some drivers add. */
static bool number_at(const char *text, int *number)
{
        size_t digits = 0;
        int sum = 0;

        for (; digits <= DIGITS_MAX && is_digit(text[digits]); digits++)
                sum = sum * 10 + (text[digits] - '0');
        if (digits == 0 || digits > DIGITS_MAX || (text[digits] && text[digits] != '@'))
                return false;
        *number = sum;
        return true;
}

/* The marker, wherever it stands, with a number behind it. */
static bool marked(const char *name, const char *marker, int *number)
{
        size_t size = strlen(marker);

        for (; *name; name++)
                if (strncasecmp(name, marker, size) == 0 && number_at(name + size, number))
                        return true;
        return false;
}

bool irq_name_is_queue(const char *action, const char *nic, int *queue)
{
        /* Intel, ena, bnxt: -TxRx-, -Tx-Rx-; vmxnet3, nfp: -rxtx-; sfc and many more: -rx-, -tx-; Broadcom: -fp-; cxgb4: -Rx;
         * be2net: -q; gve: ntfy-blk; virtio_net: -input., -output.; Mellanox and mana by names of their own. */
        static const char *const markers[] = { "-txrx-",    "-tx-rx-", "-rxtx-",      "-rx-",     "-tx-",     "-fp-",
                                               "-rx",       "-tx",     "-q",          "-input.",  "-output.", "mana_q",
                                               "mlx5_comp", "mlx4-",   "ntfy-block.", "ntfy-blk", NULL };
        size_t size;

        *queue = IRQ_QUEUE_UNKNOWN;
        /* The flow director of ixgbe is counted by itself: its 0 is not queue 0. */
        if (strstr(action, ":fdir-TxRx-"))
                return true;
        for (const char *const *marker = markers; *marker; marker++)
                if (marked(action, *marker, queue))
                        return true;
        /* sfc with combined channels, and atlantic: "eth0-3". */
        size = nic ? strlen(nic) : 0;
        return size && strncmp(action, nic, size) == 0 && action[size] == '-' && number_at(action + size + 1, queue);
}

/* "nvme0q3": q0 is the admin queue, which the driver keeps out of the managed ones (pre_vectors of nvme_setup_irqs()). */
static bool is_nvme_data(const char *action)
{
        int queue;

        return text_starts(action, "nvme") && is_digit(action[4]) && marked(action, "q", &queue) && queue > 0;
}

bool irq_name_is_managed(const char *action)
{
        int number;

        if (is_nvme_data(action))
                return true;
        if (text_starts(action, "virtio") && is_digit(action[6]))
                return marked(action, "-req.", &number) || marked(action, "-request.", &number) ||
                       text_ends(action, "-request");
        return (text_starts(action, "megasas") || text_starts(action, "mpt3sas") || text_starts(action, "mpi3mr")) &&
               marked(action, "-msix", &number);
}
