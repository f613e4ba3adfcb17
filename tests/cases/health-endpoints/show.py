"""Prints what a check found of endpoints, a line each."""

import json
import re
import sys

# The same in the words of other releases: OpenSSL 1.1, curl 8.
WORDS = ((r"self signed", "self-signed"), (r"Could not connect to", "Couldn't connect to"), (r"target ipv4 address", "target host name"))

for finding in json.load(sys.stdin)["findings"]:
    have = finding["have"]
    for other, word in WORDS:
        have = re.sub(other, word, have)
    print(finding["id"].split(".")[1], finding["status"], finding["tier"], have, finding.get("note", ""), sep=" | ")
