"""What determines a stage, what is shared, and what cannot run."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import tiny

import replicate
from analysis.errors import InputError
from replicate.launch import Request, launch
from replicate.recipes.load import names as names_of_recipes
from replicate.recipes.load import recipe
from replicate.stages.graph import graph
from replicate.stages.stage import Stage
from replicate.studies.study import grid, study


def names_of_studies():
    return sorted(path.stem for path in (Path(replicate.__file__).parent / "studies").glob("*.yaml"))


@pytest.fixture
def one(tmp_path):
    return launch(Request(runs=tmp_path, planning=True))


def test_every_stage_stands_after_those_it_builds_on(one):
    seen = set()
    for stage in one.graph.stages.values():
        assert seen.issuperset(stage.parents.values()), stage.name
        seen.add(stage.key)


def test_names_take_no_part_in_the_key_and_settings_do():
    first = Stage("target", "a", {"seed": 0})
    assert first.key == Stage("target", "b", {"seed": 0}).key
    assert first.key != Stage("target", "a", {"seed": 1}).key
    assert first.key != Stage("intermediate", "a", {"seed": 0}).key
    assert first.key != Stage("target", "a", {"seed": 0}, {"encoder": "x"}).key


def test_one_squad_run_serves_xquad_and_mlqa(one):
    stages = {stage.name: stage for stage in one.graph.stages.values()}
    for name in ("none", "squad", "multi"):
        xquad = stages[f"evaluate xquad after {name}, seed 0"]
        assert xquad.parents == stages[f"evaluate mlqa after {name}, seed 0"].parents
        assert one.graph.asked[xquad.parents["encoder"]] == 2


def test_more_seeds_keep_the_stages_of_fewer(tmp_path):
    def trained(seeds):
        built = launch(Request(runs=tmp_path, planning=True, seeds=seeds)).graph
        return {
            key for key, stage in built.stages.items() if stage.kind in ("pretrain", "intermediate", "target")
        }

    assert trained(3) < trained(5)


def test_only_restricts_intermediates_and_targets(tmp_path):
    built = launch(Request(runs=tmp_path, planning=True, only=("squad", "xnli"), seeds=1)).graph
    kinds = [
        stage.name for stage in built.stages.values() if stage.kind in ("intermediate", "target", "evaluate")
    ]
    assert all("squad" in name or "random-init" in name for name in kinds)
    assert {stage.settings["task"] for stage in built.stages.values() if stage.kind == "evaluate"} == {"xnli"}


def test_the_source_of_a_number_changes_no_key_but_the_number_does(one):
    found = study("xstilts")
    numbers = recipe("miniature")
    keys = set(graph(found, grid(found, "miniature"), one.setting, "miniature", 1).stages)

    def with_recipe(changed):
        return set(
            graph(
                found, grid(found, "miniature"), replace(one.setting, recipe=changed), "miniature", 1
            ).stages
        )

    assert with_recipe(numbers.model_copy(update={"sources": {"x": "y"}, "notes": ("z",)})) == keys
    slower = numbers.target.model_copy(update={"all": {**numbers.target.all, "lr": 1e-4}})
    changed = with_recipe(numbers.model_copy(update={"target": slower}))
    kept = {one.graph.stages[key].kind for key in changed & set(one.graph.stages)}
    assert "target" not in kept and {"tokenizer", "pretrain", "intermediate"} <= kept


def test_data_that_is_not_at_hand_is_named(tmp_path):
    text = tmp_path / "text"
    text.mkdir()
    (text / "en.txt").write_text("a line\n" * 20)
    request = Request(scale="small", runs=tmp_path / "runs", data=text, text=text, planning=True)
    from analysis.errors import InputError

    with pytest.raises(InputError, match=r"nothing to run: .*mnli: no training split at hand"):
        launch(request)


def test_variants_have_their_own_stages(tmp_path):
    one = launch(Request(str(tiny.write(tmp_path)), runs=tmp_path / "runs", planning=True))
    mixed = [stage for stage in one.graph.stages.values() if stage.settings.get("variant") == "mlm"]
    assert {stage.kind for stage in mixed} == {"intermediate", "evaluate", "average"}
    told = next(stage for stage in mixed if stage.kind == "intermediate").settings
    assert told["mlm"]["batch"] == 8 and told["mixture"]["cap"] == 24


@pytest.mark.parametrize("name", names_of_studies())
def test_every_study_is_planned_under_every_recipe_or_says_what_it_lacks(name, tmp_path):
    """A recipe need not have numbers for the tasks of every study."""
    for scale in study(name).scales:
        for numbers in map(recipe, names_of_recipes()):
            if numbers.scale == scale != "small":  # small asks for rows
                request = Request(name, scale, numbers.name, 1, runs=tmp_path, planning=True)
                try:
                    assert launch(request).graph.stages
                except InputError as error:
                    assert "nothing to run" in str(error)
                    lacks = ("has no numbers for it", "is no causal model", "has no evaluation.generation")
                    assert any(one in str(error) for one in lacks)


def test_an_intermediate_task_without_numbers_is_left_out_and_said(tmp_path):
    one = launch(Request("domain", "paper", "jiant", 1, runs=tmp_path, planning=True))
    assert "boolq: recipe jiant has no numbers for it" in one.graph.absent
    assert {stage.name for stage in one.graph.stages.values() if stage.kind == "intermediate"} == {
        f"intermediate {task}, seed 0" for task in ("mnli", "squad", "hellaswag")
    }
