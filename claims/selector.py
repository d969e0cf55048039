"""From the filters of a claim to rows: what a selector means in its scope, and which rows it names.

Filters are laid over one another, the more specific wins: the study's defaults, the claim's scope, the assertion's
`source` and `where`, the selector itself, the member of an averaging rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import product
from typing import Any, Final, TypeAlias, get_args

from analysis.errors import Problem
from analysis.results import COLUMNS
from claims.evidence import Evidence
from claims.model import Assertion, Claim, ClaimsFile, Model, Selector
from claims.yaml_marks import Document

Filter: TypeAlias = dict[str, str]
Filters: TypeAlias = Mapping[str, str | list[str]]
EVERY: Final = "*"
"""Instead of a word: every word that the table has."""


class Missing(Exception):
    """No admissible row for some cells: the filters that found nothing."""

    def __init__(self, filters: Sequence[Filter]) -> None:
        self.filters = tuple(filters)
        super().__init__(f"{len(self.filters)} cells are missing")


class Ambiguous(Exception):
    """Several rows for one cell."""

    def __init__(self, wanted: Filter, rows: Sequence[int], *, seeds: bool) -> None:
        self.wanted, self.rows, self.seeds = wanted, tuple(rows), seeds
        super().__init__(f"{len(rows)} rows for one cell")


class Unfit(Exception):
    """Cells that say nothing about the assertion, whatever their numbers: why, what to write, and the rows."""

    def __init__(self, detail: str, need: str, rows: Sequence[int] = ()) -> None:
        self.detail, self.need, self.rows = detail, need, tuple(rows)
        super().__init__(detail)


@dataclass(frozen=True)
class Frame:
    """The filters that surround a selector of one assertion."""

    evidence: Evidence
    base: Mapping[str, str | list[str]]

    def full(self, *parts: Filters) -> dict[str, str | list[str]]:
        """Filters of the frame with further ones laid over."""
        merged = dict(self.base)
        for part in parts:
            merged.update(part)
        return merged

    def enumerate(self, filters: Filters, over: Filters | None = None) -> list[Filter]:
        """Every single filter that lists and "*" stand for, in the order of the lists and of the table.

        The setting that the others are counted `over` is not among what "*" finds.
        """
        lists = {name: dict.fromkeys(words) for name, words in filters.items() if isinstance(words, list)}
        starred = [name for name, word in filters.items() if word == EVERY]
        fixed = {name: word for name, word in filters.items() if isinstance(word, str) and word != EVERY}
        found: list[Filter] = []
        for words in product(*lists.values()):
            single = {**fixed, **dict(zip(lists, words, strict=True))}
            if not starred:
                found.append(single)
                continue
            text = self.evidence.results.text
            rows = self.evidence.rows(single)
            variants = dict.fromkeys(tuple(text(name, row) for name in starred) for row in rows)
            every = [{**single, **dict(zip(starred, variant, strict=True))} for variant in variants]
            found += [one for one in every if not over or {**one, **over} != one]
            if not rows:
                raise Missing([single])
        return found

    def single(self, filters: Filters) -> Filter:
        """The filter of one cell: "*" leaves a column open; raises `Unfit` where a list names several cells."""
        found = {name: word for name, word in filters.items() if type(word) is str and word != EVERY}
        if len(found) == len(filters):
            return found
        for name, listed in filters.items():
            words = [listed] if isinstance(listed, str) else list(dict.fromkeys(listed))
            if len(words) > 1 and name != "seed":
                detail = f"{name} names {len(words)} words ({', '.join(words[:6])}) where one cell is wanted."
                raise Unfit(detail, f"one {name}, or mean: {name}")
            if len(words) == 1 and words[0] != EVERY:
                found[name] = words[0]
        return found

    def find(self, wanted: Filter) -> int | None:
        """The one row of a filter; None where there is none.

        Raises
        ------
        Ambiguous
            Several rows match.
        """
        rows = self.evidence.rows(wanted)
        if len(rows) == 1:
            return int(rows[0])
        if not rows:
            return None
        text = self.evidence.results.text
        seeds = [text("seed", row) for row in rows]
        raise Ambiguous(wanted, rows, seeds=all(seeds) and len(set(seeds)) == len(seeds))

    def row(self, wanted: Filter) -> int:
        """The one row of a filter; raises `Missing` where there is none."""
        found = self.find(wanted)
        if found is None:
            raise Missing([wanted])
        return found


def frame_of(file: ClaimsFile, claim: Claim, assertion: Assertion, evidence: Evidence) -> Frame:
    """Frame of an assertion: defaults, scope, `source` and `where`."""
    base: dict[str, str | list[str]] = dict(file.defaults)
    for name in ("source", "split", "model"):
        word = getattr(claim.scope, name)
        if word is not None:
            base[name] = word
    if assertion.source is not None:
        base["source"] = assertion.source
    base.update(assertion.where)
    return Frame(evidence, base)


def described(wanted: Mapping[str, str | list[str]], *, without: Iterable[str] = ()) -> str:
    """A filter in words.

    Examples
    --------
    >>> described({"source": "arXiv:1v2", "split": "dev", "target": "xnli"})
    'split dev, target xnli of arXiv:1v2'
    """
    skip = {"source", *without}
    order = [name for name in COLUMNS if name in wanted and name not in skip]
    order += [name for name in wanted if name not in COLUMNS and name not in skip]
    words = {name: word if isinstance(word, str) else "/".join(word) for name, word in wanted.items()}
    parts = ", ".join(f"{name} {words[name]}" for name in order)
    source = wanted.get("source")
    return f"{parts} of {source}" if source is not None and "source" not in set(without) else parts


def unknown_words(file: ClaimsFile, document: Document, evidence: Evidence) -> Iterator[Problem]:
    """Words of selectors that neither the evidence nor the study's `names` and sources know, with the nearest one."""
    if len(evidence.results) == 0 and not file.names:
        if any(claim.status == "confirmed" for claim in file.claims):
            remedy = "write the scores, or what is still to come under names"
            yield document.problem("the evidence has no rows", remedy, ("evidence",))
        return
    known: dict[str, set[str]] = {}

    def words(column: str) -> set[str]:
        if column not in known:
            extra = file.names.get(column, [])
            known[column] = {
                *evidence.index.words(column),
                *extra,
                *(evidence.sources if column == "source" else ()),
            }
            if column == "metric":
                known[column] |= {f"gain_{metric}" for metric in known[column]}
        return known[column]

    def check(filters: Filters, path: tuple[str | int, ...]) -> Iterator[Problem]:
        for column, listed in filters.items():
            for at, word in enumerate([listed] if isinstance(listed, str) else listed):
                if word != EVERY and word not in words(column):
                    near = get_close_matches(word, [*words(column)], n=1, cutoff=0.5)
                    first = f"write {near[0]!r}" if near else "no row has it"
                    remedy = f"{first}, or declare it under names: {column} if its cells are still to come"
                    place = (*path, column) if isinstance(listed, str) else (*path, column, at)
                    yield document.problem(f"unknown {column} {word!r}", remedy, place)

    yield from check(file.defaults, ("defaults",))
    for name, rule in file.averages.items():
        for at, member in enumerate(rule.mean):
            yield from check(member, ("averages", name, "mean", at))
    seen: set[int] = set()
    for at, claim in enumerate(file.claims):
        scope = {c: w for c in ("source", "split", "model") if (w := getattr(claim.scope, c)) is not None}
        yield from check(scope, ("claims", at, "scope"))
        for number, assertion in enumerate(claim.assertions):
            path = ("claims", at, "assert", number)
            if assertion.source is not None:
                yield from check({"source": assertion.source}, path)
            for key, filters in selectors_of(assertion):
                if id(filters) not in seen:
                    seen.add(id(filters))
                    yield from check(filters, (*path, *key))
    for at, entry in enumerate(file.sweep):
        yield from check(entry.printed, ("sweep", at, "printed"))
        yield from check(entry.where, ("sweep", at, "where"))


def selectors_of(assertion: Assertion) -> Iterator[tuple[tuple[str | int, ...], Filters]]:
    """Every selector of an assertion with its path; found by the types of its fields, so no kind can forget one."""
    return _selectors(assertion, ())


def _selectors(part: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Filters]]:
    if isinstance(part, Model):
        for key in _holders(type(part)):
            yield from _selectors(getattr(part, key), (*path, key))
    elif isinstance(part, list):
        for at, item in enumerate(part):
            yield from _selectors(item, (*path, at))
    elif part and any(isinstance(item, dict) for item in part.values()):  # selectors by name
        for name, item in part.items():
            yield from _selectors(item, (*path, name))
    elif part:
        yield path, part


@cache
def _holders(model: type[Model]) -> tuple[str, ...]:
    """Fields of a model that hold selectors, in themselves or further down."""
    return tuple(name for name, field in model.model_fields.items() if _holds(field.annotation))


def _holds(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return bool(_holders(annotation))
    return bool(annotation == Selector) or any(map(_holds, get_args(annotation)))
