"""Holds the facts about units (a JSON answer of plumbline facts) against what systemctl list-units said: NAME LOAD ACTIVE SUB."""

import json
import sys

facts = {fact["name"]: fact for fact in json.load(open(sys.argv[1]))["facts"]}
units = [line.split() for line in open(sys.argv[2])]
# plumbline's own services fail because the host is not ready, and do not count.
failed = [name for name, _, active, _ in units if active == "failed" and not name.startswith("plumbline-")]
wrong = []

if facts["units.failed"]["value"] != len(failed) or not failed:
    wrong.append(f"units.failed: {facts['units.failed']['value']}, but these failed: {failed}")
expected = {}
for name, load, active, sub in units:
    if name.endswith(".service"):
        expected[f"unit.{name}.state"] = ("absent", None) if load == "not-found" else ("known", f"{active} ({sub})")
found = {name: (fact["status"], fact.get("value")) for name, fact in facts.items() if name != "units.failed"}
for name in sorted(expected.keys() | found.keys()):
    if expected.get(name) != found.get(name):
        wrong.append(f"{name}: systemctl says {expected.get(name)}, plumbline {found.get(name)}")

print("\n".join(wrong))
sys.exit(1 if wrong or len(expected) < 5 else 0)
