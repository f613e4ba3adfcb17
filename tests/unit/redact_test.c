/* What is taken out of the texts of a capture, and what stays. */

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/text.h"
#include "tests/unit/suites.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct member text_member(const char *path, const char *text)
{
        return (struct member){ path, MEMBER_FILE, true, text, strlen(text), 0 };
}

static const char *bytes_of(const struct member *rows, const char *path)
{
        while (!text_equals(rows->path, path))
                rows++;
        return rows->bytes;
}

/* What became of a text is told by a file that holds nothing else. */
static const char *replaced(const struct member *rows, const char *path, const char *text, struct pool *pool)
{
        const char *bytes = bytes_of(rows, path);

        EXPECT(text, !text_equals(bytes, text) && strlen(bytes) == strlen(text));
        return pool_dup(pool, bytes);
}

/* Beside a colon stands a port, or the next address. */
static void test_beside_a_colon(void)
{
        static const struct {
                const char *text, *want; /* want: %1$s is what became of 10.1.2.3, %2$s of 192.0.2.7 */
        } cases[] = {
                { "10.1.2.3:8080", "%1$s:8080" },
                { "tcp: 10.1.2.3:5432", "tcp: %1$s:5432" },
                { "http://10.1.2.3:80/x", "http://%1$s:80/x" },
                { "ip=10.1.2.3::192.0.2.7:255.255.255.0:box:eth0:none", "ip=%1$s::%2$s:255.255.255.0:box:eth0:none" },
                { "ip=10.1.2.3:10.1.2.3:10.1.2.3:255.255.255.0:10.1.2.3:192.0.2.7:",
                  "ip=%1$s:%1$s:%1$s:255.255.255.0:%1$s:%2$s:" },
                { "nfsroot=10.1.2.3:/srv", "nfsroot=%1$s:/srv" },
                { "of 10.1.2.3: nothing, of 192.0.2.7.", "of %1$s: nothing, of %2$s." },
                { "127.0.0.1:80 0.0.0.0:22 12:30:45", "127.0.0.1:80 0.0.0.0:22 12:30:45" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                struct member rows[] = { text_member("etc/hosts", cases[i].text), text_member("sys/one", "10.1.2.3"),
                                         text_member("sys/two", "192.0.2.7") };
                bool one = strstr(cases[i].text, "10.1.2.3"), two = strstr(cases[i].text, "192.0.2.7");
                autobuffer struct text_buffer want = { 0 };

                redact(pool, rows, COUNT(rows));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                text_addf(&want, cases[i].want, one ? replaced(rows, "sys/one", "10.1.2.3", pool) : "",
                          two ? replaced(rows, "sys/two", "192.0.2.7", pool) : "");
#pragma GCC diagnostic pop
                EXPECT_TEXT(cases[i].text, bytes_of(rows, "etc/hosts"), want.at);
        }
}

static const struct test tests[] = {
        { "beside a colon", test_beside_a_colon },
        { 0 },
};

const struct suite suite_redact = { "redact", tests };
