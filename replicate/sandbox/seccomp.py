"""System calls that are refused from here on, in this process and for ever: `man 2 seccomp`, filter mode.

Refused are sockets of every family, new processes and programs, signals to and tracing of any process, mounts and
namespaces, and memory that the limit on address space does not count. New threads are allowed. A call that is
newer than this list is answered as if the kernel did not know it.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Final

from replicate.sandbox import kernel

ARCHITECTURE: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NEWEST: Final = 462
"""Highest number in this list's kernel (6.10, mseal); numbers above are the same on all machines."""
_NONE: Final = -1
REFUSED: Final[dict[str, tuple[int, int]]] = {
    # sockets
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "sendto": (44, 206), "sendmsg": (46, 211),
    "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199), "accept4": (288, 242),
    # new processes and programs (clone is refused below unless it makes a thread)
    "fork": (57, _NONE), "vfork": (58, _NONE), "execve": (59, 221), "execveat": (322, 281),
    # other processes: signals, groups, memory, priorities
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "setsid": (112, 157), "setpgid": (109, 154), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "setpriority": (141, 140), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # mounts, namespaces, the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162), "syslog": (103, 116),
    "quotactl": (179, 60), "iopl": (172, _NONE), "ioperm": (173, _NONE), "personality": (135, 92),
    # kernel machinery with a history
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219), "open_by_handle_at": (304, 265),
    # memory beside the address space
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # what landlock does not cover: owners, modes, times and attributes of files
    "chmod": (90, _NONE), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, _NONE),
    "fchown": (93, 55), "lchown": (94, _NONE), "fchownat": (260, 54), "utime": (132, _NONE),
    "utimes": (235, _NONE), "futimesat": (261, _NONE), "utimensat": (280, 88), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
}  # fmt: skip
"""Name -> number on (x86-64, arm64); -1 where the machine has no such call."""
_CLONE, _CLONE3, _PRLIMIT = (56, 220), (435, 435), (302, 261)
_THREAD: Final = 0x10000
_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FIRST = 0, 4, 16
"""Offsets in struct seccomp_data of the call's number, the architecture, the first argument's lower half."""
_SET_SECCOMP: Final = 22
_FILTER: Final = 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def program(machine: str) -> bytes:
    """The filter for a machine as classic BPF, eight bytes per instruction."""
    which = list(ARCHITECTURE).index(machine)
    no, unknown = _ERROR | errno.EPERM, _ERROR | errno.ENOSYS
    code = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 0, 1, NEWEST),
        (_RETURN, 0, 0, unknown),
        # glibc falls back to clone, whose flags a filter can read.
        (_EQUAL, 0, 1, _CLONE3[which]),
        (_RETURN, 0, 0, unknown),
    ]
    for numbers in REFUSED.values():
        if numbers[which] != _NONE:
            code += [(_EQUAL, 0, 1, numbers[which]), (_RETURN, 0, 0, no)]
    code += [
        (_EQUAL, 0, 4, _CLONE[which]),
        (_LOAD, 0, 0, _FIRST),
        (_ANY_BIT, 1, 0, _THREAD),
        (_RETURN, 0, 0, no),
        (_RETURN, 0, 0, _ALLOW),
        # Limits of this process may be read and lowered; those of others may not be touched.
        (_EQUAL, 0, 3, _PRLIMIT[which]),
        (_LOAD, 0, 0, _FIRST),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, no),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def refuse() -> None:
    """Put the filter in force; `no_new_privileges` must have been called.

    Raises
    ------
    OSError
        Where the kernel has no seccomp, or the machine is neither x86-64 nor arm64.
    """
    if kernel.MACHINE not in ARCHITECTURE:
        raise OSError(errno.ENOSYS, f"no list of system calls for {kernel.MACHINE}")
    code = program(kernel.MACHINE)
    memory = ctypes.create_string_buffer(code, len(code))
    filled = _Program(len(code) // 8, ctypes.addressof(memory))
    kernel.call("prctl", _SET_SECCOMP, _FILTER, ctypes.byref(filled), 0, 0)
