/* Child programs with a deadline. */

#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Runs argv[0], found in /usr/sbin, /usr/bin, /sbin and /bin, with no input, and waits for it. argv and environment
 * ("NAME=VALUE", besides PATH, HOME and LC_ALL=C.UTF-8; may be NULL) end with NULL. The last size - 1 bytes of what it printed,
 * on either stream, are left in output, NUL behind them; size 0: thrown away.
 * Returns the exit status, 128 + the signal that ended it, or a negative errno: -ENOENT no such program, -ETIMEDOUT past the
 * deadline (it and its children were ended). It does not see the terminal's signals: a package installation is not to be cut
 * off. */
int program_run(const char *const *argv, const char *const *environment, unsigned timeout_ms, char *output, size_t size);
/* Starts a program by its path in the process group of this process, with that environment alone and its output going to out. It is killed
 * when this process ends, however that ends; what it starts in turn is not. Returns a negative errno where it cannot be executed. */
int program_start(const char *const *argv, const char *const *environment, int out, pid_t *pid);
