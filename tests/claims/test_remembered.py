"""Findings kept from one check to the next: the same as decided anew, whatever changed in between."""

from pathlib import Path

import pytest

from claims.finding import Finding
from claims.remembered import Memory
from claims.scaffold import make_study
from claims.study import BUNDLED, check_study


def check(study: Path, cache: Path, code: str = "1") -> tuple[tuple[Finding, ...], int]:
    """Findings of a check with memory, equal to those without, and how many claims were remembered before it."""
    memory = Memory(cache, code)
    outcome = check_study(study, memory=memory)
    assert outcome == check_study(study)
    return outcome.findings, len(memory.before.keys() & memory.now.keys())


def test_the_bundled_study_comes_back_as_it_was_decided(tmp_path: Path) -> None:
    first, none = check(BUNDLED, tmp_path)
    again, known = check(BUNDLED, tmp_path)
    assert first == again and none == 0
    claims = {finding.claim for finding in first}
    assert known == len(claims)
    assert check(BUNDLED, tmp_path, code="2")[1] == 0


@pytest.fixture
def study(tmp_path: Path) -> Path:
    make_study(tmp_path / "paper")
    return tmp_path / "paper"


def test_only_what_changed_is_decided_anew(study: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    check(study, cache)
    claims = study / "claims.yaml"
    claims.write_text("# moved\n\n" + claims.read_text().replace('equals: "2.2"', 'equals: "2.9"'))
    found, known = check(study, cache)
    assert known == 2 and [str(f.verdict) for f in found] == [
        "contradicted",
        "supported",
        "supported",
        "supported",
    ]
    lines = claims.read_text().splitlines()
    assert "kind: value" in lines[found[1].location.line - 1]
    results = study / "results.csv"
    results.write_text(results.read_text().replace("73.1,73.1", "73.2,73.2"))
    assert check(study, cache)[1] == 0


def test_a_file_that_an_adapter_reads_beside_its_own_counts(study: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    run = study / "mlruns" / "1" / "r"
    (run / "metrics").mkdir(parents=True)
    (run / "params").mkdir()
    (run / "metrics" / "acc").write_text("1 84.0 0\n")
    (run / "params" / "seed").write_text("1")
    (study / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: s\ntitle: T\nevidence: []\nnames: {seed: ['1', '2']}\n"
        "collect: [{path: 'mlruns/*/*/metrics/*', as: mlflow-files, set: {source: run, target: t}}]\n"
        "claims:\n  - {id: c, text: T., scope: {source: run}, assert: [{kind: value,\n"
        "      of: {target: t, metric: acc, seed: '1'}, equals: '84.0'}]}\n"
    )
    assert str(check(study, cache)[0][0].verdict) == "supported"
    assert check(study, cache)[1] == 1
    (run / "params" / "seed").write_text("2")
    found, known = check(study, cache)
    assert str(found[0].verdict) == "unverifiable" and known == 0
