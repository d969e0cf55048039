"""Intermediate and target training: one task or several, with or without masked language modelling beside.

Heads are new in every phase, also where two phases train the same task (v1, Appendix A.2); the exceptions are
the masked-language-modelling head, whose output matrix is the embeddings, XTREME-R's COPA, which goes on
with the head of Social IQa, and labels that are written, which have the matrix of the phase before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from replicate.examples import Examples
from replicate.keyed import generator, torch_seed
from replicate.metrics import score
from replicate.model import weights
from replicate.model.backbone import Backbone
from replicate.model.heads import MaskedHead, initialise
from replicate.model.language import LanguageHead
from replicate.progress import Reporter
from replicate.recipes.recipe import Training
from replicate.stages.as_text import Answering
from replicate.stages.encoders import text_source
from replicate.stages.examples import encoded, new_head, predict
from replicate.stages.outcome import Outcome, Parents, history
from replicate.stages.setting import Setting
from replicate.stages.stage import EPOCH, Stage
from replicate.tasks import TASKS, Task
from replicate.text.pieces import Pieces
from replicate.text.shelf import Shelf
from replicate.train import order
from replicate.train.device import Device
from replicate.train.loop import Job, train
from replicate.train.sources import Source, TaskSource


def supervised(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """An encoder and heads trained on the tasks of the stage.

    Several tasks share the optimiser and the learning rate of the first; batch size, row length and number of rows
    are each task's own.
    """
    told = stage.settings
    seed = int(told["seed"])
    key = (seed, stage.kind, *told["tasks"], told.get("variant", ""))
    device, pieces, encoder = setting.on(), parents.pieces(stage), parents.encoder(stage)
    numbers = {name: Training.model_validate(values) for name, values in told["training"].items()}
    written = Answering.of(stage, parents, pieces, encoder)
    sources: list[Source] = []
    heads: dict[str, nn.Module] = {**written.carried}
    facts: dict[str, object] = {"rows": {}, "digests": {}}
    for name in told["tasks"]:
        task = TASKS[name]
        examples, digests = training_examples(task, setting, numbers[name], told.get("translated", []))
        facts_of_rows = {
            "task": name,
            "epoch": EPOCH[stage.kind],
            "rows": numbers[name].rows,
            "digests": digests,
        }
        shelf = Shelf(setting.runs / ".encoded", folder, facts_of_rows)
        behind = written.behind(name)
        source = TaskSource(
            name,
            encoded(task, examples, pieces, numbers[name], train=True, shelf=shelf, behind=behind).rows,
            numbers[name].batch,
            key,
            numbers[name].sort_window,
        )
        sources.append(source)
        torch.manual_seed(torch_seed(*key, "head", name))
        heads[name] = written.head(name) or new_head(task, task.labels_at(setting.data), encoder, examples)
        initialise(heads[name], encoder.spread)
        if task.kind == "code" and "head" in stage.parents:
            own = parents.head(stage, "causal", "head").get("words.own")
            heads[name] = LanguageHead(encoder.word_embeddings, own)
        if told.get("keep_head"):
            heads[name].load_state_dict(parents.head(stage, str(told["keep_head"])))
        facts["rows"][name], facts["digests"][name] = len(source.rows), digests  # type: ignore[index]
    first = numbers[told["tasks"][0]]
    steps = _order(stage, sources, first, key)
    if told.get("variant") == "mlm":
        phase = setting.recipe.intermediate
        assert phase.mlm is not None and phase.mixture is not None
        masked = text_source(phase.mlm, stage, setting, pieces, key, phase.mlm.batch)
        masked.weight = phase.mixture.mlm_weight or phase.mixture.cap
        sources.append(masked)
        heads["mlm"] = MaskedHead(encoder.word_embeddings)
        heads["mlm"].load_state_dict(parents.head(stage, "mlm"))
        steps = order.with_masking(steps, sources, phase.mixture.cap, key)
    job = Job(
        key=key,
        encoder=encoder,
        heads=heads,
        sources=sources,
        order=steps,
        training=first,
        device=device,
        folder=folder,
        score=_selection(stage, setting, encoder, heads, pieces, numbers, device, written),
        reporter=reporter,
        label=stage.name,
        every_seconds=setting.checkpoint_seconds,
    )
    facts |= history(train(job))
    facts["selected_on"] = told["selected_on"]
    return Outcome(weights.save(folder, encoder, heads), facts)


def training_examples(
    task: Task, setting: Setting, numbers: Training, translated: list[str]
) -> tuple[Examples, list[str]]:
    """(training examples, digests of their rows): English, or its translations into the given languages."""
    loaded = [task.loaded("train", language, setting.data) for language in translated or ["en"]]
    examples = [example for part in loaded for example in part.examples]
    if numbers.rows is not None and numbers.rows < len(examples):
        chosen = generator("rows", task.name, numbers.rows).permutation(len(examples))[: numbers.rows]
        examples = [examples[i] for i in np.sort(chosen)]
    return examples, [part.digest for part in loaded]


def _order(stage: Stage, sources: list[Source], first: Training, key: tuple[int | str, ...]) -> np.ndarray:
    mixture = stage.settings.get("mixture")
    if mixture is None:
        return order.single(sources[0], first.epochs, first.steps)
    return order.proportional(sources, mixture["cap"], mixture["epochs"], key)


def _selection(
    stage: Stage,
    setting: Setting,
    encoder: Backbone,
    heads: dict[str, nn.Module],
    pieces: Pieces,
    numbers: dict[str, Training],
    device: Device,
    written: Answering,
) -> Callable[[], float] | None:
    """Mean primary score on English dev over the tasks, or None where the recipe keeps the last model."""
    if all(training.select is None for training in numbers.values()):
        return None
    prepared = []
    for name in stage.settings["tasks"]:
        task, select = TASKS[name], numbers[name].select
        examples = task.load("dev", "en", setting.data)
        examples = examples[: select.rows] if select and select.rows else examples
        behind = written.behind(name)
        prepared.append((task, examples, encoded(task, examples, pieces, numbers[name], behind=behind)))

    def measure() -> float:
        values = [
            score(task, "en", predict(data, encoder, heads[task.name], device), examples)[task.primary]
            for task, examples, data in prepared
        ]
        return sum(values) / len(values)

    return measure
