"""Labels that are written: what they change of a study, and an output matrix that goes from phase to phase."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file
from transformers import MT5Config, MT5ForConditionalGeneration, PreTrainedTokenizerFast

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from analysis.errors import InputError
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import REFERENCE, Request, launch
from replicate.progress import Silent
from replicate.recipes.load import read
from replicate.recipes.recipe import Model
from replicate.text import unigram
from replicate.world.place import WorldPlace

KEPT = "a4f33111c8f5096e15f0"
"""Key of the pretrained encoder-decoder that comes with the package."""


def planned(recipe, folder):
    one = launch(Request("architecture", recipe=recipe, seeds=1, runs=folder, planning=True))
    return one.graph.stages


def test_only_stages_that_write_labels_are_others(tmp_path):
    heads = planned("miniature-encoder-decoder", tmp_path)
    texts = planned("miniature-encoder-decoder-text", tmp_path)
    assert KEPT in heads and KEPT in texts
    assert not any("answers" in stage.settings for stage in heads.values())
    with (REFERENCE / "architecture" / "miniature.csv").open(encoding="utf-8") as file:
        committed = {row["locator"] for row in csv.DictReader(file)}
    assert {key for key, stage in heads.items() if stage.kind == "evaluate"} <= committed
    named = {stage.key: stage for stage in texts.values() if stage.kind in ("intermediate", "target")}
    shared = [stage for key, stage in named.items() if key in heads]
    assert [stage.settings["tasks"] for stage in shared] == [["udpos"]], "tags before any text"
    written = next(stage for stage in named.values() if stage.kind == "intermediate")
    assert written.settings["answers"] == {"mnli": ["entailment", "neutral", "contradiction"]}
    evaluations = [stage for stage in texts.values() if stage.kind == "evaluate"]
    assert {stage.settings["task"]: "answers" in stage.settings for stage in evaluations} == {
        "xnli": True,
        "udpos": False,
    }


def test_an_encoder_is_refused_in_words(tmp_path):
    told = {"name": "a", "hub": "b", "answers": "text"}
    with pytest.raises(ValidationError, match="needs a model that writes"):
        Model(**told)
    assert Model(**told, family="decoder").identity == {"family": "decoder"}
    path = tmp_path / "mine.yaml"
    path.write_text(tiny.RECIPE.replace("  name: tiny\n", "  name: tiny\n  answers: text\n"))
    with pytest.raises(InputError, match="`answers: text` needs a model that writes") as caught:
        read(path)
    assert "mine.yaml:7" in str(caught.value)


RECIPE = """
schema: verify-claims/recipe/1
name: writing
title: A public encoder-decoder that writes labels
scale: miniature
model: {name: writing, family: encoder-decoder, hub: HUB, answers: text}
intermediate:
  all: {lr: 1.0e-2, batch: 8, steps: 3, rows: 24, longest: 64, stride: 16, question_room: 24}
target:
  all: {lr: 1.0e-2, batch: 8, steps: 3, rows: 24, longest: 64, stride: 16, question_room: 24,
        select: {every: 2, rows: 8}}
evaluation: {split: test, rows: 8, languages: [en]}
numerics: {tokens_per_pass: 300, threads: 1}
"""
STUDY = """
schema: verify-claims/study/1
name: writing
title: A study for tests
question: Does the output matrix go from phase to phase?
scales:
  miniature:
    recipe: RECIPE
    seeds: 1
    intermediates: [squad]
    targets: [xnli]
"""


def test_an_output_matrix_of_its_own_goes_from_phase_to_phase(tmp_path):
    """Also through a phase that writes nothing: SQuAD's spans have a head, and MNLI after it has mT5's matrix."""
    hub = tmp_path / "hub"
    torch.manual_seed(0)
    tokenizer = unigram.train(WorldPlace().texts("en", 200), 300)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>", unk_token="<unk>"
    ).save_pretrained(hub)
    small = {"vocab_size": 300, "d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    whole = MT5ForConditionalGeneration(MT5Config(**small, decoder_start_token_id=1, pad_token_id=1))
    whole.save_pretrained(hub)
    tensors = load_file(hub / "model.safetensors")
    own = torch.randn(300, 16)
    save_file({**tensors, "lm_head.weight": own}, hub / "model.safetensors", {"format": "pt"})
    (tmp_path / "recipe.yaml").write_text(RECIPE.replace("HUB", str(hub)))
    study = tmp_path / "study.yaml"
    study.write_text(STUDY.replace("RECIPE", str(tmp_path / "recipe.yaml")))
    one = launch(Request(str(study), runs=tmp_path / "runs", device="cpu"))
    summary = run(one.graph, one.ledger, Inline(one.setting, Silent()), Silent())
    assert not summary.failed
    stages = {stage.kind: key for key, stage in one.graph.stages.items()}

    def matrix(kind):
        found = load_file(one.ledger.folder(stages[kind]) / "model.safetensors")
        return {name: tensor for name, tensor in found.items() if "words.own" in name}

    squad, mnli = matrix("intermediate"), matrix("target")
    assert list(squad) == list(mnli) == ["head.answers.words.own"]
    assert torch.equal(squad["head.answers.words.own"], own), "nothing was written, nothing was learnt"
    moved = (mnli["head.answers.words.own"] - own).abs().max()
    assert 0 < moved < 0.1, "trained on from the matrix of the checkpoint"
    scores = one.ledger.record(stages["evaluate"])
    assert scores is not None and scores["settings"]["answers"]["xnli"][0] == "entailment"


def test_a_decoder_writes_behind_its_rows_beside_heads_and_is_scored_again_later(tmp_path):
    recipe, study = tmp_path / "recipe.yaml", tmp_path / "study.yaml"
    told = tiny.RECIPE.replace("rows: 20, retrieval", "rows: 20, languages: [en], retrieval")
    told = told.replace("  name: tiny\n", "  name: tiny\n  family: decoder\n  answers: text\n")
    recipe.write_text(
        told.replace("  mlm: {alpha: 0.3, mask: 0.2, longest", "  causal: {alpha: 0.3, longest")
    )
    listed = "intermediates: [squad>mnli+hellaswag]\n    targets: [xnli]\n    retained: true"
    study.write_text(STUDY.replace("RECIPE", str(recipe)).split("    intermediates")[0] + f"    {listed}\n")
    one = launch(Request(str(study), runs=tmp_path / "runs", device="cpu"))
    summary = run(one.graph, one.ledger, Inline(one.setting, Silent()), Silent())
    assert not summary.failed
    trainings = {stage.name: stage for stage in one.graph.stages.values() if stage.kind == "intermediate"}
    mixed = next(stage for name, stage in trainings.items() if "mnli" in name)
    assert list(mixed.settings["answers"]) == ["mnli"], "a choice keeps its head"
    record = one.ledger.record(mixed.key)
    assert record is not None and record["facts"]["rows"]["mnli"] == 40
    again = [stage for stage in one.graph.stages.values() if stage.settings.get("variant") == "retained"]
    assert {stage.settings["task"]: "answers" in stage.settings for stage in again} == {
        "squad": False,
        "mnli": True,
        "hellaswag": False,
    }
