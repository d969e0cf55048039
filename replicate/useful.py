"""How much of a run's processor time trained and evaluated: told from its records, so it can be asked at any time.

Useful are the optimiser steps of trainings and the evaluations. The rest of a stage is reading rows, tokenising,
checkpoints, selection and records; the rest of a command, which no record knows, is imports, the graph, the
schedule and the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from replicate.made import SHIPPED, processor_seconds, wall_seconds

STEPPED: Final = ("pretrain", "intermediate", "target")


@dataclass(frozen=True)
class Spent:
    """Processor time of the stages of one kind."""

    kind: str
    stages: int = 0
    wall: float = 0.0
    """Seconds of the clock, one stage after another."""
    processor: float = 0.0
    useful: float = 0.0
    """Of it in optimiser steps, or in evaluation."""
    tokens: int = 0
    """Tokens that were trained on."""
    untold: int = 0
    """Trainings whose records are older than the count of the steps' own time; they are in no sum."""

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.kind,
            self.stages + other.stages,
            self.wall + other.wall,
            self.processor + other.processor,
            self.useful + other.useful,
            self.tokens + other.tokens,
            self.untold + other.untold,
        )

    @property
    def overhead(self) -> float | None:
        """Processor seconds per stage that neither trained nor evaluated; None without stages."""
        return (self.processor - self.useful) / self.stages if self.stages else None


def spent(records: Iterable[Mapping[str, Any]]) -> list[Spent]:
    """One entry per kind of stage, in order of appearance, and one for all; what ships here is left out."""
    kinds: dict[str, Spent] = {}
    for record in records:
        if record["key"] in SHIPPED:
            continue
        one = _of(record)
        kinds[one.kind] = kinds.get(one.kind, Spent(one.kind)) + one
    return [*kinds.values(), sum(kinds.values(), Spent("all"))]


def _of(record: Mapping[str, Any]) -> Spent:
    kind, processor, facts = record["kind"], processor_seconds(record), record["facts"]
    trained = kind in STEPPED and facts.get("steps")
    if trained and "step_processor_seconds" not in facts:
        return Spent(kind, untold=1)
    useful = float(facts["step_processor_seconds"]) if trained else processor if kind == "evaluate" else 0.0
    return Spent(kind, 1, wall_seconds(record), processor, useful, int(facts.get("tokens", 0)))


HEAD: Final = (
    "| kind | stages | wall s | processor s | of it training or evaluating | tokens/s in training |"
    " overhead, s per stage |\n"
    "|---|---:|---:|---:|---:|---:|---:|"
)


def markdown(found: list[Spent], whole: float | None = None) -> str:
    """The table; `whole` is the processor time of the command that made the records, where it is known."""
    lines = [HEAD]
    for one in found:
        if not one.stages:
            continue
        share = f"{one.useful / one.processor:.0%}" if one.processor else ""
        speed = f"{one.tokens / one.useful:,.0f}" if one.tokens and one.useful and one.kind != "all" else ""
        lines.append(
            f"| {one.kind} | {one.stages:,} | {one.wall:,.1f} | {one.processor:,.1f} | {share} | {speed} |"
            f" {one.overhead:.2f} |"
        )
    total = found[-1]
    if whole and total.stages:
        rest = whole - total.processor
        lines.append(f"| outside of stages | | | {rest:,.1f} | | | {rest / total.stages:.2f} |")
        lines.append(f"| the whole command | | | {whole:,.1f} | {total.useful / whole:.0%} | | |")
    if total.untold:
        lines.append(f"\n{total.untold} trainings do not tell the time of their steps and are in no sum.")
    return "\n".join(lines) + "\n"
