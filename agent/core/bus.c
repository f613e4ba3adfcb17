/* Asking systemd over D-Bus. */

#include "agent/core/bus.h"

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <systemd/sd-daemon.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define CALL_TIMEOUT_US (25 * 1000000ULL)

/* systemd's own socket, for root only: it answers also while the message bus is down. */
static int open_private(sd_bus **bus)
{
        autobus sd_bus *private = NULL;
        int r;

        r = sd_bus_new(&private);
        if (r < 0)
                return r;
        r = sd_bus_set_address(private, "unix:path=/run/systemd/private");
        if (r < 0)
                return r;
        r = sd_bus_start(private);
        if (r < 0)
                return r;
        *bus = private;
        private = NULL;
        return 0;
}

int bus_open(sd_bus **bus)
{
        int r = -EACCES;

        if (sd_booted() <= 0)
                return -EOPNOTSUPP;
        if (geteuid() == 0)
                r = open_private(bus);
        if (r < 0)
                r = sd_bus_open_system(bus);
        if (r == -ENOENT || r == -ECONNREFUSED)
                return -EOPNOTSUPP;
        if (r < 0)
                return r;
        r = sd_bus_set_method_call_timeout(*bus, CALL_TIMEOUT_US);
        if (r >= 0)
                return 0;
        *bus = sd_bus_flush_close_unref(*bus);
        return r;
}

/* The errors of systemd itself are -EIO to sd-bus, which does not know their names. */
int bus_errno(const sd_bus_error *error, int r)
{
        static const struct {
                const char *name;
                int error;
        } known[] = {
                { BUS_SERVICE ".NoSuchUnit", -ENOENT },
                { BUS_SERVICE ".UnitMasked", -ERFKILL },
                { BUS_SERVICE ".LoadFailed", -ENOEXEC },
        };

        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
                if (sd_bus_error_has_name(error, known[i].name))
                        return known[i].error;
        return r;
}

static bool is_told(const char *property)
{
        static const char *const names[] = { "LoadState",
                                             "ActiveState",
                                             "SubState",
                                             "UnitFileState",
                                             "FragmentPath",
                                             "DropInPaths",
                                             "Names",
                                             "Triggers",
                                             "TriggeredBy",
                                             "NRestarts",
                                             "MainPID",
                                             "Result",
                                             "NeedDaemonReload",
                                             "ExecMainStartTimestamp",
                                             "ExecStart",
                                             "RootImage",
                                             "RootDirectory" };

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (text_equals(property, names[i]))
                        return true;
        return text_starts(property, "Limit");
}

/* One line to a property, whatever a path in it holds. */
static void add_value(struct text_buffer *text, const char *value)
{
        for (; *value; value++)
                text_add_bytes(text, (unsigned char)*value < ' ' ? "?" : value, 1);
}

static int add_strings(sd_bus_message *reply, struct text_buffer *text)
{
        const char *value;
        bool first = true;
        int r;

        r = sd_bus_message_enter_container(reply, 'a', "s");
        if (r < 0)
                return r;
        while ((r = sd_bus_message_read_basic(reply, 's', &value)) > 0) {
                if (!first)
                        text_add(text, " ");
                add_value(text, value);
                first = false;
        }
        return r < 0 ? r : sd_bus_message_exit_container(reply);
}

/* As `systemctl show` writes them: yes and no, "infinity" for a limit that is none. */
static int add_basic(sd_bus_message *reply, char type, struct text_buffer *text)
{
        union {
                const char *text;
                uint32_t u32;
                uint64_t u64;
                int32_t i32;
                int flag;
        } value = { 0 };
        int r;

        r = sd_bus_message_read_basic(reply, type, &value);
        if (r < 0)
                return r;
        if (type == 's')
                add_value(text, value.text);
        else if (type == 'b')
                text_add(text, value.flag ? "yes" : "no");
        else if (type == 'u')
                text_addf(text, "%" PRIu32, value.u32);
        else if (type == 'i')
                text_addf(text, "%" PRId32, value.i32);
        else if (value.u64 == UINT64_MAX)
                text_add(text, "infinity");
        else
                text_addf(text, "%" PRIu64, value.u64);
        return 0;
}

static int add_property(sd_bus_message *reply, struct text_buffer *text)
{
        const char *property, *contents;
        bool commands;
        int r;

        r = sd_bus_message_read_basic(reply, 's', &property);
        if (r < 0)
                return r;
        r = sd_bus_message_peek_type(reply, NULL, &contents);
        if (r < 0)
                return r;
        commands = text_equals(contents, "a" BUS_COMMAND);
        if (!is_told(property) ||
            (!commands && !text_equals(contents, "as") && (strlen(contents) != 1 || !strchr("sbuti", contents[0]))))
                return sd_bus_message_skip(reply, "v");
        r = sd_bus_message_enter_container(reply, 'v', contents);
        if (r < 0)
                return r;
        text_addf(text, "%s=", property);
        r = commands             ? bus_add_commands(reply, text)
            : contents[0] == 'a' ? add_strings(reply, text)
                                 : add_basic(reply, contents[0], text);
        text_add(text, "\n");
        return r < 0 ? r : sd_bus_message_exit_container(reply);
}

static int add_properties(sd_bus *bus, const char *path, const char *interface, struct text_buffer *text)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        automessage sd_bus_message *reply = NULL;
        int r;

        r = sd_bus_call_method(bus, BUS_SERVICE, path, "org.freedesktop.DBus.Properties", "GetAll", &error, &reply, "s",
                               interface);
        if (r < 0)
                return bus_errno(&error, r);
        r = sd_bus_message_enter_container(reply, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                r = add_property(reply, text);
                if (r >= 0)
                        r = sd_bus_message_exit_container(reply);
        }
        return r < 0 ? r : 0;
}

static bool has_line(const struct text_buffer *text, const char *wanted)
{
        const char *cursor = text->at;
        struct slice line;

        while (cursor && text_line(&cursor, &line))
                if (slice_equals(line, wanted))
                        return true;
        return false;
}

/* The interface that holds the limits of a kind of unit; NULL: it has none. */
static const char *limits_interface(const char *unit)
{
        static const struct {
                const char *suffix, *interface;
        } kinds[] = {
                { ".service", BUS_SERVICE ".Service" },
                { ".socket", BUS_SERVICE ".Socket" },
                { ".mount", BUS_SERVICE ".Mount" },
                { ".swap", BUS_SERVICE ".Swap" },
        };

        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                if (text_ends(unit, kinds[i].suffix))
                        return kinds[i].interface;
        return NULL;
}

/* A unit that is not loaded is loaded for the asking: systemd forgets it again (systemd.unit(5), garbage collection). */
static int load_unit(sd_bus *bus, struct pool *pool, const char *unit, const char **path)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        automessage sd_bus_message *reply = NULL;
        const char *found;
        int r;

        r = sd_bus_call_method(bus, BUS_SERVICE, BUS_MANAGER_PATH, BUS_MANAGER, "LoadUnit", &error, &reply, "s", unit);
        if (r < 0)
                return bus_errno(&error, r);
        r = sd_bus_message_read_basic(reply, 'o', &found);
        if (r < 0)
                return r;
        *path = pool_dup(pool, found);
        return 0;
}

int ask_unit(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        autobuffer struct text_buffer text = { 0 };
        const char *path = NULL, *interface;
        autobus sd_bus *bus = NULL;
        int r;

        r = bus_open(&bus);
        if (r < 0)
                return r;
        r = load_unit(bus, pool, rest, &path);
        if (r < 0)
                return r;
        r = add_properties(bus, path, BUS_UNIT, &text);
        if (r < 0)
                return r;
        if (has_line(&text, "LoadState=not-found"))
                return -ENOENT;
        interface = limits_interface(rest);
        if (interface)
                r = add_properties(bus, path, interface, &text);
        if (r < 0)
                return r;
        *answer = pool_copy(pool, text.at ? text.at : "", text.size);
        *size = text.size;
        return 0;
}

int ask_units(struct pool *pool, const char *rest, const void **answer, size_t *size)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        autobuffer struct text_buffer text = { 0 };
        automessage sd_bus_message *reply = NULL;
        const char *name, *load, *active, *sub;
        autobus sd_bus *bus = NULL;
        int r;

        if (*rest)
                return -EINVAL;
        r = bus_open(&bus);
        if (r < 0)
                return r;
        r = sd_bus_call_method(bus, BUS_SERVICE, BUS_MANAGER_PATH, BUS_MANAGER, "ListUnits", &error, &reply, NULL);
        if (r < 0)
                return bus_errno(&error, r);
        r = sd_bus_message_enter_container(reply, 'a', "(ssssssouso)");
        while (r >= 0 && (r = sd_bus_message_read(reply, "(ssssssouso)", &name, NULL, &load, &active, &sub, NULL, NULL, NULL,
                                                  NULL, NULL)) > 0)
                text_addf(&text, "%s %s %s %s\n", name, load, active, sub);
        if (r < 0)
                return r;
        *answer = pool_copy(pool, text.at ? text.at : "", text.size);
        *size = text.size;
        return 0;
}
