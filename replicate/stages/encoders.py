"""Stages that make an encoder: its tokenizer, and its pretraining (public, trained here, or none at all)."""

from __future__ import annotations

from pathlib import Path

import torch

from replicate.keyed import torch_seed
from replicate.model import weights
from replicate.model.encoder import build
from replicate.model.heads import MaskedHead, initialise
from replicate.progress import Reporter
from replicate.recipes.recipe import MaskedModelling, Pretraining
from replicate.stages.outcome import Outcome, Parents, history
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.text import corpus, unigram
from replicate.text.pieces import Pieces
from replicate.train import order
from replicate.train.loop import Job, train
from replicate.train.masking import MaskedSource


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
    """An encoder with its masked-language-modelling head."""
    recipe = setting.recipe
    if recipe.model.hub is not None:
        # The weights stay in the hub's cache: 2.2 GB that anyone can fetch again need no copy in the ledger.
        return Outcome({}, {"hub": recipe.model.hub, "revision": recipe.model.revision})
    assert recipe.model.shape is not None and recipe.pretraining is not None
    pieces = parents.pieces(stage)
    seed = int(stage.settings["seed"])
    encoder = build(weights.configuration(recipe.model.shape, pieces.size), torch_seed(seed, "encoder"))
    torch.manual_seed(torch_seed(seed, "mlm head"))
    head = MaskedHead(encoder.word_embeddings)
    initialise(head, recipe.model.shape.spread)
    facts: dict[str, object] = {"parameters": sum(p.numel() for p in encoder.parameters())}
    if not stage.settings["random"]:
        numbers: Pretraining = recipe.pretraining
        source = masked_source(
            numbers.mlm, stage, setting, pieces, (seed, "pretrain"), numbers.training.batch
        )
        job = Job(
            key=(seed, "pretrain"),
            encoder=encoder,
            heads={"mlm": head},
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
    return Outcome(weights.save(folder, encoder, {"mlm": head}), facts)


def masked_source(
    how: MaskedModelling,
    stage: Stage,
    setting: Setting,
    pieces: Pieces,
    key: tuple[int | str, ...],
    batch: int,
) -> MaskedSource:
    """Masked language modelling on the text of the languages that the stage names."""
    text = setting.need_text()
    count = how.rows_per_language or 10**9
    texts = {language: text.texts(language, count) for language in stage.settings["languages"]}
    rows = corpus.encode(texts, pieces, how.longest, blocks=how.blocks)
    return MaskedSource("mlm", rows, pieces, batch, key, how.alpha, how.mask)
