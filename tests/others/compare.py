"""Holds the facts of plumbline against what other tools said of the same machine, as collect.sh kept it in a folder.

Each fact that a tool knows too is compared, and compared once more with the fact changed, which must be seen. What no tool of this
machine could tell is skipped, in so many words. Behind the folder the tools may be named; none: all of them."""

import re
import sys

sys.dont_write_bytecode = True

import hardware
import memory
import said
import system

TOOLS = {**hardware.TOOLS, **memory.TOOLS, **system.TOOLS}


def changed(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value * 2 + 10
    return "1023" if value is not None and re.fullmatch(r"[0-9,-]*", value) else f"x{value}"


def problem(fact, want, equal):
    """Why the fact is not what the tool says; None: it is."""
    if fact is None:
        return f"plumbline has no such fact, and it is {want!r}"
    if want is None:
        return None if fact["status"] != "known" else f"plumbline says {fact['value']!r}, and the tool does not know"
    if fact["status"] != "known":
        return f"plumbline says {fact['status']} ({fact.get('note') or fact.get('reason')}), and it is {want!r}"
    return None if equal(fact["value"], want) else f"plumbline says {fact['value']!r}, and it is {want!r}"


def blind(fact, want, equal):
    """Would a wrong fact have been seen? Where the tool does not know, any value is wrong."""
    other = dict(fact, status="known", value="x" if want is None else changed(fact["value"]))
    return None if problem(other, want, equal) else f"{other['value']!r} passes for {want!r}"


def main():
    have = said.facts("facts.json")
    for part in said.kept("asked.*"):
        have.update(said.facts("asked." + part))
    passed = failed = 0
    for tool, rows in TOOLS.items():
        if sys.argv[2:] and tool not in sys.argv[2:]:
            continue
        count, before = 0, failed
        for name, want, equal in rows():
            count += 1
            fact = have.get(name)
            wrong = problem(fact, want, equal) or blind(fact, want, equal)
            if wrong:
                print(f"FAILED {tool}: {name}: {wrong}")
                failed += 1
            else:
                passed += 1
        if not count:
            print(f"skipped: facts against {tool}: it is not here, or has nothing to tell")
        elif failed == before:
            print(f"ok     {tool}: {count} facts, and no difference")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
