/* A trading system as a deploy leaves it, for the acceptance list: it judges its configuration, writes a log every second, and tells its
 * state over HTTP. With --monitoring it is what watches it instead, by the one answer of Prometheus that the list asks for.
 *
 * SIGUSR1: it lost an exchange, and goes on. SIGUSR2: it is unhealthy. SIGHUP: all is well again. */

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LOG "/var/log/hft_system/system.log"

static volatile sig_atomic_t last_signal = SIGHUP;

static void on_signal(int signal)
{
        last_signal = signal;
}

/* A system that cannot parse its configuration would be no judge of it; this one wants two exchanges by name. */
static int validate(const char *path)
{
        char text[4096];
        FILE *file = fopen(path, "re");
        size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;

        if (file)
                fclose(file);
        text[size] = '\0';
        if (strstr(text, "\"north\"") && strstr(text, "\"south\""))
                return 0;
        fprintf(stderr, "%s: no such exchange\n", path);
        return 1;
}

static const char *answer_to(const char *request, bool monitoring)
{
        if (monitoring)
                return strncmp(request, "GET /-/healthy ", 15) == 0 ? "Prometheus Server is Healthy.\n" : NULL;
        if (strncmp(request, "GET /api/v1/health ", 19) == 0)
                return last_signal == SIGUSR2 ? "{\"status\": \"unhealthy\"}" : "{\"status\": \"healthy\"}";
        if (strncmp(request, "GET /api/v1/status ", 19) == 0)
                return last_signal == SIGUSR1 ? "{\"connected_exchanges\": 1, \"total_exchanges\": 2}"
                                              : "{\"connected_exchanges\": 2, \"total_exchanges\": 2}";
        return NULL;
}

static void serve(int server, bool monitoring)
{
        char request[4096], answer[512];
        int client = accept4(server, NULL, NULL, SOCK_CLOEXEC);
        ssize_t size = client < 0 ? -1 : recv(client, request, sizeof request - 1, 0);
        const char *body = NULL;

        if (size > 0) {
                request[size] = '\0';
                body = answer_to(request, monitoring);
                snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                         body ? "200 OK" : "404 Not Found", body ? strlen(body) : 0, body ? body : "");
                send(client, answer, strlen(answer), MSG_NOSIGNAL);
        }
        if (client >= 0)
                close(client);
}

static int listen_on(in_port_t port)
{
        const struct sockaddr_in here = { .sin_family = AF_INET,
                                          .sin_port = htons(port),
                                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

        if (server >= 0 && setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
            bind(server, (const struct sockaddr *)&here, sizeof here) == 0 && listen(server, 16) == 0)
                return server;
        perror("listening");
        if (server >= 0)
                close(server);
        return -1;
}

/* A line a second at least; log: NULL for none. Until something goes wrong. */
static void go_on(int server, FILE *log)
{
        struct pollfd request = { .fd = server, .events = POLLIN };
        int ready;

        while ((ready = poll(&request, 1, 1000)) >= 0 || errno == EINTR) {
                if (ready > 0)
                        serve(server, !log);
                if (log && (fprintf(log, "%lld alive\n", (long long)time(NULL)) < 0 || fflush(log) != 0))
                        return;
        }
}

/* The file of the log is kept open, as by a system whose log is rotated behind its back. */
static int run(bool monitoring)
{
        FILE *log = monitoring ? NULL : fopen(LOG, "ae");
        int server = -1;

        if (!log && !monitoring)
                perror(LOG);
        else
                server = listen_on(monitoring ? 9090 : 8080);
        if (server >= 0) {
                go_on(server, log);
                close(server);
        }
        if (log)
                fclose(log);
        return 1;
}

int main(int argc, char **argv)
{
        static const char config[] = "--config=";
        static const int signals[] = { SIGHUP, SIGUSR1, SIGUSR2 };
        const char *last = argc > 1 ? argv[argc - 1] : "";

        if (argc > 2 && strcmp(argv[1], "--validate-config") == 0 && strncmp(last, config, sizeof config - 1) == 0)
                return validate(last + sizeof config - 1);
        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
                signal(signals[i], on_signal);
        return run(strcmp(last, "--monitoring") == 0);
}
