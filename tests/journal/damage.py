"""Damages a file of the journal as nothing but a look at its inside can tell (https://systemd.io/JOURNAL_FILE_FORMAT/). Arguments: how, the file.

    table   a page of the hash table of its data is zeros: nothing with the first priority of an error is found by its hash
    entry   the first entry of that priority is none
    count   of the entries of that priority it tells one
    boot    it was last written to in another boot"""

import struct
import sys

how, path = sys.argv[1:]


def numbers(file, at, count):
    file.seek(at)
    return struct.unpack("<%dQ" % count, file.read(8 * count))


with open(path, "r+b") as journal:
    table, table_size = numbers(journal, 104, 2)
    journal.seek(0)
    all_of_it = journal.read()
    data = next((at for at in (all_of_it.find(b"PRIORITY=%d" % i) for i in range(4)) if at > 0), 0) - 72
    hashed, entry = (numbers(journal, data + at, 1)[0] for at in (16, 40)) if data > 0 else (0, 0)
    if how == "boot":
        journal.seek(56)
        journal.write(b"\x11" * 16)
    elif data <= 0:
        sys.exit("no error in it")
    elif how == "table":
        journal.seek((table + 16 * (hashed % (table_size // 16))) & ~4095)
        journal.write(bytes(4096))
    elif how == "entry":
        journal.seek(entry)
        journal.write(bytes(1))
    elif how == "count":
        journal.seek(data + 56)
        journal.write(struct.pack("<Q", 1))
    else:
        sys.exit("no such damage: " + how)
