"""Bad input of `replicate`, `plan` and `run`: one clear message, exit 2, nothing written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from verify_claims.main import main

RECIPE = (Path(__file__).parents[2] / "replicate" / "recipes" / "miniature.yaml").read_text()


def refused(capsys, tmp_path, *arguments, command="replicate"):
    runs = tmp_path / "runs"
    with pytest.raises(SystemExit) as end:
        main([command, *arguments, "--runs", str(runs)])
    told = capsys.readouterr().err
    assert end.value.code == 2, told
    assert "Traceback" not in told
    assert not runs.exists() or not list(runs.glob("*"))
    return told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["xstilt"], "there is no study 'xstilt'; did you mean 'xstilts'?"),
        (["--recipe", "miniatur"], "did you mean 'miniature'?"),
        (["--recipe", "paper-v1"], "recipe paper-v1 is for scale paper, not miniature; add --scale paper"),
        (["--only", "squat"], "did you mean 'squad'?"),
        (["--seeds", "0"], "give at least one seed"),
        (["--device", "cuda:7"], "torch sees"),
        (["--device", "tpu"], "there is no device 'tpu'"),
        (["--scale", "small"], "needs real rows and real text; name them: --data"),
        (
            ["--scale", "small", "--data", "/nowhere", "--text", "/nowhere"],
            "--data /nowhere: there is no such folder",
        ),
    ],
)
def test_wrong_names_and_options(capsys, tmp_path, arguments, message):
    assert message in refused(capsys, tmp_path, *arguments)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("lr: 1.5e-3", "lr: -1"), "lr: Input should be greater than 0"),
        (("lr: 1.5e-3", "learning_rate: 1e-3"), "learning_rate"),
        (("precision: fp32", "precision: fp8"), "numerics.precision"),
        (("mask: 0.2", "mask: 2"), "less than or equal to 1"),
        (("name: miniature", "name: [miniature"), "not YAML"),
        (("cap: 1500", "cap: many"), "mixture.cap"),
    ],
)
def test_wrong_recipes_name_the_file_and_the_place(capsys, tmp_path, change, message):
    path = tmp_path / "mine.yaml"
    assert change[0] in RECIPE
    path.write_text(RECIPE.replace(*change, 1))
    told = refused(capsys, tmp_path, "--recipe", str(path))
    assert message in told and str(path) in told


def test_all_wrong_values_are_told_at_once(capsys, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RECIPE.replace("precision: fp32", "precision: fp8").replace("mask: 0.2", "mask: 2"))
    told = refused(capsys, tmp_path, "--recipe", str(path))
    assert "precision" in told and "mask" in told


def test_an_unknown_task_in_a_study(capsys, tmp_path):
    study = tmp_path / "mine.yaml"
    study.write_text(
        "schema: verify-claims/study/1\nname: mine\ntitle: t\nquestion: q\nscales:\n"
        "  miniature: {recipe: miniature, seeds: 1, intermediates: [none], targets: [xnlii]}\n"
    )
    assert "xnli" in refused(capsys, tmp_path, str(study))


def test_a_folder_without_the_data(capsys, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "en.txt").write_text("a line\n" * 10)
    options = ["--scale", "small", "--data", str(tmp_path / "data"), "--text", str(tmp_path / "text")]
    assert "nothing to run" in refused(capsys, tmp_path, *options)


def test_a_cut_text_file_is_named(tmp_path):
    from analysis.errors import InputError
    from replicate.stages.setting import TextFolder

    (tmp_path / "en.txt.gz").write_bytes(gzip.compress(b"a line of text\n" * 9000)[:-20])
    with pytest.raises(InputError, match=r"en\.txt\.gz.*cut or damaged"):
        TextFolder(tmp_path).texts("en", 10**6)


def test_an_unknown_throughput(capsys, tmp_path):
    assert "there is no throughput 'fast'" in refused(
        capsys, tmp_path, "--throughput", "fast", command="plan"
    )


def test_a_stage_needs_its_parents(capsys, tmp_path):
    from replicate.launch import Request, launch

    one = launch(Request(runs=tmp_path / "plan", only=("none", "xnli"), seeds=1, planning=True))
    target = next(stage for stage in one.graph.stages.values() if stage.kind == "target")
    runs = tmp_path / "runs"
    with pytest.raises(SystemExit) as end:
        main(["run", target.key, "--only", "none,xnli", "--seeds", "1", "--fresh", "--runs", str(runs)])
    told = capsys.readouterr().err
    assert end.value.code == 2 and "builds on stages that are not done; run first:" in told


def test_the_paper_plan_needs_no_network(capsys, tmp_path, monkeypatch):
    import json

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(SystemExit) as end:
        main(["plan", "xstilts", "--scale", "paper", "--json", "--runs", str(tmp_path)])
    assert end.value.code in (0, None)
    plans = json.loads(capsys.readouterr().out)["plans"]
    assert {plan["recipe"] for plan in plans} >= {"paper-v1", "jiant", "xtreme"}
    for plan in plans:
        assert plan["total"]["hours"] > 1 and plan["without_any_sharing"]["flops"] > plan["total"]["flops"]
        trained = [stage for stage in plan["stages"] if stage["kind"] == "target"]
        assert len({stage["key"] for stage in trained}) == len(trained)
    # XQuAD and MLQA stand on one SQuAD training.
    first = next(plan for plan in plans if plan["recipe"] == "paper-v1")
    by_name = {stage["name"]: stage for stage in first["stages"]}
    assert (
        by_name["evaluate xquad after none, seed 0"]["parents"]
        == by_name["evaluate mlqa after none, seed 0"]["parents"]
    )


@pytest.mark.parametrize(
    ("like", "text", "place", "message"),
    [
        ("miniature-code", "model: {family: decodr}", "5:17", "model.family: Input should be 'encoder'"),
        ("miniature-code", "model: {shape: {heads: 3}}", "5:24", "`heads` (3) do not divide `hidden` (64)"),
        ("miniature", "model: {family: decoder}", "1:1", "pretrained on `pretraining.causal`"),
        ("miniature-code", "evaluation: {generation: {top_p: 0}}", "5:34", "should be greater than 0"),
        ("miniature-code", "evaluation: {generation: {top_p: 2}}", "5:34", "less than or equal to 1"),
        (
            "miniature-code",
            "evaluation: {generation: {temperature: -1}}",
            "5:40",
            "greater than or equal to 0",
        ),
        ("miniature", "pretraining: {mlm: {mask: 0}}", "5:27", "mask: Input should be greater than 0"),
        ("miniature", "pretraining: {mlm: {longest: 129}}", "5:30", "the model has 128 positions"),
        ("miniature", "target: {tasks: {xnli: {longest: 129}}}", "5:34", "the model has 128 positions"),
        ("miniature", "target: {all: {betas: [0.9, 1.0]}}", "5:29", "should be less than 1"),
        (
            "miniature",
            "target: {tasks: {xnly: {rows: 8}}}",
            "5:24",
            "there is no task 'xnly'; did you mean 'xnli'?",
        ),
    ],
)
def test_recipes_that_could_not_run_are_refused_before_anything_does(
    capsys, tmp_path, like, text, place, message
):
    path = tmp_path / "mine.yaml"
    path.write_text(f"schema: verify-claims/recipe/1\nname: mine\ntitle: t\nlike: {like}\n{text}\n")
    told = refused(capsys, tmp_path, "--recipe", str(path))
    assert message in told and f"{path}:{place}" in told and told.count("error:") == 1


@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        ("recipe: miniatre", "7:13", "there is no recipe 'miniatre'; did you mean 'miniature'?"),
        ("recipes: [miniature, miniatre]", "7:26", "there is no recipe 'miniatre'"),
        ("recipes: []", "7:14", "at least 1 item"),
        ("recipe: 3", "7:5", "valid string"),
        ("recipes: [miniature, miniature]", "7:26", "as another recipe of the grid is"),
        ("recipe: miniature\n    targets: []", "8:14", "at least 1 item"),
        ("recipe: miniature\n    intermediates: []", "8:20", "`intermediates` is empty"),
    ],
)
def test_grids_that_could_not_run_name_the_place(capsys, tmp_path, line, place, message):
    path = tmp_path / "mine.yaml"
    rest = {"seeds": "1", "intermediates": "[none]", "targets": "[xnli]"}
    path.write_text(
        "schema: verify-claims/study/1\nname: mine\ntitle: t\nquestion: q\nscales:\n  miniature:\n"
        + f"    {line}\n"
        + "".join(f"    {name}: {value}\n" for name, value in rest.items() if f"{name}:" not in line)
    )
    told = refused(capsys, tmp_path, str(path))
    assert message in told and f"{path}:{place}" in told and told.count("error:") == 1


def test_a_target_that_the_family_cannot_be_scored_on(capsys, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "schema: verify-claims/study/1\nname: mine\ntitle: t\nquestion: q\nscales:\n  miniature:\n"
        "    {recipe: miniature, seeds: 1, intermediates: [none], targets: [humaneval_xl]}\n"
    )
    told = refused(capsys, tmp_path, str(path))
    assert "is no causal model" in told and "--data" not in told


def test_a_recipe_that_cannot_run_the_study_takes_no_plan_of_another_away(capsys, tmp_path):
    with pytest.raises(SystemExit) as end:
        main(["plan", "code", "--scale", "paper", "--seeds", "1", "--runs", str(tmp_path)])
    told = capsys.readouterr()
    assert end.value.code == 0 and "code at scale paper, recipe paper-code" in told.out
    assert "left out: recipe paper-xglm: nothing to run: humaneval_xl" in told.err
