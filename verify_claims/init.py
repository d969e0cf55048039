"""`verify-claims init`: make a small working study for a paper of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InputError
from verify_claims.refusal import refuse

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog="Example: `verify-claims init my-paper && verify-claims check my-paper`")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must not hold a study.")],
) -> None:
    """Make a study folder with three claims and their results; `verify-claims check DIR` passes on it at once."""
    from claims.scaffold import make_study

    try:
        for path in make_study(folder):
            print(path)
    except InputError as error:
        refuse(error)
    print(f"now: verify-claims check {folder}")
