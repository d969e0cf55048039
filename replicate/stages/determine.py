"""What determines the trainings of a study, and what they start from: the settings that a key is a hash of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from analysis.errors import InputError, Problem
from replicate.recipes.recipe import Phase, Training
from replicate.stages.as_text import told_of_training
from replicate.stages.on_code import numbers_of, words
from replicate.stages.setting import Setting
from replicate.stages.stage import Kind, Stage
from replicate.studies.study import Grid, Study
from replicate.tasks import Task, get

DECODING = "best span, started where its window has the most context"
"""How an answer is read from the scores of overlapping windows: scores of another rule are other scores."""


@dataclass
class Maker:
    """Makes the stages of one grid."""

    study: Study
    grid: Grid
    setting: Setting
    scale: str
    absent: list[str] = field(default_factory=list)
    """What the grid asks for and the data at hand does not allow, in words."""
    start: Stage | None = None
    """The pretrained model of the column that is being built."""

    def stage(
        self, kind: Kind, name: str, told: Mapping[str, Any], parents: Mapping[str, str] | None = None
    ) -> Stage:
        """A stage under the recipe in force; where models are compared its name begins with the model's."""
        several = bool(self.setting.others) and kind != "tokenizer"
        label = f"{self.setting.recipe.model.name}: {name}" if several else name
        return Stage(kind, label, told, parents or {}, self.setting.recipe.name)

    def tokenizer(self) -> Stage:
        """The tokenizer."""
        recipe = self.setting.recipe
        if recipe.model.hub is not None:
            told: dict[str, Any] = {"hub": recipe.model.hub, "revision": recipe.model.revision}
            return self.stage("tokenizer", "tokenizer", told)
        assert recipe.pretraining is not None
        told = {
            "vocabulary": recipe.model.vocabulary,
            "rows": recipe.pretraining.tokenizer_rows,
            "languages": self._languages(),
            "text": self.setting.need_text().text_fingerprint(),
        }
        return self.stage("tokenizer", "tokenizer", told)

    def _languages(self) -> list[str]:
        assert self.setting.recipe.pretraining is not None
        wanted = self.setting.recipe.pretraining.text.languages
        return list(wanted or self.setting.need_text().languages or ())

    def pretrain(self, tokenizer: Stage, random: bool) -> Stage:
        """The encoder before the intermediate phase: public, trained here, or random."""
        recipe = self.setting.recipe
        parents = {"tokenizer": tokenizer.key}
        if recipe.model.hub is not None:
            told: dict[str, Any] = {"hub": recipe.model.hub, "revision": recipe.model.revision}
            return self.stage("pretrain", "pretrained", {**told, **recipe.model.identity})
        assert recipe.pretraining is not None and recipe.model.shape is not None
        told = {
            "seed": 0,
            "random": random,
            "shape": recipe.model.shape.model_dump(exclude_none=True),
            "languages": self._languages(),
            **recipe.model.identity,
            **({"sentinels": recipe.pretraining.spans.sentinels} if recipe.pretraining.spans else {}),
        }
        if not random:
            told |= {
                "training": recipe.pretraining.training.model_dump(mode="json"),
                recipe.pretraining.text.objective: recipe.pretraining.text.model_dump(mode="json"),
                "text": self.setting.need_text().text_fingerprint(),
                "numerics": self.numerics(),
            }
        return self.stage("pretrain", "random encoder" if random else "pretraining", told, parents)

    def intermediate(
        self, name: str, variant: str, seed: int, start: Stage, tokenizer: Stage, after: str = ""
    ) -> Stage | None:
        """Intermediate training on one task or several; None (and a note) where data is not at hand.

        `start` is the encoder that it goes on from: the pretrained one, or that of the phase `after`.
        """
        if variant == "mlm" and self.setting.text is None:
            self.absent.append("variant mlm: it needs running text, --text <folder of language.txt.gz>")
            return None
        phase = self.setting.recipe.intermediate
        if variant == "mlm" and self.setting.recipe.model.family != "encoder":
            self.absent.append(
                f"variant mlm: {self.setting.recipe.model.name} has no masked language modelling"
            )
            return None
        if variant == "mlm" and (phase.mlm is None or phase.mixture is None):
            self.absent.append(
                f"variant mlm: recipe {self.setting.recipe.name} has no intermediate.mlm and mixture"
            )
            return None
        tasks = self.grid.multi if name == "multi" else tuple(name.split("+"))
        over: dict[str, Any] = {"lr": phase.mlm_lr} if variant == "mlm" and phase.mlm_lr else {}
        over |= {"rows": self.grid.intermediate_rows} if self.grid.intermediate_rows else {}
        numbers = {task: found for task in tasks if (found := self._numbers(phase, task, **over))}
        told = self._training_settings(numbers, seed) if len(numbers) == len(tasks) else None
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
            assert phase.mlm is not None and phase.mixture is not None
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
        own = words(map(get, tasks), self.setting.recipe, self.start)
        parents = {"encoder": start.key, "tokenizer": tokenizer.key, **own}
        phase_of = f"{after}>{name}" if after else name
        return self.stage("intermediate", f"intermediate {phase_of}{also}, seed {seed}", told, parents)

    def target(
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
        """Training on English data of a target, and its numbers; None (and a note) where data is not at hand."""
        phase = self.setting.recipe.target
        numbers = self._numbers(phase, link.name if link.name in phase.tasks else task.name)
        if numbers is None:
            return None
        told = self._training_settings({link.name: numbers}, seed)
        if told is None:
            return None
        if before is not None:
            told["keep_head"] = before
        also = "" if variant == "plain" else f" ({variant})"
        own = words([link], self.setting.recipe, self.start)
        parents = {"encoder": last.key, "tokenizer": tokenizer.key, **own}
        stage = self.stage("target", f"target {link.name} after {name}{also}, seed {seed}", told, parents)
        return stage, numbers

    def _numbers(self, phase: Phase, task: str, **over: Any) -> Training | None:
        """Numbers of one task's training; None (and a note) where the recipe lacks one, such as a batch."""
        try:
            return phase.of(task, **over)
        except ValidationError:
            self.absent.append(f"{task}: recipe {self.setting.recipe.name} has no numbers for it")
            return None

    def _training_settings(self, numbers: Mapping[str, Training], seed: int) -> dict[str, Any] | None:
        """Settings of a supervised training on tasks; None (and a note) where a training split is not at hand."""
        data, tasks = self.setting.data, [get(name) for name in numbers]
        for task in tasks:
            if "en" not in task.available("train", data):
                self.absent.append(f"{task.name}: no training split at hand")
                return None
        each = {task.name: numbers_of(task, numbers[task.name]) for task in tasks}
        for task in tasks:
            if task.kind == "span" and (gap := each[task.name].gap):
                what = f"recipe {self.setting.recipe.name}, task {task.name}: {gap}"
                raise InputError(Problem(what, "lower `doc_stride` or `stride`, or raise `longest`"))
        marks = [mark for task in tasks for mark in task.fingerprint("train", "en", data)]
        chosen = [task for task in tasks if each[task.name].select is not None]
        for task in chosen:
            if "en" not in task.available("dev", data):
                self.absent.append(
                    f"{task.name}: no dev split at hand, on which the recipe selects the model"
                )
                return None
        marks += [mark for task in chosen for mark in task.fingerprint("dev", "en", data)]
        decoded = {"decoding": DECODING} if any(task.kind == "span" for task in chosen) else {}
        return {
            **decoded,
            **told_of_training(tasks, self.setting.recipe),
            "tasks": [task.name for task in tasks],
            "seed": seed,
            "training": {name: one.model_dump(mode="json") for name, one in each.items()},
            "data": marks,
            "numerics": self.numerics(),
            "selected_on": [f"{task.name} dev, English" for task in chosen] or "nothing: the last model",
        }

    def numerics(self) -> dict[str, Any]:
        """What changes the last bits of a result."""
        return self.setting.recipe.numerics.identity
