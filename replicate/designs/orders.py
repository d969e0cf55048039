"""Orders of tasks in which every task stands at every place, and follows every other, equally often.

A Latin square separates the effect of a place from that of a task; one that is also balanced for the task before
separates both from what the task before leaves behind. Williams (1949), "Experimental designs balanced for the
estimation of residual effects of treatments": n orders for an even number of tasks, 2n for an odd one.
"""

from __future__ import annotations

from collections.abc import Sequence

from replicate.designs.balance import checked
from replicate.keyed import generator


def williams(n: int) -> list[tuple[int, ...]]:
    """Orders of 0 to n - 1, balanced for place and for what stands before.

    >>> williams(4)
    [(0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1)]
    >>> len(williams(3)), len(williams(5))
    (6, 10)
    """
    first = [0]
    for step in range(1, n):
        first.append((first[-1] + (step if step % 2 else -step)) % n)
    square = [tuple((one + shift) % n for one in first) for shift in range(n)]
    return square if n % 2 == 0 else square + [row[::-1] for row in square]


def orders(tasks: Sequence[str], count: int | None = None, seed: int = 0) -> list[tuple[str, ...]]:
    """Orders of all tasks from a Williams design whose names and rows are dealt at random.

    Parameters
    ----------
    count : int, optional
        How many orders; default: the whole design. Fewer are a part of it, and what balance is left is counted by
        `replicate.designs.balance`; more repeat it.

    Raises
    ------
    InputError
        For a task named twice, fewer than two tasks, or a count below one.
    """
    checked(tasks, 1 if count is None else count)
    design = williams(len(tasks))
    names = generator("orders", seed, len(tasks), "names").permutation(len(tasks))
    found: list[tuple[str, ...]] = []
    wanted = len(design) if count is None else count
    while len(found) < wanted:
        rows = generator("orders", seed, len(tasks), "rows", len(found)).permutation(len(design))
        found += [tuple(tasks[names[one]] for one in design[row]) for row in rows]
    return found[:wanted]
