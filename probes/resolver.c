/* Whom the host asks for addresses by name. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#define NAME       "net.nameservers"
#define FILE_PATH  "/etc/resolv.conf"
#define KEYWORD    "nameserver"
#define ASKED_MAX  3 /* MAXNS of resolv.h: what stands behind them is not read */
#define SCOPE_MAX  16
#define WORD_LIMIT (INET6_ADDRSTRLEN + SCOPE_MAX)

static const struct fact_info resolver_facts[] = {
        { NAME, VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "The name servers that the C library asks: the first three, and the second only where the first does not answer in "
          "time; the "
          "note has their order. 127.0.0.53 is the stub of systemd-resolved, which knows the real ones. One beyond the own "
          "network "
          "makes each look-up as slow and as sure as the way there. With none the library asks 127.0.0.1. Absent without the "
          "file.",
          FILE_PATH },
        { 0 },
};

/* The address in the form that everybody writes; NULL: none, and the library passes the line over, too (res_vinit_1 in resolv/res_init.c
 * of glibc). */
static const char *show_address(struct pool *pool, struct slice word)
{
        char shown[INET6_ADDRSTRLEN], *text, *scope;
        struct in6_addr six;
        struct in_addr four;

        if (word.size > WORD_LIMIT)
                return NULL;
        text = slice_dup(pool, word);
        if (text[strspn(text, "0123456789abcdefABCDEFxX.")] == '\0' && inet_aton(text, &four))
                return pool_dup(pool, inet_ntop(AF_INET, &four, shown, sizeof shown));
        scope = strchr(text, '%');
        if (scope)
                *scope++ = '\0';
        if (inet_pton(AF_INET6, text, &six) != 1)
                return NULL;
        inet_ntop(AF_INET6, &six, shown, sizeof shown);
        return scope ? pool_format(pool, "%s%%%s", shown, text_printable(pool, scope, SCOPE_MAX)) : pool_dup(pool, shown);
}

/* "nameserver 10.0.0.1": the keyword stands at the very beginning of the line, with a blank or a tab behind it (resolv.conf(5)). */
static const char *server_in(struct pool *pool, struct slice line)
{
        size_t size = strlen(KEYWORD);
        struct slice rest, word;

        if (line.size <= size || memcmp(line.at, KEYWORD, size) != 0 || !strchr(" \t", line.at[size]))
                return NULL;
        rest = (struct slice){ line.at + size, line.size - size };
        if (!slice_word(&rest, " \t", &word))
                return NULL;
        return show_address(pool, word);
}

static int resolver_run(struct host *host, struct facts *facts)
{
        autobuffer struct text_buffer words = { 0 };
        autopool struct pool *pool = pool_new();
        unsigned count = 0, more = 0;
        struct slice line;
        const char *text;
        int r;

        r = host_read(host, pool, &text, FILE_PATH);
        if (r == -ENOENT && host_exists(host, "/etc")) {
                fact_absent(facts, FILE_PATH, NAME);
                return 0;
        }
        if (r < 0) {
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, FILE_PATH, NAME);
                return 0;
        }
        text_add(&words, "");
        while (text_line(&text, &line)) {
                const char *server = server_in(pool, line);

                if (server && count < ASKED_MAX)
                        text_addf(&words, "%s%s", count++ ? " " : "", server);
                else if (server)
                        more++;
        }
        fact_known(facts, value_words(pool, words.at), FILE_PATH, NAME);
        if (more)
                fact_note(facts, "in this order: %s; %u more are never asked", words.at, more);
        else if (count > 1)
                fact_note(facts, "in this order: %s", words.at);
        return 0;
}

const struct probe probe_resolver = {
        .name = "resolver",
        .help = "Whom the host asks for addresses by name.",
        .facts = resolver_facts,
        .run = resolver_run,
};
