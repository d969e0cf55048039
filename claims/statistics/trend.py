"""Decides `trend` over seeds: the score against the number of intermediate tasks.

diminishing: the gain per task falls. increasing and decreasing: the score rises or falls from the first dose to the
last. flat: the rise is equivalent to 0 within a point.
"""

from __future__ import annotations

import re

from analysis.errors import InputError
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Trend
from claims.selector import Filters
from claims.statistics.compared import ALPHA, MARGIN, tail
from claims.statistics.runs import TooFew, seeded


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
    for dose in assertion.doses:
        words = case.full(dose)
        amount = dose_of(words)
        if amount is None:
            return Decision(
                Reason.NOT_TESTABLE, Level.TESTED, "A dose names no number of intermediate tasks.",
                needs=("doses that differ in `intermediate`: none, a, a+b or multitask-N",),
            )  # fmt: skip
        quantity = seeded(case, [(1.0, words)], assertion.mean)
        groups, _ = quantity.pieces()
        if len(groups) != 1:
            raise TooFew("the tasks of a dose have different seeds", quantity.seeds, quantity.rows)
        seeds = sorted(next(iter(quantity.arms[0][1].values())))
        for seed, value in zip(seeds, groups[0][1], strict=True):
            x.append(amount)
            y.append(value)
            names.append(seed)
        rows += quantity.rows
    return _decide(x, y, names, tuple(dict.fromkeys(rows)), assertion)


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
    if assertion.shape == "diminishing":
        # an intersection: there is a rise, and it slows down; contradicted by either's opposite
        p_holds = max(tests.p_slowing, tests.p_rise)
        p_fails = min(1.0, 2 * min(tests.p_speeding, 1 - tests.p_rise))
        made = tests.slowing
    else:
        made = tests.rise
        up = tail(made, 0.0)
        p_holds, p_fails = {
            "increasing": (up, 1 - up),
            "decreasing": (1 - up, up),
            "flat": (
                max(1 - tail(made, MARGIN), tail(made, -MARGIN)),
                min(1.0, 2 * min(tail(made, MARGIN), 1 - tail(made, -MARGIN))),
            ),
        }[assertion.shape]
    reason = (
        Reason.INTERVAL_AGREES if p_holds <= ALPHA
        else Reason.INTERVAL_EXCLUDES if p_fails <= ALPHA
        else Reason.INTERVAL_TOO_WIDE
    )  # fmt: skip
    return Decision(
        reason,
        Level.TESTED,
        found.sentence,
        computed=f"{float(made.estimate):.4g}",
        computed_interval=(f"{float(made.low):.4g}", f"{float(made.high):.4g}"),
        rows=rows,
        needs=() if reason is not Reason.INTERVAL_TOO_WIDE else ("more seeds at every dose, or more doses",),
        statistics={
            "method": made.method, "unit": made.unit, "n": made.n, "estimate": float(made.estimate),
            "low": float(made.low), "high": float(made.high), "p_holds": p_holds, "p_fails": p_fails,
            "p_concave_everywhere": tests.p_concave, "alpha": ALPHA, "open": list(found.open),
        },
    )  # fmt: skip
