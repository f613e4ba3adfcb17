/* Walking over netlink messages and attributes that may be cut, or lie about their length. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlattr;
struct nlmsghdr;
struct pool;

/* What is still to be walked. Starts aligned for any type. */
struct walk {
        const char *at, *end;
};

/* Each of the two: 1: *attr or *message is the next one; 0: no more; -EBADMSG: what is left is no whole one. */
int walk_next(struct walk *walk, const struct nlattr **attr);
/* *attrs: the message's attributes, behind a header of that size. */
int walk_message(struct walk *walk, size_t header, const struct nlmsghdr **message, struct walk *attrs);
/* The attributes inside this one. */
struct walk walk_nest(const struct nlattr *nest);

/* False when the attribute is too short for the number. */
bool attr_u8(const struct nlattr *attr, uint8_t *number);
bool attr_u32(const struct nlattr *attr, uint32_t *number);
/* A copy that ends with a NUL even where the attribute does not; NULL for an empty one. */
const char *attr_text(struct pool *pool, const struct nlattr *attr);
