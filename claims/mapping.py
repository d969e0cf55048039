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

import yaml

from analysis.errors import InputError, Problem
from claims.terms import normal

SCHEMA: Final = "verify-claims/mentions/1"
MAX_BYTES: Final = 4 * 1024 * 1024
MAX_DEPTH: Final = 12
_KEYS: Final = {"text": str, "claims": list, "cut": bool, "seen": list, "note": str}


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
    path = Path(path)
    file = path.as_posix()
    root = _composed(path, file)
    problems: list[Problem] = []
    entries: list[Entry] = []
    top = _mapping(root, file, problems, "the file", {"schema", "mentions"})
    schema = top.get("schema")
    if schema is None or schema.value != SCHEMA:
        seen = "no schema" if schema is None else f"schema {schema.value!r}"
        problems.append(_problem(file, schema or root, seen, f"write `schema: {SCHEMA}`"))
    mentions = top.get("mentions")
    if mentions is None or not isinstance(mentions, yaml.SequenceNode):
        problems.append(
            _problem(file, mentions or root, "no list `mentions`", "write `mentions:` and a list of entries")
        )
    else:
        entries = [
            entry for node in mentions.value if (entry := _entry(node, file, known, problems)) is not None
        ]
    first: dict[str, int] = {}
    for entry in entries:
        if first.setdefault(entry.key, entry.line) != entry.line:
            what = f"the sentence of line {first[entry.key]} is mapped again: {entry.text[:60]!r}"
            problems.append(Problem(what, "join the two entries", file, entry.line))
    if problems:
        raise InputError(*problems)
    return tuple(entries)


def _composed(path: Path, file: str) -> yaml.Node:
    """The YAML node tree, safe: no tags are resolved, aliases and depth are refused."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            Problem(f"cannot be read: {error.strerror or error}", "check the path", file)
        ) from None
    if len(data) > MAX_BYTES:
        raise InputError(Problem(f"larger than {MAX_BYTES // 1024 // 1024} MiB", "split the study", file))
    try:
        text = data.decode("utf-8-sig")
        depth = 0
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                raise InputError(_at(file, event.start_mark, f"alias *{event.anchor}", "write the value out"))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise InputError(_at(file, event.start_mark, f"nested deeper than {MAX_DEPTH}", "flatten it"))
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            Problem(f"byte 0x{data[error.start]:02x} is no valid UTF-8", "save as UTF-8", file, line)
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is no YAML: {getattr(error, 'problem', None) or 'unreadable character'}"
        raise InputError(_at(file, mark, what, "check indentation, quotes and brackets")) from None
    if root is None:
        raise InputError(Problem("the file is empty", f"start it with `schema: {SCHEMA}`", file))
    return root


def _entry(
    node: yaml.Node, file: str, known: Collection[str] | None, problems: list[Problem]
) -> Entry | None:
    """One entry; its problems are added to the list."""
    fields = _mapping(node, file, problems, "an entry", set(_KEYS))
    values: dict[str, Any] = {}
    for key, child in fields.items():
        kind = _KEYS[key]
        if kind is list:
            items = child.value if isinstance(child, yaml.SequenceNode) else [child]
            if all(isinstance(item, yaml.ScalarNode) for item in items):
                values[key] = [(item.value, item) for item in items]
                continue
        elif isinstance(child, yaml.ScalarNode) and (kind is str or child.value in ("true", "false")):
            values[key] = child.value == "true" if kind is bool else child.value
            continue
        wanted = {str: "a text", bool: "true or false", list: "a list of texts"}[kind]
        problems.append(_problem(file, child, f"`{key}` is not {wanted}", f"write {wanted}"))
    for needed in ("text", "claims"):
        if not values.get(needed) and needed not in [key for key in fields if key not in values]:
            problems.append(_problem(file, node, f"an entry without `{needed}`", f"add `{needed}:`"))
    for id, child in values.get("claims") or []:
        if known is not None and id not in known:
            near = get_close_matches(id, list(known), n=1, cutoff=0.5)
            remedy = f"write {near[0]!r}" if near else "write the id of a claim of the study"
            problems.append(_problem(file, child, f"there is no claim {id!r}", remedy))
    if not values.get("text") or not values.get("claims"):
        return None
    claims = tuple(dict.fromkeys(id for id, _ in values["claims"]))
    seen = tuple(place for place, _ in values.get("seen") or [])
    text = values["text"]
    return Entry(text, normal(text), claims, bool(values.get("cut")), seen, file, node.start_mark.line + 1)


def _mapping(
    node: yaml.Node, file: str, problems: list[Problem], what: str, allowed: set[str]
) -> dict[str, yaml.Node]:
    """Children of a mapping node by key; unknown and repeated keys are problems."""
    if not isinstance(node, yaml.MappingNode):
        problems.append(
            _problem(file, node, f"{what} is no mapping", f"write keys such as `{min(allowed)}:`")
        )
        return {}
    found: dict[str, yaml.Node] = {}
    for key, child in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in allowed:
            near = get_close_matches(name, sorted(allowed), n=1)
            remedy = f"write `{near[0]}`" if near else f"use one of {', '.join(sorted(allowed))}"
            problems.append(_problem(file, key, f"unknown key {name!r}", remedy))
        elif name in found:
            problems.append(_problem(file, key, f"key {name!r} a second time", "keep one of the two"))
        else:
            found[name] = child
    return found


def _problem(file: str, node: yaml.Node, what: str, remedy: str) -> Problem:
    return _at(file, node.start_mark, what, remedy)


def _at(file: str, mark: Any, what: str, remedy: str) -> Problem:
    return Problem(what, remedy, file, mark.line + 1 if mark else None, mark.column + 1 if mark else None)
