"""The bundled recipes: every number has a source, and printed numbers are those that were printed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from replicate.recipes.compare import side_by_side
from replicate.recipes.load import names, read, recipe
from replicate.recipes.recipe import Training
from replicate.tasks import NINE_INTERMEDIATE, NINE_TARGETS, TASKS
from replicate.yaml_source import read_yaml

PAPER = ("paper-v1", "jiant", "xtreme")


def numbers(node: Any, place: str = "") -> list[str]:
    if isinstance(node, dict):
        return [
            leaf for key, child in node.items() for leaf in numbers(child, f"{place}.{key}" if place else key)
        ]
    if isinstance(node, list | tuple):
        return [place] if any(isinstance(item, int | float) for item in node) else []
    return [place] if isinstance(node, int | float) and not isinstance(node, bool) else []


def test_the_five_recipes_are_there() -> None:
    assert set(names()) >= {"paper-v1", "jiant", "xtreme", "small", "miniature"}


@pytest.mark.parametrize("name", names())
def test_every_number_has_a_source(name: str) -> None:
    found = recipe(name)
    stated = found.model_dump(exclude={"sources"}, exclude_unset=True)
    bare = [place for place in numbers(stated) if place not in found.sources]
    assert bare == [], "write a key `source` beside them, or one at the top of the file for all"
    assert all(text.strip() for text in found.sources.values())


@pytest.mark.parametrize("name", names())
def test_recipes_can_train_what_the_protocol_needs(name: str) -> None:
    found = recipe(name)
    assert found.name == name
    supervised = [task for task in NINE_TARGETS if TASKS[task].kind not in ("mining", "retrieval")]
    for task in supervised:
        link = (TASKS[task].trains_on or (task,))[-1]
        found.target.of(link if link in found.target.tasks else task)
    for task in NINE_INTERMEDIATE:
        if not (found.scale == "small" and task == "ccg"):
            found.intermediate.of(task)
    for task in (*found.intermediate.tasks, *found.target.tasks):
        assert task in TASKS


def test_printed_numbers_of_version_1(shared: Path) -> None:
    ours = {
        "ANLI+": "anli_plus", "QQP": "qqp", "SQuAD v1.1": "squad", "HellaSwag": "hellaswag", "CCG": "ccg",
        "Cosmos QA": "cosmos_qa", "CommonsenseQA": "commonsense_qa", "XNLI (MNLI)": "xnli", "PAWS-X": "paws_x",
        "POS": "udpos", "NER": "panx", "XQuAD (SQuAD)": "xquad", "MLQA (SQuAD)": "mlqa", "TyDiQA-GoldP": "tydiqa",
    }  # fmt: skip
    found, checked = recipe("paper-v1"), 0
    with (shared / "facts/tables/protocol.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["source"].startswith("arXiv:2005.13013v1") or row["table"] not in (
                "Table 3",
                "Table 4",
            ):
                continue
            name = row["intermediate"] if row["intermediate"] != "-" else row["target"]
            if name not in ours or not row["value"].isdigit():
                continue
            phase = found.intermediate if row["table"] == "Table 3" else found.target
            value = getattr(phase.of(ours[name]), {"batch_size": "batch", "epochs": "epochs"}[row["metric"]])
            assert value == int(row["value"]), row
            checked += 1
    assert checked == 28
    assert found.intermediate.of("mnli").lr == 1e-5 and found.target.of("xnli").lr == 3e-6
    assert found.intermediate.mlm_lr == 5e-6
    assert found.intermediate.mixture is not None and found.intermediate.mixture.cap == 2**17
    assert found.evaluation.retrieval.layer_of(24) == 14


def test_the_later_release_differs_where_it_is_said_to() -> None:
    lines = {line.place: line for line in side_by_side([recipe(name) for name in PAPER])}
    assert lines["target.tasks.xnli.lr"].values == (3e-6, 1e-5, 3e-5)
    assert lines["target.tasks.xnli.batch"].values == (4, 32, 32)
    assert lines["target.tasks.tydiqa.epochs"].values == (2, 2, 3)
    assert not lines["evaluation.retrieval.layer"].differs
    assert all(
        "jiant" in (line.sources[1] or "") for place, line in lines.items() if place == "target.tasks.xnli.lr"
    )


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = """\
schema: verify-claims/recipe/1
name: mine
title: Mine
scale: paper
model: {name: m, hub: x/y}
intermediate: {all: {lr: 1e-5, batch: 8, epochs: 1}}
target:
  all: {lr: 1e-5, batch: 8, epochs: 1}
"""


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    found = read(write(tmp_path, GOOD))
    assert found.target.of("xnli").lr == 1e-5  # a number, although YAML 1.1 makes it a string


def test_wrong_values_are_told_all_at_once_with_their_places(tmp_path: Path) -> None:
    text = (
        GOOD.replace("scale: paper", "scale: huge")
        + "evaluation:\n  split: tset\n  retrieval: {layer: -3}\nextra: 1\n"
    )
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, text))
    told = [str(problem).split("mine.yaml:")[1] for problem in caught.value.problems]
    assert [line.split(": ")[0] for line in told] == ["4:8", "10:10", "11:22", "12:8"]
    assert "found 'huge'" in told[0] and "extra: unknown key" in told[3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\n", r"mine\.yaml:2:1: not YAML"),
        ("a: 1\na: 2\n", r"mine\.yaml:2:1: key 'a' occurs twice"),
        ("a: &x 1\nb: *x\n", r"mine\.yaml:2:4: aliases are not allowed"),
        ("a: !!python/object:os.system x\n", r"mine\.yaml:1:4: the tag .* is not allowed"),
        ("[" * 40 + "]" * 40, r"mine\.yaml:1:31: nested deeper than 30"),
        ("", r"mine\.yaml:1:1: a recipe is a mapping"),
        ("- 1\n", r"mine\.yaml:1:1: a recipe is a mapping"),
    ],
)
def test_bad_files_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(write(tmp_path, text))
    assert len(caught.value.problems) == 1


def test_absent_file_and_unknown_recipe(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="did you mean 'paper-v1'"):
        recipe("paper-v2")


def test_scalars_are_read_as_json_and_yaml_12_do(tmp_path: Path) -> None:
    text = "a: 1e-5\nb: 010\nc: no\nd: 1_000\ne: '1'\nf: ~\ng: 2020-05-26\nh: true\ni: .5\nj: .\nk: -3\n"
    assert read_yaml(write(tmp_path, text)).value == {
        "a": 1e-5, "b": "010", "c": "no", "d": 1000, "e": "1", "f": None, "g": "2020-05-26", "h": True,
        "i": 0.5, "j": ".", "k": -3,
    }  # fmt: skip


def test_a_recipe_that_is_like_another_differs_in_what_it_says_and_in_nothing_else() -> None:
    lines = {
        line.place
        for line in side_by_side([recipe("miniature"), recipe("miniature-decoder")])
        if line.differs
    }
    assert {place.rsplit(".", 1)[0] for place in lines} == {"model", "pretraining.mlm", "pretraining.causal"}
    assert (
        recipe("miniature-decoder").sources["target.all.lr"] == recipe("miniature").sources["target.all.lr"]
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("like: miniatur", "did you mean 'miniature'?"),
        ("like: [1]", "no bundled recipe"),
        ("like: miniature\nmodel: {family: decoder}", "is pretrained on `pretraining.causal`"),
        (
            "like: miniature\nmodel: {family: encoder-decoder}",
            "`shape.decoder_layers` is needed exactly where",
        ),
        (
            "like: miniature\npretraining: {causal: {longest: 64}}",
            "give exactly one of `mlm`, `causal` and `spans`",
        ),
    ],
)
def test_what_is_wrong_with_a_recipe_that_is_like_another_is_told(
    change: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"schema: verify-claims/recipe/1\nname: own\ntitle: t\n{change}\n")
    with pytest.raises(InputError) as caught:
        recipe(str(path))
    assert told in str(caught.value)


def test_what_the_printed_protocol_leaves_to_its_software() -> None:
    """Decay of NLP Runners and jiant, windows as `run_squad.py` counts them, the best checkpoints of XTREME."""
    for name in ("paper-v1", "jiant"):
        assert recipe(name).intermediate.of("squad").weight_decay == 0.01
        assert recipe(name).target.of("xquad").weight_decay == 0.01
    for name in PAPER:
        assert (
            recipe(name).target.of("mlqa").doc_stride
            == recipe(name).intermediate.of("squad").doc_stride
            == 128
        )
    assert [recipe(name).target.of("xnli").longest for name in PAPER] == [128, 256, 128]
    looks = {name: recipe("xtreme").target.of(name).select for name in ("xnli", "paws_x", "udpos", "panx")}
    assert {name: one.every for name, one in looks.items() if one} == {
        "xnli": 100,
        "paws_x": 200,
        "udpos": 500,
        "panx": 1000,
    }
    assert recipe("xtreme").target.of("xquad").select is None


def test_trainings_without_a_step_of_windows_are_told_as_ever() -> None:
    """The numbers of a training are part of every stage's identity: a word that is not used may not be in them."""
    plain = Training(lr=1.0, batch=1, epochs=1)
    assert "doc_stride" not in plain.model_dump(mode="json")
    stepped = Training(lr=1.0, batch=1, epochs=1, doc_stride=128)
    assert stepped.model_dump(mode="json") == {**plain.model_dump(mode="json"), "doc_stride": 128}
    assert Training.model_validate(stepped.model_dump(mode="json")) == stepped


@pytest.mark.parametrize(
    ("numbers", "whole"),
    [
        ({"longest": 384, "doc_stride": 128}, True),
        ({"longest": 384, "doc_stride": 317}, False),
        ({"longest": 192, "stride": 64}, True),
        ({"longest": 128, "stride": 128}, False),
        ({"longest": 64, "stride": 16}, False),
    ],
)
def test_windows_that_would_crawl_or_leave_a_gap_are_named(numbers: dict[str, int], whole: bool) -> None:
    gap = Training(lr=1.0, batch=1, epochs=1, **numbers).gap
    assert (gap == "") is whole and (whole or f"windows of {numbers['longest']} tokens" in gap)


def test_values_that_are_wrong_together_are_told_where_they_stand(tmp_path: Path) -> None:
    text = """\
schema: verify-claims/recipe/1
name: mine
title: Mine
scale: paper
model: {name: m, hub: x/y}
intermediate:
  all: {lr: 1e-5, batch: 8}
  tasks:
    squad: {epochs: 1, steps: 4}
    mnli: {lr: fast, epochs: 1, bacth: 3}
    qqp: {batch: 4}
target:
  all: {lr: 1e-5, batch: 8, epochs: 1, select: {evry: 3}}
  tasks:
    xnli: {batch: 0}
"""
    with pytest.raises(InputError) as caught:
        read(write(tmp_path, text))
    told = [str(problem).split("mine.yaml:")[1].split(";")[0] for problem in caught.value.problems]
    assert told == [
        "9:21: intermediate.tasks.squad: give either `epochs` or `steps`",
        "10:16: intermediate.tasks.mnli.lr: Input should be a valid number, unable to parse string as a number"
        " (found 'fast')",
        "10:40: intermediate.tasks.mnli.bacth: unknown key",
        "11:10: intermediate.tasks.qqp: give either `epochs` or `steps`",
        "13:48: target.all.select.every: Field required",
        "13:55: target.all.select.evry: unknown key",
        "15:19: target.tasks.xnli.batch: Input should be greater than 0 (found '0')",
    ]


def test_every_row_that_the_model_cannot_read_is_told_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "schema: verify-claims/recipe/1\nname: own\ntitle: t\nlike: miniature\n"
        "model: {shape: {positions: 48}}\ntarget: {all: {longest: 40}, tasks: {tydiqa: {longest: 50}}}\n"
    )
    with pytest.raises(InputError) as caught:
        recipe(str(path))
    told = [str(problem).split("own.yaml:")[1].split(":")[:3] for problem in caught.value.problems]
    assert ["6", "56", " target.tasks.tydiqa.longest"] in told
    path.write_text(
        "schema: verify-claims/recipe/1\nname: own\ntitle: t\nlike: miniature\ntarget: {all: {longest: null}}\n"
    )
    read.cache_clear()
    with pytest.raises(
        InputError, match=r"target\.all\.longest: rows of 256 tokens, and the model has 128 positions"
    ):
        recipe(str(path))
    assert [one[2] for one in told] == [
        " pretraining.mlm.longest",
        " intermediate.all.longest",
        " intermediate.mlm.longest",
        " target.tasks.tydiqa.longest",
    ]
