/* SHA-256 against the published examples, and at the lengths where the padding changes shape. */

#include "agent/core/pool.h"
#include "agent/core/sha256.h"
#include "tests/support/expect.h"
#include "tests/unit/suites.h"

#include <string.h>

/* The first three and the million are NIST's examples for FIPS 180; the runs of 'a' come from coreutils' sha256sum. */
static const struct {
        const char *name, *text;
        size_t repeat;
        const char *hex;
} cases[] = {
        { "empty", "", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "448 bits", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "55 bytes: padding fits", "a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318" },
        { "56 bytes: padding does not", "a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a" },
        { "64 bytes: a whole block", "a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
        { "a million", "a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void test_examples(void)
{
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                size_t length = strlen(cases[i].text), size = length * cases[i].repeat;
                autofree char *bytes = memory_zero(size);
                char hex[65];

                for (size_t n = 0; n < cases[i].repeat; n++)
                        memcpy(bytes + n * length, cases[i].text, length);
                sha256_hex(bytes, size, hex);
                EXPECT_TEXT(cases[i].name, hex, cases[i].hex);
        }
}

static const struct test tests[] = {
        { "published examples", test_examples },
        { NULL, NULL },
};
const struct suite suite_sha256 = { "sha256", tests };
