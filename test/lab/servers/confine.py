"""Runs a program under a seccomp filter: `confine.py connect|socket|ptrace EPERM|EACCES|EAFNOSUPPORT COMMAND...`.

`socket` forbids IPv4 and IPv6 only, as agents' sandboxes do; `ptrace` is a filter that has nothing to do with networks. `confine.py landlock EACCES COMMAND...`
takes Landlock's rules instead.
"""

import ctypes
import errno
import os
import struct
import sys

CALLS = {
    "x86_64": {"connect": 42, "socket": 41, "ptrace": 101},
    "aarch64": {"connect": 203, "socket": 198, "ptrace": 117},
}[os.uname().machine]
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06  # BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_RET|BPF_K
ALLOW = 0x7FFF0000


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def program_for(call: str, error: int) -> list[bytes]:
    refuse = 0x00050000 | error  # SECCOMP_RET_ERRNO
    number = CALLS[call]
    if call != "socket":
        return [step(LOAD, 0), step(EQUALS, number, 0, 1), step(RETURN, refuse), step(RETURN, ALLOW)]
    return [
        step(LOAD, 0),
        step(EQUALS, number, 0, 4),
        step(LOAD, 16),  # the first argument: the address family
        step(EQUALS, 2, 1, 0),
        step(EQUALS, 10, 0, 1),
        step(RETURN, refuse),
        step(RETURN, ALLOW),
    ]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def landlock() -> None:
    """No TCP connection to any port (landlock(7), since version 4 of its interface); listening stays allowed."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(444, None, 0, 1) < 4:
        raise OSError(errno.EOPNOTSUPP, "landlock knows no network rules")
    handled = struct.pack("QQ", 0, 1 << 1)  # nothing about files, LANDLOCK_ACCESS_NET_CONNECT_TCP
    ruleset = libc.syscall(444, handled, len(handled), 0)
    if ruleset < 0 or libc.prctl(38, 1, 0, 0, 0) != 0 or libc.syscall(446, ruleset, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock")
    os.close(ruleset)


def main() -> None:
    call, name, *command = sys.argv[1:]
    if call == "landlock":
        landlock()
        os.execvp(command[0], command)
    steps = program_for(call, getattr(errno, name))
    buffer = ctypes.create_string_buffer(b"".join(steps))
    program = Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.prctl(22, 2, ctypes.byref(program)) != 0:  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise OSError(ctypes.get_errno(), "seccomp")
    os.execvp(command[0], command)


main()
