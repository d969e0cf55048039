"""The CI subset of the miniature grid: the shipped encoder, one seed, and the committed scores regenerated."""

from __future__ import annotations

import pandas
import pytest

from replicate.ledger import Ledger
from replicate.reference import FOLDER, compare, path
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
    from replicate.summary import primary

    mean = primary(committed()).groupby(["intermediate", "variant", "target"]).value.mean()
    for target in ("udpos", "xquad", "panx"):
        assert mean["none", "plain", target] > mean["none", "random-init", target] + 10
    assert mean["squad", "plain", "tydiqa"] > mean["none", "plain", "tydiqa"] + 3
    assert mean["mnli", "plain", "xnli"] > mean["none", "plain", "xnli"] + 3
    assert mean["squad", "plain", "tatoeba"] < mean["none", "plain", "tatoeba"]
