/* The errors of a PCIe device that its own registers reported. */

#pragma once

#include <stdbool.h>

struct facts;
struct host;
struct pool;

/* Does the kernel count errors of the device in this folder? */
bool pcie_errors_counted(struct host *host, const char *folder);
/* "pcie.NAME.errors.corrected" and "pcie.NAME.errors.uncorrected"; folder: that of the device; note: of both, or NULL. */
void pcie_errors_facts(struct host *host, struct facts *facts, struct pool *pool, const char *folder, const char *name,
                       const char *note);
