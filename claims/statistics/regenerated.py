"""Decides `regenerated`: runs of a study of ours against the claimed number, always with their scale."""

from __future__ import annotations

from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Regenerated
from claims.selector import Filters, Missing
from claims.statistics.compared import compared
from claims.statistics.runs import TooFew, seeded
from claims.statistics.tested import decision, too_few


def run_filters(case: Case, assertion: Regenerated) -> dict[str, str | list[str]]:
    """Filters for the runs: the claim's, with the study as source; the model is the study's own unless named."""
    words = case.full(assertion.of)
    own = {"source": f"run:{assertion.study}", **({"scale": assertion.scale} if assertion.scale else {})}
    if "model" not in assertion.of and "model" not in assertion.where:
        words.pop("model", None)
    return {**words, **own}


def has_runs(case: Case, assertion: Regenerated) -> bool:
    """Whether the evidence has any run of the study."""
    wanted = {"source": f"run:{assertion.study}", **({"scale": assertion.scale} if assertion.scale else {})}
    return bool(case.evidence.rows(wanted))


def decide(case: Case, assertion: Regenerated) -> Decision:
    """Decision over the runs' seeds."""
    words = run_filters(case, assertion)
    terms: list[tuple[float, Filters]] = [(1.0, words)]
    if assertion.over is not None:
        terms.append((-1.0, {**words, **assertion.over}))
    try:
        quantity = seeded(case, terms, assertion.mean)
        if quantity.seeds < assertion.min_seeds:
            raise TooFew(f"the claim asks for {assertion.min_seeds} seeds", quantity.seeds, quantity.rows)
        made = quantity.interval()
    except TooFew as few:
        return too_few(few, assertion.min_seeds, Level.REGENERATED)
    except Missing as missing:
        return Decision(
            Reason.CELLS_MISSING,
            Level.STATED,
            f"The runs of {assertion.study} lack {len(missing.filters)} of the cells that the claim needs.",
            assertion.equals,
            needs=(f"verify-claims replicate {assertion.study} (at least {assertion.min_seeds} seeds)",),
        )
    what = "the gain" if assertion.over is not None else "the score"
    return decision(
        quantity, made, compared(made, assertion, gain=assertion.over is not None), what, Level.REGENERATED
    )
