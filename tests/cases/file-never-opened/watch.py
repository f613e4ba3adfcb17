"""Runs a command, and says whether anybody opened or read some files meanwhile. Arguments: FILE... -- COMMAND.

By inotify(7), and not by the time of the last access, which a mount may not keep. Some kernels tell of O_PATH too, by which nothing can be
read (open(2)): of those only the reading is looked at."""

import ctypes
import os
import struct
import subprocess
import sys

IN_ACCESS, IN_MODIFY, IN_OPEN = 0x1, 0x2, 0x20
libc = ctypes.CDLL(None, use_errno=True)


class Watch:
    def __init__(self, files, mask):
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.names = {}
        for file in files:
            watch = libc.inotify_add_watch(self.fd, os.fsencode(file), mask)
            if self.fd < 0 or watch < 0:
                sys.exit(f"{file}: {os.strerror(ctypes.get_errno())}")
            self.names[watch] = file

    def seen(self):
        found = set()
        while True:
            try:
                events = os.read(self.fd, 65536)
            except BlockingIOError:
                return found
            while events:
                watch, mask, _, size = struct.unpack_from("iIII", events)
                events = events[16 + size:]
                for bit, word in ((IN_OPEN, "opened"), (IN_ACCESS, "read"), (IN_MODIFY, "written")):
                    if mask & bit:
                        found.add(f"{self.names.get(watch, 'more than can be told')} was {word}")


at = sys.argv.index("--")
files, command = sys.argv[1:at], sys.argv[at + 1:]
mask = IN_ACCESS | IN_MODIFY | IN_OPEN
probe = Watch(files, mask)
for file in files:
    os.close(os.open(file, os.O_PATH))
if probe.seen():
    mask &= ~IN_OPEN
watch = Watch(files, mask)
status = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
for line in sorted(watch.seen()) or ["untouched"]:
    print(f"status {status}, {line}" if line == "untouched" else line, flush=True)
