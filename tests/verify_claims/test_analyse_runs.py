"""`analyse NAME`: a study of runs is answered from its records, with a report of its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

from analysis.results import COLUMNS
from replicate.record import SCHEMA, sealed, sha256
from verify_claims.analyse import app

RUN = CliRunner()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Records of the study of domains: inference data help XNLI by 6 points, the other formats do not."""
    random = np.random.default_rng(0)
    folder = tmp_path / "runs"
    gains = {"none": 0, "mnli": 6, "scitail": 6.1, "contract_nli": 5.9, "squad": 0}
    gains |= {"boolq": 0, "sst2": 0, "hellaswag": 0}
    gains |= {"pubmed_qa": 0.1, "financial_phrasebank": -0.1, "case_hold": 0}
    for number, (setting, gain) in enumerate(gains.items()):
        rows = [
            {"source": "run:domain", "scale": "miniature", "split": "test", "model": "m", "variant": "plain"}
            | {
                "intermediate": setting,
                "target": "xnli",
                "language": language,
                "seed": seed,
                "status": "measured",
            }
            | {"metric": metric, "value": 50 + gain + random.normal(0, 0.2) + seed / 10}
            for seed in range(4)
            for language, metric in (
                ("all", "score"),
                *((one, "acc") for one in ("en", "qde", "qes", "qru", "qfk")),
            )
        ]
        if setting == "none":
            floor = {**rows[0], "variant": "constant", "seed": 0, "value": 33.4}
            rows.append({**floor, "language": "all", "metric": "score"})
        key = f"{number:020x}"
        (folder / key).mkdir(parents=True)
        pandas.DataFrame(rows, columns=list(COLUMNS)).to_parquet(folder / key / "scores.parquet")
        seal(folder / key)
    return folder


def seal(folder: Path) -> None:
    """The record of a stage with these scores."""
    files = {"scores.parquet": sha256(folder / "scores.parquet")}
    (folder / "record.json").write_text(sealed({"schema": SCHEMA, "key": folder.name, "files": files}))


def test_the_registered_contrasts_are_answered(runs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = RUN.invoke(app, ["domain", "--runs", str(runs), "--json", "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {row["contrast"]: row["outcome"] for row in found["contrasts"]} == {
        "domain": "no difference",
        "format": "shown",
        "domain-by-format": "no difference",
        "as-chosen": "shown",
        "any": "shown",
        "domain-paws-x": "open",
    }
    assert "cannot be answered at miniature scale: data of a domain give another PAWS-X" in (
        found["answers"][0]["answer"].lower().replace("paws-x", "PAWS-X")
    )
    (paper,) = [answer for answer in found["answers"] if answer["id"] == "paper"]
    assert (
        "verify-claims replicate domain --scale paper" in paper["answer"]
        and "It was not run." in paper["answer"]
    )
    assert {row["language"] for row in found["languages"]} == {"en", "qde", "qes", "qru", "qfk"}
    slopes = {(row["contrast"], row["property"]): row for row in found["properties"]}
    assert slopes["any", "Latin script"]["languages"] == 4 and slopes["any", "Latin script"]["with_it"] == 2
    assert abs(slopes["format", "object before verb"]["estimate"]) < 1
    report = (out / "report.md").read_text()
    assert "Yes at miniature scale: inference data" in report and "no answer holds beyond it" in report
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF") and "<svg" in (
        out / "report.html"
    ).read_text()
    assert (out / "figures/contrasts.csv").read_text().count("\n") == 6


def test_fewer_seeds_than_planned_are_provisional(runs: Path) -> None:
    assert "Provisional" not in RUN.invoke(app, ["domain", "--runs", str(runs)]).stdout
    for path in runs.glob("*/scores.parquet"):
        table = pandas.read_parquet(path)
        table[table["seed"] < 2].to_parquet(path)
        seal(path.parent)
    told = RUN.invoke(app, ["domain", "--runs", str(runs)])
    assert "Provisional: 2 of 4 planned seeds" in told.stdout, told.output


def test_a_study_that_was_not_run_says_how(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["order", "--runs", str(tmp_path / "none")])
    assert result.exit_code == 2 and "run it first: verify-claims replicate order" in result.stderr
    result = RUN.invoke(app, ["domain", "--scale", "small"])
    assert result.exit_code == 2 and "has no scale 'small'" in result.stderr
