"""Files of other tools become evidence; what goes wrong is an error and never a gap."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import InputError
from claims.study import check_study

CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
collect:
  - path: runs/{{intermediate}}/all_results.json
    as: hf-trainer
    set: {{target: xnli, source: "run:paper", scale: paper}}
    rename: {{metric: {{accuracy: acc}}}}
    unit: fraction
{more}
claims:
  - id: paper.xnli
    text: SQuAD gains 1.3 points on XNLI.
    scope: {{source: "run:paper", split: dev}}
    assert:
      - {{kind: gain, of: {{intermediate: squad, target: xnli, metric: acc}},
          over: {{intermediate: none}}, equals: "{number}"}}
"""


def study(folder: Path, number: str = "1.3", more: str = "", **scores: float) -> Path:
    (folder / "claims.yaml").write_text(CLAIMS.format(more=more, number=number), encoding="utf-8")
    for name, score in (scores or {"none": 0.801, "squad": 0.8137}).items():
        path = folder / "runs" / name / "all_results.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"eval_accuracy": score, "eval_samples": 2490}), encoding="utf-8")
    return folder


def test_fractions_become_points_without_binary_noise(tmp_path: Path) -> None:
    (finding,) = check_study(study(tmp_path)).findings
    assert (finding.verdict, finding.computed) == ("supported", "1.27")
    assert {cell.file for cell in finding.cells} == {
        "runs/none/all_results.json",
        "runs/squad/all_results.json",
    }
    assert finding.cells[0].locator == "/eval_accuracy"


def test_a_changed_result_contradicts_the_claim(tmp_path: Path) -> None:
    (finding,) = check_study(study(tmp_path, none=0.801, squad=0.82)).findings
    assert (finding.verdict, finding.computed) == ("contradicted", "1.9")


def test_collected_files_are_inputs(tmp_path: Path) -> None:
    outcome = check_study(study(tmp_path))
    path = tmp_path / "runs" / "squad" / "all_results.json"
    assert outcome.inputs["runs/squad/all_results.json"] == sha256(path.read_bytes()).hexdigest()


def test_a_template_that_matches_nothing_is_an_error_at_its_line(tmp_path: Path) -> None:
    folder = study(tmp_path)
    for path in (tmp_path / "runs").glob("*/*.json"):
        path.unlink()
    with pytest.raises(
        InputError, match=r"claims.yaml:5:\d+: no file matches 'runs/\{intermediate\}/all_results.json'"
    ):
        check_study(folder)


def test_a_file_that_the_adapter_cannot_read_is_named(tmp_path: Path) -> None:
    folder = study(tmp_path)
    (tmp_path / "runs" / "squad" / "all_results.json").write_text('{"eval_accuracy": 0.8')
    with pytest.raises(InputError, match=r"^runs/squad/all_results.json:1:\d+: not JSON"):
        check_study(folder)


def test_a_file_without_scores_is_an_error(tmp_path: Path) -> None:
    folder = study(tmp_path)
    (tmp_path / "runs" / "squad" / "all_results.json").write_text('{"eval_runtime": 3.0}')
    with pytest.raises(InputError, match="found no score"):
        check_study(folder)


def test_the_same_score_from_two_files_is_refused(tmp_path: Path) -> None:
    more = '  - {path: "runs/squad/all_results.json", as: hf-trainer, unit: fraction,\n'
    more += '     set: {target: xnli, source: "run:paper", scale: paper, intermediate: squad},\n'
    more += "     rename: {metric: {accuracy: acc}}}"
    with pytest.raises(InputError, match=r"is given twice, first by runs/squad/all_results\.json"):
        check_study(study(tmp_path, more=more))


@pytest.mark.parametrize(
    ("pin", "message"),
    [
        ({"runs/squad/all_results.json": "0" * 64}, "has changed: its sha256 is"),
        ({"runs/x.json": "0" * 64}, "is not there"),
    ],
)
def test_a_broken_pin_is_an_error(tmp_path: Path, pin: dict[str, Any], message: str) -> None:
    folder = study(tmp_path)
    text = (folder / "claims.yaml").read_text()
    (folder / "claims.yaml").write_text(
        text.replace("unit: fraction", f"unit: fraction\n    sha256: {json.dumps(pin)}")
    )
    with pytest.raises(InputError, match=message):
        check_study(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("as: hf-trainer", "as: hf-trainr", r"^claims.yaml:6:9: there is no .*did you mean 'hf-trainer'\?$"),
        ("runs/{intermediate}", "../{intermediate}", "may leave the study"),
        ("unit: fraction", "unit: percent", "unit"),
        ("unit: fraction", "options: {at_step: 3}", r"^claims.yaml:\d+:15: unknown option 'at_step'; .*$"),
        ("unit: fraction", "options: {at: bets}", r"^claims.yaml:\d+:15: the option `at` is 'bets'; .*best$"),
        ("runs/{intermediate}", "runs/{intermediat}", r"is no column; write {intermediate}$"),
        (
            "unit: fraction",
            "keep: {metric: [f1]}",
            r"^claims.yaml:\d+:12: keep leaves no row of runs/none/all_results.json and of 1 other file; "
            r"the first has metric acc; name words that it has$",
        ),
        (
            "target: xnli, source",
            "tagret: xnli, source",
            r"^claims.yaml:7:11: unknown column 'tagret'; write 'target'$",
        ),
    ],
)
def test_a_wrong_entry_says_what_to_write(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = study(tmp_path)
    text = (folder / "claims.yaml").read_text()
    (folder / "claims.yaml").write_text(text.replace(old, new))
    with pytest.raises(InputError, match=message):
        check_study(folder)
