"""The plugin in a pytest run of its own, in a project whose packages are named like ours."""

import subprocess
import sys
from pathlib import Path

import pytest

CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
names: {target: [mlqa]}
claims:
  - id: paper.gain
    text: SQuAD gains 1.3 points.
    scope: {source: mine}
    assert:
      - {name: gain, kind: gain, of: {intermediate: squad}, over: {intermediate: none}, equals: "1.3"}
      - {name: missing, kind: value, of: {intermediate: squad, target: mlqa}, equals: "70.0"}
"""
TABLE = (
    "source,target,metric,intermediate,value,status\n"
    "mine,xnli,acc,none,80.1,measured\nmine,xnli,acc,squad,{},measured\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "claims.yaml").write_text(CLAIMS)
    (tmp_path / "evidence" / "r.csv").write_text(TABLE.format("81.4"))
    (tmp_path / "claims").mkdir()  # a package of the user's, with our name
    (tmp_path / "claims" / "__init__.py").write_text("raise SystemExit('imported the project')\n")
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert 1 + 1 == 2\n")
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rA",
        "--claims",
        "claims.yaml",
        *arguments,
    ]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout + done.stderr


def test_one_item_per_assertion_beside_the_projects_own(project: Path) -> None:
    code, text = run(project)
    assert code == 0, text
    assert "PASSED claims.yaml::paper.gain/gain" in text
    assert "2 passed, 1 skipped" in text
    assert "cells missing" in text or "cells_missing" in text


def test_a_changed_result_fails_with_the_finding_and_no_traceback(project: Path) -> None:
    (project / "evidence" / "r.csv").write_text(TABLE.format("82.0"))
    code, text = run(project)
    assert code == 1
    assert "contradicted (outside_rounding): Recomputed from 2 cells the gain is 1.9" in text
    assert "Traceback" not in text


def test_the_level_can_be_raised(project: Path) -> None:
    assert run(project, "--claims-fail-on", "unverifiable")[0] == 1


def test_a_broken_claims_file_is_a_collection_error_with_its_place(project: Path) -> None:
    (project / "claims.yaml").write_text(CLAIMS.replace("equals", "equal"))
    code, text = run(project)
    assert code == 2
    assert "claims.yaml:10" in text
    assert "Traceback" not in text


def test_a_missing_file_is_a_usage_error(project: Path) -> None:
    (project / "claims.yaml").unlink()
    code, text = run(project)
    assert code == 4
    assert "there is no such file" in text


def test_an_acceptance_that_no_longer_fits_is_an_item_that_fails(project: Path) -> None:
    (project / "baseline.yaml").write_text(
        "schema: verify-claims/baseline/1\naccepted:\n"
        "  - {id: paper.gain/gain, verdict: contradicted, reason: outside_rounding, why: w, until: never}\n"
    )
    code, text = run(project)
    assert code == 1 and "FAILED claims.yaml::stale grant: paper.gain/gain" in text
    assert "baseline.yaml:3:5: paper.gain/gain: accepted as contradicted, but it is supported now" in text
    assert run(project, "--claims-fail-on", "never")[0] == 0
