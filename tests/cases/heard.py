"""heard.py [--hung] ARGUMENT...: runs plumbline in $ROOT (see live.sh), listens where the journal of that machine would, and prints each
entry that came: priority, event and message, then its other fields. With --hung the journal takes nothing more."""
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import time

HUNG = sys.argv[1] == "--hung"


def fields_of(entry):
    """The native protocol: NAME=value in a line, or NAME, a newline, the size in 8 bytes and the value for one that holds newlines."""
    fields = {}
    while entry:
        line, _, entry = entry.partition(b"\n")
        name, equals, value = line.partition(b"=")
        if not equals:
            size = struct.unpack("<Q", entry[:8])[0]
            value, entry = entry[8 : 8 + size], entry[9 + size :]
        fields[name.decode()] = value
    return fields


def show(entry):
    fields = {name: ascii(value.decode(errors="surrogateescape"))[1:-1] for name, value in fields_of(entry).items()}
    print(fields.pop("PRIORITY", "-"), fields.pop("PLUMBLINE_EVENT", "-"), fields.pop("MESSAGE", "-"))
    for name in sorted(fields):
        print(f"    {name}={fields[name]}")


def receive(journal):
    try:
        show(journal.recv(1 << 20))
        return True
    except socket.timeout:
        return False


def fill(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            while True:
                sender.sendto(b"MESSAGE=waiting\n", path)
        except BlockingIOError:
            pass


def listen(root):
    place = pathlib.Path(root, "run/systemd/journal")
    place.mkdir(parents=True, exist_ok=True)
    before = os.getcwd()
    os.chdir(place)  # the name of a socket has to be short
    pathlib.Path("socket").unlink(missing_ok=True)
    journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.settimeout(0.05)
    journal.bind("socket")
    if HUNG:
        fill("socket")
    os.chdir(before)
    return journal


def main():
    live = os.path.join(os.path.dirname(sys.argv[0]), "live.sh")
    arguments = sys.argv[1 + HUNG :]
    journal = listen(os.environ["ROOT"])
    print("#", *arguments, flush=True)
    began = time.monotonic()
    with subprocess.Popen(["sh", live, os.environ["ROOT"], *arguments], stdout=subprocess.DEVNULL, start_new_session=True) as process:
        while not HUNG and (process.poll() is None or receive(journal)):
            receive(journal)
        try:
            status = process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            status = "none"
    if status != 77:
        print(f"# exit status {status}" + (", in time" if HUNG and time.monotonic() - began < 10 else ""))
    return 77 if status == 77 else 0


sys.exit(main())
