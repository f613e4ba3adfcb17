/* Asking over HTTP, through libcurl, which is loaded only here: in the child that asks. */

#include "agent/core/children.h"
#include "agent/core/endpoint_inside.h"
#include "agent/core/text.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#define HEADERS_MAX (size_t)65536

struct library {
        CURL *(*init)(void);
        CURLcode (*setopt)(CURL *curl, CURLoption option, ...);
        CURLcode (*perform)(CURL *curl);
        CURLcode (*getinfo)(CURL *curl, CURLINFO info, ...);
        const char *(*words)(CURLcode code);
};

struct response {
        struct text_buffer body;
        size_t headers;
        bool too_large;
};

static bool find(void *from, const char *name, void *function, size_t size)
{
        void *symbol = dlsym(from, name);

        /* POSIX lets a function's address stand in a void pointer, ISO C has no cast for it (dlsym(3)). */
        memcpy(function, &symbol, size);
        return symbol != NULL;
}

/* Debian has it twice, with OpenSSL and with GnuTLS; either will do. */
static bool load(struct library *library)
{
        static const char *const names[] = { "libcurl.so.4", "libcurl-gnutls.so.4" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
                void *from = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

                if (from && find(from, "curl_easy_init", &library->init, sizeof library->init) &&
                    find(from, "curl_easy_setopt", &library->setopt, sizeof library->setopt) &&
                    find(from, "curl_easy_perform", &library->perform, sizeof library->perform) &&
                    find(from, "curl_easy_getinfo", &library->getinfo, sizeof library->getinfo) &&
                    find(from, "curl_easy_strerror", &library->words, sizeof library->words))
                        return true;
        }
        return false;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *into)
{
        struct response *response = into;

        if (response->body.size + size * count > ENDPOINT_ANSWER_MAX) {
                response->too_large = true;
                return 0;
        }
        text_add_bytes(&response->body, bytes, size * count);
        return size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *into)
{
        struct response *response = into;

        (void)bytes;
        response->headers += size * count;
        if (response->headers > HEADERS_MAX) {
                response->too_large = true;
                return 0;
        }
        return size * count;
}

/* What is asked is this address and no other: no redirect is followed and no proxy asked, whatever the environment says. The time is
 * kept by who started this child. */
static CURLcode prepare(const struct library *library, CURL *curl, const struct endpoint *endpoint, struct response *response,
                        char *words)
{
        CURLcode code = CURLE_OK;

#define SET(option, value) code = code == CURLE_OK ? library->setopt(curl, (option), (value)) : code
        SET(CURLOPT_URL, endpoint->url);
        SET(CURLOPT_ERRORBUFFER, words);
        SET(CURLOPT_NOSIGNAL, 1L);
        SET(CURLOPT_FOLLOWLOCATION, 0L);
        SET(CURLOPT_PROXY, "");
        SET(CURLOPT_NOPROXY, "*");
        SET(CURLOPT_SSL_VERIFYPEER, 1L);
        SET(CURLOPT_SSL_VERIFYHOST, 2L);
        if (endpoint->ca)
                SET(CURLOPT_CAINFO, endpoint->ca);
        SET(CURLOPT_USERAGENT, "plumbline/" PLUMBLINE_VERSION);
        SET(CURLOPT_WRITEFUNCTION, take_body);
        SET(CURLOPT_WRITEDATA, response);
        SET(CURLOPT_HEADERFUNCTION, take_header);
        SET(CURLOPT_HEADERDATA, response);
#undef SET
        return code;
}

void endpoint_ask_http(const struct endpoint *endpoint, int out)
{
        autobuffer struct text_buffer answer = { 0 };
        struct response response = { 0 };
        char words[CURL_ERROR_SIZE] = "";
        struct library library;
        CURLcode code;
        long status = 0;
        CURL *curl;

        if (!load(&library)) {
                endpoint_unasked(out, -ELIBACC, "asking over HTTP needs the package libcurl4");
                return;
        }
        curl = library.init();
        code = curl ? prepare(&library, curl, endpoint, &response, words) : CURLE_FAILED_INIT;
        if (code != CURLE_OK) {
                endpoint_unasked(out, -ELIBBAD, "libcurl: %s", library.words(code));
                return;
        }
        code = library.perform(curl);
        if (response.too_large) {
                endpoint_failed(out, "answers with more than %zu KiB", ENDPOINT_ANSWER_MAX / 1024);
        } else if (code != CURLE_OK) {
                /* Where nobody listens the longer words hold the milliseconds until that was known. */
                endpoint_failed(out, "%s", *words && code != CURLE_COULDNT_CONNECT ? words : library.words(code));
        } else {
                library.getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
                text_addf(&answer, "status %ld\n\n", status);
                text_add_bytes(&answer, response.body.at ? response.body.at : "", response.body.size);
                children_answer(out, answer.at, answer.size);
        }
        text_buffer_free(&response.body);
}
