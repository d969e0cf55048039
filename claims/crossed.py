"""Problems between the parts of a claims file, each right by itself: double ids, unknown names, empty statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, Final

from analysis.errors import Problem
from analysis.printed import parse_printed
from claims.averages import members_of
from claims.model import AnyAssertion, ClaimsFile, Fact, NoGain, Quote, Share
from claims.selector import described
from claims.yaml_marks import Document

MEANS: Final = ("target", "language", "metric", "intermediate", "model", "seed")
"""Columns that `mean` may name beside the averaging rules of the file."""
EDGES: Final = ("at_least", "at_most", "above", "below", "by", "margin")
"""Keys whose number is an edge, so that a bound of its own would say two things at once."""
Path = tuple[str | int, ...]


def crossed(file: ClaimsFile, document: Document) -> Iterator[Problem]:
    """Problems of a claims file, in file order."""
    yield from _averages(file, document)
    yield from doubles([claim.id for claim in file.claims], ("claims",), document)
    for at, claim in enumerate(file.claims):
        if file.groups and claim.group not in file.groups:
            yield document.problem(
                f"unknown group {claim.group!r}", _one_of(claim.group, file.groups), ("claims", at, "group")
            )
        names: set[str] = set()
        for number, assertion in enumerate(claim.assertions):
            path = ("claims", at, "assert", number)
            name = assertion.name or str(number + 1)
            if name in names:
                yield document.problem(f"assertion {name!r} stands twice", "rename one", (*path, "name"))
            names.add(name)
            yield from _rules(file, assertion, path, document)
            yield from _statement(assertion, path, document)
    tags = dict.fromkeys(("drift", *(tag for claim in file.claims for tag in claim.tags)))
    for tag in file.policy.severity:
        if tag not in tags:
            yield document.problem(
                f"no claim has the tag {tag!r}", _one_of(tag, tags), ("policy", "severity", tag), key=True
            )
    for at, entry in enumerate(file.sweep):
        if entry.mean not in file.averages and entry.mean != "language":
            remedy = _one_of(entry.mean, file.averages)
            yield document.problem(f"unknown averaging rule {entry.mean!r}", remedy, ("sweep", at, "mean"))


def doubles(ids: Sequence[str], path: tuple[str, ...], document: Document) -> Iterator[Problem]:
    """A problem for every id that stands twice in a list of mappings."""
    first: dict[str, int] = {}
    for at, name in enumerate(ids):
        if name in first:
            line = document.where((*path, first[name], "id"))[0]
            remedy = f"line {line} has it already"
            yield document.problem(f"id {name!r} stands twice", remedy, (*path, at, "id"))
        first.setdefault(name, at)


def _averages(file: ClaimsFile, document: Document) -> Iterator[Problem]:
    """Cells that a mean counts twice, and groups of targets that are not in it."""
    for name, rule in file.averages.items():
        members = members_of(rule)
        seen: set[frozenset[tuple[str, str]]] = set()
        for member in members:
            cell = frozenset(member.filters.items())
            if cell in seen:
                remedy = "each cell counts once; write one of them"
                what = f"averaging rule {name!r} counts {described(member.filters)} twice"
                yield document.problem(what, remedy, ("averages", name, "mean"))
                break
            seen.add(cell)
        targets = dict.fromkeys(member.task for member in members)
        for group, listed in rule.groups.items():
            for at, target in enumerate(listed):
                if target not in targets:
                    place = ("averages", name, "groups", group, at)
                    yield document.problem(
                        f"target {target!r} is not in the mean", _one_of(target, targets), place
                    )


def _rules(file: ClaimsFile, assertion: AnyAssertion, path: Path, document: Document) -> Iterator[Problem]:
    """Averaging rules that the file does not have."""
    for key in ("mean", "tasks_of"):
        rule = getattr(assertion, key, None)
        if rule is not None and rule not in file.averages and (key == "tasks_of" or rule not in MEANS):
            known = (*file.averages, *(MEANS if key == "mean" else ()))
            yield document.problem(f"unknown averaging rule {rule!r}", _one_of(rule, known), (*path, key))


def _statement(assertion: AnyAssertion, path: Path, document: Document) -> Iterator[Problem]:
    """Statements that nothing could contradict, or nothing could bear out, whatever the evidence."""
    for key in EDGES:
        text = getattr(assertion, key, None)
        if isinstance(text, str) and parse_printed(text).bound != "none":
            remedy = f"write the number alone, {key} says the rest; or equals: {text!r}"
            yield document.problem(f"{key}: {text!r} has a bound of its own", remedy, (*path, key))
    if isinstance(assertion, NoGain) and parse_printed(assertion.margin).value < 0:
        remedy = "a margin is how far a cell may move"
        yield document.problem(f"margin: {assertion.margin} is negative", remedy, (*path, "margin"))
    if isinstance(assertion, Share):
        yield from _quantifier(assertion, path, document)
    if isinstance(assertion, Quote) and not re.search(r"\w", assertion.text):
        yield document.problem(
            f"text: {assertion.text[:20]!r} has no word", "write the words", (*path, "text")
        )
    for at, text in enumerate(assertion.include if isinstance(assertion, Fact) else ()):
        if not text.strip():
            yield document.problem("include: an empty word", "write the word", (*path, "include", at))


def _quantifier(assertion: Share, path: Path, document: Document) -> Iterator[Problem]:
    """Quantifiers that are true or false of any cells."""
    cells = assertion.out_of
    for key, always in (("at_least", 0), ("at_most", cells), ("exactly", None)):
        number = getattr(assertion, key)
        if number is not None and number > cells:
            yield document.problem(
                f"{key}: {number} of {cells} cells", f"write at most {cells}", (*path, key)
            )
        elif number is not None and number == always:
            remedy = "write what would be wrong otherwise"
            yield document.problem(f"{key}: {number} of {cells} is true of any cells", remedy, (*path, key))


def _one_of(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"write {near[0]!r}" if near else f"known are {', '.join(known) or 'none'}"
