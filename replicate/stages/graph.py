"""A study at one scale as stages: who needs whom, each thing once, and what cannot run and why.

A grid of several recipes is walked once per recipe into one graph: what two models have in common (a tokenizer, the
rows of a constant answer) is there once, by its content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Training
from replicate.stages.averaged import averaged
from replicate.stages.determine import Maker
from replicate.stages.retained import retained
from replicate.stages.scored import EMBEDDED, scored
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.stages.writing import uncontained, written
from replicate.studies.designed import phases
from replicate.studies.study import Grid, Study
from replicate.tasks import Task, get

SCORED: Final = ("generate", "evaluate", "constant", "average")
"""Kinds of stages that a study is run for; the others are there for these."""


@dataclass
class Graph:
    """Stages by key, every stage after those it builds on."""

    stages: dict[str, Stage] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    """What the grid asks for and the data at hand does not allow, in words."""
    asked: dict[str, int] = field(default_factory=dict)
    """Key -> how often the grid asks for the stage: without sharing it would run that often."""

    def add(self, stage: Stage) -> Stage:
        """The stage, or the equal one that is already there."""
        self.asked[stage.key] = self.asked.get(stage.key, 0) + 1
        return self.stages.setdefault(stage.key, stage)


@dataclass
class Builder:
    """Walks the grid: columns (intermediate, variant), targets, seeds."""

    make: Maker
    graph: Graph = field(default_factory=Graph)

    def build(self, seeds: int, only: Sequence[str] = ()) -> Graph:
        """Stages of the grid for `seeds` seeds, restricted to the intermediates and targets in `only`."""
        grid = self.make.grid
        intermediates, targets = self._restricted(only)
        tokenizer = self.graph.add(self.make.tokenizer())
        start = self.graph.add(self.make.pretrain(tokenizer, random=False))
        for variant in grid.variants:
            for name in intermediates:
                if name != "none" or variant == "plain":
                    self._column(name, variant, start, tokenizer, targets, seeds)
        if "random-init" in grid.controls:
            blank = self.graph.add(self.make.pretrain(tokenizer, random=True))
            self._column("none", "random-init", blank, tokenizer, targets, seeds)
        if "constant" in grid.controls:
            for target in targets:
                if get(target).kind == "code" and uncontained():
                    self.make.absent.append(f"{target}: constant answers are not judged ({uncontained()})")
                    continue
                stage = scored(self.make, get(target), "none", "constant", None, None, None, [0])
                if stage is not None:
                    self.graph.add(stage)
        self.graph.absent = list(dict.fromkeys([*self.graph.absent, *self.make.absent]))
        return self.graph

    def _restricted(self, only: Sequence[str]) -> tuple[list[str], list[str]]:
        grid = self.make.grid
        columns, groups = grid.columns, grid.groups
        only = [one for name in only for one in groups.get(name, (name,))]
        known = (*columns, *grid.targets)
        for name in only:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"the grid has: {', '.join(known)}"
                raise InputError(
                    Problem(f"--only {name}: neither an intermediate nor a target of the grid", hint)
                )
        some = [name for name in columns if name in only] or list(columns)
        return some, [name for name in grid.targets if name in only] or list(grid.targets)

    def _column(
        self, name: str, variant: str, start: Stage, tokenizer: Stage, targets: Iterable[str], seeds: int
    ) -> None:
        """One intermediate (or none) with all targets and seeds."""
        self.make.start = start
        trained: dict[int, Stage] = {}
        for seed in range(seeds):
            stage = start if name == "none" else self._intermediate(name, variant, seed, start, tokenizer)
            if stage is None:
                return
            trained[seed] = stage
        by_seed: dict[int, dict[str, Stage]] = {seed: {} for seed in trained}
        for task in map(get, targets):
            chain = task.trains_on or (() if task.kind in EMBEDDED else (task.name,))
            if not chain and name == "none":  # nothing is random here: one evaluation stands for all seeds
                stage = scored(self.make, task, name, variant, start, tokenizer, None, list(trained))
                if stage is not None:
                    self.graph.add(stage)
                    for found in by_seed.values():
                        found[task.name] = stage
                    self._noisy(task, name, variant, start, tokenizer, None, list(trained), None)
                continue
            for seed, encoder in trained.items():
                stage = self._row(task, chain, name, variant, seed, encoder, tokenizer)
                if stage is not None:
                    by_seed[seed][task.name] = stage
        for seed, found in by_seed.items():
            if found:
                self.graph.add(averaged(self.make, name, variant, seed, found))

    def _row(
        self,
        task: Task,
        chain: Sequence[str],
        name: str,
        variant: str,
        seed: int,
        encoder: Stage,
        tokenizer: Stage,
    ) -> Stage | None:
        """Target trainings and the evaluation of one task for one seed."""
        last, numbers, before = encoder, None, None
        for link in chain:
            step = self.make.target(task, get(link), before, name, variant, seed, last, tokenizer)
            if step is None:
                return None
            last, numbers, before = self.graph.add(step[0]), step[1], link
        if task.kind == "code":
            return self._written(task, name, variant, seed, last, tokenizer, str(before))
        stage = scored(self.make, task, name, variant, last, tokenizer, numbers, [seed], before)
        if stage is not None:
            self._noisy(task, name, variant, last, tokenizer, numbers, [seed], before)
        return None if stage is None else self.graph.add(stage)

    def _intermediate(
        self, name: str, variant: str, seed: int, start: Stage, tokenizer: Stage
    ) -> Stage | None:
        """The last phase of an intermediate; orders that begin alike share their first phases."""
        done: list[tuple[str, Stage]] = []
        for phase in phases(name):
            last, after = (done[-1][1], ">".join(one for one, _ in done)) if done else (start, "")
            stage = self.make.intermediate(phase, variant, seed, last, tokenizer, after)
            if stage is None:
                return None
            done.append((phase, self.graph.add(stage)))
            if self.make.grid.retained and variant == "plain":
                self._retained(done, seed, tokenizer)
        return done[-1][1]

    def _retained(self, done: Sequence[tuple[str, Stage]], seed: int, tokenizer: Stage) -> None:
        """Scores of the tasks of all phases so far on the encoder of the last."""
        name = ">".join(phase for phase, _ in done)
        for phase, trained in done:
            for task in self.make.grid.multi if phase == "multi" else phase.split("+"):
                stage = retained(self.make, get(task), name, seed, done[-1][1], trained, tokenizer)
                if stage is not None:
                    self.graph.add(stage)

    def _written(
        self, task: Task, name: str, variant: str, seed: int, model: Stage, tokenizer: Stage, head: str
    ) -> Stage | None:
        """What writes programs and what judges them, also for noised prompts; the judging of the clean ones."""
        noises = self.make.grid.noise.noises() if self.make.grid.noise and variant != "random-init" else {}
        for label, noise in noises.items():
            named = label if variant == "plain" else f"{variant}-{label}"
            for stage in written(self.make, task, name, named, seed, model, tokenizer, head, noise):
                self.graph.add(stage)
        stages = [
            self.graph.add(one)
            for one in written(self.make, task, name, variant, seed, model, tokenizer, head)
        ]
        return stages[1] if len(stages) > 1 else None

    def _noisy(
        self,
        task: Task,
        name: str,
        variant: str,
        model: Stage,
        tokenizer: Stage,
        numbers: Training | None,
        seeds: list[int],
        head: str | None,
    ) -> None:
        """The same evaluation on noised rows, once per severity; not for the control that was never pretrained."""
        noising = self.make.grid.noise
        if noising is None or variant == "random-init":
            return
        for label, noise in noising.noises().items():
            named = label if variant == "plain" else f"{variant}-{label}"
            stage = scored(self.make, task, name, named, model, tokenizer, numbers, seeds, head, noise)
            if stage is not None:
                self.graph.add(stage)


def graph(
    study: Study, grid: Grid, setting: Setting, scale: str, seeds: int, only: Sequence[str] = ()
) -> Graph:
    """Stages of a study's grid at one scale.

    Raises
    ------
    InputError
        For a task that does not exist (nearest name offered), or one that `only` names and the grid lacks.
    """
    for name in (
        *grid.targets,
        *grid.multi,
        *grid.tasks,
    ):
        if name not in ("none", "multi"):
            get(name)
    built = Graph()
    for recipe in setting.recipes:
        Builder(Maker(study, grid, setting.under(recipe), scale), built).build(seeds, only)
    needed = _leading_to_scores(built.stages)
    return Graph(needed, built.absent, {key: times for key, times in built.asked.items() if key in needed})


def _leading_to_scores(stages: Mapping[str, Stage]) -> dict[str, Stage]:
    """The stages that some score builds on: where rows are absent, nothing is trained that nobody scores."""
    needed: set[str] = set()
    for key, stage in reversed(list(stages.items())):  # a stage stands after those it builds on
        if key in needed or stage.kind in SCORED:
            needed |= {key, *stage.parents.values()}
    return {key: stage for key, stage in stages.items() if key in needed}
