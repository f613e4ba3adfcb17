"""Prints what a check found of endpoints, a line each."""

import json
import sys

for finding in json.load(sys.stdin)["findings"]:
    # OpenSSL 1.1 has no hyphen there.
    have = finding["have"].replace("self signed", "self-signed")
    print(finding["id"].split(".")[1], finding["status"], finding["tier"], have, finding.get("note", ""), sep=" | ")
