"""Puts a year of audits behind an apply: one every quarter of an hour, written as plumbline writes them. Arguments: the folder of the
agent's state, the day on which vm.swappiness went wrong, and for how many days, 365 where it is not said. Prints when it was last right and when it was first seen wrong."""

import hashlib
import json
import os
import sys
import time

folder, wrong_day = sys.argv[1] + "/history", int(sys.argv[2])
BEGAN = 1700000000
QUARTER, A_DAY = 900, 96
SEGMENT, SEGMENT_AUDITS = 64 * 1024, 2048
DAYS = int(sys.argv[3]) if len(sys.argv) > 3 else 365


def line(record):
    text = json.dumps(record, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16] + " " + text + "\n"


def redate(path):
    record = json.loads(open(path).readline().split(" ", 1)[1])
    record["at"] = BEGAN
    with open(path, "w") as file:
        file.write(line(record))
    return record


def when(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


redate(sys.argv[1] + "/baseline")
name = "00000001.log"
first = redate(f"{folder}/{name}")
state = first["state"]
number, at = 1, BEGAN
text = line(first)


def flush():
    with open(f"{folder}/{name}", "w") as file:
        file.write(text)


def look(difference):
    """An audit that found something else than the one before."""
    global number, at, name, text
    number, at = number + 1, at + QUARTER
    for layer, items in difference.items():
        state[layer].update(items)
    common = {"id": number, "at": at, "verb": "audit", "exit": 0, "verdict": "ready"}
    if len(text) < SEGMENT and number - int(name[:8]) < SEGMENT_AUDITS:
        text += line({"record": "change", **common, "state": difference})
        return
    flush()
    name = "%08d.log" % number
    text = line({**first, "record": "whole", **common, "state": state})


def rest(count):
    """Audits that found the same."""
    global number, at, text
    text += line({"record": "again", "id": number + 1, "after": [QUARTER] * count})
    number, at = number + count, at + QUARTER * count


for day in range(DAYS):
    difference = {"fact": {"nic.eth0.flaps": str(day + 1)}}
    if day == wrong_day:
        difference.setdefault("running", {})["sysctl.vm.swappiness"] = "60"
        print(when(at), when(at + QUARTER))
    look(difference)
    rest(A_DAY - 1)
flush()
