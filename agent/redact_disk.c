/* Numbers of disks in the names of what stands for them: links of udev, subsystems of NVMe, maps of the device mapper. */

#include "agent/redact_inside.h"

#include "agent/core/pool.h"
#include "agent/core/record.h"

#include <ctype.h>
#include <string.h>

#define HEX_DIGITS   "0123456789abcdefABCDEF"
#define DISK_LEAST   6
#define NUMBER_LEAST 8
#define LETTERS      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define DISK_LETTERS LETTERS "_.:+-"
#define UUID_DIGITS  32

static struct slice slice_from(struct slice whole, size_t at)
{
        return (struct slice){ whole.at + at, whole.size - at };
}

static bool slice_starts(struct slice slice, const char *start)
{
        return slice.size >= strlen(start) && !strncmp(slice.at, start, strlen(start));
}

/* How many digits at the start of it are hex. */
static size_t hex_digits(struct slice slice)
{
        size_t size = 0;

        while (size < slice.size && isxdigit((unsigned char)slice.at[size]))
                size++;
        return size;
}

/* The number that a drive has on its bus: NAA 5 has 16 digits of hex, NAA 6 has 32 (SPC-4, 7.8.6.6). It goes amid other digits, too: "3" in
 * front is what scsi_id makes of its kind, "p1" behind it is a part. */
bool redact_wwid(struct secrets *secrets, struct slice name)
{
        size_t before = slice_starts(name, "0x") || slice_starts(name, "0X") ? 2 : 0, size;

        size = hex_digits(slice_from(name, before));
        if (size % 16 == 1 && name.at[before] >= '1' && name.at[before] <= '3') {
                before++;
                size--;
        }
        if ((size != 16 && size != 32) || redact_is_filler((struct slice){ name.at + before, size }))
                return false;
        secret_add(secrets, SECRET_NUMBER, name.at + before, size);
        return true;
}

static void find_number(struct secrets *secrets, struct slice number)
{
        size_t luks = number.size > 5 && !strncmp(number.at, "luks-", 5) ? 5 : 0; /* rd.luks.uuid= may say it so */
        struct slice rest = slice_from(number, luks);
        size_t digits = strspn(rest.at, HEX_DIGITS "-");

        /* "UUID=AAAA:BBBB" of a RAID is of four numbers; a label is none. */
        if (digits < rest.size && rest.at[digits] != ':')
                return;
        while (slice_word(&rest, ":", &number))
                if (redact_is_distinct(number, NUMBER_LEAST))
                        secret_add(secrets, SECRET_TEXT, number.at, number.size);
}

/* As 8-4-4-4-12 digits: so others write what the device mapper has without dashes. */
static void add_dashed(struct secrets *secrets, const char *digits)
{
        char uuid[UUID_SIZE];
        size_t size = 0;

        for (size_t i = 0; i < UUID_DIGITS; i++) {
                if (i == 8 || i == 12 || i == 16 || i == 20)
                        uuid[size++] = '-';
                uuid[size++] = digits[i];
        }
        secret_add(secrets, SECRET_TEXT, uuid, size);
}

/* A name of the device mapper, or its number: "3600..." of multipath, "luks-UUID", "CRYPT-LUKS2-DIGITS-NAME", "part1-mpath-3600...";
 * LVM has the numbers of the group and of the volume (lib/activate/dev_manager.c). What somebody gave for a name says nothing. */
static void find_map(struct secrets *secrets, struct slice name)
{
        for (size_t at = 0; at < name.size; at++) {
                struct slice rest = slice_from(name, at);

                if (at && isalnum((unsigned char)name.at[at - 1]))
                        continue;
                if (slice_starts(rest, "LVM-"))
                        secret_add(secrets, SECRET_TEXT, rest.at + 4, strspn(rest.at + 4, LETTERS));
                else if (redact_is_uuid(rest))
                        secret_add(secrets, SECRET_TEXT, rest.at, UUID_SIZE);
                else if (hex_digits(rest) == UUID_DIGITS)
                        add_dashed(secrets, rest.at);
                else
                        redact_wwid(secrets, rest);
        }
}

/* "nvme-VENDOR_MODEL_SERIAL_1-part2": the number of the part and of the namespace name nothing, nor does the model. */
static void find_id(struct secrets *secrets, struct slice id)
{
        const char *part = memmem(id.at, id.size, "-part", 5), *last;

        if (slice_starts(id, "dm-")) {
                find_map(secrets, id);
                return;
        }
        if (part)
                id.size = (size_t)(part - id.at);
        last = memrchr(id.at, '_', id.size);
        if (last && id.at + id.size - last <= 3 && isdigit((unsigned char)last[1])) {
                id.size = (size_t)(last - id.at);
                last = memrchr(id.at, '_', id.size);
        }
        if (!last)
                last = memchr(id.at, '-', id.size);
        if (last)
                id = slice_from(id, (size_t)(last + 1 - id.at));
        if (id.size > 4 && id.at[3] == '.' && redact_wwid(secrets, slice_from(id, 4)))
                return;
        if (!redact_wwid(secrets, id) && redact_is_distinct(id, DISK_LEAST))
                secret_add(secrets, SECRET_TEXT, id.at, id.size);
}

void redact_map(struct secrets *secrets, struct slice name)
{
        find_map(secrets, slice_trim(name));
}

/* The kernel makes it of two numbers of four digits, the serial's 20 bytes and the model's 40 (drivers/nvme/host/core.c, nvme_init_subnqn). */
static bool find_made(struct secrets *secrets, struct slice name)
{
        static const char start[] = "nqn.2014.08.org.nvmexpress:";
        enum { MAKERS = 8, SERIAL = 20 };
        struct slice rest, serial;

        if (!slice_starts(name, start))
                return false;
        rest = slice_from(name, strlen(start));
        if (rest.size <= MAKERS || hex_digits(rest) < MAKERS)
                return false;
        serial = slice_from(rest, MAKERS);
        serial.size = serial.size < SERIAL ? serial.size : SERIAL;
        serial = slice_trim(serial);
        if (!serial.size || redact_is_filler(serial))
                return true;
        if (redact_is_distinct(serial, DISK_LEAST))
                secret_add(secrets, SECRET_TEXT, serial.at, serial.size);
        secret_add_between(secrets, (struct slice){ rest.at, (size_t)(serial.at - rest.at) }, serial, slice_of(""));
        return true;
}

void redact_subsystem(struct secrets *secrets, struct slice text)
{
        struct slice name = slice_trim(text), number;
        const char *last = memrchr(name.at, ':', name.size);

        /* The one of discovery has no colon: it is the same everywhere. */
        if (find_made(secrets, name) || !last)
                return;
        number = slice_from(name, (size_t)(last + 1 - name.at));
        if (redact_is_uuid(number) && number.size == UUID_SIZE)
                secret_add(secrets, SECRET_TEXT, number.at, number.size);
        else
                secret_add_between(secrets, (struct slice){ name.at, name.size - number.size }, number, slice_of(""));
        if (redact_is_distinct(number, DISK_LEAST))
                secret_add(secrets, SECRET_TEXT, number.at, number.size);
}

/* The name goes on with the unit's kind. */
static void find_unit_number(struct secrets *secrets, struct slice number)
{
        number.size = strspn(number.at, HEX_DIGITS "-");
        find_number(secrets, number);
}

static void find_unit_id(struct secrets *secrets, struct slice id)
{
        static const char *const kinds[] = { ".device", ".swap", ".mount", ".service" };

        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
                const char *kind = memmem(id.at, id.size, kinds[i], strlen(kinds[i]));

                if (kind)
                        id.size = (size_t)(kind - id.at);
        }
        find_id(secrets, id);
}

struct mark {
        const char *before;
        void (*find)(struct secrets *, struct slice);
};

static void find_marks(struct secrets *secrets, const char *text, const struct mark *marks, size_t count)
{
        for (size_t i = 0; i < count; i++)
                for (const char *at = text; (at = strstr(at, marks[i].before));) {
                        at += strlen(marks[i].before);
                        marks[i].find(secrets, (struct slice){ at, strspn(at, DISK_LETTERS) });
                }
}

/* Units are called after paths: a dash for a slash, and an escape for a dash (systemd.unit(5)). */
static void find_units(struct secrets *secrets, const char *text)
{
        static const struct mark marks[] = {
                { "by-uuid-", find_unit_number },
                { "by-partuuid-", find_unit_number },
                { "by-id-", find_unit_id },
                { "luks-", find_unit_number },
        };
        static const char *const escapes[] = { "\\x2d", "\\\\x2d", "\\134x2d" };

        for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
                autobuffer struct text_buffer plain = { 0 };
                const char *from = text;

                for (const char *at; (at = strstr(from, escapes[i])); from = at + strlen(escapes[i])) {
                        text_add_bytes(&plain, from, (size_t)(at - from));
                        text_add(&plain, "-");
                }
                if (from == text)
                        continue;
                text_add(&plain, from);
                find_marks(secrets, plain.at, marks, sizeof marks / sizeof marks[0]);
        }
}

void redact_disks(struct secrets *secrets, const char *text)
{
        static const struct mark marks[] = {
                { "/by-id/", find_id },       { "/by-uuid/", find_number },  { "/by-partuuid/", find_number },
                { "UUID=", find_number },     { "uuid=", find_number },      { "rd.luks.name=", find_number },
                { "/dev/mapper/", find_map }, { "luks-", find_unit_number }, { "/fs/btrfs/", find_number },
        };

        find_marks(secrets, text, marks, sizeof marks / sizeof marks[0]);
        find_units(secrets, text);
}
