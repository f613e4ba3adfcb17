/* The unit test suites, one line each. */

#pragma once

#include "tests/support/expect.h"

#define SUITES(S)                                                                                                              \
        S(pool)                                                                                                                \
        S(text)                                                                                                                \
        S(cpus)                                                                                                                \
        S(value)                                                                                                               \
        S(compare)                                                                                                             \
        S(want)                                                                                                                \
        S(fact)                                                                                                                \
        S(unlisted)                                                                                                            \
        S(sha256)                                                                                                              \
        S(profile)                                                                                                             \
        S(profile_health)                                                                                                      \
        S(profile_problem)                                                                                                     \
        S(profile_file)                                                                                                        \
        S(children)                                                                                                            \
        S(host)                                                                                                                \
        S(redact)                                                                                                              \
        S(redact_address)                                                                                                      \
        S(capture)                                                                                                             \
        S(ledger)                                                                                                              \
        S(audit)                                                                                                               \
        S(history)                                                                                                             \
        S(diff)                                                                                                                \
        S(fleet)                                                                                                               \
        S(drift_state)                                                                                                         \
        S(drift)                                                                                                               \
        S(evidence)                                                                                                            \
        S(evidence_commands)                                                                                                   \
        S(evidence_files)                                                                                                      \
        S(state)                                                                                                               \
        S(judge)                                                                                                               \
        S(event)                                                                                                               \
        S(report_html)                                                                                                         \
        S(report)                                                                                                              \
        S(report_numbers)                                                                                                      \
        S(apply)                                                                                                               \
        S(boot_apply)                                                                                                          \
        S(netlink_parse)                                                                                                       \
        S(netlink_address)                                                                                                     \
        S(nic_address)                                                                                                         \
        S(nic_probe)                                                                                                           \
        S(nic_stack)                                                                                                           \
        S(nvme_probe)                                                                                                          \
        S(pcie_probe)                                                                                                          \
        S(raid_mapped)                                                                                                         \
        S(raid_status)                                                                                                         \
        S(raid_probe)                                                                                                          \
        S(disk_probe)                                                                                                          \
        S(disk_device)                                                                                                         \
        S(topology)                                                                                                            \
        S(partition)                                                                                                           \
        S(smbios)                                                                                                              \
        S(installed)                                                                                                           \
        S(memory_probe)                                                                                                        \
        S(cpu_firmware)                                                                                                        \
        S(balance)                                                                                                             \
        S(modules)                                                                                                             \
        S(cpu_probe)                                                                                                           \
        S(cpu_busy)                                                                                                            \
        S(host_probe)                                                                                                          \
        S(sysctl_files)                                                                                                        \
        S(sysctl_knob)                                                                                                         \
        S(hugepages_knob)                                                                                                      \
        S(cpu_knob)                                                                                                            \
        S(limits_knob)                                                                                                         \
        S(irq_list)                                                                                                            \
        S(irq_knob)                                                                                                            \
        S(irq_cards)                                                                                                           \
        S(service_probe)                                                                                                       \
        S(unit_probe)                                                                                                          \
        S(packages_probe)                                                                                                      \
        S(journal_probe)                                                                                                       \
        S(file_probe)                                                                                                          \
        S(account_probe)                                                                                                       \
        S(port_probe)                                                                                                          \
        S(unit_cgroups)                                                                                                        \
        S(unit_files)                                                                                                          \
        S(services_knob)                                                                                                       \
        S(cmdline)                                                                                                             \
        S(boot)                                                                                                                \
        S(nvme_ask)                                                                                                            \
        S(devicemapper_ask)                                                                                                    \
        S(error_name)                                                                                                          \
        S(program)                                                                                                             \
        S(kernel_probe)                                                                                                        \
        S(kernel_knob)                                                                                                         \
        S(cmdline_file)                                                                                                        \
        S(cmdline_knob)

#define SUITE_DECLARE(name) extern const struct suite suite_##name;
SUITES(SUITE_DECLARE)
#undef SUITE_DECLARE
