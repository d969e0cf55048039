"""What is said, and how a command ends, where a file or an option is wrong: one line a problem, exit code 2."""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from analysis.errors import InputError


def refuse(error: InputError) -> NoReturn:
    """Print every problem, one a line, and leave with exit code 2.

    What files say is shown inert: no escape sequence, and no command to a CI runner, which obeys `##[` anywhere in a
    line and `::` at its start.
    """
    from reports.plain import visible

    for problem in error.problems:
        print(f"error: {visible(str(problem)).replace('##[', '## [')}", file=sys.stderr)
    raise typer.Exit(2) from None
