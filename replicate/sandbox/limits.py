"""What a program may use, with defaults that suit functions of a few lines."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from analysis.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one program.

    Raises
    ------
    InputError
        For a limit that is not positive.
    """

    seconds: float = 10.0
    """Wall-clock time; the processor time is limited to the next whole second."""
    memory: int = 512 * 2**20
    """Bytes of address space."""
    output: int = 64 * 2**10
    """Bytes on standard output and standard error together; one more ends the program."""
    file: int = 2**20
    """Bytes of the largest file."""
    disk: int = 8 * 2**20
    """Bytes of the private folder, where there is one."""
    open_files: int = 32

    def __post_init__(self) -> None:
        wrong = [
            Problem(f"sandbox limit {name}: {value}", "give a positive number")
            for name, value in asdict(self).items()
            if value <= 0
        ]
        if wrong:
            raise InputError(*wrong)


USUAL: Final = Limits()
