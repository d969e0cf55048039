"""Which protections this machine offers, found by trying them; nothing runs where one that is needed is missing."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from functools import cache

from analysis.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Protection:
    """How programs are contained.

    Needed in any case: seccomp (network, processes, signals) and either namespaces or landlock (files).
    """

    namespaces: bool
    """Whether user namespaces are made: own network, processes and root directory beside the other two."""

    def refusal(self, cause: str) -> InputError:
        """The error for a machine that does not have this protection."""
        return InputError(
            Problem(
                f"programs cannot be contained here: {cause or 'the inner side did not start'}",
                "run code tasks on Linux >= 5.13 (x86-64, arm64) with seccomp, and landlock or user namespaces",
            )
        )


@cache
def needed() -> Protection:
    """The strongest protection that works here, tried with a program that does nothing.

    Raises
    ------
    InputError
        Where none is enough.
    """
    from replicate.sandbox.limits import Limits
    from replicate.sandbox.run import run

    if sys.platform != "linux":
        raise Protection(True).refusal(f"{platform.system()} is not Linux")
    causes = []
    for protection in (Protection(namespaces=True), Protection(namespaces=False)):
        try:
            if run("pass", Limits(seconds=30), protection).passed:
                return protection
        except InputError as error:
            causes.append(str(error).partition(": ")[2].partition(";")[0])
    raise Protection(False).refusal("; ".join(causes))
