"""File rules that any user may set for itself: read a few folders, write one or none, run nothing.

Linux 5.13 and later; `man 7 landlock`. Rules outlive every trick of the program, because the kernel keeps them.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from typing import Final

from replicate.sandbox import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION: Final = 1
_BENEATH: Final = 1
_READ: Final = (1 << 2) | (1 << 3)
"""Read files, list folders."""
_ALL_BY_VERSION: Final = {
    1: (1 << 13) - 1,
    2: (1 << 14) - 1,
    3: (1 << 15) - 1,
    4: (1 << 15) - 1,
    5: (1 << 16) - 1,
}
_EXECUTE: Final = 1


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Version of the kernel's rules, or 0 where it has none."""
    try:
        return kernel.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Allow this process and its children to read and write beneath these folders, and nothing else.

    Raises
    ------
    OSError
        Where the kernel has no landlock.
    """
    known = version()
    handled = ctypes.c_uint64(_ALL_BY_VERSION[min(max(known, 1), 5)])
    rules = kernel.syscall(_CREATE, ctypes.byref(handled), ctypes.c_size_t(8), ctypes.c_uint32(0))
    for paths, allowed in ((readable, _READ), (writable, handled.value & ~_EXECUTE)):
        for path in paths:
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            rule = _Beneath(allowed, folder)
            kernel.syscall(_ADD, rules, _BENEATH, ctypes.byref(rule), ctypes.c_uint32(0))
            os.close(folder)
    kernel.syscall(_RESTRICT, rules, ctypes.c_uint32(0))
    os.close(rules)
