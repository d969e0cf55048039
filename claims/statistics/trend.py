"""Decides `trend` over seeds: the score against the number of intermediate tasks.

diminishing: the gain per task falls. increasing and decreasing: the score rises or falls from the first dose to the
last. flat: the rise is equivalent to 0 within a point. Gains over a baseline that is one for all doses have the
contrasts of the scores; where every dose has its own, the seeds of both are paired.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from analysis.errors import InputError
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Trend
from claims.selector import Filters
from claims.statistics.compared import ALPHA, MARGIN, p_in_words
from claims.statistics.runs import Seeded, TooFew, seeded
from claims.statistics.together import trend

if TYPE_CHECKING:
    from analysis.curves.contrasts import Concavity
    from analysis.curves.diminishing import Diminishing


def dose_of(words: Filters) -> float | None:
    """Number of intermediate tasks that a selector names: none is 0, a+b is 2, multitask-9 is 9; None if unknown."""
    name = words.get("intermediate")
    if not isinstance(name, str) or name == "*":
        return None
    if name == "none":
        return 0.0
    counted = re.search(r"multitask-(\d+)$", name)
    return float(counted.group(1)) if counted else float(name.count("+") + 1)


def decide_doses(case: Case, assertion: Trend) -> Decision:
    """Decision about a trend; the runs of each dose are totals over tasks of each seed."""
    x: list[float] = []
    y: list[float] = []
    names: list[str] = []
    rows: list[int] = []
    for dose, base in zip(assertion.doses, _baselines(case, assertion), strict=True):
        words = case.full(dose)
        amount = dose_of(words)
        if amount is None:
            return Decision(
                Reason.NOT_TESTABLE, Level.TESTED, "A dose names no number of intermediate tasks.",
                needs=("doses that differ in `intermediate`: none, a, a+b or multitask-N",),
            )  # fmt: skip
        scores, used = _per_seed(seeded(case, [(1.0, words)], assertion.mean))
        rows += used
        if base is not None:
            below, used = _per_seed(seeded(case, [(1.0, base)], assertion.mean))
            rows += used
            if set(below) != set(scores):
                raise TooFew(
                    "a dose and its baseline have different seeds", min(len(scores), len(below)), used
                )
            scores = {seed: value - below[seed] for seed, value in scores.items()}
        for seed in sorted(scores):
            x.append(amount)
            y.append(scores[seed])
            names.append(seed)
    return _decide(x, y, names, tuple(dict.fromkeys(rows)), assertion)


def _baselines(case: Case, assertion: Trend) -> list[Filters | None]:
    """Return the baseline of each dose; None where it is one for all doses, so that no contrast depends on it."""
    if assertion.over is None:
        return [None] * len(assertion.doses)
    found: list[Filters] = [case.full({**dose, **assertion.over}) for dose in assertion.doses]
    return [None] * len(found) if all(one == found[0] for one in found) else list(found)


def _per_seed(quantity: Seeded) -> tuple[dict[str, float], tuple[int, ...]]:
    """Return seed -> total over tasks, and the rows."""
    (_, tasks), *_ = quantity.arms
    groups, _ = quantity.pieces()
    if len(groups) != 1:
        raise TooFew("the tasks of a dose have different seeds", quantity.seeds, quantity.rows)
    return dict(zip(sorted(next(iter(tasks.values()))), groups[0][1], strict=True)), quantity.rows


def _decide(
    x: list[float], y: list[float], seeds: list[str], rows: tuple[int, ...], assertion: Trend
) -> Decision:
    import numpy as np

    from analysis.curves.diminishing import diminishing_returns

    try:
        found = diminishing_returns(x, y, seed=np.array(seeds, dtype=object), key="/".join(map(str, x)))
    except InputError as error:
        return Decision(Reason.NOT_TESTABLE, Level.TESTED, str(error), rows=rows)
    tests = found.concavity
    if tests is None:
        return Decision(
            Reason.NOT_TESTABLE, Level.TESTED, found.sentence, rows=rows,
            needs=("at least 3 doses with 3 seeds each",), statistics={"open": list(found.open)},
        )  # fmt: skip
    p_holds, p_fails = trend(tests, assertion.shape)
    made = tests.slowing if assertion.shape == "diminishing" else tests.rise
    reason = (
        Reason.INTERVAL_AGREES if p_holds <= ALPHA
        else Reason.INTERVAL_EXCLUDES if p_fails <= ALPHA
        else Reason.INTERVAL_TOO_WIDE
    )  # fmt: skip
    said: dict[str, Any] = {
        "method": made.method, "unit": made.unit, "n": made.n, "estimate": float(made.estimate),
        "low": float(made.low), "high": float(made.high), "p_holds": p_holds, "p_fails": p_fails,
        "p_concave_everywhere": tests.p_concave, "alpha": ALPHA, "open": list(found.open),
    }  # fmt: skip
    return Decision(
        reason,
        Level.TESTED,
        _sentence(tests, found, assertion.shape, reason, p_holds if p_holds <= ALPHA else p_fails),
        computed=f"{float(made.estimate):.4g}",
        computed_interval=(f"{float(made.low):.4g}", f"{float(made.high):.4g}"),
        rows=rows,
        needs=() if reason is not Reason.INTERVAL_TOO_WIDE else ("more seeds at every dose, or more doses",),
        statistics=said,
    )


def _sentence(tests: Concavity, found: Diminishing, shape: str, reason: Reason, p: float) -> str:
    """Return what was seen and what it says of the claimed shape, not of another one."""
    words = {
        Reason.INTERVAL_AGREES: "bears out",
        Reason.INTERVAL_EXCLUDES: "excludes",
        Reason.INTERVAL_TOO_WIDE: "decides nothing about",
    }
    claimed = {
        "diminishing": "diminishing returns",
        "increasing": "a rise",
        "decreasing": "a fall",
        "flat": f"a score that stays within {MARGIN:g} point",
    }
    rise, slow = tests.rise, tests.slowing
    first, last = found.points.doses[[0, -1]]
    text = (
        f"Over {rise.n} seeds the score changes by {float(rise.estimate):.2f} from {first:g} to {last:g} tasks, "
        f"95 % interval {float(rise.low):.2f} to {float(rise.high):.2f}"
    )
    if shape == "diminishing":
        text += (
            f"; the gain per task is {float(tests.early.estimate):.2g} up to {tests.split:g} and "
            f"{float(tests.late.estimate):.2g} after it (change {float(slow.estimate):.2g}, 95 % interval "
            f"{float(slow.low):.2g} to {float(slow.high):.2g})"
        )
    decided = "" if reason is Reason.INTERVAL_TOO_WIDE else f" ({p_in_words(p)})"
    said = f"{text} ({rise.method}, {rise.unit}); that {words[reason]} {claimed[shape]}{decided}."
    return f"{said} {found.outlook}" if shape == "diminishing" and found.outlook else said
