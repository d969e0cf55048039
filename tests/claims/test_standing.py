"""How a claim stands: the weakest finding about the paper decides; what speaks of something else does not."""

import pytest

from claims.finding import Finding, Level, Location, Reason, Verdict
from claims.standing import claim_level, claim_verdict, deciding


def found(reason: str, level: str = "recomputed", scale: str = "published") -> Finding:
    return Finding("c/1", "c", "value", "r", Reason(reason), Level(level), "d", Location("f", 1), scale=scale)


HOLDS, FAILS, OPEN = found("reproduces"), found("outside_rounding"), found("cells_missing", "stated")
ELSEWHERE = found("version_mismatch")
RUN_FAILS = found("interval_excludes", "regenerated", "miniature")
NOT_RUN = found("no_runs", "stated", "paper")


@pytest.mark.parametrize(
    ("findings", "verdict", "level"),
    [
        ([HOLDS], "supported", "recomputed"),
        ([HOLDS, FAILS], "contradicted", "recomputed"),
        ([HOLDS, OPEN], "unverifiable", "stated"),
        ([HOLDS, found("rounding_decides")], "inconclusive", "recomputed"),
        ([HOLDS, found("bad_evidence", "stated")], "error", "stated"),
        (
            [HOLDS, found("matches_print", "quoted")],
            "supported",
            "recomputed",
        ),  # the deepest level that says so
        ([HOLDS, found("outside_rounding", "quoted")], "contradicted", "quoted"),
        # runs at miniature or small scale are a column of their own
        ([HOLDS, RUN_FAILS], "supported", "recomputed"),
        ([OPEN, found("interval_agrees", "regenerated", "small")], "unverifiable", "stated"),
        ([HOLDS, found("interval_excludes", "regenerated", "paper")], "contradicted", "regenerated"),
        ([RUN_FAILS], "contradicted", "regenerated"),
        # runs that were not made, and evidence about something else, decide only where nothing else does
        ([HOLDS, NOT_RUN], "supported", "recomputed"),
        ([NOT_RUN], "unverifiable", "stated"),
        ([HOLDS, ELSEWHERE], "supported", "recomputed"),
        ([ELSEWHERE], "out_of_scope", "recomputed"),
        ([ELSEWHERE, RUN_FAILS], "out_of_scope", "recomputed"),
        ([], "unverifiable", "stated"),
    ],
)
def test_the_weakest_finding_about_the_paper_decides(findings, verdict, level):
    assert (claim_verdict(findings), claim_level(findings)) == (Verdict(verdict), Level(level))


def test_what_decides_is_told():
    assert deciding([HOLDS, ELSEWHERE, RUN_FAILS, NOT_RUN]) == (HOLDS,)
    assert deciding([ELSEWHERE, RUN_FAILS]) == (ELSEWHERE,)
    assert deciding([RUN_FAILS, NOT_RUN]) == (RUN_FAILS, NOT_RUN)
