"""listeners.py PLUMBLINE FOLDER: opens sockets of all kinds in the present network namespace, and keeps what plumbline and ss say of
their ports. It is run in a namespace of its own; 77: there is no IPv6."""

import pathlib
import socket
import subprocess
import sys

plumbline, folder = sys.argv[1], pathlib.Path(sys.argv[2])
V4, V6, TCP, UDP = socket.AF_INET, socket.AF_INET6, socket.SOCK_STREAM, socket.SOCK_DGRAM
kept = []

# Port, family, kind, address, and what else: "only" IPv6, "device": on lo alone, "joined": spoken for by one other end.
SOCKETS = [
    (2001, V4, TCP, "0.0.0.0", ""), (2002, V4, TCP, "127.0.0.1", ""), (2002, V4, TCP, "127.0.0.2", ""),
    (2003, V6, TCP, "::", "only"), (2004, V6, TCP, "::", ""), (2005, V6, TCP, "::1", ""), (2006, V6, TCP, "::ffff:127.0.0.1", ""),
    (2007, V4, TCP, "0.0.0.0", ""), (2007, V6, TCP, "::", "only"), (2008, V4, TCP, "0.0.0.0", "device"), (2009, V4, TCP, "127.0.0.1", "joined"),
    (3001, V4, UDP, "0.0.0.0", ""), (3002, V4, UDP, "127.0.0.1", ""), (3003, V6, UDP, "::", ""), (3004, V6, UDP, "::1", "only"),
    (3005, V4, UDP, "224.0.0.251", ""), (3006, V4, UDP, "127.0.0.1", "joined"), (2001, V4, UDP, "127.0.0.9", ""),
]


def listen(port, family, kind, address, what):
    end = socket.socket(family, kind)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == V6:
        end.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, what == "only")
    if what == "device":
        end.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    end.bind((address, port))
    kept.append(end)
    if kind == TCP:
        end.listen()
        if what == "joined":
            kept.append(socket.create_connection((address, port)))
    elif what == "joined":
        end.connect((address, 9))


def keep(name, *command):
    (folder / name).write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


if not socket.has_dualstack_ipv6():
    sys.exit(77)
folder.mkdir(parents=True, exist_ok=True)
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
for row in SOCKETS:
    listen(*row)
(folder / "tools").write_text("ss\n")
for protocol in ("tcp", "udp"):
    keep(protocol, "ss", "--no-header", "--listening", "--" + protocol, "--numeric")
ports = {("tcp" if row[2] == TCP else "udp", row[0]) for row in SOCKETS} | {(kind, port) for kind in ("tcp", "udp") for port in (1, 7, 65535)}
keep("asked.1", plumbline, "facts", "--format", "json",
     *(f"port.{kind}.{port}.{fact}" for kind, port in sorted(ports) for fact in ("state", "addresses")))
(folder / "facts.json").write_text('{ "facts": [] }')
