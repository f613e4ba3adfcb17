"""Makes the records of a state those of another version of plumbline. Arguments: the file, and what that version is: `without` it knew nothing
of these patterns, `old` it recorded no list of what it knew, `more` it knew facts that no version knows any more; then the patterns."""

import fnmatch
import hashlib
import json
import sys

path, what, patterns = sys.argv[1], sys.argv[2], sys.argv[3:]
lines = []
for text in open(path):
    record = json.loads(text.split(" ", 1)[1])
    facts = record["state"]["fact"]
    if what == "old":
        del record["known"]
    for pattern in patterns:
        family, word = pattern.rsplit(".", 1)
        if what == "more":
            record["known"].setdefault(family, "")
            record["known"][family] += " " + word
            facts[pattern.replace("*", "eth0")] = "7"
            continue
        for name in [name for name in facts if fnmatch.fnmatch(name, pattern)]:
            del facts[name]
        if what == "without":
            words = record["known"][family].split()
            words.remove(word)
            record["known"][family] = " ".join(words)
    text = json.dumps(record, separators=(",", ":"))
    lines.append(hashlib.sha256(text.encode()).hexdigest()[:16] + " " + text + "\n")
open(path, "w").writelines(lines)
