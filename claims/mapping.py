"""The mapping file `mentions.yaml`: which canonical claims stand behind which sentence, written by hand.

```yaml
schema: verify-claims/mentions/1
mentions:
  - text: Multi-task intermediate-task training on all 9 tasks performs best, improving by 8.7 points.
    claims: [xstilts.multitask.dev-gain, xstilts.multitask.best]
    seen: ["000_cb7e4e1e96b8efbd:34"]
```
Entries are keyed by the sentence, not by report and line, so that five reports with one sentence share one entry and
a report that is set anew still maps. `cut: true` says that the sentence breaks off. `seen` lists where it was read
when the entry was written, for review; a changed report is told by a `seen` that no longer holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from claims.terms import normal
from claims.yaml_marks import Document, Listing, Mapping, read_yaml

SCHEMA: Final = "verify-claims/mentions/1"
_KEYS: Final[dict[str, tuple[type, str]]] = {
    "text": (str, "a text, in quotes if it looks like a number"),
    "claims": (Listing, "a list of claim ids"),
    "cut": (bool, "true or false"),
    "seen": (Listing, 'a list such as ["report:12"]'),
    "note": (str, "a text"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence and the claims behind it."""

    text: str
    key: str
    """The sentence, normalised."""
    claims: tuple[str, ...]
    cut: bool
    seen: tuple[str, ...]
    file: str
    line: int


def read_mapping(path: str | Path, known: Collection[str] | None = None) -> tuple[Entry, ...]:
    """Entries of a mapping file; with `known`, every claim id must be one of them.

    Raises
    ------
    InputError
        With all problems: file, line and column, what was found, what to write.
    """
    document = read_yaml(Path(path), Path(path).as_posix())
    problems: list[Problem] = []
    top = document.root
    if not isinstance(top, Mapping):
        raise InputError(document.problem("the file is no mapping", f"start it with `schema: {SCHEMA}`"))
    problems += _unknown(document, (), top, ("schema", "mentions"))
    if top.get("schema") != SCHEMA:
        problems.append(
            document.problem(f"schema {top.get('schema')!r}", f"write `schema: {SCHEMA}`", ("schema",))
        )
    mentions = top.get("mentions")
    if not isinstance(mentions, Listing):
        problems.append(
            document.problem("no list `mentions`", "write `mentions:` and entries", ("mentions",))
        )
        mentions = []
    entries = [_entry(document, at, item, known, problems) for at, item in enumerate(mentions)]
    first: dict[str, int] = {}
    for entry in filter(None, entries):
        if first.setdefault(entry.key, entry.line) != entry.line:
            what = f"the sentence of line {first[entry.key]} is mapped again: {entry.text[:60]!r}"
            problems.append(Problem(what, "join the two entries", document.file, entry.line))
    if problems:
        raise InputError(*problems)
    return tuple(filter(None, entries))


def _entry(
    document: Document, at: int, item: Any, known: Collection[str] | None, problems: list[Problem]
) -> Entry | None:
    """One entry; its problems are added to the list."""
    path = ("mentions", at)
    if not isinstance(item, Mapping):
        problems.append(document.problem("an entry is no mapping", "write `text:` and `claims:`", path))
        return None
    before = len(problems)
    problems += _unknown(document, path, item, tuple(_KEYS))
    for key, (kind, wanted) in _KEYS.items():
        if key not in item:
            if key in ("text", "claims"):
                problems.append(document.problem(f"an entry without `{key}`", f"add `{key}:`", path))
        elif not isinstance(item[key], kind) or (kind is Listing and not _texts(item[key])):
            problems.append(document.problem(f"`{key}` is not {wanted}", f"write {wanted}", (*path, key)))
        elif key in ("text", "claims") and not item[key]:
            problems.append(document.problem(f"`{key}` is empty", f"write {wanted}", (*path, key)))
    if len(problems) > before:
        return None
    for number, id in enumerate(item["claims"]):
        if known is not None and id not in known:
            near = get_close_matches(id, list(known), n=1, cutoff=0.5)
            remedy = f"write {near[0]!r}" if near else "write the id of a claim of the study"
            problems.append(document.problem(f"there is no claim {id!r}", remedy, (*path, "claims", number)))
    claims, seen = tuple(dict.fromkeys(item["claims"])), tuple(item.get("seen", ()))
    text, line = item["text"], document.where(path)[0]
    return Entry(text, normal(text), claims, item.get("cut", False), seen, document.file, line)


def _texts(items: Listing) -> bool:
    """Whether every item is a text."""
    return all(isinstance(item, str) for item in items)


def _unknown(
    document: Document, path: tuple[str | int, ...], here: Mapping, allowed: tuple[str, ...]
) -> list[Problem]:
    """One problem for each key that is not allowed here."""
    found: list[Problem] = []
    for key in here:
        if key not in allowed:
            near = get_close_matches(key, allowed, n=1)
            remedy = f"write `{near[0]}`" if near else f"the keys here are {', '.join(allowed)}"
            found.append(document.problem(f"unknown key {key!r}", remedy, (*path, key), key=True))
    return found
