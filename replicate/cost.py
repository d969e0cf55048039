"""What a study costs before it runs: FLOPs, steps, hours, disk, and what sharing stages saves.

FLOPs per token of a forward pass: 24 L d^2 + 4 L s d (projections, and attention over s keys; multiply-add is
2); training is three times that; masked language modelling adds 6 d V per masked token. Hours are the larger
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
from replicate.recipes.recipe import Model
from replicate.stages.stage import Stage

FOLDER: Final = Path(__file__).parent / "reference"
PUBLIC: Final = {  # layers, width, words, parameters
    "FacebookAI/xlm-roberta-large": (24, 1024, 250_002, 560_142_482),
    "FacebookAI/xlm-roberta-base": (12, 768, 250_002, 278_295_186),
}


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


def shape(model: Model) -> tuple[int, int, int, int]:
    """(layers, width, words, parameters) of an encoder."""
    if model.shape is None:
        if model.hub in PUBLIC:
            return PUBLIC[model.hub]
        raise InputError(Problem(f"the size of {model.hub} is not known", f"known: {', '.join(PUBLIC)}"))
    one, words = model.shape, model.vocabulary or 0
    per_layer = 4 * one.hidden**2 + 2 * one.hidden * one.ffn
    return one.layers, one.hidden, words, one.layers * per_layer + (words + one.positions) * one.hidden


class Estimate:
    """Costs of the stages of one launch."""

    def __init__(self, one: Launch) -> None:
        self.recipe, self.scale = one.setting.recipe, one.scale
        self.layers, self.width, self.words, self.parameters = shape(self.recipe.model)
        self.table: dict[str, Any] = document(FOLDER / "costs.yaml")

    def of(self, stage: Stage) -> Cost:
        """Cost of one stage."""
        told = stage.settings
        if stage.kind == "pretrain":
            return self._pretraining(told)
        if stage.kind in ("intermediate", "target"):
            return self._supervised(told)
        if stage.kind == "evaluate":
            return self._evaluation(told)
        return Cost()

    def forward(self, tokens: float, length: float, share: float = 1.0) -> float:
        """FLOPs of a forward pass through a share of the layers."""
        layers = self.layers * share
        return tokens * (24 * layers * self.width**2 + 4 * layers * length * self.width)

    def _pretraining(self, told: Mapping[str, Any]) -> Cost:
        if told.get("random", True) or self.recipe.pretraining is None:
            return Cost(bytes=4.0 * self.parameters if "shape" in told else 0.0)
        numbers = self.recipe.pretraining
        steps = float(numbers.training.steps or 0)
        length = float(numbers.mlm.longest if numbers.mlm.blocks else self.table["world"]["pieces"])
        tokens = steps * numbers.training.batch * length
        return self._masked(steps, tokens, length, numbers.mlm.mask) + Cost(bytes=4.0 * self.parameters)

    def _masked(self, steps: float, tokens: float, length: float, mask: float) -> Cost:
        head = 6 * self.width * self.words * mask * tokens
        return Cost(3 * self.forward(tokens, length) + head, steps, tokens)

    def _supervised(self, told: Mapping[str, Any]) -> Cost:
        mixture = told.get("mixture")
        total = Cost(bytes=4.0 * self.parameters)
        for name in told["tasks"]:
            total += self.training(told, name)
        if told.get("variant") == "mlm" and mixture:
            main = sum(self._used(told, name)[0] for name in told["tasks"])
            ratio = min(mixture["mlm_weight"] or mixture["cap"], mixture["cap"]) / main
            steps, length = total.steps * ratio, float(self.table["mlm_pieces"])
            total += self._masked(steps, steps * told["mlm"]["batch"] * length, length, told["mlm"]["mask"])
        return total

    def training(self, told: Mapping[str, Any], name: str) -> Cost:
        """Cost of one task's part of a training, without its weights on disk."""
        _, group, length = self.size(name)
        numbers = told["training"][name]
        used, epochs = self._used(told, name)
        steps = numbers["steps"] or epochs * used / numbers["batch"]
        tokens = steps * numbers["batch"] * group * length
        return Cost(3 * self.forward(tokens, length), steps, tokens)

    def _used(self, told: Mapping[str, Any], name: str) -> tuple[float, float]:
        """(examples of a task that count, passes over them); a mixture caps the one and fixes the other."""
        numbers, mixture = told["training"][name], told.get("mixture")
        examples = self.size(name)[0]
        used = float(min(examples, numbers["rows"] or examples) * max(1, len(told.get("translated", []))))
        if mixture and len(told["tasks"]) > 1:
            return min(used, mixture["cap"]), mixture["epochs"]
        return used, numbers["epochs"]

    def _evaluation(self, told: Mapping[str, Any]) -> Cost:
        rows, length = self.table["evaluate"].get(told["task"], (10_000, 100))
        if self.scale == "miniature":
            length = self.table["world"]["pieces"]
        if told["rows"] is not None:
            rows = min(rows, told["rows"] * len(told["languages"]))
        share = 1.0
        if told["retrieval"]:
            share = self.recipe.evaluation.retrieval.layer_of(self.layers) / self.layers
        return Cost(self.forward(float(rows) * length, length, share), 0.0, rows * length)

    def size(self, task: str) -> tuple[float, int, float]:
        """(examples, rows per example, pieces per row) of a training split."""
        examples, group, length = self.table["train"].get(task, (10_000, 1, 100))
        return (
            (examples, group, self.table["world"]["pieces"])
            if self.scale == "miniature"
            else (examples, group, length)
        )


def unshared(one: Launch, each: Mapping[str, Cost]) -> list[Cost]:
    """Costs of all stages if every evaluated cell trained its own intermediate and target model."""
    found = []
    stages = one.graph.stages
    for stage in stages.values():
        if stage.kind != "evaluate":
            continue
        found.append(each[stage.key])
        parent = stages.get(stage.parents["encoder"])
        while parent is not None and parent.kind in ("intermediate", "target"):
            found.append(each[parent.key])
            parent = stages.get(parent.parents["encoder"])
    return found
