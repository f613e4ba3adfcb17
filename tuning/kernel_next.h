/* The rows about the kernel that starts next. */

#pragma once

struct scene;

/* The next entry of the boot menu, and our file that names it where the menu itself would start another. */
void kernel_next_rows(const struct scene *scene);
