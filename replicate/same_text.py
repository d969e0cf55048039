"""Refuses running text that has changed since the runs of a folder were begun, where names and sizes do not show it.

The identity of a stage has the names and sizes of the text files, as all records have: a grid of many languages is
planned without reading gigabytes. A file that was edited without growing would then go on where another text stopped.
So the first run writes the hashes of the contents beside the records, and later ones compare them; a file whose size
and time are those that were written is not read again.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.record import sha256, stamp
from replicate.stages.setting import TextFolder

NOTES: Final = ".text.json"


def hold(runs: Path, text: TextFolder) -> None:
    """Compare the text with what the runs were made from, or write it down where they are the first.

    Raises
    ------
    InputError
        One problem per file with another content than then.
    """
    every = _read(runs / NOTES)
    known: dict[str, Any] = every.get(text.text_fingerprint(), {})
    now = {path.name: _told(path, known.get(path.name)) for path in text.files()}
    wrong = [
        Problem(
            f"its content is not that of the text which the runs in {runs} were made from, though name and size are",
            "give that text, or another --runs",
            str(text.root / name),
        )
        for name, told in now.items()
        if name in known and told["sha256"] != known[name]["sha256"]
    ]
    if wrong:
        raise InputError(*wrong)
    if now != known:
        waiting = runs / f"{NOTES}.{os.getpid()}"
        with contextlib.suppress(OSError):  # a full or read-only disk: the next run reads the text again
            waiting.write_text(
                json.dumps({**every, text.text_fingerprint(): now}, indent=1), encoding="utf-8"
            )
            waiting.replace(runs / NOTES)


def _told(path: Path, known: dict[str, Any] | None) -> dict[str, Any]:
    """Stamp and hash of a file; a hash that is known for this stamp is believed."""
    now = stamp(path)
    if known is not None and known["stamp"] == now:
        return known
    return {"stamp": now, "sha256": sha256(path)}


def _read(path: Path) -> dict[str, Any]:
    """What was written down; nothing where that is absent or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
