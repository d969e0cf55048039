"""Scores of runs decide claims only where their record vouches for them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas
import pytest

from analysis.errors import InputError
from claims.study import read_study

CLAIMS = """
schema: verify-claims/1
study: runs
title: Runs as evidence
evidence: [runs]
claims:
  - id: one
    text: The score is 70.0.
    scope: {source: "run:s", split: test, model: m}
    assert:
      - {kind: value, of: {intermediate: none, target: xnli, metric: acc, language: en, seed: "0"}, equals: "70.0"}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "claims.yaml").write_text(CLAIMS)
    folder = tmp_path / "runs" / ("0" * 20)
    folder.mkdir(parents=True)
    row = {
        "source": "run:s", "locator": "0" * 20, "scale": "miniature", "split": "test", "model": "m",
        "intermediate": "none", "variant": "plain", "target": "xnli", "language": "en", "metric": "acc",
        "seed": 0, "n": 10, "value": 70.0, "printed": None, "status": "measured",
    }  # fmt: skip
    pandas.DataFrame([row]).to_parquet(folder / "scores.parquet", index=False)
    told = hashlib.sha256((folder / "scores.parquet").read_bytes()).hexdigest()
    (folder / "record.json").write_text(json.dumps({"files": {"scores.parquet": told}}))
    return tmp_path


def test_whole_records_are_read(study: Path) -> None:
    assert len(read_study(study).evidence.results) == 1


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("scores", "these are not the scores of the run: their sha256 is"),
        ("record", "no whole record.json beside these scores"),
        ("absent", "no whole record.json beside these scores"),
    ],
)
def test_scores_that_their_record_does_not_vouch_for_are_refused(study: Path, damage: str, told: str) -> None:
    folder = study / "runs" / ("0" * 20)
    if damage == "scores":
        frame = pandas.read_parquet(folder / "scores.parquet").assign(value=99.0)
        frame.to_parquet(folder / "scores.parquet", index=False)
    elif damage == "record":
        (folder / "record.json").write_text((folder / "record.json").read_text()[:-5])
    else:
        (folder / "record.json").unlink()
    with pytest.raises(InputError, match=told) as caught:
        read_study(study)
    (problem,) = caught.value.problems
    assert problem.file == f"runs/{'0' * 20}/scores.parquet"
