/* Asking over netlink: the link, address and route dumps of rtnetlink, and one request and answer for everything else. */

#include "agent/core/netlink.h"

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define ANSWER_MAX ((size_t)16 * 1024 * 1024)
/* The largest buffer that the kernel fills in one go for a dump (NLMSG_GOODSIZE grown to 32 KiB, net/netlink/af_netlink.c). */
#define RECEIVE_SIZE    32768
#define TIMEOUT_SECONDS 2
#define ATTEMPTS        5

struct reception {
        const struct mnl_socket *socket;
        unsigned seq;
        bool dump;
        bool interrupted; /* the kernel's tables changed while it was dumping them */
        struct text_buffer answer;
};

static void close_socket(struct mnl_socket **socket)
{
        if (*socket)
                mnl_socket_close(*socket);
}

static int open_socket(int bus, struct mnl_socket **socket)
{
        struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
        struct mnl_socket *new;
        int r = 0;

        new = mnl_socket_open2(bus, SOCK_CLOEXEC);
        if (!new)
                return errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT ? -EOPNOTSUPP : -errno;
        if (setsockopt(mnl_socket_get_fd(new), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) < 0 ||
            setsockopt(mnl_socket_get_fd(new), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) < 0 ||
            mnl_socket_bind(new, 0, MNL_SOCKET_AUTOPID) < 0)
                r = -errno;
        if (r < 0) {
                mnl_socket_close(new);
                return r;
        }
        *socket = new;
        return 0;
}

/* The error in an NLMSG_ERROR or NLMSG_DONE message; 0 is none. */
static int message_error(const struct nlmsghdr *message)
{
        int error = 0;

        if (mnl_nlmsg_get_payload_len(message) < sizeof error)
                return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
        memcpy(&error, mnl_nlmsg_get_payload(message), sizeof error);
        return error > 0 ? -error : error;
}

/* Takes one message in. 1: the answer is whole; 0: more follows. */
static int take(struct reception *reception, const struct nlmsghdr *message)
{
        static const char padding[NLMSG_ALIGNTO];
        int r;

        if (message->nlmsg_flags & NLM_F_DUMP_INTR)
                reception->interrupted = true;
        switch (message->nlmsg_type) {
        case NLMSG_NOOP:
                return 0;
        case NLMSG_OVERRUN:
                return -ENOBUFS;
        case NLMSG_ERROR:
        case NLMSG_DONE:
                r = message_error(message);
                return r < 0 ? r : 1;
        default:
                break;
        }
        if (reception->answer.size + message->nlmsg_len > ANSWER_MAX)
                return -EFBIG;
        text_add_bytes(&reception->answer, message, message->nlmsg_len);
        text_add_bytes(&reception->answer, padding, NLMSG_ALIGN(message->nlmsg_len) - message->nlmsg_len);
        return reception->dump || message->nlmsg_flags & NLM_F_MULTI ? 0 : 1;
}

static int receive(struct reception *reception)
{
        _Alignas(struct nlmsghdr) char room[RECEIVE_SIZE];

        for (;;) {
                const struct nlmsghdr *message = (const void *)room;
                ssize_t got = mnl_socket_recvfrom(reception->socket, room, sizeof room);
                int left = (int)got;

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return errno == EAGAIN ? -ETIMEDOUT : -errno;
                if (got == 0)
                        return -EIO;
                for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
                        int r;

                        if (!mnl_nlmsg_seq_ok(message, reception->seq) ||
                            !mnl_nlmsg_portid_ok(message, mnl_socket_get_portid(reception->socket)))
                                continue;
                        r = take(reception, message);
                        if (r != 0)
                                return r < 0 ? r : 0;
                }
        }
}

static int attempt(struct mnl_socket *socket, struct nlmsghdr *request, unsigned seq, struct pool *pool, const void **answer,
                   size_t *size)
{
        struct reception reception = {
                .socket = socket,
                .seq = seq,
                .dump = (request->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP,
        };
        int r;

        request->nlmsg_seq = seq;
        if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
                return -errno;
        r = receive(&reception);
        if (r == 0 && reception.interrupted)
                r = -EINTR;
        if (r == 0) {
                *answer = pool_copy(pool, reception.answer.at ? reception.answer.at : "", reception.answer.size);
                *size = reception.answer.size;
        }
        text_buffer_free(&reception.answer);
        return r;
}

int netlink_ask(int bus, struct nlmsghdr *request, struct pool *pool, const void **answer, size_t *size)
{
        __attribute__((cleanup(close_socket))) struct mnl_socket *socket = NULL;
        int r;

        r = open_socket(bus, &socket);
        if (r < 0)
                return r;
        for (unsigned seq = 1; seq <= ATTEMPTS; seq++) {
                r = attempt(socket, request, seq, pool, answer, size);
                if (r != -EINTR)
                        return r;
        }
        return -EAGAIN;
}

int ask_rtnl(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        static const struct {
                const char *name;
                uint16_t type;
                size_t header;
        } dumps[] = {
                { "links", RTM_GETLINK, sizeof(struct ifinfomsg) },
                { "addresses", RTM_GETADDR, sizeof(struct ifaddrmsg) },
                { "routes", RTM_GETROUTE, sizeof(struct rtmsg) },
        };

        for (size_t i = 0; i < sizeof dumps / sizeof dumps[0]; i++) {
                _Alignas(struct nlmsghdr) char room[NETLINK_REQUEST_SIZE] = { 0 };
                struct nlmsghdr *request;

                if (!text_equals(rest, dumps[i].name))
                        continue;
                request = mnl_nlmsg_put_header(room);
                request->nlmsg_type = dumps[i].type;
                request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
                mnl_nlmsg_put_extra_header(request, dumps[i].header); /* zeroed: any family, any link */
                return netlink_ask(NETLINK_ROUTE, request, pool, answer, size);
        }
        return -ENOENT;
}
