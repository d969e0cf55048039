"""Numbers of settings and of gains, as weighted sums of cells: single cells, or means by a declared rule.

A rule lists members; a member is a filter, and a list in it is itself averaged, so that `metric: [f1, em]` is
(F1 + EM)/2. No benchmark is known here: XTREME's mean over tasks (Hu et al. 2020, section 3.3) is eleven lines of
the study's own YAML. A filter `seed: "*"`, or `mean: seed`, takes the mean of exactly the runs that are there:
that is arithmetic about these runs, not an inference about others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from claims.amount import Combination, Term
from claims.model import Averaging
from claims.selector import EVERY, Ambiguous, Filter, Filters, Frame, Missing, Unfit, described

RUNS: Final = EVERY
"""As a seed: all runs of a cell, averaged."""
OF_ALL: Final = ("", "-", "all", "average")
"""Words of a column that stand for no member of it, but for all of them, or for none."""


@dataclass(frozen=True, slots=True)
class Member:
    """One cell of an averaging rule."""

    weight: Fraction
    filters: Filter
    task: str


def members_of(rule: Averaging) -> tuple[Member, ...]:
    """Cells of a rule with their weights, which sum to one."""
    members = []
    for entry in rule.mean:
        lists = [(name, words) for name, words in entry.items() if isinstance(words, list)]
        variants: list[Filter] = [{name: word for name, word in entry.items() if isinstance(word, str)}]
        for name, words in lists:
            variants = [{**variant, name: word} for variant in variants for word in words]
        weight = Fraction(1, len(rule.mean) * len(variants))
        members += [Member(weight, variant, variant.get("target", "")) for variant in variants]
    return tuple(members)


def _counts_from(base: Filter, setting: Filter) -> bool:
    """Whether a gain that is printed for a setting may count from a base: the two differ in nothing but training."""
    others = (base.keys() | setting.keys()) - {"intermediate", "variant", "metric"}
    variants = (setting.get("variant"), "plain", None)
    return base.get("variant") in variants and all(base.get(name) == setting.get(name) for name in others)


@dataclass(frozen=True)
class Calculator:
    """Builds the weighted sums of one assertion."""

    frame: Frame
    rules: Mapping[str, tuple[Member, ...]]
    beside: tuple[Filters, ...] = ()
    """Settings that are compared: a mean over a column is over the words that any of them has."""

    def members(self, filters: Filters, mean: str | None, *others: Filters) -> tuple[Member, ...]:
        """Cells of a quantity: those of a rule, those of a column, or the one cell itself."""
        if mean is None:
            return (Member(Fraction(1), {}, str(filters.get("target", ""))),)
        if mean in self.rules:
            return self.rules[mean]
        if mean == "seed" and not isinstance(filters.get("seed"), list):
            return (Member(Fraction(1), {"seed": RUNS}, str(filters.get("target", ""))),)
        listed = self._listed(filters, mean)
        if not listed:
            settings = (filters, *others, *self.beside)
            listed = list(dict.fromkeys(word for one in settings for word in self._found(one, mean)))
        if not listed:
            raise Missing([{**self.frame.single({**filters, mean: EVERY}), mean: "each"}])
        return tuple(Member(Fraction(1, len(listed)), {mean: word}, word) for word in listed)

    def _listed(self, filters: Filters, column: str) -> list[str]:
        """Words of the column that the filters name; none where they leave it open."""
        named = filters.get(column, EVERY)
        words = [named] if isinstance(named, str) else list(dict.fromkeys(named))
        return [] if words == [EVERY] or words == ["all"] else words

    def _found(self, filters: Filters, column: str) -> Iterable[str]:
        """Words of the column that the table has for a setting."""
        single = self.frame.single({**filters, column: EVERY})
        text = self.frame.evidence.results.text
        found = dict.fromkeys(text(column, row) for row in self.frame.evidence.rows(single))
        return (word for word in found if word not in OF_ALL)

    def score(self, filters: Filters, mean: str | None = None) -> Combination:
        """Level of a setting."""
        return self._collect(
            [(member, self._level(filters, member)) for member in self.members(filters, mean)]
        )

    def gain(self, of: Filters, over: Filters | None, mean: str | None = None) -> Combination:
        """Gain of one setting over another; without `over` its level.

        `over` names the columns in which the other setting differs; in all others it is the same. A gain that the
        source prints stands in where it does not print both levels: the levels are what a printed gain is checked on.
        """
        if over is None:
            return self.score(of, mean)
        over = {**of, **over}
        found: list[tuple[Member, tuple[Term, ...] | Filter]] = []
        for member in self.members(of, mean, over):
            first, second = self._level(of, member), self._level(over, member)
            if isinstance(first, tuple) and isinstance(second, tuple):
                minus = tuple(Term(-t.weight, t.number, t.row, t.member) for t in second)
                found.append((member, first + minus))
                continue
            printed = self._printed_gain(of, over, member)
            lacking = [part for part in (first, second) if isinstance(part, dict)]
            found += [(member, printed)] if printed is not None else [(member, part) for part in lacking]
        return self._collect(found)

    def compared(
        self, settings: Sequence[Filters], over: Filters | None, mean: str | None
    ) -> list[Combination]:
        """Gain of every setting, averaged over the same words; raises `Missing` with the missing cells of all."""
        calculator = replace(self, beside=tuple(settings))
        missing: list[Filter] = []
        sums = []
        for setting in settings:
            try:
                sums.append(calculator.gain(setting, over, mean))
            except Missing as absent:
                missing += absent.filters
        if missing:
            raise Missing(missing)
        return sums

    def apart(self, of: Filters, over: Filters | None, mean: str | None = None) -> Combination:
        """Gain of one setting over another; raises `Unfit` where both are the same cells."""
        total = self.gain(of, over, mean)
        if total.cancels:
            cells = described(self.frame.single({**of, **(over or {})}) if mean is None else of)
            raise Unfit(f"Both sides are the same cells: {cells}.", "another setting in `over`", total.rows)
        return total

    def _single(self, filters: Filters, member: Member) -> Filter:
        merged = {**filters, **member.filters}
        runs = {"seed": RUNS} if merged.get("seed") == RUNS else {}
        return {**self.frame.single(merged), **runs}

    def _level(self, filters: Filters, member: Member) -> tuple[Term, ...] | Filter:
        wanted = self._single(filters, member)
        if wanted.get("seed") == RUNS:
            return self._runs(wanted, member)
        row = self._find(wanted, gains=wanted.get("metric", "").startswith("gain_"))
        return wanted if row is None else (self._term(member.weight, row, member),)

    def _runs(self, wanted: Filter, member: Member) -> tuple[Term, ...] | Filter:
        """All runs of one cell with equal weights; the seed must tell them apart."""
        cell = {name: word for name, word in wanted.items() if name != "seed"}
        text = self.frame.evidence.results.text
        rows = [int(row) for row in self.frame.evidence.rows(cell) if text("seed", row)]
        if len({text("seed", row) for row in rows}) < len(rows):
            raise Ambiguous(cell, rows, seeds=False)
        share = member.weight / max(len(rows), 1)
        return tuple(self._term(share, row, member) for row in rows) or wanted

    def _printed_gain(self, of: Filters, over: Filters, member: Member) -> tuple[Term, ...] | None:
        """Gains that the source prints itself; they count from the setting without intermediate training."""
        wanted = self._single(of, member)
        if wanted.get("seed") == RUNS:
            return None
        metric = wanted.get("metric")
        if metric is not None and not metric.startswith("gain_"):
            wanted = {**wanted, "metric": f"gain_{metric}"}
        row = self._find(wanted, gains=True)
        if row is None:
            return None
        base = self._single(over, member)
        if not _counts_from(base, wanted):
            return None
        if base.get("intermediate") == "none":
            return (self._term(member.weight, row, member),)
        printed = self.frame.evidence.results.text("metric", row)
        other = self._find({**base, "metric": printed}, gains=True)
        if other is None:
            return None
        return self._term(member.weight, row, member), self._term(-member.weight, other, member)

    def _find(self, wanted: Filter, *, gains: bool) -> int | None:
        """The row of a cell; where no metric is named, printed gains and levels must not be taken for each other."""
        if "metric" in wanted:
            return self.frame.find(wanted)
        text = self.frame.evidence.results.text
        found = {text("metric", row) for row in self.frame.evidence.rows(wanted)}
        metrics = [metric for metric in found if metric.startswith("gain_") == gains]
        if not metrics:
            return None
        return self.frame.find({**wanted, "metric": metrics[0]} if len(metrics) == 1 else wanted)

    def _term(self, weight: Fraction, row: int, member: Member) -> Term:
        return Term(weight, self.frame.evidence.amount(row), row, member.task)

    def _collect(self, found: list[tuple[Member, tuple[Term, ...] | Filter]]) -> Combination:
        missing = [part for _, part in found if isinstance(part, dict)]
        if missing:
            raise Missing(list({tuple(part.items()): part for part in missing}.values()))
        return Combination(tuple(term for _, part in found if not isinstance(part, dict) for term in part))
