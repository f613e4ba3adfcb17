/* Which parameters of the kernel's command line are private: by name, and by value. */

#include "agent/private_parameter.h"

#include "tests/unit/suites.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void test_names(void)
{
        static const struct {
                const char *name;
                enum private_kind kind;
        } cases[] = {
                { "rd.iscsi.password", PRIVATE_SECRET },
                { "my-secret", PRIVATE_SECRET },
                { "db.pwd", PRIVATE_SECRET },
                { "ROOTPWD", PRIVATE_SECRET },
                { "wifi.psk", PRIVATE_SECRET },
                { "wpapsk", PRIVATE_SECRET },
                { "pw", PRIVATE_SECRET },
                { "ipmi-pw", PRIVATE_SECRET },
                { "bmc.pw2", PRIVATE_SECRET },
                { "PW_ROOT", PRIVATE_SECRET },
                { "snmp.community", PRIVATE_SECRET },
                { "snmp.rocommunity", PRIVATE_SECRET },
                { "login", PRIVATE_SECRET },
                { "iscsi_login", PRIVATE_SECRET },
                { "bmc.login.name", PRIVATE_SECRET },
                { "pwm", PRIVATE_NOT },
                { "pwm_lpss.x", PRIVATE_NOT },
                { "i915.pwc", PRIVATE_NOT },
                { "keypad", PRIVATE_NOT },
                { "matrix_keypad.debounce", PRIVATE_NOT },
                { "loginless", PRIVATE_NOT },
                { "console.nologin", PRIVATE_NOT },
                { "iommu.passthrough", PRIVATE_NOT },
                { "spec_store_bypass_disable", PRIVATE_NOT },
                { "http_proxy", PRIVATE_NOT },
                { "systemd.setenv", PRIVATE_SECRET },
                { "LoadCredential", PRIVATE_NOT },
                { "SetCredential", PRIVATE_SECRET },
                { "root", PRIVATE_DISK },
                { "ip", PRIVATE_ADDRESS },
                { "url", PRIVATE_HOST },
        };

        for (size_t i = 0; i < COUNT(cases); i++)
                EXPECT_NUMBER(cases[i].name, private_parameter(cases[i].name), cases[i].kind);
}

static void test_values(void)
{
        static const struct {
                const char *value;
                bool private;
                const char *login; /* NULL: none */
        } cases[] = {
                { "http://u:p@proxy.example:3128", true, "u:p" },
                { "socks5://proxy http://al%40x:s3cr3t@host/", true, "al%40x:s3cr3t" },
                { "ftp://:word@host", true, ":word" },
                { "http://proxy.example:3128", false, NULL },
                { "http://proxy:3128/a@b", false, NULL },
                { "http://proxy/a:b@c", false, NULL },
                { "ssh://git@host", false, NULL },
                { "https://ghp_3f9a@git.example/repo", true, "ghp_3f9a" },
                { "x=HTTP://token@host", true, "token" },
                { "https://@host", false, NULL },
                { "u:p@host", false, NULL },
                { "://", false, NULL },
                { "10.20.30.40:514", true, NULL },
                { "10.20.30.40-10.20.30.49", true, NULL },
                { "/dev/mapper/root", true, NULL },
                { "0000:01:00.0", false, NULL },
                { "API_TOKEN=x", true, NULL },
                { "user=bob,pass=x", true, NULL },
                { "mode=max,size=4", false, NULL },
                { "=x", false, NULL },
        };

        for (size_t i = 0; i < COUNT(cases); i++) {
                size_t size = 0;
                const char *login = private_login(cases[i].value, &size);

                EXPECT(cases[i].value, private_value(cases[i].value) == cases[i].private);
                if (!EXPECT(cases[i].value, !login == !cases[i].login) || !login || !cases[i].login)
                        continue;
                EXPECT_NUMBER(cases[i].value, size, strlen(cases[i].login));
                EXPECT(cases[i].value, !strncmp(login, cases[i].login, size));
        }
}

static const struct test tests[] = {
        { "names", test_names },
        { "values", test_values },
        { 0 },
};

const struct suite suite_private_parameter = { "private_parameter", tests };
