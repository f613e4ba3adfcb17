"""Kills a check while its command runs, once by each signal, and tells what is left. Arguments: the program, seconds the command sleeps."""

import os
import signal
import subprocess
import sys
import time

program, nap = sys.argv[1:]


def sleepers():
    """The programs that sleep so long."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if file.read().split(b"\0")[:2] in ([b"sleep", nap.encode()], [b"/bin/sleep", nap.encode()]):
                    found.append(int(pid))
        except OSError:
            pass
    return found


def wait_for(count):
    for _ in range(300):
        if len(sleepers()) == count:
            break
        time.sleep(0.1)
    return len(sleepers())


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def check(name, number, below):
    """below: so many processes further down are killed, and none above."""
    run = subprocess.Popen([program, "check", "--profile", "./slow.yaml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    print(name, "begun", wait_for(2), end=" ")
    pid = run.pid
    for _ in range(below):
        pid = children(pid)[0]
    os.kill(pid, number)
    print("left", wait_for(0))
    run.wait()
    for pid in sleepers():
        os.kill(pid, signal.SIGKILL)


for signal_name in "TERM", "INT", "HUP", "KILL":
    check(signal_name, getattr(signal, "SIG" + signal_name), 0)
check("KILL of the process that looks", signal.SIGKILL, 1)
check("KILL of the process that asks", signal.SIGKILL, 2)
