/* Small tables of knobs and probes, so that the tests of profiles do not change when the real ones do. */

#pragma once

#include "agent/core/knob.h"
#include "agent/core/pool.h"
#include "agent/core/probe.h"
#include "agent/core/text.h"
#include "agent/profile.h"

#include <errno.h>

static int fake_lint(const struct setting *setting, struct pool *pool, const char **problem)
{
        if (!text_equals(setting->keys[0], "no.such.key"))
                return 0;
        *problem = pool_format(pool, "no kernel has \"%s\"", setting->keys[0]);
        return -EINVAL;
}

static const struct field fake_sysctl_fields[] = {
        { .path = "*", .kind = VALUE_FIELDS, .unit = UNIT_COUNT, .flags = FIELD_ONE_SIDED | FIELD_TEXT_TOO },
        { .path = NULL },
};
static const struct field fake_cpu_fields[] = {
        { .path = "governor", .kind = VALUE_TEXT, .flags = FIELD_ALTERNATIVES, .choices = "performance|schedutil|powersave" },
        { .path = "boost", .kind = VALUE_FLAG },
        { .path = NULL },
};
static const struct field fake_cmdline_fields[] = {
        { .path = "*", .kind = VALUE_TEXT },
        { .path = NULL },
};
static const struct field fake_hugepages_fields[] = {
        { .path = "*", .kind = VALUE_NUMBER, .unit = UNIT_COUNT },
        { .path = "*/*", .kind = VALUE_NUMBER, .unit = UNIT_COUNT },
        { .path = NULL },
};
static const struct field fake_limits_fields[] = {
        { .path = "*/nofile", .kind = VALUE_NUMBER, .unit = UNIT_COUNT },
        { .path = "*/memlock", .kind = VALUE_TEXT },
        { .path = "root/*", .kind = VALUE_TEXT, .choices = "none" },
        { .path = NULL },
};
static const struct field fake_irq_fields[] = {
        { .path = "default", .kind = VALUE_MASK },
        { .path = "nic", .kind = VALUE_TEXT, .choices = "local|spread" },
        { .path = NULL },
};
static const struct field fake_services_fields[] = {
        { .path = "off", .kind = VALUE_FLAG, .flags = FIELD_LIST },
        { .path = NULL },
};

static const struct knob fake_cmdline = { .name = "cmdline", .fields = fake_cmdline_fields };
static const struct knob fake_services = { .name = "services", .fields = fake_services_fields };
static const struct knob fake_sysctl = { .name = "sysctl", .fields = fake_sysctl_fields, .lint = fake_lint };
static const struct knob fake_hugepages = { .name = "hugepages", .fields = fake_hugepages_fields };
static const struct knob fake_cpu = { .name = "cpu", .fields = fake_cpu_fields };
static const struct knob fake_limits = { .name = "limits", .fields = fake_limits_fields };
static const struct knob fake_irq = { .name = "irq", .fields = fake_irq_fields };

static const struct fact_info fake_cpu_facts[] = {
        { .name = "cpu.cores", .kind = VALUE_NUMBER, .unit = UNIT_COUNT },
        { .name = "cpu.isolated", .kind = VALUE_CPUS },
        { .name = "kernel.rt", .kind = VALUE_FLAG },
        { .name = "kernel.release", .kind = VALUE_VERSION },
        { .name = "memory.used", .kind = VALUE_REAL, .unit = UNIT_PERCENT },
        { .name = "memory.speed", .kind = VALUE_NUMBER, .unit = UNIT_TRANSFERS },
        { .name = NULL },
};
static const struct fact_info fake_device_facts[] = {
        { .name = "nvme.*.size", .kind = VALUE_NUMBER, .unit = UNIT_BYTES },
        { .name = "nvme.*.health", .kind = VALUE_TEXT },
        { .name = "nic.*.speed", .kind = VALUE_NUMBER, .unit = UNIT_BITRATE },
        { .name = "nic.*.link", .kind = VALUE_FLAG },
        { .name = "endpoint.*.state", .kind = VALUE_TEXT },
        { .name = "unit.*.state", .kind = VALUE_TEXT },
        { .name = "unit.*.restart_needed", .kind = VALUE_FLAG },
        { .name = "unit.*.reload_needed", .kind = VALUE_FLAG },
        { .name = "unit.*.restarts", .kind = VALUE_NUMBER, .unit = UNIT_COUNT },
        { .name = "disk.*.free", .kind = VALUE_REAL, .unit = UNIT_PERCENT },
        { .name = NULL },
};
static const struct probe fake_cpu_probe = { .name = "cpu", .facts = fake_cpu_facts };
static const struct probe fake_device_probe = { .name = "device", .facts = fake_device_facts };

static const struct knob *const fake_knobs[] = { &fake_cmdline, &fake_services, &fake_sysctl, &fake_hugepages,
                                                 &fake_cpu,     &fake_limits,   &fake_irq,    NULL };
static const struct probe *const fake_probes[] = { &fake_cpu_probe, &fake_device_probe, NULL };
static const struct profile_tables fake_tables = { .knobs = fake_knobs, .probes = fake_probes };
