"""Random subsets of tasks per size in which every task occurs equally often.

"More tasks" and "these tasks" are confounded in a single series of subsets. Averaged over subsets in which every
task occurs equally often, the mean of a size no longer depends on which tasks are good; the spread within a size
is what the choice of tasks does. Balanced incomplete blocks: Yates (1936), "Incomplete randomized blocks".

`nested` grows each chain by one task at a time, so that the gain of the next task is within a chain (paired);
`independent` draws every size anew, so that sizes share nothing but the encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.errors import InputError, Problem
from replicate.designs.balance import Balance, checked
from replicate.keyed import generator

_TRIES: Final = 200
"""Random designs of which the best balanced is kept."""


def independent(tasks: Sequence[str], size: int, count: int, seed: int = 0) -> list[tuple[str, ...]]:
    """`count` subsets of `size` tasks; no task occurs more than once more often than another.

    Of many such designs the one is kept in which pairs occur together most evenly, and in which as few subsets as
    possible are equal. Tasks of a subset stand in the order of `tasks`.

    Raises
    ------
    InputError
        For a size outside 1 to the number of tasks, a task named twice, or a count below one.

    Examples
    --------
    >>> independent("abcd", 2, 2) == independent("abcd", 2, 2)
    True
    >>> sorted("".join(row) for row in independent("abc", 1, 3))
    ['a', 'b', 'c']
    """
    checked(tasks, count)
    if not 1 <= size <= len(tasks):
        raise InputError(Problem(f"subsets of {size} of {len(tasks)} tasks", f"choose 1 to {len(tasks)}"))
    tried = [
        _drawn(len(tasks), size, count, generator("subsets", seed, size, count, n)) for n in range(_TRIES)
    ]
    best = min(tried, key=lambda design: (_repeats(design), *_unevenness(design, len(tasks))))
    return [tuple(tasks[place] for place in sorted(row)) for row in best]


def nested(
    tasks: Sequence[str], sizes: Sequence[int], count: int, seed: int = 0
) -> list[dict[int, tuple[str, ...]]]:
    """`count` chains of growing subsets: size -> tasks, of which a larger size has all of a smaller one.

    At each size the tasks occur as evenly over the chains as the best of many designs has them; with as many chains
    as tasks, or a multiple, exactly evenly.

    Raises
    ------
    InputError
        For sizes outside 1 to the number of tasks, a task named twice, or a count below one.
    """
    checked(tasks, count)
    wrong = [size for size in sizes if not 1 <= size <= len(tasks)]
    if wrong or not sizes:
        raise InputError(Problem(f"subsets of {wrong} of {len(tasks)} tasks", f"choose 1 to {len(tasks)}"))
    if count % len(tasks) == 0:
        chains = _latin(len(tasks), count, seed)
    else:
        tried = [_chains(len(tasks), count, generator("chains", seed, count, n)) for n in range(_TRIES)]
        chains = min(tried, key=lambda rows: max(_spread(rows, size, len(tasks)) for size in sizes))
    return [{size: tuple(tasks[i] for i in chain[:size]) for size in sorted(sizes)} for chain in chains]


def _drawn(tasks: int, size: int, count: int, random: np.random.Generator) -> list[tuple[int, ...]]:
    """Subsets of the tasks that were drawn least often so far, ties at random."""
    seen = np.zeros(tasks)
    rows = []
    for _ in range(count):
        chosen = np.lexsort((random.random(tasks), seen))[:size]
        seen[chosen] += 1
        rows.append(tuple(sorted(int(one) for one in chosen)))
    return rows


def _repeats(design: Sequence[tuple[int, ...]]) -> int:
    return len(design) - len(set(design))


def _unevenness(design: Sequence[tuple[int, ...]], tasks: int) -> tuple[int, int]:
    found = Balance.of([str(i) for i in range(tasks)], [[str(i) for i in row] for row in design])
    return found.appearances[1] - found.appearances[0], found.pairs[1] - found.pairs[0]


def _latin(tasks: int, count: int, seed: int) -> list[list[int]]:
    """Rows of Latin squares: every task at every place equally often, so every prefix is balanced."""
    rows = []
    for square in range(count // tasks):
        random = generator("chains", seed, tasks, "square", square)
        names, shifts = random.permutation(tasks), random.permutation(tasks)
        steps = random.permutation(tasks)
        rows += [[int(names[(shift + step) % tasks]) for step in steps] for shift in shifts]
    return rows


def _chains(tasks: int, count: int, random: np.random.Generator) -> list[list[int]]:
    """Chains that grow together: each takes, of the tasks that it lacks, the one that most chains lack."""
    rows: list[list[int]] = [[] for _ in range(count)]
    seen = np.zeros(tasks)
    for _ in range(tasks):
        for row in random.permutation(count):
            order = np.lexsort((random.random(tasks), seen))
            new = next(int(one) for one in order if int(one) not in rows[row])
            rows[row].append(new)
            seen[new] += 1
    return rows


def _spread(rows: Sequence[Sequence[int]], size: int, tasks: int) -> int:
    counts = np.bincount([one for row in rows for one in row[:size]], minlength=tasks)
    return int(counts.max() - counts.min())
