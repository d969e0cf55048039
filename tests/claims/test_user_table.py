"""A user who has a table that the bundled evidence lacks adds one CSV, and the same claims get decided.

The numbers below are made up; they only have to be a table.
"""

import csv
import shutil
from pathlib import Path

import pytest

from claims.outcome import Outcome
from claims.study import BUNDLED, check_study

BASE = {
    ("xnli", "acc"): 79.2, ("pawsx", "acc"): 86.2, ("udpos", "f1"): 74.0, ("panx", "f1"): 61.0,
    ("xquad", "f1"): 74.6, ("xquad", "em"): 60.4, ("mlqa", "f1"): 70.0, ("mlqa", "em"): 51.5,
    ("tydiqa", "f1"): 65.4, ("tydiqa", "em"): 50.1, ("bucc2018", "f1"): 71.6, ("tatoeba", "acc"): 31.2,
}  # fmt: skip
NINE = ("anli-plus", "mnli", "qqp", "squad2", "squad", "hellaswag", "ccg", "cosmosqa", "csqa", "multitask-9")
GAIN = {"bucc2018": 18.0, "tatoeba": 44.0, "xnli": -0.3, "tydiqa": 4.0}


def with_table(folder: Path, extra: float = 0.0) -> Outcome:
    """The bundled study with a made-up table of version 2; `extra` points more for SQuAD on one task."""
    study = folder / "study"
    shutil.copytree(BUNDLED, study)
    columns = [
        "source",
        "locator",
        "split",
        "model",
        "intermediate",
        "variant",
        "target",
        "language",
        "metric",
    ]
    with (study / "evidence" / "made-up-v2.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([*columns, "value", "printed", "status"])
        for at, setting in enumerate(("none", *NINE)):
            for (target, metric), score in BASE.items():
                gain = 0.0 if setting == "none" else GAIN.get(target, 0.5) + at / 10
                more = extra if (setting, target) == ("squad", "pawsx") else 0.0
                number = f"{score + gain + more:.1f}"
                where = ["arXiv:2005.13013v2", "Table 2", "dev", "xlm-roberta-large", setting, "plain"]
                writer.writerow([*where, target, "all", metric, number, number, "seen"])
    return check_study(study)


def reason(outcome: Outcome, id: str) -> str:
    return next(str(finding.reason) for finding in outcome.findings if finding.id == id)


def test_one_more_csv_decides_the_open_claims(tmp_path: Path) -> None:
    before, after = check_study(BUNDLED), with_table(tmp_path)
    for id in (
        "xstilts.squad.dev-gain/recomputed",
        "xstilts.multitask.best/best",
        "xstilts.retrieval.almost-every/tatoeba",
        "xstilts.tydiqa.consistent/share",
        "xstilts.xnli.no-benefit/share",
        "xstilts.xnli.no-benefit/margin",
    ):
        assert reason(before, id) in ("circular_evidence", "cells_missing")
        assert reason(after, id) not in ("circular_evidence", "cells_missing"), id
    best = next(f for f in after.findings if f.id == "xstilts.multitask.best/best")
    assert best.reason == "holds" and len(best.cells) == 10 * 12 + 12


@pytest.mark.parametrize(("extra", "expected"), [(1.1, "reproduces"), (8.8, "outside_rounding")])
def test_the_decision_follows_the_table(tmp_path: Path, extra: float, expected: str) -> None:
    assert reason(with_table(tmp_path, extra), "xstilts.squad.dev-gain/recomputed") == expected
