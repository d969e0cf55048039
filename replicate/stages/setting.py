"""Where a study runs: recipes, data, text, device, folder. Plain values, so that a worker process can have them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from analysis.errors import InputError, Problem
from replicate.data.place import DataPlace
from replicate.ledger import Ledger
from replicate.recipes.recipe import Recipe
from replicate.stages.stage import Stage
from replicate.train.device import Device


class TextPlace(Protocol):
    """Running text by language, for tokenizers and masked language modelling."""

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Languages that it has text in."""

    def texts(self, language: str, count: int) -> Sequence[str]:
        """The first `count` documents of a language."""

    def text_fingerprint(self) -> str:
        """Identity of the text."""


@dataclass(frozen=True)
class TextFolder:
    """Text files `<language>.txt` or `<language>.txt.gz`, one document per line."""

    root: Path

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that have a file, in alphabetical order."""
        return tuple(sorted(path.name.partition(".")[0] for path in self.files()))

    def files(self) -> list[Path]:
        """All files of text, in alphabetical order."""
        return sorted(self.root.glob("*.txt*"))

    def texts(self, language: str, count: int) -> list[str]:
        """The first `count` lines that are not empty."""
        path = next(
            (p for p in (self.root / f"{language}.txt.gz", self.root / f"{language}.txt") if p.is_file()),
            None,
        )
        if path is None:
            raise InputError(
                Problem(f"there is no text in {language!r} under {self.root}", f"add {language}.txt.gz")
            )
        found: list[str] = []
        try:
            with _opened(path) as lines:
                for line in lines:
                    if len(found) == count:
                        break
                    if line.strip():
                        found.append(line.strip())
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
            raise InputError(
                Problem(f"cannot be read: {error}", "fetch it again: it is cut or damaged", str(path))
            ) from None
        return found

    def text_fingerprint(self) -> str:
        """Hash over names and sizes; `replicate.same_text` holds the contents against those of earlier runs."""
        import hashlib

        listed = ";".join(f"{path.name}:{path.stat().st_size}" for path in self.files())
        return "text:" + hashlib.sha256(listed.encode()).hexdigest()[:16]


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


@dataclass(frozen=True)
class Setting:
    """Everything besides the stage that running it needs."""

    recipe: Recipe
    """The recipe in force."""
    runs: Path
    data: DataPlace
    text: TextPlace | None
    device: str = "auto"
    checkpoint_seconds: float = 60.0
    store: str | None = None
    """fsspec URL of the records, where `runs` is only this machine's copy of them."""

    others: tuple[Recipe, ...] = ()
    """Further recipes of the grid, one per model that is compared."""

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """All recipes of the grid, the one in force first."""
        return (self.recipe, *self.others)

    @property
    def protocols(self) -> str:
        """Names of the recipes, by comma: what `--recipe` takes."""
        return ",".join(one.name for one in self.recipes)

    def under(self, recipe: Recipe) -> Setting:
        """The same setting with another of its recipes in force."""
        return replace(self, recipe=recipe, others=tuple(one for one in self.recipes if one is not recipe))

    def of(self, stage: Stage) -> Setting:
        """The setting under the recipe that asked for the stage."""
        found = next((one for one in self.others if one.name == stage.recipe), None)
        return self if found is None else self.under(found)

    def on(self) -> Device:
        """The device, switched to the recipe's numerics."""
        device = Device.of(self.device, self.recipe.numerics)
        device.prepare()
        return device

    def ledger(self) -> Ledger:
        """The ledger of `runs`, and of the store behind it where there is one."""
        if self.store is None:
            return Ledger(self.runs)
        from replicate.storage.mirrored import Mirrored
        from replicate.storage.store import Store

        return Mirrored(self.runs, Store(self.store))

    def need_text(self) -> TextPlace:
        """The text place; raises InputError where there is none."""
        if self.text is None:
            raise InputError(
                Problem(
                    "masked language modelling needs running text",
                    "name a folder of <language>.txt.gz with --text",
                )
            )
        return self.text
