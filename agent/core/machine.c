/* Asking the processor, the clock, a mounted filesystem, and what the boot loader handed over. */

#include "agent/core/ask.h"

#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* The kernel's copy of struct boot_params, and where it has secure_boot (arch/x86/include/uapi/asm/bootparam.h). */
#define BOOT_PARAMS    "/sys/kernel/boot_params/data"
#define SECURE_BOOT_AT 0x1ec

static int answer_text(struct pool *pool, const struct text_buffer *text, const void **answer, size_t *size)
{
        if (!text->at)
                return -ENODATA;
        *answer = pool_copy(pool, text->at, text->size);
        *size = text->size;
        return 0;
}

#if defined(__x86_64__) || defined(__i386__)
/* Its name, where leaf 1 says that there is one; elsewhere this range holds anything. */
#define HYPERVISOR 0x40000000U

/* Runs on the CPU that this process happens to be on: no other CPU is interrupted, unlike with /dev/cpu/N/cpuid. */
int ask_cpuid(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        static const unsigned leaves[] = { 0,          1,          7,          HYPERVISOR, 0x80000000, 0x80000001, 0x80000002,
                                           0x80000003, 0x80000004, 0x80000005, 0x80000006, 0x80000007, 0x80000008 };
        autobuffer struct text_buffer text = { 0 };
        unsigned last = 0;
        bool guest = false;

        if (*rest)
                return -ENOENT;
        for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
                bool first = !(leaves[i] & 0x7fffffff), own = leaves[i] == HYPERVISOR;
                unsigned eax, ebx, ecx, edx;

                /* The first leaf of each range tells the last one. In a virtual machine each question costs a way out of it. */
                if (own ? !guest : !first && leaves[i] > last)
                        continue;
                __cpuid_count(leaves[i], 0, eax, ebx, ecx, edx);
                last = first ? eax : last;
                if (leaves[i] == 1)
                        guest = ecx >> 31;
                if (leaves[i] > last && !own)
                        continue;
                text_addf(&text, "%08x %x %08x %08x %08x %08x\n", leaves[i], 0U, eax, ebx, ecx, edx);
        }
        return answer_text(pool, &text, answer, size);
}
#else
int ask_cpuid(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        (void)pool;
        (void)rest;
        (void)answer;
        (void)size;
        return -EOPNOTSUPP;
}
#endif

int ask_adjtimex(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        autobuffer struct text_buffer text = { 0 };
        struct timex clock = { .modes = 0 };
        long offset_us;
        int state;

        if (*rest)
                return -ENOENT;
        state = adjtimex(&clock);
        if (state < 0)
                return -errno;
        /* The kernel counts the offset in nanoseconds once a daemon has asked it to (adjtimex(2), STA_NANO). */
        offset_us = clock.status & STA_NANO ? clock.offset / 1000 : clock.offset;
        text_addf(&text, "state %d\nstatus %d\noffset_us %ld\nmaxerror_us %ld\nesterror_us %ld\ntai %d\n", state, clock.status,
                  offset_us, clock.maxerror, clock.esterror, clock.tai);
        return answer_text(pool, &text, answer, size);
}

int ask_statvfs(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        autobuffer struct text_buffer text = { 0 };
        struct statvfs fs;

        if (rest[0] != '/')
                return -ENOENT;
        if (statvfs(rest, &fs) < 0)
                return -errno;
        text_addf(&text, "bsize %lu\nblocks %llu\nbfree %llu\nbavail %llu\n", fs.f_frsize, (unsigned long long)fs.f_blocks,
                  (unsigned long long)fs.f_bfree, (unsigned long long)fs.f_bavail);
        text_addf(&text, "files %llu\nffree %llu\nfavail %llu\n", (unsigned long long)fs.f_files,
                  (unsigned long long)fs.f_ffree, (unsigned long long)fs.f_favail);
        return answer_text(pool, &text, answer, size);
}

/* The words are those of enum efi_secureboot_mode (include/linux/efi.h). */
int ask_secure_boot(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        static const char *const words[] = { "unset", "unknown", "disabled", "enabled" };
        autobuffer struct text_buffer text = { 0 };
        unsigned char mode;
        ssize_t count;
        int fd, r;

        if (*rest)
                return -ENOENT;
        fd = open(BOOT_PARAMS, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
                return errno == ENOENT ? -EOPNOTSUPP : -errno;
        count = pread(fd, &mode, 1, SECURE_BOOT_AT);
        r = count < 0 ? -errno : count == 0 || mode >= sizeof words / sizeof words[0] ? -EBADMSG : 0;
        close(fd);
        if (r < 0)
                return r;
        text_addf(&text, "%s\n", words[mode]);
        return answer_text(pool, &text, answer, size);
}
