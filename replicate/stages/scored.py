"""What determines the zero-shot scores of a target: the model, the rows, and how an answer is read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from replicate.noise import Noise
from replicate.recipes.recipe import Training
from replicate.stages.as_text import told_of_evaluation
from replicate.stages.determine import DECODING, Maker
from replicate.stages.names import printed
from replicate.stages.stage import Stage
from replicate.tasks import Task

EMBEDDED = ("retrieval", "mining", "ranking")
"""Kinds of tasks that compare sentence vectors: they need an encoder and no head. Their pools are never cut,
because a smaller pool is an easier task."""


def scored(
    make: Maker,
    task: Task,
    name: str,
    variant: str,
    model: Stage | None,
    tokenizer: Stage | None,
    numbers: Training | None,
    seeds: list[int],
    head: str | None = None,
    noise: Noise | None = None,
) -> Stage | None:
    """Zero-shot evaluation of one target (without a model: the constant answers); None where there is no data."""
    evaluation, data = make.setting.recipe.evaluation, make.setting.data
    split = evaluation.splits.get(task.name, evaluation.split)
    languages = [
        one
        for one in task.available(split, data)
        if (task.kind not in ("retrieval", "mining") or one != "en")
        and (evaluation.languages is None or one in evaluation.languages)
    ]
    tuned = task.kind == "mining" and split == "test"
    if tuned:
        languages = _with_dev(make, task, languages)
    if not languages:
        make.absent.append(f"{task.name}: no {split} split at hand in any language")
        return None
    own_list = data.languages is not None
    embedded = task.kind in EMBEDDED
    told: dict[str, Any] = {
        "study": make.study.name,
        "scale": make.scale,
        "model": make.setting.recipe.model.name,
        "intermediate": printed(name, len(make.grid.multi)),
        "variant": variant,
        "task": task.name,
        "split": split,
        "languages": languages,
        "expected_languages": languages if own_list else list(task.languages),
        "rows": None if task.kind in EMBEDDED else evaluation.rows,
        "seeds": seeds,
        "data": [mark for one in languages for mark in task.fingerprint(split, one, data)],
    }
    if tuned and not own_list:  # a generated world is named by its test split already
        told["tuning"] = [mark for one in languages for mark in task.fingerprint("dev", one, data)]
    if model is None or tokenizer is None:
        return make.stage("constant", f"constant answers to {task.name}", told)
    if task.kind == "span":
        told["decoding"] = DECODING
    told |= {
        "retrieval": evaluation.retrieval.model_dump(mode="json") if embedded else None,
        "training": None if numbers is None or embedded else numbers.model_dump(mode="json"),
        "head": None if embedded else head,
        "numerics": make.numerics(),
    }
    told |= told_of_evaluation(task, make.setting.recipe)
    if noise is not None:
        told["noise"] = asdict(noise)
    also = "" if variant == "plain" else f" ({variant})"
    which = f"seed {seeds[0]}" if len(seeds) == 1 else "all seeds"
    parents = {"encoder": model.key, "tokenizer": tokenizer.key}
    return make.stage("evaluate", f"evaluate {task.name} after {name}{also}, {which}", told, parents)


def _with_dev(make: Maker, task: Task, languages: list[str]) -> list[str]:
    """Those of the languages that have the pools on which the threshold is tuned; a note tells of the others."""
    has = task.available("dev", make.setting.data)
    lost = [one for one in languages if one not in has]
    if lost:
        obtain = next((part.obtain for part in task.splits["dev"] if part.obtain), "")
        what = f"{task.name}: no dev pools at hand in {', '.join(lost)}, on which the threshold is tuned"
        make.absent.append(f"{what}; {obtain}" if obtain else what)
    return [one for one in languages if one in has]
