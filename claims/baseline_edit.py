"""The text of a baseline after entries were added, changed and dropped; every other byte stays as it was.

The file belongs to people: their comments, order, quoting and line ends are theirs. So the text is edited at the
places that the YAML parser names and never written anew, and the result is read again before anyone may keep it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from analysis.errors import InputError, Problem
from claims.baseline import FILE, acceptances
from claims.yaml_marks import parse_yaml

HEAD: Final = """\
# Findings that are known and accepted. A check fails on what is worse than accepted, and on an acceptance that is
# stale or looser than what is found; `verify-claims accept` adds and tightens entries and keeps what is written here.
schema: verify-claims/baseline/1
accepted: []
"""
KEYS: Final = ("id", "verdict", "reason", "margin", "until", "why")
Entry = Mapping[str, str]


def edited(text: str, wanted: Sequence[Entry]) -> str:
    """Text of a baseline that holds exactly the wanted entries.

    Parameters
    ----------
    text
        The file as it is; `HEAD` for a new one.
    wanted
        The entries; those that the file has already stand where they stand, new ones come last.

    Raises
    ------
    InputError
        The file is wrong, or laid out so that it cannot be edited with certainty.
    """
    acceptances(parse_yaml(text.encode(), FILE))
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    line_end = "\r\n" if "\r\n" in body else "\n"
    body = body.replace("\r\n", "\n")
    new = _edited(body, {entry["id"]: entry for entry in wanted})
    made = {(a.id, str(a.verdict), a.reason, a.margin, a.until, a.why) for a in _read(new)}
    if made != {tuple(entry.get(key) for key in KEYS) for entry in wanted}:
        raise InputError(
            Problem("this layout cannot be edited with certainty", "edit the file by hand", FILE)
        )
    return mark + new.replace("\n", line_end)


def _read(text: str) -> Any:
    try:
        return acceptances(parse_yaml(text.encode(), FILE))
    except InputError:
        return ()


def _edited(text: str, wanted: dict[str, Entry]) -> str:
    root: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    listing = next((value for key, value in root.value if key.value == "accepted"), None)
    if listing is None:
        return _edited(text.rstrip("\n") + "\naccepted: []\n", wanted)
    edits: list[tuple[int, int, str]] = []
    kept = []
    for at, node in enumerate(listing.value):
        id = next(value.value for key, value in node.value if key.value == "id")
        if id in wanted:
            edits += _changes(text, node, wanted.pop(id))
            kept.append(node)
        else:
            edits.append(_removal(text, listing, at))
    edits += _additions(text, listing, kept, list(wanted.values()))
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _changes(text: str, node: Any, entry: Entry) -> list[tuple[int, int, str]]:
    """Edits that give an entry of the file the wanted values."""
    have = {key.value: (key, value) for key, value in node.value}
    last = node.value[-1][0]
    edits = []
    for name in KEYS[1:]:
        word = entry.get(name)
        if name in have and word is not None and have[name][1].value != word:
            value = have[name][1]
            edits.append((value.start_mark.index, _end(text, value), yaml_word(word)))
        elif name in have and word is None:
            edits.append(_without(text, node, name))
        elif name not in have and word is not None:
            gap = ", " if node.flow_style else "\n" + " " * node.value[0][0].start_mark.column
            edits.append((last.start_mark.index, last.start_mark.index, f"{name}: {yaml_word(word)}{gap}"))
    return edits


def _without(text: str, node: Any, name: str) -> tuple[int, int, str]:
    """Removal of a key with its value: up to the next key, or from the end of the one before."""
    at = next(at for at, (key, _) in enumerate(node.value) if key.value == name)
    if at + 1 < len(node.value):
        return node.value[at][0].start_mark.index, node.value[at + 1][0].start_mark.index, ""
    return _end(text, node.value[at - 1][1]), _end(text, node.value[at][1]), ""


def _removal(text: str, listing: Any, at: int) -> tuple[int, int, str]:
    """Removal of an entry: its lines, or its place between commas; comments of its neighbours stay."""
    node = listing.value[at]
    if not listing.flow_style:
        start = text.rindex("\n", 0, node.start_mark.index) + 1
        return start, _line_end(text, _end(text, node)), ""
    if at + 1 < len(listing.value):
        return node.start_mark.index, listing.value[at + 1].start_mark.index, ""
    before = _end(text, listing.value[at - 1]) if at else node.start_mark.index
    return before, _end(text, node), ""


def _additions(text: str, listing: Any, kept: list[Any], new: list[Entry]) -> list[tuple[int, int, str]]:
    """New entries after the last one; an empty list becomes `[]`, and one of `[]` becomes lines."""
    if not listing.flow_style:
        last = listing.value[-1]
        indent = " " * (listing.start_mark.column)
        place = _line_end(text, _end(text, last))
        head = "" if text[place - 1 : place] == "\n" else "\n"
        edits = (
            [(place, place, head + "".join(f"{indent}- {{{_pairs(entry)}}}\n" for entry in new))]
            if new
            else []
        )
        if not kept and not new:
            colon = text.rindex(":", 0, listing.start_mark.index) + 1
            edits.append((colon, colon, " []"))
        return edits
    if not listing.value:
        lines = "".join(f"\n  - {{{_pairs(entry)}}}" for entry in new)
        start = len(text[: listing.start_mark.index].rstrip(" "))
        return [(start, listing.end_mark.index, lines)] if new else []
    place = listing.end_mark.index - 1
    words = ", ".join(f"{{{_pairs(entry)}}}" for entry in new)
    return [(place, place, f", {words}" if kept else words)] if new else []


def _pairs(entry: Entry) -> str:
    return ", ".join(f"{name}: {yaml_word(entry[name])}" for name in KEYS if entry.get(name) is not None)


def _end(text: str, node: Any) -> int:
    """Where a value ends; the parser counts the space and the comments after a block to the block."""
    if isinstance(node, yaml.ScalarNode):
        end: int = node.end_mark.index
        return end if node.style in ("'", '"') else len(text[:end].rstrip())
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def yaml_word(word: str) -> str:
    """A word that YAML reads back as it is: plain where that is safe, else a JSON string, which YAML knows."""
    plain = word.replace("_", "").replace(".", "").replace("/", "").replace("-", "")
    safe = plain.isalnum() and word.isascii() and word[:1].isalpha() and word not in ("true", "false", "null")
    date = len(word) == 10 and word[4:5] == word[7:8] == "-"
    return word if safe or date else json.dumps(word, ensure_ascii=False)
