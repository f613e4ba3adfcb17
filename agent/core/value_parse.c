/* Values read from text: what a person wrote, and what the kernel answered. */

#include "agent/core/pool.h"
#include "agent/core/quantity.h"
#include "agent/core/text.h"
#include "agent/core/value.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define WHITE " \t\n\v\f\r"

static int flag_read(const char *text, bool *flag)
{
        static const struct {
                const char *word;
                bool flag;
        } words[] = {
                { "1", true },  { "y", true },  { "yes", true }, { "on", true },   { "true", true },
                { "0", false }, { "n", false }, { "no", false }, { "off", false }, { "false", false },
        };
        struct slice word = slice_trim(slice_of(text));

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                if (word.size == strlen(words[i].word) && strncasecmp(word.at, words[i].word, word.size) == 0) {
                        *flag = words[i].flag;
                        return 0;
                }
        }
        return -EINVAL;
}

/* Leading zeros do not mean octal: they are what a driver's "%02d" makes of a small number. */
static int number_read(const char *text, enum unit unit, enum author author, int64_t *number)
{
        struct slice word = slice_trim(slice_of(text));
        struct quantity quantity;
        uint64_t hex;
        int r;

        if (author == AUTHOR_KERNEL && word.size > 2 && strncasecmp(word.at, "0x", 2) == 0) {
                r = text_u64(text, 16, &hex);
                if (r < 0)
                        return r;
                if (hex > INT64_MAX)
                        return -ERANGE;
                *number = (int64_t)hex;
                return 0;
        }
        r = quantity_read(text, unit, author, &quantity);
        if (r < 0)
                return r;
        return quantity_whole(&quantity, number);
}

static int real_read(const char *text, enum unit unit, enum author author, double *real)
{
        struct quantity quantity;
        int r;

        r = quantity_read(text, unit, author, &quantity);
        if (r < 0)
                return r;
        *real = quantity_real(&quantity);
        return 0;
}

static int field_read(struct slice word, struct value_field *field)
{
        char digits[32]; /* 64 bits are at most 20 digits and a sign */
        bool negative = word.size > 0 && word.at[0] == '-';
        int r;

        word.at += negative;
        word.size -= negative;
        while (word.size > 1 && word.at[0] == '0' && word.at[1] >= '0' && word.at[1] <= '9') {
                word.at++;
                word.size--;
        }
        if (word.size >= sizeof(digits)) {
                for (size_t i = 0; i < word.size; i++) {
                        if (word.at[i] < '0' || word.at[i] > '9')
                                return -EINVAL;
                }
                return -ERANGE;
        }
        memcpy(digits, word.at, word.size);
        digits[word.size] = '\0';
        r = text_u64(digits, 0, &field->magnitude);
        if (r < 0)
                return r;
        field->negative = negative && field->magnitude > 0;
        return 0;
}

/* A word that is no number outranks one that does not fit. */
static int fields_read(const char *text, struct value *value)
{
        struct slice word;
        int result = 0;

        value->fields.count = 0;
        while (text_word(&text, WHITE, &word)) {
                struct value_field field;
                int r;

                r = field_read(word, &field);
                if (r == -EINVAL)
                        return r;
                if (r < 0 || value->fields.count == VALUE_FIELDS_MAX)
                        result = -ERANGE;
                else if (result == 0)
                        value->fields.at[value->fields.count++] = field;
        }
        return value->fields.count == 0 && result == 0 ? -EINVAL : result;
}

/* What is one number with a unit is one field: a person may write "68 GiB" for kernel.shmmax. */
static int fields_read_person(const char *text, enum unit unit, struct value *value)
{
        int64_t number;
        int r;

        r = fields_read(text, value);
        if (r != -EINVAL)
                return r;
        r = number_read(text, unit, AUTHOR_PERSON, &number);
        if (r < 0)
                return r;
        value->fields.count = 1;
        value->fields.at[0] = (struct value_field){
                .negative = number < 0,
                .magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number,
        };
        return 0;
}

static int cpus_read(struct pool *pool, const char *text, enum value_kind kind, enum author author, struct value *value)
{
        struct cpus set = { 0 };
        int r = 0;

        if (author == AUTHOR_KERNEL)
                r = kind == VALUE_MASK ? cpus_parse_mask(text, &set) : cpus_parse(text, CPUS_MAY_BE_EMPTY, 0, &set);
        else if (kind == VALUE_MASK || !slice_equals(slice_trim(slice_of(text)), "none"))
                r = cpus_parse(text, CPUS_STRICT, 0, &set);
        if (r < 0)
                return r;
        *value = value_cpus(pool, &set);
        value->kind = kind;
        return 0;
}

/* "always [madvise] never": the word in brackets; without any, the first word. */
static int choice_read(struct pool *pool, const char *text, enum author author, struct value *value)
{
        struct slice word, first = { 0 };
        size_t count = 0;

        while (text_word(&text, WHITE, &word)) {
                if (author == AUTHOR_KERNEL && word.at[0] == '[') {
                        if (word.size < 3 || word.at[word.size - 1] != ']')
                                return -EINVAL;
                        value->text = slice_dup(pool, (struct slice){ .at = word.at + 1, .size = word.size - 2 });
                        return 0;
                }
                if (count++ == 0)
                        first = word;
        }
        if (count == 0 || (author == AUTHOR_PERSON && count > 1))
                return -EINVAL;
        value->text = slice_dup(pool, first);
        return 0;
}

static int version_read(struct pool *pool, const char *text, struct value *value)
{
        struct slice version = slice_trim(slice_of(text));

        if (version.size == 0 || version.at[0] < '0' || version.at[0] > '9')
                return -EINVAL;
        value->text = slice_dup(pool, version);
        return 0;
}

static int value_read(struct pool *pool, const char *text, enum author author, struct value *value)
{
        switch (value->kind) {
        case VALUE_FLAG:
                return flag_read(text, &value->flag);
        case VALUE_NUMBER:
                return number_read(text, value->unit, author, &value->number);
        case VALUE_REAL:
                return real_read(text, value->unit, author, &value->real);
        case VALUE_TEXT:
                value->text = text_trim(pool, text);
                return 0;
        case VALUE_VERSION:
                return version_read(pool, text, value);
        case VALUE_CPUS:
        case VALUE_MASK:
                return cpus_read(pool, text, value->kind, author, value);
        case VALUE_WORDS:
                value->text = value_words(pool, text).text;
                return author == AUTHOR_PERSON && value->text[0] == '\0' ? -EINVAL : 0;
        case VALUE_FIELDS:
                return author == AUTHOR_PERSON ? fields_read_person(text, value->unit, value) : fields_read(text, value);
        case VALUE_CHOICE:
                return choice_read(pool, text, author, value);
        }
        return -EINVAL;
}

int value_parse(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, struct value *value)
{
        struct value found = { .kind = kind, .unit = unit };
        int r;

        r = value_read(pool, text, AUTHOR_PERSON, &found);
        if (r < 0)
                return r;
        *value = found;
        return 0;
}

int value_parse_kernel(struct pool *pool, const char *text, enum value_kind kind, enum unit unit, struct value *value)
{
        struct value found = { .kind = kind, .unit = unit };
        int r;

        r = value_read(pool, text, AUTHOR_KERNEL, &found);
        if (r < 0)
                return r == -EDOM ? -EINVAL : r; /* the kernel cannot have meant another unit */
        *value = found;
        return 0;
}
