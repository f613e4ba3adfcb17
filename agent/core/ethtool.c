/* Asking a network driver: ethtool over generic netlink, and by ioctl for what netlink lacks. */

#include "agent/core/ask.h"

#include "agent/core/netlink.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct nlmsghdr *start_request(void *room, uint16_t family, uint8_t command, uint8_t version)
{
        struct nlmsghdr *request = mnl_nlmsg_put_header(room);
        struct genlmsghdr *generic;

        request->nlmsg_type = family;
        request->nlmsg_flags = NLM_F_REQUEST;
        generic = mnl_nlmsg_put_extra_header(request, sizeof *generic);
        generic->cmd = command;
        generic->version = version;
        return request;
}

static int take_family(const struct nlattr *attr, void *family)
{
        if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID && mnl_attr_get_payload_len(attr) >= sizeof(uint16_t))
                *(uint16_t *)family = mnl_attr_get_u16(attr);
        return MNL_CB_OK;
}

/* The number under which the kernel has registered the ethtool family since it booted. */
static int find_family(struct pool *pool, uint16_t *family)
{
        _Alignas(struct nlmsghdr) char room[NETLINK_REQUEST_SIZE] = { 0 };
        struct nlmsghdr *request = start_request(room, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
        const struct nlmsghdr *reply;
        const void *answer;
        size_t size;
        int r;

        mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, ETHTOOL_GENL_NAME);
        r = netlink_ask(NETLINK_GENERIC, request, pool, &answer, &size);
        if (r < 0)
                return r == -ENOENT ? -EOPNOTSUPP : r;
        reply = answer;
        if (size < sizeof *reply || mnl_nlmsg_get_payload_len(reply) < sizeof(struct genlmsghdr))
                return -EBADMSG;
        *family = 0;
        mnl_attr_parse(reply, sizeof(struct genlmsghdr), take_family, family);
        return *family ? 0 : -EBADMSG;
}

/* The header of every request has the number 1 in its own set of attributes (linux/ethtool_netlink.h). */
_Static_assert(ETHTOOL_A_LINKMODES_HEADER == 1 && ETHTOOL_A_LINKSTATE_HEADER == 1 && ETHTOOL_A_TSINFO_HEADER == 1,
               "ethtool requests start with their header");

static int ask(struct pool *pool, const char *interface, uint8_t command, const void **answer, size_t *size)
{
        _Alignas(struct nlmsghdr) char room[NETLINK_REQUEST_SIZE] = { 0 };
        struct nlmsghdr *request;
        struct nlattr *header;
        uint16_t family;
        int r;

        if (!*interface || strlen(interface) >= ALTIFNAMSIZ)
                return -ENOENT;
        r = find_family(pool, &family);
        if (r < 0)
                return r;
        request = start_request(room, family, command, ETHTOOL_GENL_VERSION);
        header = mnl_attr_nest_start(request, ETHTOOL_A_LINKMODES_HEADER);
        mnl_attr_put_strz(request, ETHTOOL_A_HEADER_DEV_NAME, interface);
        mnl_attr_put_u32(request, ETHTOOL_A_HEADER_FLAGS, ETHTOOL_FLAG_COMPACT_BITSETS);
        mnl_attr_nest_end(request, header);
        r = netlink_ask(NETLINK_GENERIC, request, pool, answer, size);
        return r == -ENODEV ? -ENOENT : r;
}

int ask_ethtool_linkmodes(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        return ask(pool, rest, ETHTOOL_MSG_LINKMODES_GET, answer, size);
}

int ask_ethtool_linkstate(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        return ask(pool, rest, ETHTOOL_MSG_LINKSTATE_GET, answer, size);
}

int ask_ethtool_tsinfo(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        return ask(pool, rest, ETHTOOL_MSG_TSINFO_GET, answer, size);
}

/* One line; a driver that forgets the NUL or puts a newline into its version must not make two of it. */
static void add_line(struct text_buffer *text, const char *name, const char *value, size_t size)
{
        text_addf(text, "%s ", name);
        for (size_t i = 0; i < size && value[i]; i++) {
                char letter = value[i] > ' ' && value[i] < 0x7f ? value[i] : value[i] == ' ' ? ' ' : '?';

                text_add_bytes(text, &letter, 1);
        }
        text_add(text, "\n");
}

static int driver_info(const char *interface, struct ethtool_drvinfo *info)
{
        struct ifreq request = { 0 };
        int fd, r = 0;

        if (!*interface || strlen(interface) >= sizeof request.ifr_name)
                return -ENOENT;
        memcpy(request.ifr_name, interface, strlen(interface));
        request.ifr_data = (void *)info;
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* any socket takes the ioctl; this one needs no network */
        if (fd < 0)
                return -errno;
        if (ioctl(fd, SIOCETHTOOL, &request) < 0)
                r = errno == ENODEV ? -ENOENT : -errno;
        close(fd);
        return r;
}

int ask_ethtool_drvinfo(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
        autobuffer struct text_buffer text = { 0 };
        int r;

        r = driver_info(rest, &info);
        if (r < 0)
                return r;
        add_line(&text, "driver", info.driver, sizeof info.driver);
        add_line(&text, "version", info.version, sizeof info.version);
        add_line(&text, "firmware", info.fw_version, sizeof info.fw_version);
        add_line(&text, "bus", info.bus_info, sizeof info.bus_info);
        *answer = pool_copy(pool, text.at, text.size);
        *size = text.size;
        return 0;
}
