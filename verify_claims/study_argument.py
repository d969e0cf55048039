"""The optional STUDY argument that several commands share: which study it names, checked once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from claims.outcome import Outcome
from claims.remembered import Memory
from claims.study import CLAIMS, check_study, find_study
from verify_claims import __version__

HELP = (
    "Study folder, or a study of runs by name; default: the one in the current folder, else the bundled one."
)
OURS: Final = Path(__file__).parents[1] / "replicate" / "reference"
"""Folders of our own studies: their committed scores, and what is claimed of them."""
STUDIES: Final = OURS.with_name("studies")


def folder_named(study: Path | None) -> Path | None:
    """The folder that an argument names: itself where it is there, else that of our own study of this name.

    Examples
    --------
    >>> folder_named(Path("no-such-study")), folder_named(None)
    (PosixPath('no-such-study'), None)
    """
    if study is None or len(study.parts) != 1 or not (OURS / study / CLAIMS).is_file():
        return study
    sys.audit("verify_claims.matches", str(Path.cwd()), study.name)  # a folder of this name would go before
    return study if study.exists() else OURS / study


def studies() -> tuple[str, ...]:
    """Names of our own studies of runs, read off their files: the package that runs them loads slowly."""
    return tuple(sorted(path.stem for path in STUDIES.glob("*.yaml")))


def checked(
    study: Path | None,
    analysis: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    cache: bool = True,
) -> Outcome:
    """Outcome of the study that an argument names; says on stderr which study it is.

    Parameters
    ----------
    study
        The argument; None where it was not given.
    analysis
        Result of `verify-claims analyse --json` to take in.
    progress
        Called with (claims done, claims in all).
    cache
        Whether findings of unchanged claims may come from an earlier check.

    Raises
    ------
    InputError
        Every problem of the study's files.
    """
    folder, which = find_study(folder_named(study))
    print(which, file=sys.stderr)
    memory = _memory() if cache else None
    outcome = check_study(
        folder, tool_version=__version__, progress=progress, memory=memory, studies=studies()
    )
    if analysis is None:
        return outcome
    from reports.analysed import read_analysis

    return replace(outcome, analysis=read_analysis(analysis))


def _memory() -> Memory | None:
    """Where findings are kept, if the user has a safe place for them."""
    from verify_claims.cache import cache_folder
    from verify_claims.replay import tool_state

    folder = cache_folder()
    return Memory(Path(folder), f"{__version__} {tool_state()} {sys.version}") if folder else None
