"""The CI subset of the miniature grid: the shipped encoder, one seed, and the committed scores regenerated."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas
import pytest

from replicate.ledger import Ledger
from replicate.reference import FOLDER, compare, path
from replicate.summary import cell, primary
from verify_claims.main import main


def committed():
    return pandas.read_csv(path("xstilts", "miniature"), keep_default_na=False)


def test_the_shipped_records_are_whole():
    shipped = Ledger(FOLDER / "records")
    keys = [record["key"] for record in shipped.records()]
    assert {shipped.verify(key)["kind"] for key in keys} == {"tokenizer", "pretrain"}


def test_the_shipped_encoder_is_the_one_that_the_recipe_determines(tmp_path):
    from replicate.launch import Request, launch

    one = launch(Request(runs=tmp_path))
    done = [stage.kind for stage in one.graph.stages.values() if one.ledger.record(stage.key) is not None]
    assert sorted(done) == ["pretrain", "tokenizer"]


def test_a_damaged_copy_of_a_shipped_record_is_replaced_and_not_trained(tmp_path):
    from replicate.launch import Request, launch

    told = Request("architecture", runs=tmp_path)  # its grid has a shipped record per family
    one = launch(told)
    shipped = [key for key in one.graph.stages if (FOLDER / "records" / key).is_dir()]
    assert len(shipped) == 4
    for key in shipped:
        (one.ledger.folder(key) / "record.json").write_bytes(b"")
        assert launch(told).ledger.verify(key)["key"] == key
        assert (tmp_path / ".damaged" / f"{key}-0").is_dir()


@pytest.mark.slow
def test_the_subset_regenerates_the_committed_scores(tmp_path, capsys):
    options = [
        "--only",
        "none,squad,tydiqa,tatoeba",
        "--seeds",
        "1",
        "--executor",
        "inline",
        "--quiet",
        "--check",
    ]
    with pytest.raises(SystemExit) as end:
        main(["replicate", "xstilts", "--runs", str(tmp_path / "runs"), *options])
    told = capsys.readouterr()
    assert end.value.code == 0, told.out + told.err
    assert "the committed scores are regenerated" in told.out
    assert "tydiqa (miniature)" in told.out
    perturb(tmp_path / "runs")
    with pytest.raises(SystemExit) as end:
        main(["replicate", "xstilts", "--runs", str(tmp_path / "runs"), *options])
    told = capsys.readouterr()
    assert end.value.code == 1 and "the committed scores are NOT regenerated" in told.out


def perturb(runs):
    """Move the scores of one finished stage by 20 points, as another code would, and publish them with their hash."""
    ledger = Ledger(runs)
    record = next(one for one in ledger.records() if one["name"] == "evaluate tydiqa after none, seed 0")
    scores = pandas.read_parquet(ledger.folder(record["key"]) / "scores.parquet")
    work = ledger.work(record["key"])
    work.mkdir(parents=True)
    scores.assign(value=scores.value + 20.0).to_parquet(work / "scores.parquet", index=False)
    ledger.set_aside(record["key"])
    known = {
        name: value for name, value in record.items() if name not in ("schema", "key", "files", "stamps")
    }
    ledger.publish(record["key"], known, {"scores.parquet": work / "scores.parquet"})


def test_the_last_bit_counts_on_the_machine_type_that_made_the_scores():
    scores = committed()
    same = json.loads(path("xstilts", "miniature").with_suffix(".json").read_text())
    found = compare("xstilts", "miniature", scores.copy(), same, whole=True)
    assert found.same_machine_type and found.passed and found.equal == found.cells == len(scores)
    place = scores.index[scores.metric == "acc"][0]
    scores.loc[place, "value"] = math.nextafter(float(scores.value[place]), math.inf)
    assert not compare("xstilts", "miniature", scores.copy(), same).passed
    assert compare("xstilts", "miniature", scores.copy(), {**same, "vendor": "another"}).passed


def test_a_whole_run_may_lack_no_column():
    scores = committed()
    some = scores[scores.intermediate != "hellaswag"]
    assert compare("xstilts", "miniature", some.copy(), {}).passed
    assert not compare("xstilts", "miniature", some.copy(), {}, whole=True).passed


PAGE = Path(__file__).parents[2] / "docs/replication/miniature.md"


def test_the_page_prints_the_committed_scores():
    """Every number of the page's table is a mean over languages and seeds of the committed scores."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    at = next(i for i, line in enumerate(lines) if line[:3] == ["target", "none", "squad"])
    columns = [(name, "plain") for name in lines[at][1:6]] + [("none", "random-init"), ("none", "constant")]
    assert lines[at][6:] == ["random-init", "constant"]
    scores = primary(committed())
    of_seed = scores.groupby(["intermediate", "variant", "target", "seed"]).value.mean()
    names = {"PAWS-X": "pawsx", "PAN-X": "panx", "BUCC": "bucc2018"}
    rows = lines[at + 1 : at + 10]
    assert len(rows) == 9
    for label, *cells in rows:
        target = names.get(label.split()[0], label.split()[0].lower())
        for (intermediate, variant), shown in zip(columns, cells, strict=True):
            made = cell(of_seed[intermediate, variant, target].tolist())
            assert shown.strip("*") == str(made).removesuffix(" ±0.0"), (label, intermediate, variant)


def test_a_wrong_score_is_noticed():
    scores = committed()
    environment = {"torch": "another"}
    assert compare("xstilts", "miniature", scores.copy(), environment).passed
    wrong = scores.copy()
    here = (wrong.target == "udpos") & (wrong.intermediate == "none") & (wrong.variant == "plain")
    wrong.loc[here, "value"] += 8.0
    found = compare("xstilts", "miniature", wrong, environment)
    assert not found.passed and any("none / plain / udpos" in line for line in found.off)


def test_an_absent_cell_is_noticed():
    scores = committed()
    some = scores.drop(
        scores[(scores.target == "xquad") & (scores.seed == 0) & (scores.language == "qru")].index
    )
    assert compare("xstilts", "miniature", some, {}).missing > 0


def test_the_committed_scores_show_transfer_and_its_limits():
    """What the page of the miniature scale says, checked against the numbers that it speaks of."""
    mean = primary(committed()).groupby(["intermediate", "variant", "target"]).value.mean()
    for target in ("udpos", "xquad", "panx"):
        assert mean["none", "plain", target] > mean["none", "random-init", target] + 10
    assert mean["squad", "plain", "tydiqa"] > mean["none", "plain", "tydiqa"] + 3
    assert mean["mnli", "plain", "xnli"] > mean["none", "plain", "xnli"] + 3
    assert mean["squad", "plain", "tatoeba"] < mean["none", "plain", "tatoeba"]
