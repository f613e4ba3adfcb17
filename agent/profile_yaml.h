/* Telling what is wrong with a file that is not YAML. */

#pragma once

#include "agent/profile_node.h"

#include <yaml.h>

/* The place of a byte: libyaml gives only an offset for what is no character. */
struct node profile_yaml_place(const char *file, const char *bytes, size_t offset);
/* Sets the problem that stopped the parser. -EINVAL. */
int profile_yaml_problem(struct reading *reading, const char *file, const char *bytes, size_t size,
                         const yaml_parser_t *parser);
