"""qmp.py SOCKET SECONDS COMMAND [JSON]: one command to QEMU, its answer on standard output. An answer that does not come in time,
or is an error, ends with status 1: a box that stopped must not make the tests wait for ever."""

import json
import socket
import sys


def main():
    path, seconds, command = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    arguments = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(seconds)
        link.connect(path)
        lines = link.makefile("rwb")

        def ask(name, /, **values):
            lines.write(json.dumps({"execute": name, "arguments": values}).encode() + b"\n")
            lines.flush()
            while True:
                answer = json.loads(lines.readline())
                if "error" in answer:
                    sys.exit("qmp: %s: %s" % (name, answer["error"]["desc"]))
                if "return" in answer:
                    return answer["return"]

        json.loads(lines.readline())
        ask("qmp_capabilities")
        answer = ask(command, **arguments)
        print(answer if isinstance(answer, str) else json.dumps(answer))
        # Commands for people answer with text, and have no other sign of an error.
        if command == "human-monitor-command" and answer.startswith("Error"):
            sys.exit(1)


try:
    main()
except (OSError, ValueError) as problem:
    sys.exit("qmp: %s" % problem)
