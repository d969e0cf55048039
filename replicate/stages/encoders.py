"""Stages that make a model: its tokenizer, and its pretraining (public, trained here, or none at all)."""

from __future__ import annotations

from pathlib import Path

import torch

from replicate.keyed import torch_seed
from replicate.model import weights
from replicate.model.families import fresh, pretraining_head
from replicate.model.heads import initialise
from replicate.progress import Reporter
from replicate.recipes.recipe import MaskedModelling, Pretraining, SpanCorruption, Text
from replicate.stages.outcome import Outcome, Parents, history
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.text import corpus, unigram
from replicate.text.pieces import Pieces
from replicate.train import order
from replicate.train.left_to_right import next_token
from replicate.train.loop import Job, train
from replicate.train.masking import masked
from replicate.train.running_text import Ask, TextSource
from replicate.train.spans import spans


def tokenizer(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """A Unigram tokenizer trained on the text, or that of the public model."""
    path = folder / "tokenizer.json"
    model = setting.recipe.model
    if model.hub is not None:
        pieces = Pieces.from_hub(model.hub, model.revision)
    else:
        assert setting.recipe.pretraining is not None and model.vocabulary is not None
        text, count = setting.need_text(), setting.recipe.pretraining.tokenizer_rows
        lines = (line for language in stage.settings["languages"] for line in text.texts(language, count))
        pieces = Pieces.of(unigram.train(lines, model.vocabulary))
    pieces.save(path)
    return Outcome({"tokenizer.json": path}, {"pieces": pieces.size, "fingerprint": pieces.fingerprint})


def pretrain(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """A model with the head of its pretraining."""
    recipe = setting.recipe
    if recipe.model.hub is not None:
        # The weights stay in the hub's cache: 2.2 GB that anyone can fetch again need no copy in the ledger.
        told = {"hub": recipe.model.hub, "revision": recipe.model.revision}
        return Outcome({}, {**told, **recipe.model.identity})
    assert recipe.model.shape is not None and recipe.pretraining is not None
    numbers: Pretraining = recipe.pretraining
    pieces = parents.pieces(stage)
    seed = int(stage.settings["seed"])
    words = pieces.size + (numbers.spans.sentinels if numbers.spans else 0)
    model = fresh(recipe.model.family, recipe.model.shape, words, torch_seed(seed, "encoder"))
    torch.manual_seed(torch_seed(seed, "mlm head"))
    head = initialise(pretraining_head(model), recipe.model.shape.spread)
    facts: dict[str, object] = {"parameters": sum(p.numel() for p in model.parameters())}
    if not stage.settings["random"]:
        source = text_source(numbers.text, stage, setting, pieces, (seed, "pretrain"), numbers.training.batch)
        job = Job(
            key=(seed, "pretrain"),
            encoder=model,
            heads={numbers.text.objective: head},
            sources=[source],
            order=order.single(source, numbers.training.epochs, numbers.training.steps),
            training=numbers.training,
            device=setting.on(),
            folder=folder,
            reporter=reporter,
            label=stage.name,
            every_seconds=setting.checkpoint_seconds,
        )
        facts |= {"rows": source.corpus.sizes, "shares": source.shares, **history(train(job))}
    return Outcome(weights.save(folder, model, {numbers.text.objective: head}), facts)


def text_source(
    how: Text, stage: Stage, setting: Setting, pieces: Pieces, key: tuple[int | str, ...], batch: int
) -> TextSource:
    """Text of the languages that the stage names, with the question of its objective."""
    text = setting.need_text()
    count = how.rows_per_language or 10**9
    texts = {language: text.texts(language, count) for language in stage.settings["languages"]}
    rows = corpus.encode(texts, pieces, how.longest, blocks=how.blocks)
    return TextSource(how.objective, rows, _question(how, pieces), batch, key, how.alpha, evenly=how.evenly)


def _question(how: Text, pieces: Pieces) -> Ask:
    if isinstance(how, MaskedModelling):
        return masked(pieces, how.mask)
    if isinstance(how, SpanCorruption):
        return spans(how.mask, how.span, pieces.size, how.sentinels, pieces.eos)
    return next_token
