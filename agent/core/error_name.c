/* A table of the errors that reading and asking a host can end with. */

#include "agent/core/error_name.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define NAMED(error)                                                                                                           \
        {                                                                                                                      \
                error, #error                                                                                                  \
        }

static const struct {
        int error;
        const char *name;
} names[] = {
        NAMED(EPERM),      NAMED(ENOENT),       NAMED(ESRCH),       NAMED(EINTR),        NAMED(EIO),      NAMED(ENXIO),
        NAMED(E2BIG),      NAMED(ENOEXEC),      NAMED(EBADF),       NAMED(ECHILD),       NAMED(EAGAIN),   NAMED(ENOMEM),
        NAMED(EACCES),     NAMED(EFAULT),       NAMED(ENOTBLK),     NAMED(EBUSY),        NAMED(EEXIST),   NAMED(EXDEV),
        NAMED(ENODEV),     NAMED(ENOTDIR),      NAMED(EISDIR),      NAMED(EINVAL),       NAMED(ENFILE),   NAMED(EMFILE),
        NAMED(ENOTTY),     NAMED(ETXTBSY),      NAMED(EFBIG),       NAMED(ENOSPC),       NAMED(ESPIPE),   NAMED(EROFS),
        NAMED(EMLINK),     NAMED(EPIPE),        NAMED(EDOM),        NAMED(ERANGE),       NAMED(EDEADLK),  NAMED(ENOLCK),
        NAMED(ENOSYS),     NAMED(ENOTEMPTY),    NAMED(ELOOP),       NAMED(ENODATA),      NAMED(ETIME),    NAMED(EPROTO),
        NAMED(EBADMSG),    NAMED(EILSEQ),       NAMED(EOVERFLOW),   NAMED(EUSERS),       NAMED(ENOTSOCK), NAMED(EMSGSIZE),
        NAMED(EOPNOTSUPP), NAMED(ENETDOWN),     NAMED(ENOBUFS),     NAMED(ETIMEDOUT),    NAMED(ESTALE),   NAMED(EREMOTEIO),
        NAMED(ENOMEDIUM),  NAMED(ECANCELED),    NAMED(EDQUOT),      NAMED(ENAMETOOLONG), NAMED(ELIBACC),  NAMED(ECONNREFUSED),
        NAMED(ECONNRESET), NAMED(EHOSTUNREACH), NAMED(ENETUNREACH),
};

const char *error_name(int error)
{
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (names[i].error == error)
                        return names[i].name;
        return NULL;
}

int error_number(const char *name)
{
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (strcmp(names[i].name, name) == 0)
                        return names[i].error;
        return 0;
}
