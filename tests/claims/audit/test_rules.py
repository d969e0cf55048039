"""The audit's rules on made-up reports: counts, coverage, thresholds, opposite verdicts, roots."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.audit import audit, problematic, roots_of
from claims.audit.independence import documents_of
from claims.audit.separation import separation
from claims.finding import Finding, Level, Location, Reason
from claims.outcome import ClaimCard, Mention, ReportCard

HERE = Location("claims.yaml", 1)


def mention(text="A holds.", verdict=None, confidence=None, claims=(), report="r", line=1):
    return Mention(report, line, text, False, verdict, confidence, claims)


def card(*mentions, id="r", **fields):
    own = tuple(replace(item, report=id, line=at) for at, item in enumerate(mentions, start=1))
    plain = ReportCard(id, f"{id}.md", "", None, None, None, None, False, {}, (), own, ())
    return replace(plain, **fields)


def decided(id, *reasons, circular=False):
    findings = tuple(
        Finding(f"{id}/{n}", id, "value", "as read", reason, Level.QUOTED, "detail", HERE, circular=circular)
        for n, reason in enumerate(reasons)
    )
    return ClaimCard(id, "text", "group", {}, HERE, (), findings)


def codes(reports, claims=()):
    return [finding.code for finding in audit(reports, claims)]


def only(reports, code, claims=()):
    (finding,) = [finding for finding in audit(reports, claims) if finding.code == code]
    return finding


@pytest.mark.parametrize(
    ("stated", "verdicts", "agrees"),
    [
        ({"claims": "2", "verified": "1"}, (True, False), {"claims": True, "verified": True}),
        ({"claims": "3", "verified": "2"}, (True, False), {"claims": False, "verified": False}),
        ({"verified": "1"}, (None, None), {"verified": None}),
        ({"verified": "3"}, (None, None), {"verified": False}),  # more than could be ticked
        ({"verified": "0"}, (True, None), {"verified": False}),  # fewer than are ticked
        ({"papers": "3", "papers (methodology)": "4"}, (True,), {"papers": False}),
    ],
)
def test_counts(stated, verdicts, agrees):
    report = card(*(mention(verdict=verdict) for verdict in verdicts), counts=stated)
    finding = only([report], "counts")
    assert finding.data["agrees"] == agrees
    assert problematic(finding) is (False in agrees.values())


def test_a_report_that_states_no_count_is_not_compared():
    assert "counts" not in codes([card(mention())])


@pytest.mark.parametrize(
    ("claim", "covered"),
    [
        ("More adversarial noise lowers the robustness of code generation models.", True),
        ("Zero-shot transfer improves by 8.2 points.", False),
    ],
)
def test_a_question_is_covered_by_a_claim_that_mentions_half_of_its_terms(claim, covered):
    report = card(
        mention(claim), question="How robust is code generation to adversarial noise?", subject="Zero-shot"
    )
    assert ("question_uncovered" not in codes([report])) is covered


def test_terms_of_the_paper_under_review_do_not_count_as_the_questions_own():
    report = card(
        mention("XNLI gains."),
        question="Does zero-shot transfer improve robustness?",
        subject="Zero-Shot Transfer",
    )
    assert only([report], "question_uncovered").data["terms"] == ["improve", "robustness"]


def test_a_title_about_something_else():
    report = card(
        mention(), title="Decoder architectures for speech", question="Does order matter for accuracy?"
    )
    finding = only([report], "title_question")
    assert not finding.data["fits"]
    assert problematic(finding)


def test_lines_not_understood_are_told():
    finding = only([card(mention(), not_understood=((7, "???"),))], "not_understood")
    assert finding.data["lines"] == [{"line": 7, "text": "???"}]


rated = st.lists(
    st.tuples(st.sampled_from(["0.05", "0.1", "0.10", "15%", "0.2", "0.33"]), st.booleans()), max_size=14
)


@given(rated)
def test_separation_agrees_with_counting_every_threshold_and_pair(pairs):
    found = separation([mention(confidence=c, verdict=v) for c, v in pairs])
    values = [(Decimal(c.rstrip("%")).scaleb(-2) if c.endswith("%") else Decimal(c), v) for c, v in pairs]
    ticks, crosses = [v for v, t in values if t], [v for v, t in values if not t]
    if not ticks or not crosses:
        assert found is None
        return
    best = max(sum((value >= at) is verdict for value, verdict in values) for at, _ in values)
    wins = sum(Fraction(tick > cross) + Fraction(tick == cross, 2) for tick, cross in product(ticks, crosses))
    assert found.right == best
    assert found.right == sum((value >= found.threshold) is verdict for value, verdict in values)
    assert found.area == wins / (len(ticks) * len(crosses))
    assert (found.largest_cross, found.smallest_tick) == (max(crosses), min(ticks))


def test_a_missing_verdict_or_confidence_is_left_out():
    assert (
        separation(
            [mention(verdict=True), mention(confidence="0.2"), mention(verdict=False, confidence="0.1")]
        )
        is None
    )


def test_opposite_verdicts_with_and_without_a_study():
    ticked = card(mention(verdict=True, claims=("a",)), id="one")
    crossed = card(mention(verdict=False, claims=("a",)), id="two")
    assert only([ticked, crossed], "opposite_verdicts").claim == "a"
    bare = [replace(r, mentions=tuple(replace(m, claims=()) for m in r.mentions)) for r in (ticked, crossed)]
    assert only(bare, "opposite_verdicts").claim is None
    assert "opposite_verdicts" not in codes([ticked, ticked])


def test_a_cross_on_a_compound_sentence_opposes_no_tick():
    ticked = card(mention(verdict=True, claims=("a",)), id="one")
    crossed = card(mention("A and B.", verdict=False, claims=("a", "b")), id="two")
    assert "opposite_verdicts" not in codes([ticked, crossed])


@pytest.mark.parametrize(
    ("verdict", "reasons", "code"),
    [
        (True, (Reason.OUTSIDE_ROUNDING,), "false_tick"),
        (True, (Reason.MATCHES_PRINT, Reason.DOES_NOT_HOLD), "false_tick"),
        (False, (Reason.MATCHES_PRINT,), "false_cross"),
        (True, (Reason.MATCHES_PRINT,), None),
        (False, (Reason.OUTSIDE_ROUNDING,), None),
        (False, (Reason.CELLS_MISSING,), None),
        (True, (Reason.CIRCULAR_EVIDENCE,), None),
        (True, (Reason.VERSION_MISMATCH, Reason.MATCHES_PRINT), None),
        (None, (Reason.OUTSIDE_ROUNDING,), None),
    ],
)
def test_false_verdicts(verdict, reasons, code):
    told = codes([card(mention(verdict=verdict, claims=("a",)))], [decided("a", *reasons)])
    assert [item for item in told if item.startswith("false")] == ([code] if code else [])


def test_a_cross_on_a_compound_sentence_is_false_only_if_every_claim_is_supported():
    report = card(mention("A and B.", verdict=False, claims=("a", "b")))
    supported, open_ = decided("a", Reason.HOLDS), decided("b", Reason.CELLS_MISSING)
    assert "false_cross" not in codes([report], [supported, open_])
    assert codes([report], [supported, decided("b", Reason.HOLDS)]).count("false_cross") == 2


def test_circular_claims_are_named_if_the_reports_mention_them():
    claims = [
        decided("a", Reason.CIRCULAR_EVIDENCE, circular=True),
        decided("b", Reason.CIRCULAR_EVIDENCE, circular=True),
    ]
    assert only([card(mention(claims=("a",)))], "circular", claims).data["claims"] == ["a"]
    assert "circular" not in codes([card(mention())], claims)


ABSTRACT = " ".join(f"word{n}" for n in range(60))


def test_near_identical_abstracts_are_one_root_and_the_relation_is_transitive():
    first = card(mention(), id="one", abstract=ABSTRACT)
    second = card(
        mention(), id="two", abstract=ABSTRACT[:-40] + " other ending here", subject="A study of many things"
    )
    third = card(mention(), id="three", subject="A study of many things")
    fourth = card(mention(), id="four", abstract=" ".join(f"token{n}" for n in range(60)))
    roots = roots_of([first, second, third, fourth])
    assert [root.reports for root in roots] == [("one", "two", "three"), ("four",)]
    assert len(roots[0].reasons) == 2


def test_the_same_references_are_one_root_named_after_the_document():
    one = card(mention(), id="one", references=("http://arxiv.org/abs/2005.13013v1",))
    two = card(mention(), id="two", references=("https://arxiv.org/pdf/2005.13013v2",))
    (root,) = roots_of([one, two])
    assert root.id == "arXiv:2005.13013"


def test_reports_that_share_one_reference_of_several_stay_apart():
    one = card(mention(), id="one", references=("arXiv:2005.13013", "arXiv:2003.11080"))
    two = card(mention(), id="two", references=("arXiv:2005.13013", "doi 10.1000/ABC.1"))
    assert len(roots_of([one, two])) == 2
    assert documents_of(two) == ("arXiv:2005.13013", "doi:10.1000/abc.1")


def test_two_unrelated_reports_are_two_witnesses():
    reports = [card(mention(claims=("a",)), id="one"), card(mention(claims=("a",)), id="two")]
    finding = only(reports, "independence")
    assert finding.data["claims"]["a"] == {"mentions": 2, "reports": 2, "roots": 2}
    assert not problematic(finding)


def test_no_reports_no_observations():
    assert audit([]) == ()
