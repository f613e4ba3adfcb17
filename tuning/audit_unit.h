/* The audit's own service, kept on the housekeeping CPUs. Private to tuning/. */

#pragma once

struct plan;
struct settings;
struct unit_files;

#define AUDIT_UNIT    "plumbline-audit.service"
#define AUDIT_DROP_IN "/etc/systemd/system/" AUDIT_UNIT ".d/50-plumbline.conf"

/* A row for the drop-in where that unit is installed: with the CPUs of a partition that this host can hold; none without a
 * partition, when it is ours. */
void audit_unit_plan(const struct unit_files *files, const struct settings *want, struct plan *plan);
