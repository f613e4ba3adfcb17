/* The device interrupts of a host: their names, their devices, and which of them serve the queues of a network interface. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct host;
struct pool;

#define IRQ_QUEUE_UNKNOWN (-1)

/* A network interface with a device behind it. */
struct irq_nic {
        const char *name;
        const char *pci;    /* the function it sits on, also through a virtio device; NULL: no PCI device */
        const char *device; /* its own device: "virtio2", or the same as pci */
        int node;           /* -1: none, or unknown */
};

struct irq {
        unsigned number;
        const char *actions;       /* as the kernel names them, between commas: "ehci_hcd:usb1,uhci"; "" unknown */
        const char *pci;           /* the function that raises it; NULL unknown */
        const struct irq_nic *nic; /* NULL: not of a network interface */
        bool is_queue;             /* serves packets of the nic */
        int queue;                 /* its number; IRQ_QUEUE_UNKNOWN */
        bool managed;              /* the driver is known to leave the placement to the kernel, which then refuses others */
        bool fixed;                /* the kernel never moves it: the timer, the cascade, what every CPU has of its own */
};

struct irq_list {
        size_t count;
        struct irq *rows; /* by number; interrupts that nobody uses are left out */
        size_t nic_count;
        struct irq_nic *nics;
};

/* Everything lives in the pool. -ENOENT: the host has no /proc/irq. Another errno: what is there, or whose it is, cannot be told. */
int irq_list_read(struct host *host, struct pool *pool, struct irq_list *list);

/* For irq_list_read: finds the network interfaces, and gives each its interrupts. A negative errno where they cannot all be told. */
int irq_nics_read(struct host *host, struct pool *pool, struct irq_list *list);
/* Does an interrupt of this name serve a queue? The name may be of any interrupt of a network card. */
bool irq_name_is_queue(const char *action, const char *nic, int *queue);
/* Is this a name that drivers give to interrupts which the kernel places itself (PCI_IRQ_AFFINITY)? */
bool irq_name_is_managed(const char *action);
