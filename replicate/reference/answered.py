"""The page docs/study-answers.md, made from the committed scores: `python -m replicate.reference.answered`.

Every number of the page follows from `replicate/reference/<study>/<scale>.csv` by the analysis that the study file
registers; a test makes the page again. Nothing on it was typed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from analysis.contrast import Decision, decide
from analysis.contrast.answer import guessing
from analysis.contrast.decide import NEITHER
from replicate.answers import outside
from replicate.at_hand import partial
from replicate.pictures import pictures
from replicate.pictures.scores import NOT_TESTED
from replicate.reference import FOLDER, path
from replicate.reference.claimed import NAME, committed
from replicate.studies.study import Study, grid, study

if TYPE_CHECKING:
    import pandas

HEAD: Final = """# What the studies answer

Made by `python -m replicate.reference.answered > docs/study-answers.md` from the committed scores
(`replicate/reference/STUDY/SCALE.csv`); a test compares the two. Where no scale is named it is miniature: the
languages are generated ([miniature](replication/miniature.md)). At [scale small](replication/small.md) languages are
real and the encoder is weak. No answer of either says anything about XLM-R.

For each study, `verify-claims replicate STUDY` runs it, `verify-claims analyse STUDY --out DIR` writes the answer
with figures, every language, power, and the hours at published size, `verify-claims replicate STUDY --check` compares
with the committed scores, and `verify-claims check STUDY` decides the claims about them. Points are differences of
percent, with 95 % intervals over seeds that are not adjusted; p is adjusted over the contrasts of a study.
"Detectable" is the smallest true difference that these seeds find with probability 0.8, whatever becomes of the other
contrasts, the spread being known from these seeds only. Where a contrast cannot be answered and no other reason
stands below the table, these seeds show neither a difference nor its absence within the margin. Seconds are those of
the stages; on two quiet cores a study takes about half as long. A stage that several studies share counts in each.
"""
STEPS: Final = ("pairs", "places", "retained", "severity", "sizes")
"""Parts that the design of a study gives; gains and scores of every setting are in the report."""
OUTCOMES: Final = {
    "shown": "yes",
    "opposite": "no, the opposite",
    "no difference": "no difference that matters",
    "open": "cannot be answered at this scale",
}


def page() -> str:
    """Text of the whole page, with a final newline."""
    names = sorted(place.parent.name for place in FOLDER.glob(f"*/{NAME}"))
    return "\n".join([HEAD, *(line for name in names for line in _study(name))]).rstrip() + "\n"


def _study(name: str) -> Iterator[str]:
    """Lines of one study: its question, then an answer per scale that has scores."""
    found = study(name)
    yield f"## {found.title} (`{name}`)\n"
    yield f"*{' '.join(found.question.split())}*\n"
    tables = committed(found, FOLDER / name)
    for scale, scores in tables.items():
        if len(tables) > 1:
            yield f"### At scale {scale}\n"
        yield from _answer(found, scale, scores)


def _answer(found: Study, scale: str, scores: pandas.DataFrame) -> Iterator[str]:
    """Lines of the answer at one scale."""
    one = grid(found, scale)
    registration = found.fixed(scale)
    assert registration is not None
    family = registration.family(one.names, len(one.multi))
    decided = decide(scores, family, registration.deciding())
    absent = outside(family, one)
    yield "| contrast | hypothesis | answer | points | p | detectable | margin | seeds |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (_row(decision, decision.contrast.id in absent) for decision in decided)
    yield ""
    yield from (
        f"- {one.contrast.id}: {one.reason}."
        for one in decided
        if one.reason and not one.reason.startswith(NEITHER) and one.contrast.id not in absent
    )
    yield from (f"- {said}" for said in (*guessing(decided), *partial(scores, one)))
    for part in pictures(scores, one):
        if part.id in STEPS:
            limits = [limit for limit in part.limits if limit != NOT_TESTED]
            asked = f"- Described, not tested: {part.question[0].lower()}{part.question[1:]}"
            yield _minus(" ".join((asked, part.answer, *limits)))
    known = path(found.name, scale).with_suffix(".json").read_text(encoding="utf-8")
    yield _made(json.loads(known), one.seeds)
    yield ""


def _row(decision: Decision, absent: bool) -> str:
    """One contrast as a line of the table."""
    one, seeds = decision.contrast, len(decision.found.seeds)
    answer = "not in the grid of this scale" if absent else OUTCOMES[decision.outcome]
    points, p, least = "–", "–", "–"
    if decision.interval is not None and decision.p is not None and decision.detectable is not None:
        mean, low, high = (float(getattr(decision.interval, n)) for n in ("estimate", "low", "high"))
        points = _minus(f"{mean:+.1f} [{low:+.1f}, {high:+.1f}]")
        p, least = f"{decision.p:.2g}", f"{decision.detectable:.1f}"
    text = " ".join(one.text.split())
    return f"| {one.id} | {text} | {answer} | {points} | {p} | {least} | {one.margin:g} | {seeds} |"


def _minus(text: str) -> str:
    """Hyphens before numbers as the sign that they are."""
    return re.sub(r"(?<![\w.-])-(?=\d)", "\N{MINUS SIGN}", text)


def _made(known: dict[str, Any], seeds: int) -> str:
    """What the scores were made with."""
    made = known["made"]
    return (
        f"- {seeds} planned seeds, all run: {made['stages']} stages besides what comes with the package,"
        f" {made['processor_seconds']:,.0f} seconds of processor time with {known['threads']} thread"
        f" ({known['device']}, {known['cpu_capability']}, torch {known['torch']})."
    )


if __name__ == "__main__":
    sys.stdout.write(page())
