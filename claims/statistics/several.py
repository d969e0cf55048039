"""Decides `best`, `share` and `no_gain` over seeds: statements about several quantities at once.

Here the cells are found and the sentence is made; `together` has the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from analysis.printed import parse_printed
from claims.finding import Level, Reason
from claims.kinds.case import Case, Decision
from claims.model import Best, NoGain, Share
from claims.selector import Filters, Unfit, described
from claims.statistics.compared import ALPHA, p_in_words, tail
from claims.statistics.runs import Seeded, TooFew, seeded
from claims.statistics.together import best, holm, no_gain, share

if TYPE_CHECKING:
    from analysis.seeds.interval import Interval


def _decided(
    p_holds: float, p_fails: float, detail: str, parts: Sequence[tuple[str, Seeded, Interval]], claimed: str | None,
    reasons: tuple[Reason, Reason] = (Reason.INTERVAL_AGREES, Reason.INTERVAL_EXCLUDES),
) -> Decision:  # fmt: skip
    reason = reasons[0] if p_holds <= ALPHA else reasons[1] if p_fails <= ALPHA else Reason.INTERVAL_TOO_WIDE
    said = {
        reasons[0]: f"That bears it out ({p_in_words(p_holds)}).",
        reasons[1]: f"That excludes it ({p_in_words(p_fails)}).",
    }
    detail = f"{detail} {said.get(reason, 'That decides nothing about it.')}"
    rows = tuple(dict.fromkeys(row for _, quantity, _ in parts for row in quantity.rows))
    stats: dict[str, Any] = {
        "method": parts[0][2].method,
        "unit": parts[0][2].unit,
        "n": min(made.n for _, _, made in parts),
        "p_holds": p_holds,
        "p_fails": p_fails,
        "alpha": ALPHA,
        "quantities": [
            f"{name}: {float(made.estimate):.2f} ({float(made.low):.2f} to {float(made.high):.2f})"
            for name, _, made in parts[:12]
        ],
    }
    return Decision(reason, Level.TESTED, detail, claimed, rows=rows, statistics=stats)


def decide_best(case: Case, assertion: Best) -> Decision:
    """Decision that one setting is the best; other ranks are not testable this way."""
    if assertion.rank != 1:
        return Decision(
            Reason.NOT_TESTABLE, Level.TESTED,
            f"Rank {assertion.rank} of several over seeds is a statement about every pair; only rank 1 is tested.",
            needs=("an `order` assertion for each pair that the claim rests on",),
        )  # fmt: skip
    ours = case.full(assertion.of)
    others = [s for s in case.frame.enumerate(case.full(assertion.of, assertion.among)) if s != ours]
    parts = []
    for other in others:
        terms: list[tuple[float, Filters]] = [(1.0, ours), (-1.0, other)]
        if assertion.over is not None:
            terms += [(-sign, {**words, **assertion.over}) for sign, words in list(terms)]
        quantity = seeded(case, terms, assertion.mean)
        name = described({n: w for n, w in other.items() if n in assertion.among})
        parts.append((f"over {name}", quantity, quantity.interval()))
    if not parts:
        detail = "The setting is the only one of its list: there is nothing to rank it against."
        raise Unfit(detail, "further settings in among")
    p_holds, p_fails = best([made for _, _, made in parts])
    rival, _, least = min(parts, key=lambda part: float(part[2].estimate))
    detail = (
        f"Against {len(parts)} others over seeds, the smallest lead is {float(least.estimate):.2f} "
        f"({rival}, 95 % interval {float(least.low):.2f} to {float(least.high):.2f})."
    )
    return _decided(p_holds, p_fails, detail, parts, None)


def decide_no_gain(case: Case, assertion: NoGain) -> Decision:
    """Decision that no cell gains (or moves) by more than the margin."""
    edge = float(parse_printed(assertion.margin).value)
    parts = []
    for words in case.frame.enumerate(case.full(assertion.cells), assertion.over):
        terms: list[tuple[float, Filters]] = [(1.0, words)]
        if assertion.over is not None:
            terms.append((-1.0, {**words, **assertion.over}))
        quantity = seeded(case, terms, None)
        parts.append(
            (
                described({n: w for n, w in words.items() if n in assertion.cells}),
                quantity,
                quantity.interval(),
            )
        )
    both = assertion.direction == "both"
    name, _, worst = max(
        parts, key=lambda part: abs(float(part[2].estimate)) if both else float(part[2].estimate)
    )
    detail = (
        f"{len(parts)} cells over seeds against a margin of {assertion.margin}; the largest is "
        f"{float(worst.estimate):.2f} ({name}, 95 % interval {float(worst.low):.2f} to {float(worst.high):.2f})."
    )
    p_holds, p_fails = no_gain([made for _, _, made in parts], edge, both)
    reasons = (Reason.WITHIN_MARGIN, Reason.OUTSIDE_MARGIN)
    return _decided(p_holds, p_fails, detail, parts, assertion.margin, reasons)


def decide_share(case: Case, assertion: Share) -> Decision:
    """Decision that at least, at most or exactly m of n cells pass."""
    parts, edge, way = [], 0.0, 1.0
    for words in case.frame.enumerate(case.full(assertion.cells), assertion.over):
        tasks = [(assertion.mean, words)]
        if assertion.tasks_of is not None:
            names = dict.fromkeys(m.task for m in case.setting.rules[assertion.tasks_of])
            tasks = [(f"{assertion.tasks_of}/{task}", words) for task in names]
        for mean, own in tasks:
            terms: list[tuple[float, Filters]] = [(1.0, own)]
            if assertion.over is not None:
                terms.append((-1.0, {**own, **assertion.over}))
            if assertion.above_cell is not None:
                terms += [(-sign, {**w, **assertion.above_cell}) for sign, w in list(terms)]
            elif assertion.above is not None:
                edge = float(parse_printed(assertion.above).value)
            else:
                edge, way = float(parse_printed(assertion.below or "0").value), -1.0
            quantity = seeded(case, terms, mean)
            label = mean.rpartition("/")[2] if assertion.tasks_of and mean else ""
            name = label or described({n: w for n, w in own.items() if n in assertion.cells})
            parts.append((name, quantity, quantity.interval()))
    if len(parts) != assertion.out_of:
        raise TooFew(f"{len(parts)} cells are there, the claim counts {assertion.out_of}", 0, ())
    up = [tail(made, edge) for _, _, made in parts]
    passes = sorted(up if way > 0 else [1 - p for p in up])
    fails = sorted(1 - p for p in passes)
    n = len(parts)
    low = assertion.exactly if assertion.exactly is not None else assertion.at_least or 0
    high = (
        assertion.exactly
        if assertion.exactly is not None
        else n
        if assertion.at_most is None
        else assertion.at_most
    )
    p_holds, p_fails = share(passes, low, high)
    sure, against = sum(p <= ALPHA for p in holm(passes)), sum(p <= ALPHA for p in holm(fails))
    detail = f"Over seeds {sure} of {n} cells pass and {against} fail beyond chance (Holm over the cells)."
    return _decided(p_holds, p_fails, detail, parts, None)
