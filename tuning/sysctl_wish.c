/* What a wanted sysctl says of a value. */

#include "tuning/sysctl_wish.h"

bool sysctl_is_one_sided(const struct want *want)
{
        return want->op == OP_GE || want->op == OP_LE;
}

bool sysctl_fulfils(struct pool *pool, const struct sysctl_wish *wish, const char *text)
{
        struct value value;

        return value_parse_kernel(pool, text, wish->kind, UNIT_NONE, &value) == 0 && want_holds(wish->want, &value);
}

bool sysctl_is_zero(struct pool *pool, const char *text)
{
        struct value value;

        return value_parse_kernel(pool, text, VALUE_FIELDS, UNIT_NONE, &value) == 0 && value.fields.count == 1 &&
               value.fields.at[0].magnitude == 0;
}
