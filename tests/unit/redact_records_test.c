/* What plumbline recorded of a host, in a capture that is redacted: what was right is right, and what was damaged is damaged. */

#include "agent/redact.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"
#include "agent/core/sha256.h"
#include "agent/core/text.h"
#include "agent/core/value.h"
#include "tests/unit/suites.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ADDRESS      "10.20.30.41"

static struct member text_member(const char *path, const char *text)
{
        return (struct member){ path, MEMBER_FILE, true, text, strlen(text), 0 };
}

static const struct member *member_of(const struct member *rows, const char *path)
{
        while (!text_equals(rows->path, path))
                rows++;
        return rows;
}

static const char *hash_of(struct pool *pool, const char *text)
{
        char hash[65];

        sha256_hex(text, strlen(text), hash);
        return pool_dup(pool, hash);
}

static const char *sealed(struct pool *pool, const char *text)
{
        return pool_format(pool, "%.16s %s", hash_of(pool, text), text);
}

/* "+": its check is right, "-": it is not. */
static const char *checks(struct pool *pool, const char *text)
{
        autobuffer struct text_buffer signs = { 0 };
        struct slice line;

        text_add(&signs, "");
        while (text_line(&text, &line)) {
                const char *whole = slice_dup(pool, line);
                bool right = strlen(whole) > 17 && text_equals(sealed(pool, whole + 17), whole);

                text_add(&signs, right ? "+" : "-");
        }
        return pool_dup(pool, signs.at);
}

static void lines(void)
{
        static const char *const paths[] = { "var/lib/plumbline/baseline", "var/lib/plumbline/history/00000001.log",
                                             "var/lib/plumbline/history/last", "var/lib/plumbline/ledger/000001.log" };
        static const struct {
                const char *name, *first, *second, *third, *want;
        } cases[] = {
                { "all right", "+{\"a\":\"" ADDRESS "\"}\n", "+{\"b\":\"no address\"}\n", "+{\"c\":\"" ADDRESS "\"}\n", "+++" },
                { "a damaged one", "+{\"a\":\"" ADDRESS "\"}\n", "0123456789abcdef {\"b\":\"" ADDRESS "\"}\n", "+{}\n", "+-+" },
                { "one cut off", "+{\"a\":\"" ADDRESS "\"}\n", "+{\"b\":1}\n", "0123", "++-" },
                { "one without its end", "+{\"a\":1}\n", "\n", "+{\"b\":\"" ADDRESS "\"}", "+-+" },
                { "no check", "{\"a\":\"" ADDRESS "\"}\n", "+{}\n", "\n", "-+-" },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                for (size_t j = 0; j < COUNT(paths); j++) {
                        autopool struct pool *pool = pool_new();
                        const char *const parts[] = { cases[i].first, cases[i].second, cases[i].third };
                        autobuffer struct text_buffer text = { 0 };
                        struct member row;

                        for (size_t k = 0; k < COUNT(parts); k++) {
                                size_t size = strcspn(parts[k], "\n");
                                const char *line = slice_dup(pool, (struct slice){ parts[k], size });

                                text_addf(&text, "%s%s", *line == '+' ? sealed(pool, line + 1) : line, parts[k] + size);
                        }
                        EXPECT_TEXT(cases[i].name, checks(pool, text.at), cases[i].want);
                        row = text_member(paths[j], text.at);
                        redact(pool, &row, 1, NULL);
                        EXPECT(cases[i].name, !strstr(row.bytes, ADDRESS) && row.size == text.size);
                        EXPECT_TEXT(cases[i].name, checks(pool, row.bytes), cases[i].want);
                }
        }
}

/* Other files of plumbline's have lines without a check. */
static void other_files(void)
{
        autopool struct pool *pool = pool_new();
        const char *text = sealed(pool, "{\"a\":\"" ADDRESS "\"}\n");
        struct member row = text_member("var/lib/plumbline/audit.json", text);

        redact(pool, &row, 1, NULL);
        EXPECT("its digits are text", !strstr(row.bytes, ADDRESS) && !memcmp(row.bytes, text, 16));
}

/* The hash of a file that is another one now; of one that is what it was, and of one that is no member, it stays. */
static void hashes(void)
{
        static const char changed[] = "GRUB=\"ip=" ADDRESS "::\"\n", same[] = "GRUB=\"quiet\"\n",
                          gone[] = "GRUB=\"" ADDRESS "\"\n";
        static const struct {
                const char *name, *file;
                int digits;
                bool stays;
        } cases[] = { { "changed", changed, 12, false }, { "cut off", changed, 9, false }, { "whole", changed, 64, false },
                      { "too short", changed, 7, true }, { "the same", same, 12, true },   { "no member", gone, 12, true } };
        static const char *const paths[] = { "var/lib/plumbline/baseline", "var/lib/plumbline/history/00000001.log",
                                             ".plumbline/evidence/drift.json" };

        for (size_t i = 0; i < COUNT(cases); i++) {
                for (size_t j = 0; j < COUNT(paths); j++) {
                        autopool struct pool *pool = pool_new();
                        const char *was = pool_format(pool, "sha256 %.*s", cases[i].digits, hash_of(pool, cases[i].file));
                        const char *text = pool_format(
                                pool, "%s\n",
                                sealed(pool, pool_format(pool, "{\"x\":\"23 bytes, %s on 1 of 2\",\"end\":\"%s\"}", was, was)));
                        struct member rows[] = { text_member(paths[j], text), text_member("etc/default/grub.d/a.cfg", changed),
                                                 text_member("etc/default/grub.d/b.cfg", same) };
                        const char *now, *is;

                        redact(pool, rows, COUNT(rows), NULL);
                        is = member_of(rows, paths[j])->bytes;
                        now = hash_of(pool, member_of(rows, "etc/default/grub.d/a.cfg")->bytes);
                        now = cases[i].stays ? was : pool_format(pool, "sha256 %.*s", cases[i].digits, now);
                        EXPECT_TEXT(cases[i].name, is + 17,
                                    pool_format(pool, "{\"x\":\"23 bytes, %s on 1 of 2\",\"end\":\"%s\"}\n", now, now));
                        EXPECT(cases[i].name, *paths[j] == '.' || text_equals(checks(pool, is), "+"));
                }
        }
}

/* "10.1.1.1" of a file that was no text: what is in it cannot be told. */
static void no_text(void)
{
        static const char was[] = "{\"before\":{\"content\":{\"hex\":\"ff31302e312e312e31\"}},\"after\":{\"text\":\"ff3130\"}}";
        autopool struct pool *pool = pool_new();
        struct member row = text_member("var/lib/plumbline/ledger/000001.log", pool_format(pool, "%s\n", sealed(pool, was)));

        redact(pool, &row, 1, NULL);
        EXPECT_TEXT("blank", row.bytes + 17,
                    "{\"before\":{\"content\":{\"hex\":\"3f3f3f3f3f3f3f3f3f\"}},\"after\":{\"text\":\"ff3130\"}}\n");
        EXPECT_TEXT("sealed", checks(pool, row.bytes), "+");
}

/* A list of addresses is in order, whatever they became. */
static void orders(void)
{
        static const struct {
                const char *name, *text;
                bool listed, stays;
        } cases[] = {
                { "addresses", "10.1.1.1 10.1.1.2 10.1.1.3 10.1.1.4 10.1.1.5 10.1.1.6 10.1.1.7 10.1.1.8 10.1.1.9", true,
                  false },
                { "not there", "unreadable: needs root", false, true },
                { "cut off", "10.1.1.1 10.1.1.2... (sha256 0123456789ab)", false, false },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                autopool struct pool *pool = pool_new();
                const char *was = pool_format(pool, "{\"fact\":{\"port.tcp.22.addresses\":\"%s\"}}", cases[i].text);
                struct member row = text_member("var/lib/plumbline/baseline", pool_format(pool, "%s\n", sealed(pool, was)));
                const char *is;

                redact(pool, &row, 1, NULL);
                is = strstr(row.bytes, "addresses\":\"") + strlen("addresses\":\"");
                is = slice_dup(pool, (struct slice){ is, strcspn(is, "\"") });
                EXPECT_TEXT(cases[i].name, checks(pool, row.bytes), "+");
                if (cases[i].listed)
                        EXPECT_TEXT(cases[i].name, is, value_words(pool, is).text);
                EXPECT(cases[i].name, strlen(is) == strlen(cases[i].text) && text_equals(is, cases[i].text) == cases[i].stays);
        }
}

static const struct test tests[] = { { "no text", no_text },         { "orders", orders }, { "lines", lines },
                                     { "other files", other_files }, { "hashes", hashes }, { NULL, NULL } };

const struct suite suite_redact_records = { "redact_records", tests };
