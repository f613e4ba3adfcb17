/* The errors of a PCIe device that its own registers reported. */

#pragma once

struct facts;
struct host;
struct pool;

/* "pcie.NAME.errors.corrected" and "pcie.NAME.errors.uncorrected"; folder: that of the device. */
void pcie_errors_facts(struct host *host, struct facts *facts, struct pool *pool, const char *folder, const char *name);
