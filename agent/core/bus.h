/* The connection to systemd, for the files that ask and tell over it. */

#pragma once

#include <systemd/sd-bus.h>

struct text_buffer;

#define BUS_SERVICE      "org.freedesktop.systemd1"
#define BUS_MANAGER_PATH "/org/freedesktop/systemd1"
#define BUS_UNIT_PATH    "/org/freedesktop/systemd1/unit"
#define BUS_MANAGER      BUS_SERVICE ".Manager"
#define BUS_UNIT         BUS_SERVICE ".Unit"

#define autobus     __attribute__((cleanup(sd_bus_flush_close_unrefp)))
#define automessage __attribute__((cleanup(sd_bus_message_unrefp)))
#define autoerror   __attribute__((cleanup(sd_bus_error_free)))

/* A command as systemd tells it: path, arguments, whether a failure is ignored, when it ran, as what process, how it ended. */
#define BUS_COMMAND "(sasbttttuii)"

/* As root by systemd's own socket, which needs no message bus, else by the system bus; no call takes more than 25 s.
 * -EOPNOTSUPP: this host was not booted with systemd, or nobody answers. The caller owns *bus. */
int bus_open(sd_bus **bus);
/* The errno of a call that failed: -ENOENT no such unit, -ERFKILL the unit is masked, else r. */
int bus_errno(const sd_bus_error *error, int r);
/* Reads a list of commands, and adds "PATH - . /PATH" where it is one; nothing where they are more or none. */
int bus_add_commands(sd_bus_message *reply, struct text_buffer *text);
