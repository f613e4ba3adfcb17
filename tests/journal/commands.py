"""Writes what sudo logged for systemd-journal-remote to standard output, in the journal's export format: what a monitor asked in the days from the
sixth to the second before now, each time in other words, and more of it than an answer takes; and one command of an hour ago.
With the argument "baseline FILE DAYS" it writes nothing, and makes that baseline so many days older."""

import hashlib
import json
import sys
import time

HOUR_US = 3600 * 10**6
OTHER = b"00112233445566778899aabbccddeeff"


def entry(since_boot_us, when_us, message):
    sys.stdout.buffer.write(
        b"__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\nPRIORITY=5\n_TRANSPORT=syslog\n_EXE=/usr/bin/sudo\n_COMM=sudo\n"
        b"SYSLOG_IDENTIFIER=sudo\n_UID=998\nMESSAGE=%s\n\n" % (when_us, since_boot_us, OTHER, message))


if sys.argv[1:2] == ["baseline"]:
    path, days = sys.argv[2], int(sys.argv[3])
    with open(path, encoding="utf-8") as file:
        record = json.loads(file.read()[17:])
    record["at"] -= days * 86400
    line = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    with open(path, "w", encoding="utf-8") as file:
        file.write(hashlib.sha256(line.encode()).hexdigest()[:16] + " " + line + "\n")
    sys.exit()

now_us = time.time_ns() // 1000
for i in range(40000):
    at_us = 96 * HOUR_US * i // 40000
    entry(at_us + 1, now_us - 144 * HOUR_US + at_us,
          b"  monitor : PWD=/ ; USER=root ; COMMAND=/usr/sbin/smartctl -H /dev/nvme0n1 --json --nocheck=standby,%d" % i)
entry(143 * HOUR_US, now_us - HOUR_US, b"   alice : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/chmod 600 /etc/os-release")
