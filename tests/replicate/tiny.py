"""A study that is small enough to run in seconds and has every kind of stage."""

from __future__ import annotations

from pathlib import Path

RECIPE = """
schema: verify-claims/recipe/1
name: tiny
title: Every kind of stage in seconds
scale: miniature
model:
  name: tiny
  shape: {hidden: 16, layers: 2, heads: 2, ffn: 32, positions: 66, dropout: 0.1, attention_dropout: 0.1}
  vocabulary: 300
pretraining:
  tokenizer_rows: 60
  training: {lr: 3.0e-3, batch: 16, steps: 6, warmup: 0.1}
  mlm: {alpha: 0.3, mask: 0.2, longest: 48, blocks: false, rows_per_language: 60}
intermediate:
  all: {lr: 1.0e-3, batch: 8, steps: 5, rows: 40, longest: 64, stride: 16, question_room: 24, sort_window: 2,
        select: {every: 2, rows: 20}}
  mixture: {cap: 24, epochs: 1, mlm_weight: 24}
  mlm: {longest: 48, blocks: false, rows_per_language: 40, batch: 8}
target:
  all: {lr: 1.0e-3, batch: 8, epochs: 1, rows: 40, longest: 64, stride: 16, question_room: 24,
        select: {every: 2, rows: 20, patience: 2}}
evaluation: {split: test, rows: 20, retrieval: {layer: 0.58, longest: 64, sweep: true}}
numerics: {precision: fp32, tokens_per_pass: 300, threads: 1}
"""

STUDY = """
schema: verify-claims/study/1
name: tiny
title: A study for tests
question: Does the machinery work?
scales:
  miniature:
    recipe: RECIPE
    seeds: 1
    intermediates: [none, squad, multi]
    multi: [mnli, hellaswag]
    variants: [plain, mlm]
    targets: [xnli, udpos, xquad, mlqa, bucc2018, tatoeba]
    controls: [random-init, constant]
"""


def write(folder: Path) -> Path:
    """Write recipe and study; returns the study's path."""
    (folder / "tiny-recipe.yaml").write_text(RECIPE)
    study = folder / "tiny-study.yaml"
    study.write_text(STUDY.replace("RECIPE", str(folder / "tiny-recipe.yaml")))
    return study
