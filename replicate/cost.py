"""What a study costs before it runs: FLOPs, steps, hours, disk, and what sharing stages saves.

FLOPs per token of a forward pass: 24 L d^2 + 4 L s d (projections, and attention over s keys; multiply-add is
2; `replicate.sizes` has other shapes); training is three times that; a token that the model is asked for in
pretraining adds 6 d V. Hours are the larger
of FLOPs / effective rate and steps x time per step, because batches of four short rows are bound by latency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.errors import InputError, Problem
from replicate.launch import Launch
from replicate.recipes.load import document
from replicate.recipes.recipe import MaskedModelling, Recipe, SpanCorruption, Text
from replicate.sizes import Size, size
from replicate.stages.stage import Stage

FOLDER: Final = Path(__file__).parent / "reference"

TRAINED: Final = ("intermediate", "target")
"""Kinds of stages that train on labelled rows."""


@dataclass(frozen=True)
class Throughput:
    """How fast a machine is, and how well that is known."""

    name: str
    flops_per_second: float
    seconds_per_step: float
    workers: int
    price_per_hour: float | None
    measured: bool
    source: str


@dataclass(frozen=True)
class Cost:
    """Cost of one stage."""

    flops: float = 0.0
    steps: float = 0.0
    tokens: float = 0.0
    bytes: float = 0.0
    """Disk that its record takes."""

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.flops + other.flops,
            self.steps + other.steps,
            self.tokens + other.tokens,
            self.bytes + other.bytes,
        )

    def hours(self, speed: Throughput) -> float:
        """Hours of one machine with one stage at a time."""
        return max(self.flops / speed.flops_per_second, self.steps * speed.seconds_per_step) / 3600


def throughput(name: str) -> Throughput:
    """Throughput by name of a bundled file, or from a YAML file of the user."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else FOLDER / "throughput" / f"{name}.yaml"
    if not path.is_file():
        has = ", ".join(sorted(one.stem for one in (FOLDER / "throughput").glob("*.yaml")))
        raise InputError(
            Problem(f"there is no throughput {name!r}", f"there are: {has}; or give a YAML file")
        )
    told = document(path)
    try:
        return Throughput(
            **{
                **told,
                "flops_per_second": float(told["flops_per_second"]),
                "seconds_per_step": float(told["seconds_per_step"]),
            }
        )
    except (TypeError, KeyError, ValueError) as error:
        raise InputError(
            Problem(f"not a throughput file: {error}", "copy a bundled one", str(path))
        ) from None


class Estimate:
    """Costs of the stages of one launch."""

    def __init__(self, one: Launch) -> None:
        self.scale = one.scale
        self.recipes = {recipe.name: recipe for recipe in one.setting.recipes}
        self.sizes = {name: size(recipe.model) for name, recipe in self.recipes.items()}
        self.first = one.setting.recipe.name
        self.table: dict[str, Any] = document(FOLDER / "costs.yaml")

    def of(self, stage: Stage) -> Cost:
        """Cost of one stage."""
        if stage.kind == "pretrain":
            return self._pretraining(stage)
        if stage.kind in ("intermediate", "target"):
            return self._supervised(stage)
        if stage.kind == "generate":
            return self._generation(stage)
        if stage.kind == "evaluate" and "completions" not in stage.parents:
            return self._evaluation(stage)
        return Cost()

    def recipe(self, stage: Stage) -> Recipe:
        """The recipe that asked for a stage."""
        return self.recipes[stage.recipe or self.first]

    def size_of(self, stage: Stage) -> Size:
        """The size of a stage's model."""
        return self.sizes[stage.recipe or self.first]

    def share(self, stage: Stage) -> float:
        """Share of the layers that a retrieval task passes."""
        layers = self.size_of(stage).layers
        return self.recipe(stage).evaluation.retrieval.layer_of(layers) / layers

    def _pretraining(self, stage: Stage) -> Cost:
        numbers, model = self.recipe(stage).pretraining, self.size_of(stage)
        disk = Cost(bytes=4.0 * model.parameters if "shape" in stage.settings else 0.0)
        if stage.settings.get("random", True) or numbers is None:
            return disk
        steps = float(numbers.training.steps or 0)
        length = float(numbers.text.longest if numbers.text.blocks else self.table["world"]["pieces"])
        tokens = steps * numbers.training.batch * length
        return self._reading(model, steps, tokens, length, _asked(numbers.text)) + disk

    def _reading(self, model: Size, steps: float, tokens: float, length: float, asked: float) -> Cost:
        head = 6 * model.width * model.words * asked * tokens
        return Cost(3 * model.forward(tokens, length) + head, steps, tokens)

    def _supervised(self, stage: Stage) -> Cost:
        told, model = stage.settings, self.size_of(stage)
        mixture = told.get("mixture")
        total = Cost(bytes=4.0 * model.parameters)
        for name in told["tasks"]:
            total += self.training(stage, name)
        if told.get("variant") == "mlm" and mixture:
            main = sum(self._used(told, name)[0] for name in told["tasks"])
            ratio = min(mixture["mlm_weight"] or mixture["cap"], mixture["cap"]) / main
            steps, length = total.steps * ratio, float(self.table["mlm_pieces"])
            tokens = steps * told["mlm"]["batch"] * length
            total += self._reading(model, steps, tokens, length, told["mlm"]["mask"])
        return total + self.selection(stage, total.steps)

    def selection(self, stage: Stage, steps: float) -> Cost:
        """Cost of scoring the model on English dev while it is trained; the first task says how often."""
        numbers = stage.settings["training"]
        chosen = {name: numbers[name]["select"] for name in stage.settings["tasks"]}
        first = next(iter(chosen.values()))
        total = Cost()
        for name, select in chosen.items() if first else ():
            _, group, length = self.size(name)
            rows = float(self.table["dev"].get(name, 2_000))
            rows = min(rows, (select or {}).get("rows") or rows) * steps / first["every"]
            total += Cost(self.size_of(stage).forward(rows * group * length, length))
        return total

    def training(self, stage: Stage, name: str) -> Cost:
        """Cost of one task's part of a training, without its weights on disk."""
        told = stage.settings
        _, group, length = self.size(name)
        numbers = told["training"][name]
        used, epochs = self._used(told, name)
        steps = numbers["steps"] or epochs * used / numbers["batch"]
        tokens = steps * numbers["batch"] * group * length
        return Cost(3 * self.size_of(stage).forward(tokens, length), steps, tokens)

    def _used(self, told: Mapping[str, Any], name: str) -> tuple[float, float]:
        """(examples of a task that count, passes over them); a mixture caps the one and fixes the other."""
        numbers, mixture = told["training"][name], told.get("mixture")
        examples = self.size(name)[0]
        used = float(min(examples, numbers["rows"] or examples) * max(1, len(told.get("translated", []))))
        if mixture and len(told["tasks"]) > 1:
            return min(used, mixture["cap"]), mixture["epochs"]
        return used, numbers["epochs"]

    def _evaluation(self, stage: Stage) -> Cost:
        told = stage.settings
        rows, length = self.table["evaluate"].get(told["task"], (10_000, 100))
        if self.scale == "miniature":
            length = self.table["world"]["pieces"]
        if told["rows"] is not None:
            rows = min(rows, told["rows"] * len(told["languages"]))
        share = self.share(stage) if told["retrieval"] else 1.0
        return Cost(self.size_of(stage).forward(float(rows) * length, length, share), 0.0, rows * length)

    def _generation(self, stage: Stage) -> Cost:
        """Prompts are read once for all samples; each further token goes through the model alone."""
        told, model = stage.settings, self.size_of(stage)
        rows, length = self.table["generate"][told["task"]]
        rows = min(rows, told["rows"] * len(told["languages"])) if told["rows"] is not None else rows
        if self.scale == "miniature":
            length = self.table["world"]["pieces"]
        how = told["generation"]
        more = float(how["samples"] * min(how["longest"], self.table["completion_pieces"]))
        words = 2 * model.width * model.words * more
        flops = model.forward(length, length) + model.forward(more, length + how["longest"] / 2) + words
        return Cost(rows * flops, 0.0, rows * (length + more))

    def size(self, task: str) -> tuple[float, int, float]:
        """(examples, rows per example, pieces per row) of a training split."""
        examples, group, length = self.table["train"].get(task, (10_000, 1, 100))
        return (
            (examples, group, self.table["world"]["pieces"])
            if self.scale == "miniature"
            else (examples, group, length)
        )


def _asked(text: Text) -> float:
    """Share of the tokens that a model is asked for in pretraining."""
    return text.mask if isinstance(text, MaskedModelling | SpanCorruption) else 1.0


def unshared(one: Launch, each: Mapping[str, Cost]) -> list[Cost]:
    """Costs of all stages if every evaluated cell trained its own intermediate and target models.

    What is no supervised training (tokenizer, pretraining, scores, means) counts once, as in the plan: people who
    share nothing else share the pretrained encoder. A cell trains every phase that it builds on, on whichever way.
    """
    stages = one.graph.stages
    found = [each[key] for key, stage in stages.items() if stage.kind not in TRAINED]
    for stage in stages.values():
        if stage.kind == "evaluate":
            found += [each[key] for key in _trainings(stage, stages)]
    return found


def _trainings(stage: Stage, stages: Mapping[str, Stage]) -> set[str]:
    """Keys of all supervised trainings that a stage builds on."""
    found: set[str] = set()
    waiting = [*stage.parents.values()]
    while waiting:
        key = waiting.pop()
        if key in stages and key not in found and stages[key].kind in (*TRAINED, "generate"):
            found |= {key} if stages[key].kind in TRAINED else set()
            waiting += stages[key].parents.values()
    return found
