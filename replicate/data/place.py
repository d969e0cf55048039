"""Where rows come from: the hub, a folder in the schema of the hub, or a generator; loaders cannot tell.

A task names its data as `Part`s. A part has an address in each kind of place; a place turns the part into a
`Table`. So the miniature, small and paper scales run the same loaders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from replicate.data.languages import spell
from replicate.data.table import Table


@dataclass(frozen=True, slots=True)
class HubSplit:
    """Address of a split on the Hugging Face hub; `{lang}`, `{iso3}` and `{ud}` stand for the language."""

    repo: str
    config: str | None
    split: str
    revision: str = "main"
    """Commit, or a branch that is resolved to a commit once and recorded (`replicate.data.pins`)."""
    files: str | None = None
    """Data files inside the repository, for repositories whose loading script is refused by datasets >= 4."""
    keep: tuple[str, str] | None = None
    """(column, prefix): only rows whose value starts so; for repositories with all languages in one config."""

    def at(self, language: str) -> HubSplit:
        """The address for one language."""
        return HubSplit(
            self.repo,
            None if self.config is None else spell(self.config, language),
            spell(self.split, language),
            self.revision,
            None if self.files is None else spell(self.files, language),
            None if self.keep is None else (self.keep[0], spell(self.keep[1], language)),
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One table that a split of a task is made of, with its address in every kind of place."""

    dataset: str
    config: str
    """Folder under `dataset`; `{lang}` stands for the language, `{ud}` for its English name."""
    split: str
    hub: tuple[HubSplit, ...] = ()
    """Hub splits that together are this part (ANLI has three rounds); empty: not on the hub."""
    obtain: str = ""
    """How to get the data where it cannot be downloaded freely."""
    columns: tuple[str, ...] = ()
    """Columns that the loader reads; a place may leave out the others."""
    language: str = "en"

    def at(self, language: str) -> Part:
        """The part for one language."""
        return Part(
            self.dataset,
            spell(self.config, language),
            self.split,
            tuple(item.at(language) for item in self.hub),
            self.obtain,
            self.columns,
            language,
        )

    @property
    def by_language(self) -> bool:
        """Whether this part exists per language."""
        return "{" in self.config

    def __str__(self) -> str:
        return f"{self.dataset}/{self.config}/{self.split}"


class DataPlace(Protocol):
    """A place that rows come from. Parts that it gets have their language filled in."""

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Languages that this place has for every task, or None: each task's own list holds."""

    def table(self, part: Part) -> Table:
        """Rows of a part; raises `InputError` where it cannot give them."""

    def has(self, part: Part) -> bool:
        """Whether this place can give the part, without loading it."""

    def fingerprint(self, part: Part) -> str:
        """Identity of the rows of a part without loading them: it goes into the key of a stage."""
