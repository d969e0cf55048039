"""Sentence vectors, and what is found with them: Tatoeba, BUCC, LAReQA.

The protocol pools the output of the 14th of 24 layers (v1 says "13th self-attention layer"; XTREME's scripts
and jiant both read the 14th layer's output), special tokens included, and compares by cosine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import torch

from replicate.examples import Examples, Mining, ParallelPair, Ranking, Sentence
from replicate.metrics import Candidate, best_candidates, kept, mine, nearest_source, score, tuned_threshold
from replicate.model.backbone import Backbone
from replicate.model.heads import mean_pool
from replicate.recipes.recipe import Retrieval
from replicate.tasks import Task
from replicate.text import encode
from replicate.text.pieces import Pieces
from replicate.text.rows import Rows, passes
from replicate.text.shelf import NOWHERE, Shelf
from replicate.train.device import Device


@torch.no_grad()
def vectors(
    sentences: Sequence[Sentence],
    encoder: Backbone,
    pieces: Pieces,
    how: Retrieval,
    layer: int,
    device: Device,
    shelf: Shelf = NOWHERE,
) -> np.ndarray:
    """(n, d) float32 mean of the token states of each sentence at `layer`."""
    encoder.eval()
    longest = min(how.longest, encoder.longest or how.longest)
    # Named by its text: the same pool is read by every model, at every layer, for dev and for test.
    facts = {
        "kind": "sentences", "pieces": pieces.fingerprint, "longest": longest, "text": _digest(sentences)
    }  # fmt: skip
    held = shelf.arrays(facts, lambda: encode.sentences(sentences, pieces, longest).arrays())
    rows = Rows.from_arrays(held, "none")
    found = np.empty((len(sentences), encoder.width), dtype=np.float32)
    for chosen in passes(rows.lengths, device.numerics.tokens_per_pass):
        batch = rows.take(chosen)[0].to(device.torch)
        with device.autocast():
            hidden = encoder(batch, layer=layer)
        found[chosen] = mean_pool(hidden.float(), batch, how.skip_special).cpu().numpy()
    return found - found.mean(0) if how.centre else found


def scores_at(
    task: Task,
    language: str,
    examples: Examples,
    tuning: Examples | None,
    encoder: Backbone,
    pieces: Pieces,
    how: Retrieval,
    layer: int,
    device: Device,
    shelf: Shelf = NOWHERE,
) -> tuple[dict[str, float], dict[str, Any]]:
    """(scores in percent, what was selected) of one retrieval task in one language.

    Parameters
    ----------
    tuning : Examples or None
        The dev split, on which BUCC's threshold is tuned. Where the scored split is the only one, each half of
        the source pool gets the threshold of the other half.
    """

    def embed(texts: Sequence[Sentence]) -> np.ndarray:
        return vectors(texts, encoder, pieces, how, layer, device, shelf)

    # A pool of BUCC against the other is hours of a processor: a card that is there searches as well.
    searching = str(device.torch) if device.torch.type == "cuda" else None
    if task.kind == "retrieval":
        pairs = cast(Sequence[ParallelPair], examples)
        nearest = nearest_source(embed([p.source for p in pairs]), embed([p.target for p in pairs]))
        return score(task, language, nearest, examples), {}
    if task.kind == "ranking":
        pool = cast(Ranking, examples[0])
        ids = [candidate.id for candidate in pool.candidates]
        lists = best_candidates(embed(pool.queries), embed(pool.candidates), ids, device=searching)
        ranked = {query.id: found for query, found in zip(pool.queries, lists, strict=True)}
        return score(task, language, ranked, examples), {}
    target = cast(Mining, examples[0])
    mined = _mined(target, embed, searching)
    if tuning is None:
        found, thresholds = _crosswise(mined, target)
        return score(task, language, found, examples), {
            "thresholds": thresholds,
            "tuned_on": "the other half",
        }
    dev = cast(Mining, tuning[0])
    threshold = tuned_threshold(_mined(dev, embed, searching), dev.gold)
    return score(task, language, kept(mined, threshold), examples), {
        "threshold": threshold,
        "tuned_on": "dev",
    }


def _digest(sentences: Sequence[Sentence]) -> str:
    """Hash of the texts and contexts in their order; ids are not encoded."""
    found = hashlib.sha256()
    for one in sentences:
        found.update(f"{len(one.text)} {len(one.context)} {one.text}{one.context}".encode())
    return found.hexdigest()


def _mined(
    pool: Mining, embed: Callable[[Sequence[Sentence]], np.ndarray], device: str | None
) -> tuple[Candidate, ...]:
    return mine(pool.source, pool.target, embed(pool.source), embed(pool.target), device=device)


def _crosswise(mined: Sequence[Candidate], pool: Mining) -> tuple[list[tuple[str, str]], list[float]]:
    """Pairs of each half of the source pool above the threshold that is best on the other half."""
    half = {sentence.id: place % 2 for place, sentence in enumerate(pool.source)}
    found: list[tuple[str, str]] = []
    thresholds = []
    for side in (0, 1):
        elsewhere = [candidate for candidate in mined if half[candidate.source] != side]
        thresholds.append(tuned_threshold(elsewhere, [pair for pair in pool.gold if half[pair[0]] != side]))
        found += kept([candidate for candidate in mined if half[candidate.source] == side], thresholds[-1])
    return found, thresholds
