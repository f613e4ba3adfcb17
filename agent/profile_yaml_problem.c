/* What libyaml has to say, in words that tell what to do. */

#include "agent/profile_yaml.h"

#include "agent/profile_node.h"

#include <string.h>

/* libyaml counts columns in characters, and gives only an offset for what is no character. */
struct node profile_yaml_place(const char *file, const char *bytes, size_t offset)
{
        struct node place = { .file = file, .line = 1, .column = 1 };

        for (size_t i = 0; i < offset; i++) {
                if (bytes[i] == '\n') {
                        place.line++;
                        place.column = 1;
                } else if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
                        place.column++;
                }
        }
        return place;
}

/* What people meet most, in words that say what to do. */
static const char *advice(const yaml_parser_t *parser)
{
        static const struct {
                const char *found, *expected;
        } rows[] = {
                { "cannot start any token", "YAML: indent with blanks, no tabs, and quote text that begins with % @ or `" },
                { "tab character", "YAML: indent with blanks, no tabs" },
                { "comment or line break", "YAML: quote text that begins with > or |" },
                { "expected key", "YAML: the keys of one map begin in the same column" },
                { "mapping values are not allowed", "YAML: quote text that holds a colon and a blank" },
                { "unknown escape", "YAML: write \\\\ for a backslash between double quotes" },
        };

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                if (strstr(parser->problem, rows[i].found))
                        return rows[i].expected;
        }
        return "YAML";
}

int profile_yaml_problem(struct reading *reading, const char *file, const char *bytes, size_t size, const yaml_parser_t *parser)
{
        struct node at = {
                .file = file,
                .line = (unsigned)parser->problem_mark.line + 1,
                .column = (unsigned)parser->problem_mark.column + 1,
        };

        if (!parser->problem)
                return reading_problem(reading, &at, "found what libyaml cannot read, expected YAML");
        if (parser->error == YAML_READER_ERROR) {
                at = profile_yaml_place(file, bytes, parser->problem_offset < size ? parser->problem_offset : size);
                return reading_problem(reading, &at, "found 0x%02x (%s), expected UTF-8 text without control characters",
                                       (unsigned)parser->problem_value, parser->problem);
        }
        if (parser->context)
                return reading_problem(reading, &at, "found what is not YAML (%s, %s that begins on line %zu), expected %s",
                                       parser->problem, parser->context, parser->context_mark.line + 1, advice(parser));
        return reading_problem(reading, &at, "found what is not YAML (%s), expected %s", parser->problem, advice(parser));
}
