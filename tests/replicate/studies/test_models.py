"""Several models in one study: one graph, one table, contrasts between families."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

from analysis.errors import InputError
from replicate.answers import answers
from replicate.cost import Estimate, throughput
from replicate.executors.inline import Inline
from replicate.executors.schedule import run
from replicate.launch import Launch, Request, launch
from replicate.studies.study import study
from replicate.summary import table

FAMILIES = {
    "tiny": ("", "mlm: {alpha: 0.3, mask: 0.2"),
    "tiny-decoder": ("family: decoder", "causal: {alpha: 0.3"),
    "tiny-both": ("family: encoder-decoder", "spans: {alpha: 0.3, sentinels: 6"),
}
STUDY = """
schema: verify-claims/study/1
name: families
title: Three families for tests
question: Do they differ?
registered:
  hypothesis: They do not.
  stopping: both seeds are run
  contrasts:
    - id: decoder-by-squad
      text: the decoder gains otherwise
      margin: 1.0
      where: {target: xquad}
      terms:
        - {weight: 1, where: {model: decoder, intermediate: squad}}
        - {weight: -1, where: {model: decoder, intermediate: none}}
        - {weight: -1, where: {model: encoder, intermediate: squad}}
        - {weight: 1, where: {model: encoder, intermediate: none}}
scales:
  miniature:
    recipes: [RECIPES]
    seeds: 2
    intermediates: [none, squad]
    targets: [xnli, xquad]
    controls: [constant]
"""


def written(folder: Path) -> Path:
    """Three recipes and a study over them."""
    for name, (family, objective) in FAMILIES.items():
        text = tiny.RECIPE.replace("name: tiny", f"name: {name}").replace(
            "  vocabulary: 300", f"  vocabulary: 300\n  {family}"
        )
        text = text.replace("mlm: {alpha: 0.3, mask: 0.2", objective, 1)
        text = text.replace("layers: 2,", "layers: 1, decoder_layers: 1,") if name == "tiny-both" else text
        (folder / f"{name}.yaml").write_text(text)
    path = folder / "families.yaml"
    path.write_text(STUDY.replace("RECIPES", ", ".join(str(folder / f"{name}.yaml") for name in FAMILIES)))
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Launch:
    folder = tmp_path_factory.mktemp("families")
    one = launch(Request(str(written(folder)), runs=folder / "runs", checkpoint_seconds=600))
    summary = run(one.graph, one.ledger, Inline(one.setting, lambda event: None), lambda event: None)
    assert not summary.failed and not summary.skipped, summary.failed
    return one


def test_models_share_what_is_equal_and_nothing_else(ran: Launch) -> None:
    kinds = [stage.kind for stage in ran.graph.stages.values()]
    assert kinds.count("tokenizer") == 1 and kinds.count("pretrain") == 3
    assert kinds.count("evaluate") == 3 * 2 * 2 * 2
    alone = launch(
        Request(ran_study(ran), recipe=str(Path(ran_study(ran)).parent / "tiny.yaml"), planning=True)
    )
    assert alone.graph.stages.keys() < ran.graph.stages.keys(), "alone or beside others, a stage is the same"


def ran_study(one: Launch) -> str:
    return str(one.setting.runs.parent / "families.yaml")


def test_every_stage_ran_under_its_own_recipe(ran: Launch) -> None:
    records = {key: ran.ledger.record(key) for key in ran.graph.stages}
    assert all(records[key]["recipe"] == stage.recipe for key, stage in ran.graph.stages.items())
    pretrained = [records[key] for key, stage in ran.graph.stages.items() if stage.kind == "pretrain"]
    assert [sorted(set(r["files"]) - {"model.safetensors"}) for r in pretrained] == [
        ["encoder.json"],
        ["decoder.json"],
        ["encoder-decoder.json"],
    ]
    assert len({record["facts"]["tokens"] for record in pretrained[:2]}) == 1, "the same text, masked or not"


def test_the_table_tells_the_models_apart(ran: Launch) -> None:
    results = ran.ledger.results(*ran.graph.stages)
    assert set(results.model) == set(FAMILIES)
    labels = [line[0] for line in table(results, ["xquad"])]
    assert "tiny-decoder: squad" in labels and "tiny-both: none" in labels
    same = results[(results.variant == "constant") & (results.target == "xnli")]
    assert (same.groupby(["language", "metric"]).value.nunique() == 1).all()


def test_a_contrast_between_families_is_answered(ran: Launch) -> None:
    answer = answers(ran_study(ran), "miniature", ran.setting.runs)
    (row,) = answer["contrasts"]
    assert row["contrast"] == "decoder-by-squad" and row["seeds"] == 2 and "not run" not in row["reason"]


def test_costs_are_those_of_each_model(ran: Launch) -> None:
    estimate, speed = Estimate(ran), throughput("h200-assumed")
    trained = {
        stage.recipe: estimate.of(stage)
        for stage in ran.graph.stages.values()
        if stage.kind == "target" and "mnli after none, seed 0" in stage.name
    }
    assert trained["tiny"].flops == trained["tiny-decoder"].flops > trained["tiny-both"].flops
    assert all(cost.hours(speed) > 0 for cost in trained.values())


def test_models_of_one_name_and_unknown_models_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    other = (tmp_path / "tiny-decoder.yaml").read_text().replace("  name: tiny-decoder", "  name: tiny")
    (tmp_path / "tiny-decoder.yaml").write_text(other)
    with pytest.raises(InputError, match="as another recipe of the grid is"):
        launch(Request(str(path), runs=tmp_path / "runs", planning=True))
    path.write_text(path.read_text().replace("model: decoder,", "model: decodr,"))
    with pytest.raises(InputError, match="model 'decodr' is in no grid") as caught:
        study(str(path))
    assert "did you mean 'decoder'?" in str(caught.value)


def test_one_recipe_and_several_are_not_both_given(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text().replace("    recipes:", "    recipe: miniature\n    recipes:"))
    with pytest.raises(InputError, match="give either `recipe` or `recipes`"):
        study(str(path))
    architecture = study("architecture").scales["miniature"]
    assert architecture.families["decoder"] == ("decoder-miniature",)
    assert replace(Request(), study="architecture").study == "architecture"
