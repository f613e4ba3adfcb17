/* Telling systemd over D-Bus: start, stop, reload. */

#include "agent/core/bus.h"

#include "agent/core/ask.h"
#include "agent/core/pool.h"
#include "agent/core/text.h"

#include <errno.h>
#include <time.h>

/* systemd kills what does not stop after DefaultTimeoutStopSec=, 90 s as shipped (systemd-system.conf(5)). */
#define JOB_TIMEOUT_MS 100000U
#define JOB_PAUSE_MS   20U

static int reload(sd_bus *bus)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        int r;

        r = sd_bus_call_method(bus, BUS_SERVICE, BUS_MANAGER_PATH, BUS_MANAGER, "Reload", &error, NULL, NULL);
        return r < 0 ? bus_errno(&error, r) : 0;
}

static int queue_job(sd_bus *bus, const char *method, const char *unit)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        int r;

        r = sd_bus_call_method(bus, BUS_SERVICE, BUS_MANAGER_PATH, BUS_MANAGER, method, &error, NULL, "ss", unit, "replace");
        return r < 0 ? bus_errno(&error, r) : 0;
}

/* Is a job of this unit still waiting or running? */
static int job_pending(sd_bus *bus, const char *path, bool *pending)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        automessage sd_bus_message *reply = NULL;
        uint32_t id;
        int r;

        r = sd_bus_get_property(bus, BUS_SERVICE, path, BUS_UNIT, "Job", &error, &reply, "(uo)");
        if (r < 0)
                return bus_errno(&error, r);
        r = sd_bus_message_read(reply, "(uo)", &id, NULL);
        if (r < 0)
                return r;
        *pending = id != 0;
        return 0;
}

static int wait_for_job(sd_bus *bus, const char *path)
{
        const struct timespec pause = { .tv_nsec = JOB_PAUSE_MS * 1000000L };

        for (unsigned waited_ms = 0; waited_ms < JOB_TIMEOUT_MS; waited_ms += JOB_PAUSE_MS) {
                bool pending = false;
                int r;

                r = job_pending(bus, path, &pending);
                if (r < 0 || !pending)
                        return r;
                nanosleep(&pause, NULL);
        }
        return -ETIMEDOUT;
}

/* The job is over: is the unit what was asked? */
static int check_state(sd_bus *bus, const char *path, bool started)
{
        autoerror sd_bus_error error = SD_BUS_ERROR_NULL;
        autofree char *state = NULL;
        int r;

        r = sd_bus_get_property_string(bus, BUS_SERVICE, path, BUS_UNIT, "ActiveState", &error, &state);
        if (r < 0)
                return bus_errno(&error, r);
        if (started)
                return text_equals(state, "failed") ? -EIO : 0;
        return text_equals(state, "active") || text_equals(state, "activating") ? -EBUSY : 0;
}

int tell_unit(const char *rest, const char *value)
{
        bool start = text_equals(value, "start");
        autofree char *path = NULL;
        autobus sd_bus *bus = NULL;
        int r;

        if (!start && !text_equals(value, "stop"))
                return -EINVAL;
        r = bus_open(&bus);
        if (r < 0)
                return r;
        r = sd_bus_path_encode(BUS_UNIT_PATH, rest, &path);
        if (r < 0)
                return r;
        r = queue_job(bus, start ? "StartUnit" : "StopUnit", rest);
        if (r == -ENOENT && !start)
                return 0; /* what is not loaded does not run */
        /* When undoing, the mask is gone from the disk before systemd has read its files again. */
        if (start && (r == -ERFKILL || r == -ENOENT)) {
                r = reload(bus);
                if (r >= 0)
                        r = queue_job(bus, "StartUnit", rest);
        }
        if (r == -ERFKILL)
                return -EPERM; /* masked still */
        if (r >= 0)
                r = wait_for_job(bus, path);
        return r < 0 ? r : check_state(bus, path, start);
}

int tell_systemd(const char *rest, const char *value)
{
        autobus sd_bus *bus = NULL;
        int r;

        if (!text_equals(rest, "reload") || (*value && !text_equals(value, "update")))
                return -EINVAL;
        r = bus_open(&bus);
        return r < 0 ? r : reload(bus);
}
