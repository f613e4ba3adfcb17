/* What the files that ask endpoints share: all of it runs in a child that is killed at its deadline. */

#pragma once

#include "agent/core/endpoint.h"

/* Each writes one raw answer. */
void endpoint_ask_tcp(const struct endpoint *endpoint, int out);     /* endpoint_tcp.c */
void endpoint_ask_http(const struct endpoint *endpoint, int out);    /* endpoint_http.c */
void endpoint_ask_command(const struct endpoint *endpoint, int out); /* endpoint_command.c */

/* endpoint_answer.c: the first line of an answer, before the bytes that are kept. */
#define ENDPOINT_HEAD_MAX 512
/* "failed SENTENCE" and "unasked ERRNO SENTENCE"; error: negative errno. */
void endpoint_failed(int out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void endpoint_unasked(int out, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
