"""clock.py ADDRESS: a time server for the virtual boxes, which have nobody else to ask: answers every NTP request (RFC 5905, mode 3) with
this machine's time, as a server of stratum 1."""

import socket
import struct
import sys
import time

SINCE_1900 = 2208988800


def stamp(seconds):
    whole = int(seconds)
    return struct.pack("!II", whole + SINCE_1900, int((seconds - whole) * 2**32))


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind((sys.argv[1], 123))
        while True:
            request, peer = link.recvfrom(512)
            now = time.time()
            if len(request) < 48 or request[0] & 7 != 3:
                continue
            head = struct.pack("!BBbbII4s", request[0] & 0x38 | 4, 1, 6, -20, 0, 1 << 8, b"TEST")
            link.sendto(head + stamp(now) + request[40:48] + stamp(now) + stamp(time.time()), peer)


main()
