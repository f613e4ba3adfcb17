/* CPU sets: their arithmetic, and writing them the two ways the kernel does. */

#include "agent/core/cpus.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#define WORDS (CPUS_MAX / 64)

void cpus_add(struct cpus *set, unsigned cpu)
{
        if (cpu < CPUS_MAX)
                set->word[cpu / 64] |= UINT64_C(1) << cpu % 64;
}

void cpus_remove(struct cpus *set, unsigned cpu)
{
        if (cpu < CPUS_MAX)
                set->word[cpu / 64] &= ~(UINT64_C(1) << cpu % 64);
}

bool cpus_has(const struct cpus *set, unsigned cpu)
{
        return cpu < CPUS_MAX && (set->word[cpu / 64] >> cpu % 64 & 1) != 0;
}

bool cpus_empty(const struct cpus *set)
{
        return cpus_next(set, 0) == CPUS_END;
}

bool cpus_equal(const struct cpus *a, const struct cpus *b)
{
        for (size_t i = 0; i < WORDS; i++) {
                if (a->word[i] != b->word[i])
                        return false;
        }
        return true;
}

bool cpus_within(const struct cpus *inner, const struct cpus *outer)
{
        for (size_t i = 0; i < WORDS; i++) {
                if ((inner->word[i] & ~outer->word[i]) != 0)
                        return false;
        }
        return true;
}

bool cpus_overlap(const struct cpus *a, const struct cpus *b)
{
        for (size_t i = 0; i < WORDS; i++) {
                if ((a->word[i] & b->word[i]) != 0)
                        return true;
        }
        return false;
}

unsigned cpus_count(const struct cpus *set)
{
        unsigned count = 0;

        for (size_t i = 0; i < WORDS; i++)
                count += (unsigned)__builtin_popcountll(set->word[i]);
        return count;
}

unsigned cpus_next(const struct cpus *set, unsigned from)
{
        uint64_t word;

        if (from >= CPUS_MAX)
                return CPUS_END;
        word = set->word[from / 64] & UINT64_MAX << from % 64;
        for (unsigned i = from / 64;; word = set->word[i]) {
                if (word != 0)
                        return i * 64 + (unsigned)__builtin_ctzll(word);
                if (++i == WORDS)
                        return CPUS_END;
        }
}

unsigned cpus_last(const struct cpus *set)
{
        for (unsigned i = WORDS; i-- > 0;) {
                if (set->word[i] != 0)
                        return i * 64 + 63 - (unsigned)__builtin_clzll(set->word[i]);
        }
        return CPUS_END;
}

void cpus_unite(struct cpus *set, const struct cpus *more)
{
        for (size_t i = 0; i < WORDS; i++)
                set->word[i] |= more->word[i];
}

void cpus_intersect(struct cpus *set, const struct cpus *only)
{
        for (size_t i = 0; i < WORDS; i++)
                set->word[i] &= only->word[i];
}

void cpus_subtract(struct cpus *set, const struct cpus *less)
{
        for (size_t i = 0; i < WORDS; i++)
                set->word[i] &= ~less->word[i];
}

char *cpus_format(struct pool *pool, const struct cpus *set)
{
        autobuffer struct text_buffer list = { 0 };
        unsigned last;

        for (unsigned cpu = cpus_next(set, 0); cpu != CPUS_END; cpu = cpus_next(set, last + 1)) {
                last = cpu;
                while (cpus_has(set, last + 1))
                        last++;
                text_addf(&list, "%s%u", list.size > 0 ? "," : "", cpu);
                if (last > cpu)
                        text_addf(&list, "-%u", last);
        }
        return pool_copy(pool, list.at, list.size);
}

char *cpus_format_mask(struct pool *pool, const struct cpus *set, unsigned count)
{
        autobuffer struct text_buffer mask = { 0 };
        unsigned last = cpus_last(set), groups;

        if (last != CPUS_END && last >= count)
                count = last + 1;
        groups = count == 0 ? 1 : (count > CPUS_MAX ? CPUS_MAX : count) / 32 + (count < CPUS_MAX && count % 32 != 0);
        for (unsigned group = groups; group-- > 0;) {
                uint32_t bits = (uint32_t)(set->word[group / 2] >> group % 2 * 32);

                text_addf(&mask, "%08x%s", bits, group > 0 ? "," : "");
        }
        return pool_copy(pool, mask.at, mask.size);
}
