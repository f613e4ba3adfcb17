"""What plumbline and the tools said, as collect.sh kept it in a folder (the first argument), and how the two are compared.

A tool's words become rows: the name of a fact, what it should be (None: the tool does not know), and how to compare."""

import json
import pathlib
import re
import sys

FOLDER = pathlib.Path(sys.argv[1])


def said(name):
    path = FOLDER / name
    return path.read_text(errors="replace") if path.exists() else ""


def kept(pattern):
    """What stands behind the first point of the names of such files, where something was said."""
    return [path.name.split(".", 1)[1] for path in sorted(FOLDER.glob(pattern)) if path.read_text(errors="replace").strip()]


def facts(name):
    """Each fact by its name, and its note as if it were a fact too: "memory.speed note"."""
    found = {}
    for fact in json.loads(said(name))["facts"]:
        note = fact.get("note")
        found[fact["name"]] = fact
        found[fact["name"] + " note"] = {"value": note, "status": "known" if note else "absent", "reason": "no note"}
    return found


def fields(text, separator=":"):
    """The first value of each key of "key: value" lines."""
    found = {}
    for line in text.splitlines():
        key, between, value = line.partition(separator)
        if between:
            found.setdefault(key.strip(), value.strip())
    return found


def pairs(text):
    """The rows of KEY="value" KEY="value"; a byte that would break the line stands as \\x20."""
    rows = [dict(re.findall(r'([A-Z0-9.:_-]+)="([^"]*)"', line)) for line in text.splitlines()]
    return [{key: re.sub(r"\\x([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), value) for key, value in row.items()}
            for row in rows]


def cpus(text):
    """A list such as 0-3,8 as a set."""
    ends = (part.split("-") for part in text.replace(" ", "").split(",") if part)
    return {cpu for end in ends for cpu in range(int(end[0]), int(end[-1]) + 1)}


def same(have, want):
    return have == want


def near(slack):
    return lambda have, want: abs(have - want) <= slack


def same_cpus(have, want):
    return cpus(have) == want


def same_words(have, want):
    return sorted(have.split()) == sorted(want)


def same_options(have, want):
    return sorted(set(have.split(","))) == sorted(set(want.split(",")))


def begins(have, want):
    return have.startswith(want)
