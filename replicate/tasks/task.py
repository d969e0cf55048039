"""A task: what it is, where its splits come from, how a row becomes an example, and what scores it.

One frozen record per task and no class to inherit from; `replicate.tasks` lists them literally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from analysis.errors import InputError, Problem
from replicate.data.place import DataPlace, Part
from replicate.data.table import Table
from replicate.examples import Example, Examples, Kind

Split: TypeAlias = Literal["train", "dev", "test"]
Role: TypeAlias = Literal["intermediate", "target", "both"]
Group: TypeAlias = Literal["classification", "tagging", "qa", "retrieval", "multi_choice", "code"]
Reader: TypeAlias = Callable[[tuple[Table, ...], str, tuple[str, ...]], list[Example]]
"""(tables of the parts, language, labels) -> examples; rows without a gold label are left out."""

UNSEEN: Final = "<unseen>"
"""Last label of a set that the training split defines: tags that training never shows. It is never trained,
so it is always wrong, as it should be, and every gold tag stays inside the set."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader must know before trusting a number of this task."""

    source: str
    """Paper and data set."""
    licence: str
    hub: str
    """Repository and configuration, or why there is none."""
    sizes: str
    """Official split sizes."""
    traps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """Examples of a split with what a run record says about them."""

    examples: Examples
    rows: int
    """Rows read; more than the examples where some have no gold label."""
    digest: str
    """SHA-256 over the rows of all parts."""
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the protocol."""

    name: str
    title: str
    kind: Kind
    role: Role
    read: Reader
    splits: Mapping[str, tuple[Part, ...]]
    """train, dev, test -> parts, with `{lang}` for the language."""
    metric: str
    """Name in `replicate.metrics.score.SCORERS`."""
    primary: str
    """The score (key of what the metric returns) that selection and the XTREME average use."""
    header: Header
    labels: tuple[str, ...] = ()
    """Empty for spans, retrieval, and a set that the training split defines (`open_column`)."""
    label_texts: tuple[str, ...] = ()
    """What a model writes for each label where labels are written; empty: the labels themselves."""
    open_column: str | None = None
    """Column of the training split whose values are the labels (CCG)."""
    languages: tuple[str, ...] = ("en",)
    group: Group | None = None
    """Group of the XTREME average, for targets."""
    trains_on: tuple[str, ...] = ()
    """Tasks whose English training split this target is trained on, in order; empty: its own, or no training."""
    translated: tuple[Part, ...] = ()
    """Machine-translated training parts of an intermediate task, where the hub has them; other intermediate tasks
    take them from `<config>.<language>` of a folder."""
    spoken: bool = False
    """Whether the reader, not the address, picks the language out of tables of all languages (Mewsli-X)."""
    pools: tuple[str, ...] = ()
    """Further languages whose rows every language of this task needs (LAReQA searches in all of them)."""

    def load(self, split: Split, language: str, where: DataPlace) -> Examples:
        """Examples of a split in one language, in file order.

        Raises
        ------
        InputError
            For a split or language that the task lacks, data that is not to be had, a missing column, a label
            outside the set, or a split without rows or without gold labels.
        """
        return self.loaded(split, language, where).examples

    def loaded(self, split: Split, language: str, where: DataPlace) -> Loaded:
        """`load` with row count, digest and origin for the run record."""
        parts = self.parts(split, language, where)
        tables = tuple(
            replace(where.table(part), language=part.language, obtain=part.obtain) for part in parts
        )
        filled = tuple(table for table in tables if len(table))
        rows = self.read(filled or tables, language, self.labels_at(where))
        if not rows:
            origin = ", ".join(table.origin for table in tables)
            raise InputError(
                Problem(
                    f"no row of {self.name} {split} ({language}) has a gold label",
                    "this split is published without labels; use another split",
                    origin,
                )
            )
        digests = [table.digest() for table in tables]
        digest = digests[0] if len(digests) == 1 else _joined(digests)
        return Loaded(rows, sum(map(len, tables)), digest, tuple(table.origin for table in tables))

    def parts(self, split: Split, language: str, where: DataPlace) -> tuple[Part, ...]:
        """Parts of a split in one language.

        Raises
        ------
        InputError
            For a split or a language that the task does not have.
        """
        if split not in self.splits:
            has = ", ".join(self.splits) or "none"
            remedy = (
                f"it is trained on {' then '.join(self.trains_on)}" if self.trains_on else "use another split"
            )
            raise InputError(Problem(f"task {self.name} has no {split} split (it has: {has})", remedy))
        languages = self.languages if where.languages is None else where.languages
        parts = self.splits[split]
        if split == "train" and language != "en":
            if self.role == "target":
                raise InputError(
                    Problem(
                        f"target {self.name} is trained on English, not on {language!r}",
                        "the protocol is zero-shot: train in 'en', evaluate in the other languages",
                    )
                )
            return tuple(part.at(language) for part in self.translated or map(_translated, parts))
        english_only = not self.spoken and not any(part.by_language for part in parts)
        if language != "en" and (english_only or language not in languages):
            has = "en" if english_only else ", ".join(languages)
            raise InputError(
                Problem(f"task {self.name} ({split}) has no language {language!r}", f"it has: {has}")
            )
        if language == "en" and split == "test" and "en" not in languages and not english_only:
            raise InputError(
                Problem(f"task {self.name} (test) has no language 'en'", f"it has: {', '.join(languages)}")
            )
        every = (language, *(other for other in self.pools if other != language and other in languages))
        return tuple(part.at(one) for one in every for part in parts)

    def labels_at(self, where: DataPlace) -> tuple[str, ...]:
        """Labels; where the training split defines them, by falling frequency, ties in code-point order."""
        if self.open_column is None:
            return self.labels
        counts: Counter[str] = Counter()
        for part in self.parts("train", "en", where):
            for tags in where.table(part).need(self.open_column)[0]:
                counts.update(tags)
        return (*sorted(counts, key=lambda tag: (-counts[tag], tag)), UNSEEN)

    def available(self, split: Split, where: DataPlace) -> tuple[str, ...]:
        """Languages of which the place has this split, in the order of the task."""
        languages = self.languages if where.languages is None else where.languages
        found = []
        for language in languages:
            try:
                parts = self.parts(split, language, where)
            except InputError:
                continue
            if all(map(where.has, parts)):
                found.append(language)
        return tuple(found)

    def fingerprint(self, split: Split, language: str, where: DataPlace) -> tuple[str, ...]:
        """Identity of the data of a split without loading it: what goes into the key of a stage."""
        return tuple(f"{part}={where.fingerprint(part)}" for part in self.parts(split, language, where))


def _translated(part: Part) -> Part:
    """Address of a machine-translated copy of an English training part."""
    return replace(
        part,
        config=f"{part.config}.{{lang}}",
        hub=(),
        obtain="translate the English training rows and put them there",
    )


def _joined(digests: list[str]) -> str:
    import hashlib

    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
