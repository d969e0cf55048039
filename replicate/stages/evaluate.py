"""Zero-shot evaluation: one trained model, one task, all languages, as rows of the results table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas

from replicate.metrics import score, score_rows
from replicate.metrics.rows import Run
from replicate.model.backbone import Backbone
from replicate.noise import Noise, noised
from replicate.progress import Reporter
from replicate.recipes.recipe import Retrieval, Training
from replicate.stages.as_text import Answering
from replicate.stages.examples import encoded, new_head, predict
from replicate.stages.names import printed
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.retrieval import scores_at
from replicate.stages.setting import Setting
from replicate.stages.stage import EPOCH, Stage
from replicate.tasks import TASKS, Task
from replicate.text.pieces import Pieces
from replicate.text.shelf import Shelf
from replicate.train.device import Device


def evaluate(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """Scores of one task in every language that the place has."""
    told, task = stage.settings, TASKS[stage.settings["task"]]
    device, pieces, encoder = setting.on(), parents.pieces(stage), parents.encoder(stage)
    encoder.to(device.torch)
    scores: dict[str, dict[str, float]] = {}
    counts: dict[str, int] = {}
    selected: dict[str, Any] = {}
    written = Answering.of(stage, parents, pieces, encoder)
    head = written.head(task.name)
    for one in (head, *written.carried.values()):
        if one is not None:
            one.to(device.torch)
    for language in told["languages"]:
        examples = limited(task, task.load(told["split"], language, setting.data), told["rows"])
        counts[language] = size(task, examples)
        if told.get("noise"):
            examples = noised(examples, Noise(**{**told["noise"], "kinds": tuple(told["noise"]["kinds"])}))
        if told["retrieval"] is not None:
            shelf = Shelf(setting.runs / ".encoded", folder, {"epoch": EPOCH["evaluate"]})
            found, notes = _retrieve(task, language, examples, stage, setting, encoder, pieces, device, shelf)
            scores[language], selected[language] = found, notes
            continue
        numbers = Training.model_validate(told["training"])
        if head is None:
            head = new_head(task, task.labels_at(setting.data), encoder, examples)
            head.load_state_dict(
                parents.head(stage, told["head"], "head" if "head" in stage.parents else "encoder")
            )
            head.to(device.torch)
        marks = {
            "split": told["split"],
            "language": language,
            "rows": told["rows"],
            "data": told["data"],
            "epoch": EPOCH["evaluate"],
            "noise": told.get("noise"),
        }
        shelf = Shelf(setting.runs / ".encoded", folder, {"task": task.name, **marks})
        data = encoded(task, examples, pieces, numbers, shelf=shelf, behind=written.behind(task.name))
        scores[language] = score(task, language, predict(data, encoder, head, device), examples)
    frame = table(stage, task, scores, counts)
    return Outcome({}, {"n": counts, "selected": selected}, frame)


def table(
    stage: Stage, task: Task, scores: dict[str, dict[str, float]], counts: dict[str, int]
) -> pandas.DataFrame:
    """Rows of the results table, for every seed that the stage stands for.

    The mean over languages (`all`) is over the languages of the place where it has its own list, and is left
    out where a language of the task is absent: a mean over fewer languages is another quantity.
    """
    told = stage.settings
    whole = replace(task, name=printed(task.name), languages=tuple(told["expected_languages"]))
    rows = []
    for seed in told["seeds"]:
        run = Run.of(stage.key, told, seed)
        rows += score_rows(run, whole, scores, counts)
    return pandas.DataFrame(rows)


def limited(task: Task, examples: Any, rows: int | None) -> Any:
    """The first `rows` examples; pools are never cut, because a smaller pool is an easier task."""
    return (
        examples[:rows]
        if rows is not None and task.kind not in ("retrieval", "mining", "ranking")
        else examples
    )


def size(task: Task, examples: Any) -> int:
    """Number of things that are scored."""
    if task.kind == "mining":
        return len(examples[0].gold)
    return len(examples[0].queries) if task.kind == "ranking" else len(examples)


def _retrieve(
    task: Task,
    language: str,
    examples: Any,
    stage: Stage,
    setting: Setting,
    encoder: Backbone,
    pieces: Pieces,
    device: Device,
    shelf: Shelf,
) -> tuple[dict[str, float], dict[str, Any]]:
    """Scores at the recipe's layer, and with `sweep` also those of all others, named `<metric>@<layer>`."""
    how = Retrieval.model_validate(stage.settings["retrieval"])
    tuning = None
    if task.kind == "mining" and stage.settings["split"] == "test":
        tuning = task.load("dev", language, setting.data)
    at = how.layer_of(encoder.depth)
    scores, notes = scores_at(task, language, examples, tuning, encoder, pieces, how, at, device, shelf)
    for layer in range(encoder.depth + 1) if how.sweep else ():
        swept, _ = scores_at(task, language, examples, tuning, encoder, pieces, how, layer, device, shelf)
        scores |= {f"{name}@{layer}": value for name, value in swept.items()}
    return scores, {"layer": at, **notes}
