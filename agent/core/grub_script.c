/* GRUB's script language: one command after the other, quotes taken off and variables replaced. */

#include "agent/core/grub_script.h"

#include "agent/core/pool.h"

#include <ctype.h>
#include <string.h>

/* What ends an unquoted run of letters (CHAR of grub-core/script/yylex.l). */
static const char special[] = "{}|&$;<> \t\n'\"\\";

/* Bounds that no real file meets: `set a="$a$a"` doubles its value each time. */
#define NAME_MAX_SIZE  100
#define VALUE_MAX_SIZE 4096
#define LETTERS_MAX    ((size_t)256 * 1024)

void grub_script_begin(struct grub_script *script, struct pool *pool, const char *text)
{
        memset(script, 0, sizeof *script);
        script->pool = pool;
        script->at = text;
}

void grub_script_end(struct grub_script *script)
{
        text_buffer_free(&script->letters);
}

/* variable_count if it is not set. */
static size_t find(const struct grub_script *script, const char *name)
{
        size_t i = 0;

        while (i < script->variable_count && strcmp(script->variables[i].name, name) != 0)
                i++;
        return i;
}

void grub_script_set(struct grub_script *script, const char *name, const char *value)
{
        size_t i = find(script, name);

        if (i == GRUB_VARIABLES_MAX || strlen(name) > NAME_MAX_SIZE || strlen(value) > VALUE_MAX_SIZE)
                return;
        if (i == script->variable_count) {
                script->variables[i].name = pool_dup(script->pool, name);
                script->variable_count++;
        } else if (!strcmp(script->variables[i].value, value)) {
                return;
        }
        script->variables[i].value = pool_dup(script->pool, value);
}

const char *grub_script_get(const struct grub_script *script, const char *name)
{
        size_t i = find(script, name);

        return i < script->variable_count ? script->variables[i].value : "";
}

/* Set by GRUB while it starts: what they hold cannot be known from the file. */
static bool is_set_at_boot(const char *name)
{
        static const char *const names[] = { "?", "prefix", "root", "cmdpath", "grub_platform", "grub_cpu", "net_default_ip" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (!strcmp(name, names[i]))
                        return true;
        return false;
}

/* --- words: letters of all words lie behind each other, a NUL after each; starts become pointers at the end --- */

struct word {
        bool open;    /* some letter or quote was seen */
        size_t start; /* of the letters */
};

static void close_word(struct grub_script *script, struct word *word)
{
        if (!word->open)
                return;
        text_add_bytes(&script->letters, "", 1);
        if (script->count < GRUB_WORDS_MAX)
                script->starts[script->count++] = word->start;
        *word = (struct word){ .open = false, .start = script->letters.size };
}

static void add(struct grub_script *script, struct word *word, const char *bytes, size_t size)
{
        if (script->letters.size < LETTERS_MAX)
                text_add_bytes(&script->letters, bytes, size);
        word->open = true;
}

/* Reads the name behind a '$', which the cursor stands on, and moves behind it. False: a lone dollar sign. */
static bool variable_name(struct grub_script *script, char name[NAME_MAX_SIZE + 1])
{
        const char *at = script->at + 1;
        bool braced = *at == '{';
        size_t size;

        if (braced)
                at++;
        if (*at != '\0' && strchr("?#*@", *at))
                size = 1;
        else
                for (size = 0; isalnum((unsigned char)at[size]) || at[size] == '_'; size++)
                        ;
        if (size == 0 || size > NAME_MAX_SIZE || (braced && at[size] != '}'))
                return false;
        memcpy(name, at, size);
        name[size] = '\0';
        script->at = at + size + (braced ? 1 : 0);
        return true;
}

/* Without quotes a value falls apart at its blanks. */
static void add_variable(struct grub_script *script, struct word *word, bool quoted)
{
        char name[NAME_MAX_SIZE + 1];
        const char *value;

        if (!variable_name(script, name)) {
                add(script, word, script->at++, 1);
                return;
        }
        if (is_set_at_boot(name) && find(script, name) == script->variable_count)
                script->uncertain = true;
        /* grub-core/normal/main.c sets a list of these, all to "y". */
        value = text_starts(name, "feature_") ? "y" : grub_script_get(script, name);
        if (quoted) {
                add(script, word, value, strlen(value));
                return;
        }
        for (; *value; value++) {
                if (*value == ' ' || *value == '\t' || *value == '\n')
                        close_word(script, word);
                else
                        add(script, word, value, 1);
        }
}

static void add_single_quoted(struct grub_script *script, struct word *word)
{
        size_t size = strcspn(++script->at, "'");

        add(script, word, script->at, size);
        script->at += size;
        if (*script->at)
                script->at++;
}

static void add_double_quoted(struct grub_script *script, struct word *word)
{
        script->at++;
        add(script, word, "", 0);
        while (*script->at && *script->at != '"') {
                size_t run = strcspn(script->at, "\\$\"");

                add(script, word, script->at, run);
                script->at += run;
                if (*script->at == '$') {
                        add_variable(script, word, true);
                } else if (*script->at == '\\') {
                        script->at++;
                        if (*script->at == '\n')
                                script->at++;
                        else if (*script->at == '\0' || !strchr("$\"\\", *script->at))
                                add(script, word, "\\", 1);
                        else
                                add(script, word, script->at++, 1);
                }
        }
        if (*script->at)
                script->at++;
}

static void add_escaped(struct grub_script *script, struct word *word)
{
        script->at++;
        if (*script->at == '\0')
                return;
        if (*script->at != '\n')
                add(script, word, script->at, 1);
        script->at++;
}

/* One quoted piece, variable, escape or run of letters. */
static void add_piece(struct grub_script *script, struct word *word)
{
        size_t run;

        switch (*script->at) {
        case '\'':
                add_single_quoted(script, word);
                return;
        case '"':
                add_double_quoted(script, word);
                return;
        case '$':
                add_variable(script, word, false);
                return;
        case '\\':
                add_escaped(script, word);
                return;
        default:
                run = strcspn(script->at, special);
                if (run == 0)
                        run = 1; /* a '<' or '>', which no generated file has */
                add(script, word, script->at, run);
                script->at += run;
        }
}

bool grub_script_next(struct grub_script *script)
{
        struct word word = { 0 };

        if (*script->at == '\0')
                return false;
        script->count = 0;
        script->uncertain = false;
        script->letters.size = 0;
        for (;;) {
                char c = *script->at;

                if (c == ' ' || c == '\t' || c == '\r') {
                        close_word(script, &word);
                        script->at++;
                } else if (c == '#' && !word.open) {
                        script->at += strcspn(script->at, "\n");
                } else if (c == '\0' || strchr("\n;{}&|", c)) {
                        break;
                } else {
                        add_piece(script, &word);
                }
        }
        close_word(script, &word);
        script->end = *script->at;
        if (script->end)
                script->at++;
        for (size_t i = 0; i < script->count; i++)
                script->words[i] = script->letters.at + script->starts[i];
        return true;
}
