"""How balanced a design is: what is counted is what a reader would count in the table that the plan prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from analysis.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Balance:
    """Fewest and most counts of a design; equal numbers are perfect balance."""

    appearances: tuple[int, int]
    """How often a task occurs."""
    pairs: tuple[int, int]
    """How often two tasks occur together (independent of their order)."""
    places: tuple[int, int]
    """How often a task stands at a place; (0, 0) where order means nothing."""
    followers: tuple[int, int]
    """How often a task follows another directly; (0, 0) where order means nothing."""

    @classmethod
    def of(cls, tasks: Sequence[str], design: Sequence[Sequence[str]], ordered: bool = False) -> Balance:
        """Counts over a design."""
        appearances = Counter(task for row in design for task in row)
        pairs = Counter(frozenset(two) for row in design for two in combinations(row, 2))
        every = [frozenset(two) for two in combinations(tasks, 2)]
        places = Counter((place, task) for row in design for place, task in enumerate(row))
        followers = Counter(two for row in design for two in pairwise(row))
        longest = max((len(row) for row in design), default=0)
        return cls(
            _range([appearances[task] for task in tasks]),
            _range([pairs[two] for two in every]),
            _range([places[place, task] for place in range(longest) for task in tasks] if ordered else []),
            _range([followers[a, b] for a in tasks for b in tasks if a != b] if ordered else []),
        )

    @property
    def even(self) -> bool:
        """Whether no task occurs more than once more often than another."""
        return self.appearances[1] - self.appearances[0] <= 1


def lines(tasks: Sequence[str], design: Sequence[Sequence[str]], ordered: bool = False) -> list[str]:
    """The design and its balance, one line per run of it and one per count, for a plan."""
    joined = " > " if ordered else " + "
    found = Balance.of(tasks, design, ordered)
    told = [f"{number:>3}  {joined.join(row)}" for number, row in enumerate(design, 1)]
    told.append(f"each task {_said(found.appearances)}, each pair together {_said(found.pairs)}")
    if ordered:
        told.append(
            f"each task at each place {_said(found.places)}, each after each other {_said(found.followers)}"
        )
    return told


def checked(tasks: Sequence[str], count: int) -> None:
    """Raise `InputError` for tasks named twice, fewer than two tasks, or a count below one."""
    problems = [
        Problem(f"task {task!r} is named {times} times", "name each task once")
        for task, times in Counter(tasks).items()
        if times > 1
    ]
    if len(tasks) < 2:
        problems.append(Problem(f"a design of {len(tasks)} tasks", "name at least two"))
    if count < 1:
        problems.append(Problem(f"a design of {count} runs", "ask for at least one"))
    if problems:
        raise InputError(*problems)


def _range(counts: Sequence[int]) -> tuple[int, int]:
    return (min(counts), max(counts)) if counts else (0, 0)


def _said(counts: tuple[int, int]) -> str:
    """Counts in words.

    >>> _said((3, 3)), _said((1, 2))
    ('3 times', '1 to 2 times')
    """
    return f"{counts[0]} times" if counts[0] == counts[1] else f"{counts[0]} to {counts[1]} times"
