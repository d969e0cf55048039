"""What a stage ran out of, memory or disk, whoever noticed it first: the one place that knows their errors.

The system says it with a number, torch with classes and sentences of its own, pyarrow and safetensors with
sentences. A full disk stays full, so the stage fails at once. Memory may be free again a moment later, when
another stage on the same card or machine has ended, so the stage is tried once more as it is. It is never tried
with smaller passes: they change the order of sums, and with it the last bits and the identity of every stage.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final, Literal

DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A full disk, a full quota, a limit on the size of a file."""
SAID_OF_DISK: Final = ("No space left on device", "Disk quota exceeded", "File too large")
SAID_OF_MEMORY: Final = (
    "out of memory",  # CUDA, cuBLAS, the allocator of MKL
    "can't allocate memory",  # torch's allocator for the CPU, which has no exception of its own
    "Cannot allocate memory",  # the system, from Rust or C++
    "bad_alloc",
    "could not create a memory object",  # oneDNN
)


def shortage(error: BaseException) -> Literal["memory", "disk"] | None:
    """What there was too little of; None where the error is another one.

    Examples
    --------
    >>> shortage(MemoryError()), shortage(OSError(28, "No space left on device")), shortage(ValueError("x"))
    ('memory', 'disk', None)
    """
    if isinstance(error, OSError) and error.errno is not None:
        return "disk" if error.errno in DISK else "memory" if error.errno == errno.ENOMEM else None
    text = str(error)
    if any(said in text for said in SAID_OF_DISK):
        return "disk"
    if isinstance(error, MemoryError) or any(said in text for said in SAID_OF_MEMORY):
        return "memory"
    return None


def told(what: Literal["memory", "disk"], error: BaseException, runs: Path, tokens_per_pass: int) -> str:
    """What happened and what to do, for people."""
    if what == "disk":
        return f"no space left under {runs}; free disk or choose another --runs; what is done is safe"
    where = "GPU memory" if type(error).__name__ == "OutOfMemoryError" else "memory"
    first = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return (
        f"out of {where} ({first[:200]}); use fewer --workers, or a recipe with a lower numerics.tokens_per_pass"
        f" (now {tokens_per_pass}), which makes new stages of all that it trains"
    )
