"""A study made ready to run: recipe, places, device and graph from what a person typed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.errors import InputError, Problem
from replicate import same_text
from replicate.data import FolderPlace
from replicate.data.languages import MLM_40
from replicate.data.place import DataPlace, Part
from replicate.data.table import Table
from replicate.ledger import Damaged, Ledger
from replicate.recipes.load import recipe
from replicate.recipes.recipe import Recipe
from replicate.stages.graph import Graph, graph
from replicate.stages.setting import Setting, TextFolder, TextPlace
from replicate.studies.registry import register
from replicate.studies.study import Grid, Study, grid, study
from replicate.world.place import WorldPlace

REFERENCE: Final = Path(__file__).parent / "reference"
"""Committed scores, and the record of the miniature encoder."""


@dataclass(frozen=True)
class Request:
    """What a person asked for."""

    study: str = "xstilts"
    scale: str = "miniature"
    recipe: str | None = None
    seeds: int | None = None
    only: tuple[str, ...] = ()
    runs: Path = Path("runs")
    data: Path | None = None
    text: Path | None = None
    device: str = "auto"
    checkpoint_seconds: float = 60.0
    fresh: bool = False
    """Train the miniature encoder here instead of taking the one that ships."""
    planning: bool = False
    """Nothing will run: data that is not there yet is allowed."""
    store: str | None = None
    """fsspec URL of the records; `runs` is then this machine's copy."""


@dataclass(frozen=True)
class Launch:
    """A study ready to run."""

    study: Study
    grid: Grid
    scale: str
    seeds: int
    setting: Setting
    graph: Graph
    ledger: Ledger


def launch(request: Request) -> Launch:
    """Everything of a run besides its executor.

    Raises
    ------
    InputError
        Unknown study, scale, recipe or task; bad recipe values; data, text or device that is not there.
    """
    found = study(request.study)
    one = grid(found, request.scale)
    numbers = _recipes(request.recipe.split(",") if request.recipe else one.recipes, request.scale)
    if request.seeds is not None and request.seeds < 1:
        raise InputError(Problem(f"--seeds {request.seeds}", "give at least one seed"))
    data, text = places(request)
    setting = Setting(
        numbers[0],
        request.runs,
        data,
        text,
        request.device,
        request.checkpoint_seconds,
        request.store,
        numbers[1:],
    )
    if not request.planning:
        setting.on()
    seeds = request.seeds or one.seeds
    built = graph(found, one, setting, request.scale, seeds, request.only)
    # Constant answers need no model: they alone are no study.
    if not any(stage.kind in ("generate", "evaluate") for stage in built.stages.values()):
        raise InputError(
            Problem(
                "nothing to run: " + "; ".join(built.absent[:3]) + (", ..." if built.absent[3:] else ""),
                "name a folder that has the data with --data"
                if any("at hand" in note for note in built.absent)
                else "choose targets that the model can be scored on, and a recipe with numbers for them",
            )
        )
    ledger = setting.ledger()
    reads = any("text" in stage.settings for stage in built.stages.values())
    if isinstance(text, TextFolder) and reads and not request.planning:
        same_text.hold(request.runs, text)
    if not request.fresh and not request.planning:
        adopt(ledger, built)
    registration = found.fixed(request.scale)
    if registration is not None and not request.planning:
        planned = sum(stage.kind == "evaluate" for stage in built.stages.values())
        done = evaluations(ledger, found.name, request.scale)
        register(
            *(request.runs, found.name, request.scale, registration, done, planned),
            seeds=one.seeds,
            grid=one.digest,
        )
    return Launch(found, one, request.scale, seeds, setting, built, ledger)


def _recipes(names: Sequence[str], scale: str) -> tuple[Recipe, ...]:
    """The recipes of a grid, all of its scale; the column `model` must tell them apart."""
    found = tuple(recipe(name) for name in names)
    for one in found:
        if one.scale != scale:
            raise InputError(
                Problem(
                    f"recipe {one.name} is for scale {one.scale}, not {scale}",
                    f"add --scale {one.scale}, or choose another recipe",
                )
            )
    models, titles = {one.model.name for one in found}, {one.name for one in found}
    if len(models) < len(found) or len(titles) < len(found):
        raise InputError(
            Problem(
                f"recipes {', '.join(names)} do not have different names and models",
                "give each its own `name` and `model.name`: results tell them apart by these",
            )
        )
    return found


def places(request: Request) -> tuple[DataPlace, TextPlace | None]:
    """Where rows and text come from at a scale."""
    for option, path in (("--data", request.data), ("--text", request.text)):
        if path is not None and not path.is_dir():
            raise InputError(Problem(f"{option} {path}: there is no such folder", "check the path"))
    text = TextFolder(request.text) if request.text else None
    if text is not None and not text.files():
        what = f"--text {request.text}: there is no text in this folder"
        raise InputError(
            Problem(what, "put <language>.txt or <language>.txt.gz there, one document per line")
        )
    if request.scale == "miniature":
        world = WorldPlace()
        return world, text or world
    if request.scale == "small":
        if request.data is None or text is None:
            raise InputError(
                Problem(
                    "scale small needs real rows and real text",
                    "name them: --data <folder of task/config/split.parquet> --text <folder of language.txt.gz>",
                )
            )
        return FolderPlace(request.data), text
    from replicate.data.hub import HubPlace
    from replicate.data.pins import Pins

    hub = HubPlace(Pins(request.runs / "revisions.json"))
    first = FolderPlace(request.data) if request.data else None
    return Layered(first, hub, request.planning), text or (PlannedText() if request.planning else None)


@dataclass(frozen=True)
class PlannedText:
    """Stands for text that will be named when the study runs."""

    languages: tuple[str, ...] | None = MLM_40

    def texts(self, language: str, count: int) -> list[str]:
        """Nothing: a plan reads no text."""
        return []

    def text_fingerprint(self) -> str:
        """Says that the text is not chosen yet."""
        return "planned"


@dataclass(frozen=True)
class Layered:
    """The hub, with a folder before it for data that is licensed or on no hub."""

    folder: FolderPlace | None
    hub: DataPlace
    planning: bool = False
    languages: tuple[str, ...] | None = None

    def table(self, part: Part) -> Table:
        """Rows from the folder where it has them, else from the hub."""
        return self._holder(part).table(part)

    def has(self, part: Part) -> bool:
        """Whether one of them has the part; a plan counts on licensed data being brought."""
        return self.planning or self._holder(part).has(part)

    def fingerprint(self, part: Part) -> str:
        """Identity of the rows; in a plan a branch of the hub stands for whatever commit it will be."""
        holder = self._holder(part)
        if not self.planning or holder is not self.hub:
            return holder.fingerprint(part)
        return "planned:" + " + ".join(f"{s.repo}@{s.revision}/{s.config}/{s.split}" for s in part.hub)

    def _holder(self, part: Part) -> DataPlace:
        if self.folder is not None and self.folder.has(part):
            return self.folder
        return self.hub


def evaluations(ledger: Ledger, study: str, scale: str) -> int:
    """How many evaluations of a study at a scale are there, also those of an earlier grid of it."""
    frame = ledger.results()
    if not len(frame):
        return 0
    own = (frame["source"] == f"run:{study}") & (frame["scale"] == scale) & (frame["variant"] != "constant")
    return int(frame[own & (frame["language"] != "all")]["locator"].nunique())


def adopt(ledger: Ledger, built: Graph) -> None:
    """Copy shipped records of stages of this graph into the ledger, also in place of one that is damaged there."""
    for stage in built.stages.values():
        shipped = Ledger(REFERENCE / "records") if (REFERENCE / "records" / stage.key).is_dir() else None
        if shipped is None or ledger.whole(stage.key):
            continue
        try:
            record = shipped.verify(stage.key)
        except Damaged:
            continue
        folder = ledger.work(stage.key)
        folder.mkdir(parents=True, exist_ok=True)
        for name in record["files"]:
            shutil.copyfile(shipped.folder(stage.key) / name, folder / name)
        known = {
            name: value for name, value in record.items() if name not in ("schema", "key", "files", "digest")
        }
        ledger.publish(stage.key, known, {name: folder / name for name in record["files"]})


def only(text: Sequence[str]) -> tuple[str, ...]:
    """Names of one or several `--only a,b`."""
    return tuple(name for part in text for name in part.split(",") if name)
