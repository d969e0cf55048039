"""Every figure that the bundled study must give, read from the JSON of a fresh run of the command."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    command = [sys.executable, "-m", "verify_claims.main", "check", "--json", "--no-cache"]
    return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def outcome(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run.stdout)
    return read


@pytest.fixture(scope="module")
def findings(outcome: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {finding["id"]: finding for claim in outcome["claims"] for finding in claim["findings"]}


def test_the_bundled_study_is_the_default_and_meets_its_baseline(
    run: subprocess.CompletedProcess[str],
) -> None:
    assert run.returncode == 0, run.stderr
    assert "the bundled one" in run.stderr


def test_sixty_two_mentions_of_five_reports_all_map(outcome: dict[str, Any]) -> None:
    per_report = [len(report["mentions"]) for report in outcome["reports"]]
    assert per_report == [14, 9, 9, 20, 10]
    assert outcome["summary"]["mapped_mentions"] == outcome["summary"]["mentions"] == 62


def test_v1_squad_average_reproduces_and_the_abstract_is_contradicted(findings: dict[str, Any]) -> None:
    table = findings["xstilts.v1.squad.dev-gain/recomputed"]
    assert (table["reason"], table["verdict"], table["level"]) == ("reproduces", "supported", "recomputed")
    assert table["computed"] == "8.267" and table["computed_interval"] == ["8.217", "8.317"]
    abstract = findings["xstilts.v1.squad.dev-gain-abstract/recomputed"]
    assert (abstract["reason"], abstract["margin"]) == ("outside_rounding", "0.033")
    assert "contradicts 8.4 by at least 0.033" in abstract["detail"]
    assert findings["xstilts.v1.squad.dev-gain-abstract/printed"]["reason"] == "differs_from_print"


def test_retrieval_carries_most_of_the_gain(findings: dict[str, Any], outcome: dict[str, Any]) -> None:
    table = findings["xstilts.v1.squad.dev-gain/recomputed"]
    retrieval = next(part for part in table["contributions"] if part["members"] == ["bucc2018", "tatoeba"])
    assert retrieval["points"] == "7.40" and Decimal(retrieval["of"]).quantize(Decimal("0.1")) == Decimal(
        "8.3"
    )
    parts = [Decimal(part["points"]) for part in table["contributions"]]
    assert abs(sum(parts) - Decimal(retrieval["of"])) <= Decimal("0.02")
    rest = next(other for other in table["alternatives"] if other["label"] == "without BUCC and Tatoeba")
    assert rest["computed"] == "+1.11"
    assert any("BUCC and Tatoeba carry 7.40 of the 8.3 points" in line for line in outcome["headlines"])


def test_every_averaged_gain_shows_what_carries_it(findings: dict[str, Any]) -> None:
    averaged = [f for f in findings.values() if f["kind"] == "gain" and f["computed"] is not None]
    assert len(averaged) >= 18
    assert all(len(finding["contributions"]) == 4 for finding in averaged)


def test_the_misprinted_row_and_the_row_saved_by_rounding(findings: dict[str, Any]) -> None:
    qqp = findings["xstilts.v1.rows/qqp-mlm"]
    assert (qqp["claimed"], qqp["computed"], qqp["reason"]) == ("5.1", "7.1", "outside_rounding")
    assert qqp["margin"] == "1.9"
    ccg = findings["xstilts.v1.rows/ccg"]
    assert (ccg["claimed"], ccg["reason"]) == ("3.7", "reproduces_within_rounding")
    others = [f for id, f in findings.items() if id.startswith("xstilts.v1.rows/") and f not in (qqp, ccg)]
    assert len(others) == 13 and {f["reason"] for f in others} == {"reproduces"}


def test_true_counts_are_supported_although_a_report_crosses_them(
    findings: dict[str, Any], outcome: dict[str, Any]
) -> None:
    total = findings["xstilts.tasks.anli-plus-size/sum"]
    assert (total["claimed"], total["computed"], total["verdict"]) == ("1,104,934", "1104934", "supported")
    values = {cell["selector"]["intermediate"]: 0 for cell in total["cells"]}
    for cell in total["cells"]:
        sign = -1 if cell["selector"]["metric"] == "unlabelled_examples" else 1
        values[cell["selector"]["intermediate"]] += sign * int(cell["value"])
    assert values == {"snli": 549_367, "mnli": 392_702, "anli": 162_865}
    for id in ("xstilts.tasks.anli-plus-size", "xstilts.tasks.mnli-size"):
        claim = next(claim for claim in outcome["claims"] if claim["id"] == id)
        assert claim["verdict"] == "supported"
        assert any(mention["verdict"] is False for mention in claim["mentions"])
    assert findings["xstilts.tasks.mnli-size/card"]["claimed"] == "392,702"
    crossed = {a["claim"] for a in outcome["audit"] if a["code"] == "false_cross"}
    assert {"xstilts.tasks.anli-plus-size", "xstilts.tasks.mnli-size"} <= crossed


@pytest.mark.parametrize(
    ("name", "many", "cells"),
    [("tatoeba", "16", 16), ("bucc", "15", 16), ("tydiqa", "15", 16), ("xnli", "0", 8), ("xnli-mlm", "3", 8)],
)
def test_how_many_settings_gain_on_a_target(
    findings: dict[str, Any], name: str, many: str, cells: int
) -> None:
    finding = findings[f"xstilts.v1.targets/{name}"]
    assert finding["computed"] == many and finding["computed_interval"] == [many, many]
    assert len(finding["cells"]) == cells and finding["verdict"] == "supported"
    assert finding["sensitivity"].startswith("flips if one cell moves by ")


def test_both_baselines_of_the_test_gain_are_shown(findings: dict[str, Any]) -> None:
    gain = findings["xstilts.v1.test-gain/recomputed"]
    assert gain["claimed"] == "6.1" and gain["verdict"] == "supported"
    own = next(other for other in gain["alternatives"] if other["label"] == "the authors' own baseline")
    assert Decimal(own["computed"]).quantize(Decimal("0.1")) == Decimal("8.1")
    assert "outside_rounding" in own["note"]


def test_xlmr_large_is_first_on_nine_of_nine_tasks(findings: dict[str, Any]) -> None:
    first = findings["xtreme.xlmr.state-of-the-art/first"]
    assert (first["computed"], first["computed_interval"]) == ("9", ["9", "9"])
    assert findings["xtreme.xlmr.state-of-the-art/average"]["reason"] == "holds"


@pytest.mark.parametrize(
    ("model", "average"),
    [("mbert", "59.6"), ("xlm", "55.5"), ("xlm-roberta-large", "68.1"), ("mmte", "59.3")],
)
def test_xtreme_averages_reproduce(findings: dict[str, Any], model: str, average: str) -> None:
    finding = findings[f"xtreme.averages/{model}"]
    assert (finding["claimed"], finding["reason"], len(finding["cells"])) == (average, "reproduces", 12)


def test_the_sweep_of_127_averages(outcome: dict[str, Any]) -> None:
    counted = outcome["summary"]["sweep"]
    assert counted["averages"] == len(outcome["sweep"]) == 127
    assert counted["reproduces"] + counted["reproduces_within_rounding"] + counted["outside_rounding"] == 127
    wrong = {row["what"] for row in outcome["sweep"] if row["finding"]["reason"] == "outside_rounding"}
    assert len(wrong) == 5
    assert sum("filter" in what for what in wrong) == 2 and sum("tatoeba" in what for what in wrong) == 2
    assert any("dev gain of qqp (mlm)" in what for what in wrong)


def test_numbers_of_version_2_rest_on_the_reports_alone(findings: dict[str, Any]) -> None:
    for task, number in (("squad", "8.2"), ("mnli", "7.5"), ("hellaswag", "7.0"), ("multitask", "8.7")):
        for name in ("printed", "recomputed"):
            finding = findings[f"xstilts.{task}.dev-gain/{name}"]
            assert (finding["verdict"], finding["reason"]) == ("unverifiable", "circular_evidence")
            assert finding["circular"] and finding["claimed"] == number
        needs = findings[f"xstilts.{task}.dev-gain/recomputed"]["needs"]
        assert len(needs) == 2 and all("of arXiv:2005.13013v2: xnli acc" in need for need in needs)
        assert all(need.startswith("12 cells") and need.endswith("tatoeba acc") for need in needs)
        assert "intermediate none" in needs[1] and "intermediate none" not in needs[0]


def test_versions_drift_and_scopes_differ(findings: dict[str, Any]) -> None:
    drift = findings["xstilts.hellaswag.dev-gain/drift"]
    assert (drift["verdict"], drift["reason"], drift["computed"]) == (
        "out_of_scope",
        "version_mismatch",
        "7.85",
    )
    assert "drift" in drift["tags"] and "2005.13013v1" in drift["detail"]
    assert findings["xstilts.xtreme-r/gain"]["reason"] == "benchmark_mismatch"
    mlm = findings["xstilts.alternatives.mlm/drift"]
    assert (mlm["reason"], mlm["computed"]) == ("version_mismatch", "5")


def test_the_file_of_consistency_checks_is_covered(outcome: dict[str, Any], shared: Path) -> None:
    import csv

    with (shared / "facts" / "tables" / "consistency_checks.csv").open(encoding="utf-8") as stream:
        listed = list(csv.DictReader(stream))
    ours = sorted(Decimal(row["printed"].lstrip("+")) for row in outcome["sweep"])
    theirs = sorted(Decimal(row["reported"]) for row in listed)
    assert ours == theirs
    recomputed = sorted(round(float(row["finding"]["computed"]), 3) for row in outcome["sweep"])
    for mine, known in zip(recomputed, sorted(float(row["computed"]) for row in listed), strict=True):
        assert abs(mine - known) <= 0.0011


@pytest.fixture(scope="module")
def shared() -> Path:
    import os

    place = Path(os.environ.get("VERIFY_CLAIMS_SHARED", Path(__file__).parents[3] / "shared"))
    if not (place / "facts").is_dir():
        pytest.skip("the shared fact tables are not beside this checkout")
    return place
