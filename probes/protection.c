/* What keeps root and devices out of the kernel's memory: lockdown, Secure Boot, and the IOMMU. */

#include "agent/core/host.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"
#include "probes/probes.h"
#include "agent/core/sysfs_path.h"

#include <errno.h>
#include <string.h>

#define SECURITY "/sys/kernel/security"
#define LOCKDOWN SECURITY "/lockdown"
#define FIRMWARE "/sys/firmware"
#define EFI      FIRMWARE "/efi"
#define QUESTION "secure_boot"
#define GROUPS   "/sys/kernel/iommu_groups"
#define WORD_MAX 40

static const struct fact_info protection_facts[] = {
        { "kernel.lockdown", VALUE_TEXT, UNIT_NONE, REACH_QUIET,
          "How far the kernel keeps itself from root: none, integrity or confidentiality. With either of the last two it "
          "refuses "
          "writes to MSRs, /dev/mem, unsigned modules and most of debugfs: tools for tuning fail then, and Secure Boot often "
          "turns it "
          "on. Absent where this kernel was built without it.",
          LOCKDOWN ", the word in brackets" },
        { "host.secure_boot", VALUE_FLAG, UNIT_NONE, REACH_QUIET,
          "Whether the firmware checked the signature of what it started, as the kernel was told when it began; false also "
          "where the "
          "owner told shim not to check. The kernel mostly demands signed drivers then. Absent where the machine did not start "
          "by EFI. "
          "The variables of the firmware are not read: that would run its code.",
          "/sys/kernel/boot_params/data, the byte that the EFI stub left there; " EFI },
        { "host.iommu", VALUE_WORDS, UNIT_NONE, REACH_QUIET,
          "How devices reach memory under the kernel's own drivers, each kind of domain once: identity is untranslated "
          "(iommu=pt), DMA "
          "and DMA-FQ are translated, which costs on each mapping. A device that was given to a guest has another, which is "
          "not told. "
          "Absent where no IOMMU is in use.",
          GROUPS "/*/type" },
        { 0 },
};

/* "none [integrity] confidentiality" */
static const char *word_in_brackets(struct pool *pool, const char *text)
{
        const char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;
        size_t size = close ? (size_t)(close - open) - 1 : 0;

        if (!size || size > WORD_MAX || strspn(open + 1, "abcdefghijklmnopqrstuvwxyz_") != size)
                return NULL;
        return slice_dup(pool, (struct slice){ open + 1, size });
}

/* Where securityfs is mounted, something is in it: the file says whether the kernel has lockdown at all. */
static void add_without_lockdown(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, SECURITY);
        if (r == 0 && *names) {
                fact_absent(facts, LOCKDOWN, "kernel.lockdown");
                return;
        }
        fact_unknown(facts, r == 0 || r == -ENOENT ? -ENODATA : r, LOCKDOWN, "kernel.lockdown");
        if (r == 0)
                fact_note(facts, "securityfs is not mounted at %s", SECURITY);
}

static void add_lockdown(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *text, *word;
        int r;

        r = host_read(host, pool, &text, LOCKDOWN);
        if (r == -ENOENT) {
                add_without_lockdown(host, facts, pool);
                return;
        }
        word = r == 0 ? word_in_brackets(pool, text) : NULL;
        if (word)
                fact_known(facts, value_text(pool, word), LOCKDOWN, "kernel.lockdown");
        else
                fact_unknown(facts, r < 0 ? r : -EBADMSG, LOCKDOWN, "kernel.lockdown");
}

/* Containers hide the folder behind an empty one. */
static void add_without_efi(struct host *host, struct facts *facts, struct pool *pool)
{
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, FIRMWARE);
        if (r == 0 && *names) {
                fact_absent(facts, EFI, "host.secure_boot");
                return;
        }
        fact_unknown(facts, r == 0 || r == -ENOENT ? -ENODATA : r, EFI, "host.secure_boot");
        if (r == 0)
                fact_note(facts, "nothing is in %s: it is hidden from here", FIRMWARE);
}

/* The EFI stub asked the firmware while it was still there (drivers/firmware/efi/libstub/secureboot.c), and took it for disabled where the
 * owner told shim not to check. A boot loader that passes the stub by leaves nothing. */
static void add_secure_boot(struct host *host, struct facts *facts, struct pool *pool)
{
        const void *answer;
        const char *word = "";
        size_t size;
        int r;

        if (!host_exists(host, EFI)) {
                add_without_efi(host, facts, pool);
                return;
        }
        r = host_ask(host, pool, &answer, &size, QUESTION);
        if (r == 0)
                word = text_trim(pool, pool_copy(pool, answer, size));
        if (text_equals(word, "enabled") || text_equals(word, "disabled")) {
                fact_known(facts, value_flag(text_equals(word, "enabled")), QUESTION, "host.secure_boot");
                return;
        }
        if (r == 0)
                r = text_equals(word, "unset") || text_equals(word, "unknown") ? -ENODATA : -EBADMSG;
        fact_unknown(facts, r, QUESTION, "host.secure_boot");
        if (text_equals(word, "unset"))
                fact_note(facts, "the boot loader did not start the kernel by its EFI stub, which asks the firmware");
        else if (text_equals(word, "unknown"))
                fact_note(facts, "the firmware did not say");
}

static int read_domains(struct host *host, struct pool *pool, const char *const *names, struct text_buffer *words,
                        const char **source)
{
        for (; *names; names++) {
                const char *type;
                int r;

                *source = pool_format(pool, GROUPS "/%s/type", *names);
                r = sysfs_text(host, pool, &type, "%s", *source);
                if (r == 0 && (strlen(type) > WORD_MAX || strpbrk(type, " \t")))
                        r = -EBADMSG;
                /* Of a group without a domain of the kernel's own (iommu_group_show_type in drivers/iommu/iommu.c). */
                if (r == 0 && text_equals(type, "unknown"))
                        r = -ENODATA;
                if (r < 0)
                        return r;
                text_addf(words, "%s ", type);
        }
        *source = GROUPS;
        return 0;
}

/* The kernel makes the folder at its start, with an IOMMU or without (drivers/iommu/iommu.c). */
static void add_iommu(struct host *host, struct facts *facts, struct pool *pool)
{
        autobuffer struct text_buffer words = { 0 };
        const char *source = GROUPS;
        const char *const *names;
        int r;

        r = host_list(host, pool, &names, GROUPS);
        if ((r == 0 && !*names) || (r == -ENOENT && host_exists(host, "/sys/kernel"))) {
                fact_absent(facts, source, "host.iommu");
                return;
        }
        if (r == 0)
                r = read_domains(host, pool, names, &words, &source);
        if (r == 0)
                fact_known(facts, value_words(pool, words.at), source, "host.iommu");
        else
                fact_unknown(facts, r == -ENOENT ? -ENODATA : r, source, "host.iommu");
}

static int protection_run(struct host *host, struct facts *facts)
{
        autopool struct pool *pool = pool_new();

        add_lockdown(host, facts, pool);
        add_secure_boot(host, facts, pool);
        add_iommu(host, facts, pool);
        return 0;
}

const struct probe probe_protection = {
        .name = "protection",
        .help = "What keeps root and devices out of the kernel's memory.",
        .facts = protection_facts,
        .run = protection_run,
};
