"""Own network, processes, mounts, users and host name, and a root directory of a few read-only folders."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Final

from replicate.sandbox import kernel

_NEW: Final = {
    "user": 0x10000000,
    "mount": 0x00020000,
    "process": 0x20000000,
    "network": 0x40000000,
    "ipc": 0x08000000,
    "host": 0x04000000,
}
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _REMOUNT = 0x1, 0x2, 0x4, 0x20
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_DETACH: Final = 2
_PIVOT: Final = {"x86_64": 155, "aarch64": 41}
_KEPT: Final = {0x2: 0x2, 0x4: 0x4, 0x8: 0x8, 0x400: 0x400, 0x800: 0x800, 0x1000: 0x200000}
"""Flags of statvfs that a bind mount may not lose -> flags of mount."""


def readable() -> list[str]:
    """Folders that a Python program needs to run: the standard library and shared libraries."""
    paths = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    paths |= {path for path in ("/lib", "/lib64", "/usr/lib", "/usr/lib64") if Path(path).is_dir()}
    return sorted(path for path in paths if path and Path(path).is_dir())


def enter() -> None:
    """Move into new namespaces as their root user; children are processes of the new process namespace.

    Raises
    ------
    OSError
        Where the machine does not let this user make them.
    """
    user, group = os.getuid(), os.getgid()
    flags = 0
    for flag in _NEW.values():
        flags |= flag
    kernel.call("unshare", flags)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")


def private_root(place: str, disk: int) -> None:
    """Make `place` the root directory, with the readable folders and an empty `/tmp` of `disk` bytes.

    Raises
    ------
    OSError
        Where a mount is refused.
    """
    kernel.mount("none", "/", None, _RECURSIVE | _PRIVATE)
    plain = _NO_SETUID | _NO_DEVICES
    kernel.mount("tmpfs", place, "tmpfs", plain, "size=65536,nr_inodes=400,mode=755")
    for path in readable():
        _bind(path, place)
    for device in ("/dev/null", "/dev/urandom"):
        target = Path(place + device)
        target.parent.mkdir(exist_ok=True)
        target.touch()
        kernel.mount(device, str(target), None, _BIND)
    Path(place, "tmp").mkdir()
    kernel.mount("tmpfs", f"{place}/tmp", "tmpfs", plain, f"size={disk},nr_inodes=256,mode=700")
    kernel.mount("none", place, None, _REMOUNT | _BIND | _READ_ONLY | plain)
    os.chdir(place)
    kernel.syscall(_PIVOT[kernel.MACHINE], b".", b".")
    kernel.call("umount2", b".", _DETACH)
    os.chdir("/tmp")


def _bind(path: str, place: str) -> None:
    """Show a folder read-only; a folder that is a link (`/lib` to `/usr/lib`) becomes one."""
    target = Path(place + path)
    if Path(path).is_symlink():
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(Path(path).readlink())
        return
    if target.is_dir():  # lies in a folder that is shown already
        return
    target.mkdir(parents=True)
    kernel.mount(path, str(target), None, _BIND | _RECURSIVE)
    had = os.statvfs(path).f_flag
    kept = sum(flag for seen, flag in _KEPT.items() if had & seen)
    flags = _REMOUNT | _BIND | _READ_ONLY | _NO_SETUID | _NO_DEVICES | kept
    kernel.mount("none", str(target), None, flags)
