/* Runs the unit tests: all suites, or those named. --list names them. */

#include "tests/unit/suites.h"

#include <CUnit/TestRun.h>

#include <stdio.h>
#include <string.h>

#define SUITE_ROW(name) &suite_##name,
static const struct suite *const suites[] = { SUITES(SUITE_ROW) NULL };

static const struct suite *suite_find(const char *name)
{
        for (size_t i = 0; suites[i]; i++) {
                if (strcmp(suites[i]->name, name) == 0)
                        return suites[i];
        }
        return NULL;
}

static bool suite_register(const struct suite *suite)
{
        CU_pSuite registered = CU_add_suite(suite->name, NULL, NULL);

        for (const struct test *test = suite->tests; registered && test->name; test++) {
                if (!CU_add_test(registered, test->name, test->run))
                        return false;
        }
        return registered != NULL;
}

static void tell_end(CU_pTest test, CU_pSuite suite, CU_pFailureRecord failure)
{
        printf("%-6s %s: %s\n", failure ? "FAILED" : "ok", suite->pName, test->pName);
}

static int list(void)
{
        for (size_t i = 0; suites[i]; i++)
                puts(suites[i]->name);
        return 0;
}

static int run(void)
{
        unsigned ran, failed;

        CU_set_test_complete_handler(tell_end);
        if (CU_run_all_tests() != CUE_SUCCESS && CU_get_number_of_tests_failed() == 0) {
                fprintf(stderr, "unit tests: %s\n", CU_get_error_msg());
                return 1;
        }
        ran = CU_get_number_of_tests_run();
        failed = CU_get_number_of_tests_failed();
        printf("%u passed, %u failed\n", ran - failed, failed);
        return failed > 0 || ran == 0 ? 1 : 0;
}

static int register_and_run(int count, char **names)
{
        for (int i = 0; i < count; i++) {
                const struct suite *suite = suite_find(names[i]);

                if (!suite) {
                        fprintf(stderr, "unit tests: no suite is called \"%s\"; see --list\n", names[i]);
                        return 2;
                }
                if (!suite_register(suite)) {
                        fprintf(stderr, "unit tests: %s: %s\n", names[i], CU_get_error_msg());
                        return 1;
                }
        }
        for (size_t i = 0; count == 0 && suites[i]; i++) {
                if (!suite_register(suites[i])) {
                        fprintf(stderr, "unit tests: %s: %s\n", suites[i]->name, CU_get_error_msg());
                        return 1;
                }
        }
        return run();
}

int main(int argc, char **argv)
{
        int status;

        if (argc == 2 && strcmp(argv[1], "--list") == 0)
                return list();
        /* A test that dies must not take the lines before it along. */
        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
        if (CU_initialize_registry() != CUE_SUCCESS) {
                fprintf(stderr, "unit tests: %s\n", CU_get_error_msg());
                return 1;
        }
        status = register_and_run(argc - 1, argv + 1);
        CU_cleanup_registry();
        return status;
}
