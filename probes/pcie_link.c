/* Reading the speed and width of a PCIe link as drivers/pci/pci-sysfs.c writes them: "8.0 GT/s PCIe" and "4". */

#include "probes/pcie_link.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <stdint.h>

#define MOST_LANES 32

/* "2.5", "16.0", "8" of kernels before 5.10; up to 4 digits before the point. */
static int parse_speed(const char *text, int *tenths)
{
        int number = 0;
        unsigned digits = 0;

        for (; *text >= '0' && *text <= '9'; text++) {
                if (++digits > 4)
                        return -ENODATA;
                number = number * 10 + (*text - '0');
        }
        if (!digits)
                return -ENODATA;
        number *= 10;
        if (text[0] == '.' && text[1] >= '0' && text[1] <= '9')
                number += text[1] - '0';
        *tenths = number;
        return number ? 0 : -ENODATA;
}

int pcie_link_read(struct host *host, struct pool *pool, const char *folder, const char *which, struct pcie_link *link)
{
        const char *text;
        int64_t width;
        int r, speed = 0;

        r = sysfs_text(host, pool, &text, "%s/%s_link_speed", folder, which);
        if (r == 0)
                r = parse_speed(text, &speed);
        if (r < 0)
                return r;
        r = host_number(host, &width, "%s/%s_link_width", folder, which);
        if (r < 0)
                return r;
        if (width < 1 || width > MOST_LANES)
                return -ENODATA;
        *link = (struct pcie_link){ .speed = speed, .width = (int)width };
        return 0;
}

const char *pcie_link_show(struct pool *pool, struct pcie_link link)
{
        return pool_format(pool, "%d.%d GT/s x%d", link.speed / 10, link.speed % 10, link.width);
}

struct pcie_link pcie_link_common(struct pcie_link a, struct pcie_link b)
{
        return (struct pcie_link){
                .speed = a.speed < b.speed ? a.speed : b.speed,
                .width = a.width < b.width ? a.width : b.width,
        };
}
