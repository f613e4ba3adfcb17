/* The list of facts: each name once, and found again, also among many and once sorted. */

#include "agent/core/fact.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "tests/support/expect.h"

static const struct fact_info infos[] = { { "row.*.number", VALUE_NUMBER, UNIT_NONE, REACH_QUIET, "A number.", "here" },
                                          { 0 } };

static void check_rows(const char *name, const struct facts *facts, unsigned count)
{
        autopool struct pool *pool = pool_new();

        EXPECT_NUMBER(name, facts->count, count);
        for (unsigned i = 0; i < count; i++) {
                const char *row = pool_format(pool, "row.%u.number", i);
                const struct fact *fact = fact_find(facts, row);

                EXPECT_TEXT(name, fact ? fact->name : NULL, row);
                EXPECT_NUMBER(name, fact ? fact->value.number : -1, i);
        }
        EXPECT("one that is not there", !fact_find(facts, "row.none.number"));
        EXPECT("no name", !fact_find(facts, ""));
}

static void finds_each(void)
{
        static const unsigned counts[] = { 0, 1, 127, 128, 129, 255, 256, 5000 };

        for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
                autofacts struct facts *facts = facts_new();

                facts->infos = infos;
                for (unsigned i = counts[k]; i-- > 0;)
                        fact_known(facts, value_number(i, UNIT_NONE), "here", "row.%u.number", i);
                /* A name that is there is left as it was. */
                for (unsigned i = 0; i < counts[k]; i += 7)
                        fact_known(facts, value_number(-2, UNIT_NONE), "there", "row.%u.number", i);
                check_rows("as they came", facts, counts[k]);
                facts_sort(facts);
                check_rows("sorted", facts, counts[k]);
                fact_known(facts, value_number(counts[k], UNIT_NONE), "here", "row.%u.number", counts[k]);
                check_rows("one more", facts, counts[k] + 1);
        }
}

static const struct test tests[] = {
        { "finds each", finds_each },
        { 0 },
};

const struct suite suite_fact = { "fact", tests };
