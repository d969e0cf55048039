"""What the audit says of the five bundled reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.audit import CODES, audit, problematic
from claims.study import check_study

STUDY = Path(__file__).resolve().parents[3] / "claims" / "catalog" / "xstilts"


@pytest.fixture(scope="module")
def outcome():
    return check_study(STUDY)


@pytest.fixture(scope="module")
def found(outcome):
    findings = audit(outcome.reports, outcome.claims)
    assert {finding.code for finding in findings} <= set(CODES)
    return {code: [finding for finding in findings if finding.code == code] for code in CODES}


def test_the_counts_agree_but_where_verdicts_are_lost_it_is_unknown(found):
    agrees = {finding.reports[0][:3]: finding.data["agrees"] for finding in found["counts"]}
    assert set(agrees) == {"000", "001", "002", "003", "004"}
    assert all(told["claims"] for told in agrees.values())
    assert {id: told["verified"] for id, told in agrees.items()} == {
        "000": True,
        "001": True,
        "002": None,
        "003": True,
        "004": True,
    }


def test_no_report_has_a_claim_that_speaks_to_its_question(found):
    unmentioned = {
        finding.reports[0][:3]: finding.data["unmentioned"] for finding in found["question_uncovered"]
    }
    assert {"progressively", "scaling", "diminishing", "returns", "XTREME-R"} <= set(unmentioned["000"])
    assert {"encoder-only", "decoder-only", "NLI", "XTREME-R"} <= set(unmentioned["001"])
    assert {"robustness", "adversarial", "noise", "code", "generation", "XTREME-R"} <= set(unmentioned["002"])
    assert {"sequence", "order", "mT5"} <= set(unmentioned["003"])
    assert {"domain-specific", "general-domain", "corpora"} <= set(unmentioned["004"])


def test_the_titles_fit_and_the_odd_word_is_named(found):
    told = {finding.reports[0][:3]: finding.data for finding in found["title_question"]}
    assert set(told) == {"000", "001", "003", "004"}  # the title of 002 is lost
    assert all(data["fits"] for data in told.values())
    assert told["001"]["unmentioned"] == ["Encoder-Decoder"]


def test_the_verdicts_are_a_threshold_on_the_confidence(found):
    (finding,) = found["threshold"]
    data = finding.data
    assert (data["ticks"], data["crosses"]) == (44, 9)
    assert (data["largest_cross"], data["smallest_tick"], data["threshold"]) == ("0.15", "0.15", "0.15")
    assert (data["right"], data["total"], data["tied_pairs"]) == (52, 53, 2)
    assert data["area"] == "395/396"
    assert [(item["report"][:3], item["line"]) for item in data["exceptions"]] == [("003", 32)]
    assert data["without"] == 9
    assert problematic(finding)


def test_the_same_claim_with_opposite_verdicts(found):
    assert {finding.claim for finding in found["opposite_verdicts"]} == {
        "xstilts.xnli.no-benefit",
        "xtreme.languages",
        "xstilts.protocol.xlmr-large",
    }


def test_true_counts_carry_a_cross(found):
    crossed = {(finding.reports[0][:3], finding.claim) for finding in found["false_cross"]}
    assert ("003", "xstilts.tasks.mnli-size") in crossed
    assert ("003", "xstilts.tasks.anli-plus-size") in crossed
    assert all(finding.data["report_verdict"] is False for finding in found["false_cross"])


def test_a_cross_is_not_called_false_for_a_part_of_its_claim(found):
    """One of three words stands in version 1, and the abstract names a model without saying what starts from it."""
    crossed = {finding.claim for finding in found["false_cross"]}
    assert not crossed & {"xstilts.tasks.formats-classification", "xstilts.protocol.xlmr-large"}
    assert {"xstilts.tasks.formats-classification", "xstilts.protocol.xlmr-large"} <= set(
        found["circular"][0].data["claims"]
    )


def test_false_ticks_are_on_claims_that_we_find_contradicted(found, outcome):
    verdicts = {finding.id: finding.verdict for finding in outcome.findings}
    for finding in found["false_tick"]:
        assert finding.data["report_verdict"] is True
        assert {verdicts[id].value for id in finding.data["findings"]} == {"contradicted"}


def test_five_reports_are_one_witness(found, outcome):
    (finding,) = found["independence"]
    assert (finding.data["mentions"], finding.data["reports"]) == (62, 5)
    assert [root["id"] for root in finding.data["roots"]] == ["arXiv:2005.13013"]
    table = finding.data["claims"]
    assert table["xstilts.squad.dev-gain"] == {"mentions": 5, "reports": 5, "roots": 1}
    assert {row["roots"] for row in table.values()} == {1}
    assert {claim.n_roots for claim in outcome.claims if claim.mentions} == {1}


def test_circular_claims_are_those_with_circular_findings(found, outcome):
    (finding,) = found["circular"]
    assert set(finding.data["claims"]) == {
        claim.id for claim in outcome.claims if claim.mentions and any(f.circular for f in claim.findings)
    }


def test_the_outcome_of_a_check_carries_the_audit(found, outcome):
    assert list(outcome.audit) == [finding for code in CODES for finding in found[code]] or len(
        outcome.audit
    ) == sum(map(len, found.values()))


def test_without_a_study_the_reports_speak_for_themselves(outcome):
    from claims.reading import read_reports

    alone = read_reports(sorted((STUDY / "reports").glob("*.txt")))
    codes = [finding.code for finding in audit(alone)]
    assert codes.count("question_uncovered") == 5
    assert "threshold" in codes
    assert not {"false_tick", "false_cross", "circular"} & set(codes)
