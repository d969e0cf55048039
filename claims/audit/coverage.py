"""Whether a report's claims speak to its question, and whether its title does.

The question's own terms are those that the paper under review does not already have in its title: every claim about
the paper mentions these, so they say nothing about an answer. A claim covers the question if it mentions at least
`COVERS` of the question's own terms; below that no single statement can be an answer to it. The test is of words:
it can show that no claim speaks of what was asked, never that a claim answers it well.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from claims.outcome import AuditFinding, ReportCard
from claims.terms import met, sequence, terms

COVERS: Final = Fraction(1, 2)
"""Share of the question's own terms that one claim must mention."""
FITS: Final = Fraction(1, 2)
"""Share of the title's own terms that the question must mention."""


def question_finding(report: ReportCard) -> AuditFinding | None:
    """A finding if no claim covers the report's question; None if one does or the report asks none."""
    if not report.question or not report.mentions:
        return None
    own = own_terms(report.question, report.subject)
    if not own:
        return None
    claims = [sequence(mention.text) for mention in report.mentions]
    unmentioned = [word for term, word in own.items() if not any(met(term, claim) for claim in claims)]
    shares = [Fraction(sum(met(term, claim) for term in own), len(own)) for claim in claims]
    best = max(range(len(shares)), key=lambda at: (shares[at], -at))
    if shares[best] >= COVERS:
        return None
    hits = [word for term, word in own.items() if met(term, claims[best])]
    names = f" ({', '.join(hits)})" if hits else ""
    text = (
        f"No claim speaks to the question: of its {len(own)} own terms the nearest claim, line "
        f"{report.mentions[best].line}, mentions {len(hits)}{names}. No claim at all mentions: "
        f"{', '.join(unmentioned) or 'none is missing'}."
    )
    data = {
        "question": report.question,
        "terms": list(own.values()),
        "unmentioned": unmentioned,
        "best_share": f"{shares[best].numerator}/{shares[best].denominator}",
        "best_line": report.mentions[best].line,
        "needed_share": f"{COVERS.numerator}/{COVERS.denominator}",
    }
    return AuditFinding("question_uncovered", (report.id,), None, text, data)


def title_finding(report: ReportCard) -> AuditFinding | None:
    """Which of the title's own terms the question does not mention; None where title or question is missing."""
    if not report.title or not report.question:
        return None
    own = own_terms(report.title, report.subject)
    if not own:
        return None
    asked = sequence(report.question)
    unmentioned = [word for term, word in own.items() if not met(term, asked)]
    share = 1 - Fraction(len(unmentioned), len(own))
    fits = share >= FITS
    missing = f"; the question does not mention: {', '.join(unmentioned)}" if unmentioned else ""
    text = (
        f"The title {'fits' if fits else 'does not fit'} the question: {len(own) - len(unmentioned)} of its "
        f"{len(own)} own terms are in it{missing}."
    )
    data = {
        "fits": fits,
        "title": report.title,
        "question": report.question,
        "terms": list(own.values()),
        "unmentioned": unmentioned,
        "share": f"{share.numerator}/{share.denominator}",
    }
    return AuditFinding("title_question", (report.id,), None, text, data)


def own_terms(text: str, background: str | None) -> dict[tuple[str, ...], str]:
    """Terms of the text that the background does not mention."""
    known = sequence(background or "")
    return {term: word for term, word in terms(text).items() if not met(term, known)}
