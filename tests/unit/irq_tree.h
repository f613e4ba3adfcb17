/* A machine of two nodes for the tests of the irq knob. */

#pragma once

#include "tests/support/tree.h"

/* Two nodes of four CPUs each, CPU 7 offline, 64 possible; no interrupt yet. */
struct tree *irq_tree_new(void);
/* effective NULL: no such file, as on old kernels. */
void irq_tree_add(struct tree *tree, unsigned number, const char *actions, const char *allowed, const char *effective);
