"""Quantities over seeds: which runs stand behind a selector, and the interval of a sum of their means.

The unit of replication is the seed. Languages and metrics of one run are averaged within it. Where every task has
the same seeds, the seed's total over tasks is the unit, because runs of one seed may share a checkpoint; where the
seeds differ between tasks, tasks are independent and their errors add (Welch-Satterthwaite).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from claims.averages import Member
from claims.kinds.case import Case
from claims.selector import Ambiguous, Filter, Filters, Missing, Unfit

if TYPE_CHECKING:
    from analysis.seeds.interval import Interval

Tasks: TypeAlias = dict[str, dict[str, float]]
"""Task -> seed -> weighted score; the sum over tasks is the quantity."""


class TooFew(Exception):
    """The runs do not give a standard error: what is there, and how many seeds the scarcest cell has."""

    def __init__(self, text: str, seeds: int, rows: tuple[int, ...]) -> None:
        self.text, self.seeds, self.rows = text, seeds, rows
        super().__init__(text)


@dataclass(frozen=True)
class Seeded:
    """A signed sum of arms, each with its runs."""

    arms: tuple[tuple[float, Tasks], ...]
    rows: tuple[int, ...]

    @property
    def seeds(self) -> int:
        """Seeds of the scarcest cell."""
        return min(len(runs) for _, tasks in self.arms for runs in tasks.values())

    def pieces(self) -> tuple[list[tuple[float, list[float]]], str]:
        """Return independent groups of replications with their signs, and the unit in words."""
        found: list[tuple[float, list[float]]] = []
        unit = "seeds"
        for sign, tasks in self.arms:
            names = {frozenset(runs) for runs in tasks.values()}
            if len(names) == 1:
                totals = [sum(runs[seed] for runs in tasks.values()) for seed in sorted(next(iter(names)))]
                found.append((sign, totals))
                unit = "seeds (totals over tasks)" if len(tasks) > 1 else unit
            else:
                found += [(sign, list(runs.values())) for runs in tasks.values()]
                unit = "seeds within tasks"
        return found, unit

    def interval(self, level: float = 0.95) -> Interval:
        """Return the t interval of the sum; raises `TooFew` where a group has one run or no spread at all."""
        import numpy as np

        from analysis.seeds.student import guarded, satterthwaite, t_interval

        groups, unit = self.pieces()
        fewest = min(len(values) for _, values in groups)
        if fewest < 2:
            raise TooFew("one run has no spread", fewest, self.rows)
        mean = sum(sign * float(np.mean(values)) for sign, values in groups)
        parts = np.array([sign**2 * np.var(values, ddof=1) / len(values) for sign, values in groups])
        size = max(abs(value) for _, values in groups for value in values)
        if parts.sum() <= (1e-12 * size) ** 2:
            raise TooFew(
                "all seeds give the same number: copies of one run, or a score too coarse", fewest, self.rows
            )
        keep = parts > 0
        df = satterthwaite(parts[keep], np.array([len(values) - 1.0 for _, values in groups])[keep])
        method = "Welch-Satterthwaite" if len(groups) > 1 else "t"
        made = t_interval(mean, np.sqrt(parts.sum()), df, level, method, unit, fewest)
        return guarded(made, [len(values) for _, values in groups]) if len(groups) == 2 else made


def seeded(case: Case, terms: Iterable[tuple[float, Filters]], mean: str | None) -> Seeded:
    """Return the sum of settings with signs; a setting that occurs with opposite signs cancels.

    Raises
    ------
    Missing, Ambiguous : no rows for a cell, or several rows for one seed
    TooFew : a cell without seeds among cells with seeds
    Unfit : both sides are the same cells
    """
    signs: dict[frozenset[Any], float] = {}
    filters: dict[frozenset[Any], Filters] = {}
    for sign, words in terms:
        key = frozenset((n, tuple(w) if isinstance(w, list) else w) for n, w in words.items())
        signs[key] = signs.get(key, 0.0) + sign
        filters[key] = words
    arms: list[tuple[float, Tasks]] = []
    rows: list[int] = []
    for key, sign in signs.items():
        if sign:
            tasks: Tasks = {}
            for member in case.calculator.members(filters[key], mean):
                runs = _runs(case, filters[key], member, rows)
                own = tasks.setdefault(member.task, dict.fromkeys(runs, 0.0))
                if set(own) != set(runs):
                    raise TooFew(
                        f"the cells of {member.task or 'one task'} have different seeds", 0, tuple(rows)
                    )
                for seed, value in runs.items():
                    own[seed] += float(member.weight) * value
            arms.append((sign, tasks))
    if not arms:
        raise Unfit("Both sides are the same cells.", "another setting")
    return Seeded(tuple(arms), tuple(dict.fromkeys(rows)))


def _runs(case: Case, filters: Filters, member: Member, used: list[int]) -> dict[str, float]:
    """Return seed -> score of one cell; rows per language are averaged where there is no row for all of them."""
    wanted: Filter = case.frame.single({**filters, **member.filters})
    rows = list(case.evidence.rows(wanted))
    text = case.evidence.results.text
    languages: dict[str, set[str]] = {}
    if not rows and wanted.get("language") == "all":
        rows = list(case.evidence.rows({n: w for n, w in wanted.items() if n != "language"}))
        for row in rows:
            languages.setdefault(text("seed", row), set()).add(text("language", row))
        if len({frozenset(own) for own in languages.values()}) > 1:
            raise TooFew("the seeds have different languages", 0, tuple(rows))
    if not rows:
        raise Missing([wanted])
    values: dict[str, list[float]] = {}
    for row in rows:
        values.setdefault(text("seed", row), []).append(float(case.evidence.amount(row).point))
    size = len(next(iter(languages.values()))) if languages else 1
    if any(len(own) != size for own in values.values()):
        raise Ambiguous(wanted, rows, seeds=False)
    if "" in values:
        raise TooFew("a cell has one number without a seed", 1, tuple(rows))
    used += rows
    return {seed: sum(own) / size for seed, own in values.items()}
