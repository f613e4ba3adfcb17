/* What the memory modules are, by the firmware's list of them. */

#pragma once

struct facts;
struct host;
struct installed;

/* Adds memory.balanced. */
void modules_add_balance(struct host *host, struct facts *facts, const struct installed *installed);
/* Adds memory.type, .speed, .dimms and .ecc. */
void modules_add_facts(struct host *host, struct facts *facts, const struct installed *installed);
