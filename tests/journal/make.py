"""Writes a journal of a size for systemd-journal-remote to standard output, in the journal's export format
(https://systemd.io/JOURNAL_EXPORT_FORMATS/), and says on standard error how many errors are in it. Argument: how many entries.

All of it is the kernel's. Two boots, one of two days ago and this one, each of as many entries for each hour; what they say cannot be compressed. Errors: of the
other boot more than plumbline looks at; of this one in the first and in the last quarter of what it has run, so that the half of it is a
window whose edge may move while it is looked at."""

import base64
import os
import sys
import time

DAY_US = 86400 * 10**6
count = int(sys.argv[1])
boot = open("/proc/sys/kernel/random/boot_id", encoding="ascii").read().strip().replace("-", "").encode()
other = b"00112233445566778899aabbccddeeff"
run_us = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
start_us = time.time_ns() // 1000 - run_us
waiting = []


def entry(boot_id, since_boot_us, when_us, priority, message, transport=b"kernel"):
    waiting.append(
        b"__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\nPRIORITY=%d\n_TRANSPORT=%s\n_SYSTEMD_UNIT=feed%d.service\n"
        b"SYSLOG_IDENTIFIER=feed\n_PID=%d\n_UID=998\n_COMM=feed\n_HOSTNAME=box\nMESSAGE=%s\n\n"
        % (when_us, since_boot_us, boot_id, priority, transport, since_boot_us % 17, 1000 + since_boot_us % 50, message))
    if len(waiting) >= 500:
        flush()


def flush():
    sys.stdout.buffer.write(b"".join(waiting))
    waiting.clear()


def noise():
    return base64.b64encode(os.urandom(2100))


others = count * 4 // 10
for i in range(others):
    at = 1 + DAY_US * i // others
    error = i % 9 == 0
    entry(other, at, start_us - 2 * DAY_US + at, 3 if error else 6, b"lost %d " % i + b"x" * 390 if error else noise())
entry(boot, 1, start_us + 1, 5, b"Linux version 6.1", b"kernel\n_SOURCE_MONOTONIC_TIMESTAMP=0")
early = late = 0
for i in range(count - others):
    at = 2 + run_us * i // (count - others)
    error = i % 50 == 0 and not run_us // 4 <= at <= run_us - run_us // 4
    early += error and at < run_us // 2
    late += error and at > run_us // 2
    entry(boot, at, start_us + at, i // 50 % 4 if error else 4 + i % 4, b"lost the feed %d" % i if error else noise())
flush()
print(run_us // 10**6, early, late, file=sys.stderr)
