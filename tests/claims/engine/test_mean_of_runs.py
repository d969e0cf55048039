"""An assertion that names seeds is about these very runs: exact arithmetic, in which a changed digit shows."""

from pathlib import Path

import pytest

from claims.finding import Finding
from claims.study import check_study

HEAD = "source,target,metric,intermediate,seed,value,status\n"
BASE = "".join(
    f"mine,xnli,acc,none,{seed},{value},measured\n" for seed, value in ((1, 78.94), (2, 79.01), (3, 79.21))
)
SQUAD = (
    "mine,xnli,acc,squad,1,81.56,measured\nmine,xnli,acc,squad,2,81.72,measured\n"
    "mine,xnli,acc,squad,3,81.49,measured\nmine,qa,acc,squad,1,60.0,measured\nmine,qa,acc,squad,2,62.0,measured\n"
)
CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
averages:
  both: {{text: mean over two tasks, mean: [{{target: xnli, metric: acc}}, {{target: qa, metric: acc}}]}}
claims:
  - id: c
    text: A claim.
    scope: {{source: mine}}
    assert:
      - {{{assertion}}}
"""
OF = "of: {intermediate: squad, target: xnli, metric: acc}"
GAIN = f"kind: gain, {OF}, over: {{intermediate: none}}, mean: seed"


def decided(folder: Path, assertion: str, rows: str = BASE + SQUAD) -> Finding:
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "r.csv").write_text(HEAD + rows)
    (folder / "claims.yaml").write_text(CLAIMS.format(assertion=assertion))
    (finding,) = check_study(folder).findings
    return finding


@pytest.mark.parametrize(
    ("assertion", "verdict", "computed"),
    [
        (f'kind: value, {OF}, mean: seed, equals: "81.6"', "supported", "81.59"),
        (f'kind: value, {OF}, mean: seed, equals: "81.7"', "contradicted", "81.59"),
        (f'kind: value, {OF}, where: {{seed: "*"}}, equals: "81.59"', "supported", "81.59"),
        (f'{GAIN}, equals: "2.5"', "supported", "2.537"),
        (f'{GAIN}, equals: "2.6"', "contradicted", "2.537"),
        ('kind: value, of: {intermediate: squad, seed: "*"}, mean: both, equals: "71.3"', "supported", "71.295"),
        ('kind: value, of: {intermediate: squad, target: xnli, metric: acc, seed: "2"}, equals: "81.7"',
         "supported", "81.72"),
        ('kind: order, larger: {intermediate: squad, target: xnli, metric: acc, seed: "*"}, '
         'smaller: {intermediate: none, target: xnli, metric: acc, seed: "*"}', "supported", "2.537"),
    ],
)  # fmt: skip
def test_named_runs_are_averaged_exactly(tmp_path: Path, assertion: str, verdict: str, computed: str) -> None:
    finding = decided(tmp_path, assertion)
    assert (finding.verdict, finding.computed) == (verdict, computed), finding.detail
    assert finding.level in ("recomputed", "quoted")
    assert finding.statistics is None


def test_settings_may_have_different_numbers_of_runs(tmp_path: Path) -> None:
    more = "mine,xnli,acc,none,4,79.04,measured\n"
    assert decided(tmp_path, f'{GAIN}, equals: "2.54"', BASE + SQUAD + more).verdict == "supported"


def test_runs_that_no_seed_tells_apart_are_ambiguous(tmp_path: Path) -> None:
    twice = "mine,xnli,acc,squad,3,81.50,measured\n"
    finding = decided(tmp_path, f'{GAIN}, equals: "2.5"', BASE + SQUAD + twice)
    assert (finding.verdict, finding.reason) == ("error", "ambiguous_cells")


def test_without_a_seed_the_assertion_is_about_runs_of_this_kind_and_statistics_decide(
    tmp_path: Path,
) -> None:
    finding = decided(tmp_path, f'kind: value, {OF}, equals: "81.7"')
    assert finding.level == "tested"
    assert finding.statistics is not None


def test_no_runs_are_missing_cells_and_no_zero(tmp_path: Path) -> None:
    finding = decided(
        tmp_path,
        f'kind: value, {OF}, mean: seed, equals: "0"',
        BASE + SQUAD.replace("mine,xnli,acc,squad", "mine,xnli,f1,squad"),
    )
    assert finding.verdict == "unverifiable"
