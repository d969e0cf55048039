"""The filter decides as its table says, on both machines: run by a small interpreter of its instructions."""

from __future__ import annotations

import errno
import struct

import pytest

from replicate.sandbox.seccomp import ARCHITECTURE, NEWEST, REFUSED, program

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000


def decided(machine: str, number: int, first: int = 0, architecture: int | None = None) -> int:
    data = struct.pack("=IIQ6Q", number, architecture or ARCHITECTURE[machine], 0, first, 0, 0, 0, 0, 0)
    code = list(struct.iter_unpack("=HBBI", program(machine)))
    at, value = 0, 0
    while True:
        what, yes, no, k = code[at]
        at += 1
        if what == 0x20:
            (value,) = struct.unpack_from("=I", data, k)
        elif what == 0x06:
            return int(k)
        else:
            truth = {0x15: value == k, 0x25: value > k, 0x45: bool(value & k)}[what]
            at += yes if truth else no


@pytest.mark.parametrize("machine", ARCHITECTURE)
def test_decisions(machine: str) -> None:
    which = list(ARCHITECTURE).index(machine)
    refused = {numbers[which] for numbers in REFUSED.values()} - {-1}
    special = {(56, 220)[which], 435, (302, 261)[which]}
    for number in range(NEWEST + 1):
        if number in refused:
            assert decided(machine, number) == ERROR | errno.EPERM
        elif number not in special:
            assert decided(machine, number) == ALLOW, number
    clone, prlimit = (56, 220)[which], (302, 261)[which]
    assert decided(machine, clone, 0x10F00) == ALLOW
    assert decided(machine, clone, 17) == ERROR | errno.EPERM
    assert decided(machine, clone, 0x10000011) == ERROR | errno.EPERM
    assert decided(machine, 435) == decided(machine, NEWEST + 1) == ERROR | errno.ENOSYS
    assert decided(machine, 0x40000029) == ERROR | errno.ENOSYS  # the x32 calls
    assert decided(machine, prlimit, 0) == ALLOW
    assert decided(machine, prlimit, 4711) == ERROR | errno.EPERM
    assert decided(machine, 0, architecture=0x40000003) == KILL
