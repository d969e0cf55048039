"""A study at one scale as stages: who needs whom, each thing once, and what cannot run and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Training
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.studies.study import Grid, Study
from replicate.tasks import TASKS, Task, get

EMBEDDED = ("retrieval", "mining", "ranking")
"""Kinds of tasks that compare sentence vectors: they need an encoder and no head."""


@dataclass
class Graph:
    """Stages by key, every stage after those it builds on."""

    stages: dict[str, Stage] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    """What the grid asks for and the data at hand does not allow, in words."""
    uses: int = 0
    """How many trainings and evaluations the grid asks for, before equal ones became one stage."""
    shared: dict[str, int] = field(default_factory=dict)
    """Key -> how often the grid asks for the stage."""

    def add(self, stage: Stage) -> Stage:
        """The stage, or the equal one that is already there."""
        self.uses += 1
        self.shared[stage.key] = self.shared.get(stage.key, 0) + 1
        return self.stages.setdefault(stage.key, stage)


@dataclass
class Builder:
    """Turns one grid into a graph."""

    study: Study
    grid: Grid
    setting: Setting
    scale: str
    graph: Graph = field(default_factory=Graph)

    def build(self, seeds: int, only: Sequence[str] = ()) -> Graph:
        """Stages of the grid for `seeds` seeds, restricted to the intermediates and targets in `only`."""
        intermediates, targets = self._restricted(only)
        tokenizer = self.graph.add(self._tokenizer())
        start = self.graph.add(self._pretrain(tokenizer, random=False))
        for variant in self.grid.variants:
            for name in intermediates:
                if name != "none" or variant == "plain":
                    self._column(name, variant, start, tokenizer, targets, seeds)
        if "random-init" in self.grid.controls:
            blank = self.graph.add(self._pretrain(tokenizer, random=True))
            self._column("none", "random-init", blank, tokenizer, targets, seeds)
        if "constant" in self.grid.controls:
            for target in targets:
                self._evaluate(get(target), "none", "constant", None, None, None, [0])
        self.graph.absent = list(dict.fromkeys(self.graph.absent))
        return self.graph

    def _restricted(self, only: Sequence[str]) -> tuple[list[str], list[str]]:
        for name in self.grid.targets:
            get(name)
        known = (*self.grid.intermediates, *self.grid.targets)
        for name in only:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"the grid has: {', '.join(known)}"
                raise InputError(
                    Problem(f"--only {name}: neither an intermediate nor a target of the grid", hint)
                )
        some = [name for name in self.grid.intermediates if name in only] or list(self.grid.intermediates)
        return some, [name for name in self.grid.targets if name in only] or list(self.grid.targets)

    def _column(
        self, name: str, variant: str, start: Stage, tokenizer: Stage, targets: Iterable[str], seeds: int
    ) -> None:
        """One intermediate (or none) with all targets and seeds."""
        trained = {}
        for seed in range(seeds):
            stage = start if name == "none" else self._intermediate(name, variant, seed, start, tokenizer)
            if stage is None:
                return
            trained[seed] = stage
        for target in targets:
            task = get(target)
            chain = task.trains_on or (() if task.kind in EMBEDDED else (task.name,))
            if not chain and name == "none":  # nothing is random here: one evaluation stands for all seeds
                self._evaluate(task, name, variant, start, tokenizer, None, list(range(seeds)))
                continue
            for seed, encoder in trained.items():
                last, numbers = encoder, None
                for place, link in enumerate(chain):
                    before = chain[place - 1] if place else None
                    step = self._target(task, get(link), before, name, variant, seed, last, tokenizer)
                    if step is None:
                        break
                    last, numbers = step
                else:
                    self._evaluate(
                        task, name, variant, last, tokenizer, numbers, [seed], chain[-1] if chain else None
                    )

    def _tokenizer(self) -> Stage:
        recipe = self.setting.recipe
        if recipe.model.hub is not None:
            return Stage(
                "tokenizer", "tokenizer", {"hub": recipe.model.hub, "revision": recipe.model.revision}
            )
        assert recipe.pretraining is not None
        told = {
            "vocabulary": recipe.model.vocabulary,
            "rows": recipe.pretraining.tokenizer_rows,
            "languages": self._languages(),
            "text": self.setting.need_text().text_fingerprint(),
        }
        return Stage("tokenizer", "tokenizer", told)

    def _languages(self) -> list[str]:
        assert self.setting.recipe.pretraining is not None
        wanted = self.setting.recipe.pretraining.mlm.languages
        return list(wanted or self.setting.need_text().languages or ())

    def _pretrain(self, tokenizer: Stage, random: bool) -> Stage:
        recipe = self.setting.recipe
        parents = {"tokenizer": tokenizer.key}
        if recipe.model.hub is not None:
            told: dict[str, Any] = {"hub": recipe.model.hub, "revision": recipe.model.revision}
            return Stage("pretrain", "pretrained", told)
        assert recipe.pretraining is not None and recipe.model.shape is not None
        told = {
            "seed": 0,
            "random": random,
            "shape": recipe.model.shape.model_dump(),
            "languages": self._languages(),
        }
        if not random:
            told |= {
                "training": recipe.pretraining.training.model_dump(mode="json"),
                "mlm": recipe.pretraining.mlm.model_dump(mode="json"),
                "text": self.setting.need_text().text_fingerprint(),
                "numerics": self._numerics(),
            }
        return Stage("pretrain", "random encoder" if random else "pretraining", told, parents)

    def _intermediate(
        self, name: str, variant: str, seed: int, start: Stage, tokenizer: Stage
    ) -> Stage | None:
        tasks = self.grid.multi if name == "multi" else tuple(name.split("+"))
        phase = self.setting.recipe.intermediate
        over = {"lr": phase.mlm_lr} if variant == "mlm" and phase.mlm_lr else {}
        told = self._training_settings([get(task) for task in tasks], phase, seed, over)
        if told is None:
            return None
        told["variant"] = variant
        if len(tasks) > 1:
            if phase.mixture is None:
                raise InputError(
                    Problem(f"recipe {self.setting.recipe.name} has no `mixture`", "add intermediate.mixture")
                )
            told["mixture"] = phase.mixture.model_dump(mode="json")
        if variant == "mlm":
            if phase.mlm is None or phase.mixture is None:
                raise InputError(
                    Problem(
                        f"recipe {self.setting.recipe.name} has no `mlm` for variant mlm",
                        "add intermediate.mlm",
                    )
                )
            told |= {
                "mlm": phase.mlm.model_dump(mode="json"),
                "mixture": phase.mixture.model_dump(mode="json"),
                "languages": list(phase.mlm.languages or self.setting.need_text().languages or ()),
                "text": self.setting.need_text().text_fingerprint(),
            }
        if variant == "translated":
            told["translated"] = list(self.grid.translated)
            told["data"] += [
                mark
                for task in tasks
                for one in self.grid.translated
                for mark in get(task).fingerprint("train", one, self.setting.data)
            ]
        also = "" if variant == "plain" else f" ({variant})"
        parents = {"encoder": start.key, "tokenizer": tokenizer.key}
        return self.graph.add(Stage("intermediate", f"intermediate {name}{also}, seed {seed}", told, parents))

    def _target(
        self,
        task: Task,
        link: Task,
        before: str | None,
        name: str,
        variant: str,
        seed: int,
        last: Stage,
        tokenizer: Stage,
    ) -> tuple[Stage, Training] | None:
        phase = self.setting.recipe.target
        numbers = phase.of(link.name if link.name in phase.tasks else task.name)
        told = self._training_settings([link], phase, seed, {}, numbers)
        if told is None:
            return None
        if before is not None:
            told["keep_head"] = before
        also = "" if variant == "plain" else f" ({variant})"
        parents = {"encoder": last.key, "tokenizer": tokenizer.key}
        stage = Stage("target", f"target {link.name} after {name}{also}, seed {seed}", told, parents)
        return self.graph.add(stage), numbers

    def _training_settings(
        self,
        tasks: Sequence[Task],
        phase: Any,
        seed: int,
        over: dict[str, Any],
        numbers: Training | None = None,
    ) -> dict[str, Any] | None:
        """Settings of a supervised training, or None (and a note) where a training split is not at hand."""
        data = self.setting.data
        for task in tasks:
            if "en" not in task.available("train", data):
                self.graph.absent.append(f"{task.name}: no training split at hand")
                return None
        each = {task.name: numbers or phase.of(task.name, **over) for task in tasks}
        marks = [mark for task in tasks for mark in task.fingerprint("train", "en", data)]
        chosen = [task for task in tasks if each[task.name].select is not None]
        marks += [mark for task in chosen for mark in task.fingerprint("dev", "en", data)]
        return {
            "tasks": [task.name for task in tasks],
            "seed": seed,
            "training": {name: one.model_dump(mode="json") for name, one in each.items()},
            "data": marks,
            "numerics": self._numerics(),
            "selected_on": [f"{task.name} dev, English" for task in chosen] or "nothing: the last model",
        }

    def _evaluate(
        self,
        task: Task,
        name: str,
        variant: str,
        model: Stage | None,
        tokenizer: Stage | None,
        numbers: Training | None,
        seeds: list[int],
        head: str | None = None,
    ) -> None:
        evaluation, data = self.setting.recipe.evaluation, self.setting.data
        split = evaluation.splits.get(task.name, evaluation.split)
        languages = [
            one
            for one in task.available(split, data)
            if (task.kind not in ("retrieval", "mining") or one != "en")
            and (evaluation.languages is None or one in evaluation.languages)
        ]
        if not languages:
            self.graph.absent.append(f"{task.name}: no {split} split at hand in any language")
            return
        own_list = data.languages is not None
        embedded = task.kind in EMBEDDED
        told = {
            "study": self.study.name,
            "scale": self.scale,
            "model": self.setting.recipe.model.name,
            "intermediate": name,
            "variant": variant,
            "task": task.name,
            "split": split,
            "languages": languages,
            "expected_languages": languages if own_list else list(task.languages),
            "rows": evaluation.rows,
            "seeds": seeds,
            "data": [mark for one in languages for mark in task.fingerprint(split, one, data)],
        }
        if model is None or tokenizer is None:
            self.graph.add(Stage("constant", f"constant answers to {task.name}", told))
            return
        told |= {
            "retrieval": evaluation.retrieval.model_dump(mode="json") if embedded else None,
            "training": None if numbers is None or embedded else numbers.model_dump(mode="json"),
            "head": None if embedded else head,
            "numerics": self._numerics(),
        }
        also = "" if variant == "plain" else f" ({variant})"
        which = f"seed {seeds[0]}" if len(seeds) == 1 else "all seeds"
        parents = {"encoder": model.key, "tokenizer": tokenizer.key}
        self.graph.add(Stage("evaluate", f"evaluate {task.name} after {name}{also}, {which}", told, parents))

    def _numerics(self) -> dict[str, Any]:
        return self.setting.recipe.numerics.model_dump(mode="json")


def graph(
    study: Study, grid: Grid, setting: Setting, scale: str, seeds: int, only: Sequence[str] = ()
) -> Graph:
    """Stages of a study's grid at one scale."""
    for name in grid.intermediates:
        for task in () if name == "none" else grid.multi if name == "multi" else name.split("+"):
            if task not in TASKS:
                get(task)
    return Builder(study, grid, setting, scale).build(seeds, only)
