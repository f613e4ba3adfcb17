"""Archives that mean harm, or were harmed. Argument: the folder for them."""

import hashlib
import io
import pathlib
import sys
import tarfile

out = pathlib.Path(sys.argv[1])
SUMS = ".plumbline/SHA256SUMS"


def member(name, **values):
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    for key, value in values.items():
        setattr(info, key, value)
    return info


def line(name, content):
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def write(name, *members, sums=b""):
    """members: (TarInfo, content)"""
    with tarfile.open(out / f"{name}.tar", "w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in ((member(SUMS), sums), *members):
            if content:
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


version = (member("proc/version"), b"Linux\n")
sums = line("proc/version", b"Linux\n")
link = {"type": tarfile.SYMTYPE}

write("right", version, sums=sums)
write("through-a-link", (member("etc", linkname="/etc", **link), b""), (member("etc/passwd"), b"x\n"), sums=line("etc/passwd", b"x\n"))
write("through-dots", (member("up", linkname="..", **link), b""), (member("up/x"), b"x\n"), sums=line("up/x", b"x\n"))
write("absolute", (member("/etc/evil"), b"x\n"), sums=line("/etc/evil", b"x\n"))
write("dots", (member("proc/../../evil"), b"x\n"), sums=line("proc/../../evil", b"x\n"))
write("hard-link", (member("proc/version", type=tarfile.LNKTYPE, linkname="/etc/passwd"), b""))
write("device", (member("dev/sda", type=tarfile.BLKTYPE, devmajor=8, devminor=0), b""))
write("fifo", (member("dev/pipe", type=tarfile.FIFOTYPE), b""))
write("long", (member("x/" * 600 + "x"), b"x\n"))
write("deep", (member("y/" * 64 + "y"), b"x\n"))
write("deep-enough", (member("y/" * 63 + "y"), b"x\n"), sums=line("y/" * 63 + "y", b"x\n"))
write("twice", version, version, sums=sums)
write("file-and-folder", (member("proc"), b"x\n"), version, sums=sums + line("proc", b"x\n"))
write("wrong-sum", (member("proc/version"), b"Linux!\n"), sums=sums)
write("unnamed", version, (member("proc/cmdline"), b"quiet\n"), sums=sums)
write("missing", sums=sums)
write("right-sums", sums=sums)
(out / "huge.tar").write_bytes((out / "right-sums.tar").read_bytes()[:1024] + member("proc/version", size=1 << 50).tobuf(tarfile.GNU_FORMAT))
with tarfile.open(out / "no-sums.tar", "w") as tar:
    tar.addfile(member("proc/version"))
(out / "text.tar").write_text("this is no archive\n")
(out / "empty.tar").write_bytes(b"")
whole = (out / "right.tar").read_bytes()
(out / "truncated.tar").write_bytes(whole[: 512 + 512 + 512 + 3])

# More members than a box has files: always the same folder, so that refusing it costs no room.
with open(out / "many.tar", "wb") as many:
    many.write(whole[:1024])
    many.write(member("d", type=tarfile.DIRTYPE).tobuf(tarfile.GNU_FORMAT) * 1_000_000)

# Folders that nobody names, but that are made on the way, are members too.
with open(out / "folders.tar", "wb") as folders:
    folders.write(whole[:1024])
    folders.write(member("d", type=tarfile.DIRTYPE).tobuf(tarfile.GNU_FORMAT) * 199_980)
    folders.write(member("y/" * 40 + "y", type=tarfile.DIRTYPE).tobuf(tarfile.GNU_FORMAT) + bytes(1024))
