/* What the processor says of itself. */

#include "agent/core/processor.h"

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <string.h>

#define TEXT_LIMIT 200

/* NULL where nothing is left of it. */
static const char *clean(struct pool *pool, const char *text)
{
        const char *trimmed = text_trim(pool, text);

        return *trimmed ? text_printable(pool, trimmed, TEXT_LIMIT) : NULL;
}

/* --- the answer of the CPUID instruction ------------------------------------------------------------------------------ */

struct leaf {
        uint32_t number, subleaf, registers[4]; /* EAX EBX ECX EDX */
};

static bool parse_leaf(struct slice line, struct leaf *leaf)
{
        uint32_t *const fields[] = { &leaf->number,       &leaf->subleaf,      &leaf->registers[0],
                                     &leaf->registers[1], &leaf->registers[2], &leaf->registers[3] };
        struct slice word;

        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
                char digits[12];
                uint64_t number;

                if (!slice_word(&line, " \t\r", &word) || word.size >= sizeof digits)
                        return false;
                memcpy(digits, word.at, word.size);
                digits[word.size] = '\0';
                if (text_u64(digits, 16, &number) < 0 || number > UINT32_MAX)
                        return false;
                *fields[i] = (uint32_t)number;
        }
        return true;
}

/* The bytes of a register stand in the order of a little-endian machine, whatever this one is. */
static void put_register(char *text, uint32_t value)
{
        for (unsigned i = 0; i < 4; i++)
                text[i] = (char)(unsigned char)(value >> (8 * i));
}

static void take_leaf(struct pool *pool, const struct leaf *leaf, char brand[49], unsigned *brand_parts,
                      struct processor *processor)
{
        char signature[13] = { 0 };
        const uint32_t *r = leaf->registers;

        if (leaf->subleaf)
                return;
        if (leaf->number == 0) {
                put_register(signature, r[1]);
                put_register(signature + 4, r[3]);
                put_register(signature + 8, r[2]);
                processor->vendor = clean(pool, signature);
        } else if (leaf->number == 1) {
                processor->guest_known = true;
                processor->guest = r[2] >> 31;
        } else if (leaf->number == 0x80000007) {
                processor->tsc_known = true;
                processor->tsc_invariant = r[3] >> 8 & 1;
        } else if (leaf->number == 0x40000000) {
                put_register(signature, r[1]);
                put_register(signature + 4, r[2]);
                put_register(signature + 8, r[3]);
                processor->hypervisor = clean(pool, signature);
        } else if (leaf->number >= 0x80000002 && leaf->number <= 0x80000004) {
                size_t part = leaf->number - 0x80000002;

                for (size_t i = 0; i < 4; i++)
                        put_register(brand + 16 * part + 4 * i, r[i]);
                *brand_parts |= 1U << part;
        }
}

static int read_cpuid(struct host *host, struct pool *pool, struct processor *processor)
{
        unsigned brand_parts = 0;
        char brand[49] = { 0 };
        const char *cursor;
        const void *answer;
        struct slice line;
        size_t size;
        int r;

        r = host_ask(host, pool, &answer, &size, "cpuid");
        if (r < 0)
                return r;
        cursor = pool_copy(pool, answer, size);
        while (text_line(&cursor, &line)) {
                struct leaf leaf = { 0 };

                if (parse_leaf(line, &leaf))
                        take_leaf(pool, &leaf, brand, &brand_parts, processor);
        }
        if (brand_parts == 7)
                processor->model = clean(pool, brand);
        /* The range of the hypervisor's leaves holds anything where there is none. */
        if (!processor->guest)
                processor->hypervisor = NULL;
        return processor->vendor || processor->guest_known ? 0 : -EINVAL;
}

/* --- /proc/cpuinfo of a tree ------------------------------------------------------------------------------------------ */

static bool has_word(struct slice words, const char *wanted)
{
        struct slice word;

        while (slice_word(&words, " \t\r", &word))
                if (slice_equals(word, wanted))
                        return true;
        return false;
}

static void take_line(struct pool *pool, struct slice line, struct processor *processor)
{
        const char *colon = memchr(line.at, ':', line.size);
        struct slice name, value;

        if (!colon)
                return;
        name = slice_trim((struct slice){ line.at, (size_t)(colon - line.at) });
        value = slice_trim((struct slice){ colon + 1, line.size - (size_t)(colon + 1 - line.at) });
        if (!processor->vendor && slice_equals(name, "vendor_id"))
                processor->vendor = clean(pool, slice_dup(pool, value));
        else if (!processor->model && slice_equals(name, "model name"))
                processor->model = clean(pool, slice_dup(pool, value));
        else if (!processor->microcode && slice_equals(name, "microcode"))
                processor->microcode = clean(pool, slice_dup(pool, value));
        else if (!processor->guest_known && slice_equals(name, "flags")) {
                processor->guest_known = value.size > 0;
                processor->guest = has_word(value, "hypervisor");
                processor->tsc_known = processor->guest_known;
                processor->tsc_invariant = has_word(value, "constant_tsc") && has_word(value, "nonstop_tsc");
        }
}

/* The block of the first processor is enough; x86 calls its features "flags", arm64 and s390 "Features" and "features", which
 * say nothing about a hypervisor. */
static int read_cpuinfo(struct host *host, struct pool *pool, struct processor *processor)
{
        bool begun = false;
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, "/proc/cpuinfo");
        if (r < 0)
                return r;
        while (text_line(&text, &line)) {
                if (!slice_trim(line).size) {
                        if (begun)
                                break;
                        continue;
                }
                begun = true;
                take_line(pool, line, processor);
        }
        return begun ? 0 : -ENODATA;
}

int processor_read(struct host *host, struct pool *pool, struct processor *processor)
{
        struct processor new = { .source = "cpuid" };
        int r;

        r = read_cpuid(host, pool, &new);
        if (r < 0 && !host_was_live(host)) {
                new = (struct processor){ .source = "/proc/cpuinfo" };
                r = read_cpuinfo(host, pool, &new);
        }
        if (r < 0)
                new = (struct processor){ .source = new.source };
        *processor = new;
        return r;
}
