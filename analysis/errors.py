"""The one exception for bad input: what is wrong, where, what was seen, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of an input; `str()` gives the line that a person reads.

    Examples
    --------
    >>> print(Problem("unknown key 'vlaue'", "write 'value'", "claims.yaml", 3, 7))
    claims.yaml:3:7: unknown key 'vlaue'; write 'value'
    """

    what: str
    """What is wrong, with the value that was seen."""
    remedy: str = ""
    """What to do about it."""
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = f"{self.what}; {self.remedy}" if self.remedy else self.what
        return f"{where}: {text}" if where else text


class InputError(ValueError):
    """Bad input. Carries every problem found, because one run should report them all; the command exits 2."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(item) if isinstance(item, str) else item for item in problems)
        super().__init__("\n".join(map(str, self.problems)))
