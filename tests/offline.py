"""Run a Python command without a network: ``python tests/offline.py -m pytest ...``.

A new user and network namespace needs no rights on most Linux machines; the loopback interface is brought up in it,
for a notebook's kernel talks to its client over that. Exits with 77 where the machine does not allow it.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
NOT_ALLOWED = 77


def cut() -> bool:
    """Leave the network behind for good; return whether that worked."""
    if not sys.platform.startswith("linux"):
        return False
    flags = CLONE_NEWNET if os.getuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        found = struct.unpack("16sh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", found | IFF_UP))
    return True


if __name__ == "__main__":
    if not cut():
        sys.exit(NOT_ALLOWED)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
