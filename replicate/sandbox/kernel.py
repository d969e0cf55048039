"""System calls that Python does not offer, with errors as `OSError`; imports nothing but the standard library."""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any, Final

MACHINE: Final = platform.machine()
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_NO_NEW_PRIVILEGES: Final = 38
_DIE_WITH_PARENT: Final = 1
_DROP_BOUND: Final = 24
_CAPABILITY_VERSION: Final = 0x20080522


def call(name: str, *arguments: Any) -> int:
    """Result of a function of the C library.

    Raises
    ------
    OSError
        Where it returns -1.
    """
    result: int = getattr(_LIBC, name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(number: int, *arguments: Any) -> int:
    """Result of a system call by number; raises OSError."""
    return call("syscall", ctypes.c_long(number), *arguments)


def no_new_privileges() -> None:
    """Make set-user-id programs powerless from here on; needed by landlock and seccomp."""
    call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def die_with_parent(signal: int = 9) -> None:
    """Be killed when the parent ends, however it ends."""
    call("prctl", _DIE_WITH_PARENT, signal, 0, 0, 0)


def drop_capabilities() -> None:
    """Give up every capability for good; to have none to give up is fine."""
    for number in range(64):
        try:
            call("prctl", _DROP_BOUND, number, 0, 0, 0)
        except (
            OSError
        ):  # not permitted without CAP_SETPCAP, or no such capability: then there is nothing to drop
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    call(
        "mount",
        source.encode(),
        target.encode(),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        data.encode() if data else None,
    )
