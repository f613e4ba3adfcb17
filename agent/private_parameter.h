/* Which parameters of the kernel's command line are nobody else's business: for the record, for comparing, and for captures. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

enum private_kind {
        PRIVATE_NOT,
        PRIVATE_SECRET,  /* it may be a password */
        PRIVATE_DISK,    /* it names a disk of the host */
        PRIVATE_HOST,    /* it names the host, or where it gets what it is from */
        PRIVATE_ADDRESS, /* addresses of the host's own */
};

/* What a capture holds in the place of a secret begins so: a letter that means nothing to YAML, to a shell or to GRUB. */
#define PRIVATE_MASK '^'

/* '-' and '_' in the name are one. */
enum private_kind private_parameter(const char *name);
/* Does the value of a parameter of any name hold an address, a disk by its own number, a URL with a password, or "NAME=" of a secret? */
bool private_value(const char *value);
/* The first "USER:PASSWORD" that stands in a URL of this text, or over HTTP the first "TOKEN", where it stands; NULL where there is none. */
const char *private_login(const char *text, size_t *size);
/* Two hosts that are both right may differ in whether they have this one at all, not only in its value. */
bool private_presence(const char *name);
