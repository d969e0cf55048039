"""The CI subset of every study: one seed of one or two cells is trained again and must give the committed scores."""

from __future__ import annotations

from pathlib import Path

import pytest

from replicate.reference import FOLDER
from replicate.reference.claimed import NAME
from verify_claims.main import main

SUBSETS = {
    "architecture": "none,udpos",
    "domain": "scitail,xnli",
    "masking": "none,udpos",
    "order": "none,xnli",
    "robustness": "none,udpos",
    "scaling": "hellaswag,udpos",
}
"""Study -> `--only`: what takes seconds and has what the study is about (models, noise, another domain, a subset).

Phases take too long here; `studies/test_engine.py` runs them.
"""
LONG = {"code"}
"""A causal model's programs take minutes in the sandbox; `verify-claims replicate code --check` compares them all."""
OURS = sorted(place.parent.name for place in FOLDER.glob(f"*/{NAME}"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all: studies share what is alike."""
    return tmp_path_factory.mktemp("subsets") / "runs"


def test_every_study_has_a_subset() -> None:
    assert set(SUBSETS) | LONG == set(OURS)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SUBSETS))
def test_the_subset_regenerates_the_committed_scores(
    name: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--only", SUBSETS[name], "--seeds", "1", "--executor", "inline", "--quiet", "--check"]
    with pytest.raises(SystemExit) as end:
        main(["replicate", name, "--runs", str(runs), *options])
    told = capsys.readouterr()
    assert end.value.code == 0, told.out + told.err
    assert "the committed scores are regenerated" in told.out
