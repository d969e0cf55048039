"""From runs to findings: what `replicate` leaves is evidence that `check` reads, in its own column of scale."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import tiny

from replicate.ledger import Ledger
from verify_claims.main import main

CLAIMS = """
schema: verify-claims/1
study: runs
title: A printed number and what runs of ours say of it
evidence: [printed.csv, runs]
names: {source: ["run:tiny"]}
claims:
  - id: printed
    text: The score is 70.0.
    scope: {source: "paper:v1", split: test, model: base}
    assert:
      - {name: print, kind: value, of: PLACE, equals: "70.0"}
      - {name: again, kind: regenerated, study: tiny, scale: miniature, of: PLACE, equals: "70.0", min_seeds: 2}
"""
PLACE = "{intermediate: squad, variant: plain, target: tatoeba, metric: acc, language: qde}"
PRINTED = """source,locator,scale,split,model,intermediate,variant,target,language,metric,seed,n,value,printed,status
paper:v1,table 1,paper,test,base,squad,plain,tatoeba,qde,acc,,200,70.0,70.0,seen
"""


def command(capsys, *arguments: str) -> tuple[int, str]:
    """Exit code and output of `verify-claims`."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out or told.err


def findings(capsys, folder: Path) -> dict[str, dict[str, str]]:
    """Name of an assertion -> its finding."""
    _, told = command(capsys, "check", str(folder), "--json")
    claims = json.loads(told[told.index("{") :])["claims"]
    return {one["id"].rpartition("/")[2]: one for claim in claims for one in claim["findings"]}


def test_runs_become_findings_of_their_own_scale(tmp_path, capsys):
    (tmp_path / "claims.yaml").write_text(CLAIMS.replace("PLACE", PLACE))
    (tmp_path / "printed.csv").write_text(PRINTED)
    (tmp_path / "runs").mkdir()
    before = findings(capsys, tmp_path)
    assert before["again"]["reason"] == "no_runs" and before["again"]["verdict"] == "unverifiable"
    options = ["--runs", str(tmp_path / "runs"), "--executor", "inline", "--quiet"]
    told = command(
        capsys,
        "replicate",
        str(tiny.write(tmp_path)),
        "--only",
        "squad,tatoeba",
        "--seeds",
        "2",
        *options,
    )
    assert told[0] == 0, told[1]
    scores = Ledger(tmp_path / "runs").results()
    assert set(scores.scale) == {"miniature"}
    found = findings(capsys, tmp_path)
    assert found["print"] == before["print"] and found["print"]["verdict"] == "supported"
    assert found["print"]["scale"] == "paper"
    assert found["again"]["level"] == "regenerated" and found["again"]["scale"] == "miniature"
    assert found["again"]["verdict"] in ("contradicted", "inconclusive", "out_of_scope")
