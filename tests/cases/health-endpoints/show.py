"""Prints what a check found of endpoints, a line each."""

import json
import sys

for finding in json.load(sys.stdin)["findings"]:
    print(finding["id"].split(".")[1], finding["status"], finding["tier"], finding["have"], finding.get("note", ""), sep=" | ")
