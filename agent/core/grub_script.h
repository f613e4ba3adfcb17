/* GRUB's script language as far as a generated grub.cfg uses it: commands, quotes, variables. Pure: reads no file. */

#pragma once

#include "agent/core/text.h"

struct pool;

#define GRUB_WORDS_MAX     1024
#define GRUB_VARIABLES_MAX 256

struct grub_variable {
        const char *name, *value;
};

struct grub_script {
        struct pool *pool; /* for the variables */
        const char *at;    /* what is left to read */
        size_t variable_count;
        struct grub_variable variables[GRUB_VARIABLES_MAX];
        /* The command read last. */
        size_t count;
        const char *words[GRUB_WORDS_MAX]; /* quotes taken off, variables replaced; valid until the next command */
        bool uncertain;                    /* a variable that GRUB itself sets at boot was in it */
        char end;                          /* what ended it: '\n', ';', '{', '}', '&', '|' or NUL */
        struct text_buffer letters;        /* of all words */
        size_t starts[GRUB_WORDS_MAX];     /* of each word in letters */
};

void grub_script_begin(struct grub_script *script, struct pool *pool, const char *text);
void grub_script_end(struct grub_script *script);
/* Reads the next command, which may have no word (a lone brace, an empty line). False at the end of the text. */
bool grub_script_next(struct grub_script *script);
/* Sets a variable; more than GRUB_VARIABLES_MAX are forgotten. */
void grub_script_set(struct grub_script *script, const char *name, const char *value);
/* "" if it is not set. */
const char *grub_script_get(const struct grub_script *script, const char *name);
