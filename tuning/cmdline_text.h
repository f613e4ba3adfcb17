/* The words of a kernel command line in a file that a shell reads, and which of them can be right at all. */

#pragma once

#include "agent/core/setting.h"

struct pool;
struct text_buffer;

#define CMDLINE_FILE "/etc/default/grub.d/99-plumbline.cfg"
/* COMMAND_LINE_SIZE of x86 (arch/x86/include/asm/setup.h). */
#define CMDLINE_MAX 2048U

/* "isolcpus=2-3", "quiet"; "" for a parameter that is wanted to be absent. As the kernel should see it. */
const char *cmdline_word(struct pool *pool, const struct setting *setting);
/* The text of our file, NULL if it would set nothing. *problem: it is longer than the kernel can take, and then NULL too. */
const char *cmdline_file_text(struct pool *pool, const struct settings *want, const char **problem);
int cmdline_lint(const struct setting *setting, struct pool *pool, const char **problem);
