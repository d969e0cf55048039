"""Parts of a grid that make intermediates and evaluations out of a design: subsets, orders, noise.

```yaml
subsets: {kind: nested, tasks: [mnli, squad, hellaswag, qqp, ccg], sizes: [1, 3, 5], count: 5}
orders: {tasks: [mnli, squad, hellaswag], count: 6}
noise: {severities: [1, 3, 5]}
```

`subsets` adds multi-task intermediates ("mnli+squad+ccg", in the order of `tasks`), `orders` sequential ones
("squad>mnli>hellaswag": one phase per task), `noise` the variants `noise-1`, `noise-3`, ... of every evaluation of
a trained model. A contrast may name all members of a size or a design by its group: `subsets-3`, `orders`,
`orders-first-mnli`, `orders-last-mnli`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from replicate.designs import independent, lines, nested, orders
from replicate.noise import Kind, Noise
from replicate.recipes.recipe import Count, Strict

Tasks = Annotated[tuple[str, ...], Field(min_length=2)]
Severity = Annotated[int, Field(ge=1, le=5)]


class Subsets(Strict):
    """Balanced subsets of tasks per size."""

    tasks: Tasks
    sizes: Annotated[tuple[Count, ...], Field(min_length=1)]
    count: Count
    """Chains, or subsets per size; a size of all tasks has one subset whatever the count."""
    kind: Literal["nested", "independent"] = "nested"
    seed: int = 0

    @model_validator(mode="after")
    def _fits(self) -> Subsets:
        if max(self.sizes) > len(self.tasks):
            raise ValueError(f"subsets of {max(self.sizes)} of {len(self.tasks)} tasks")
        if len(set(self.tasks)) < len(self.tasks):
            raise ValueError("a task is named twice")
        return self

    def by_size(self) -> dict[int, list[tuple[str, ...]]]:
        """Size -> its subsets, each in the order of `tasks`, without repetition."""
        if self.kind == "nested":
            chains = nested(self.tasks, self.sizes, self.count, self.seed)
            drawn = {size: [chain[size] for chain in chains] for size in sorted(self.sizes)}
        else:
            drawn = {
                size: independent(self.tasks, size, self.count, self.seed) for size in sorted(self.sizes)
            }
        return {
            size: list(dict.fromkeys(tuple(sorted(row, key=self.tasks.index)) for row in rows))
            for size, rows in drawn.items()
        }

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Group -> intermediates: one group per size."""
        return {f"subsets-{size}": tuple("+".join(r) for r in rows) for size, rows in self.by_size().items()}

    def lines(self) -> list[str]:
        """What a plan prints."""
        told = []
        for size, rows in self.by_size().items():
            told += [f"{self.kind} subsets of {size} of {len(self.tasks)} tasks:", *lines(self.tasks, rows)]
        return told


class Orders(Strict):
    """Orders of sequential intermediate training."""

    tasks: Tasks
    count: Count | None = None
    """Absent: the whole Williams design."""
    seed: int = 0

    @model_validator(mode="after")
    def _different(self) -> Orders:
        if len(set(self.tasks)) < len(self.tasks):
            raise ValueError("a task is named twice")
        return self

    def rows(self) -> list[tuple[str, ...]]:
        """The orders."""
        return list(dict.fromkeys(orders(self.tasks, self.count, self.seed)))

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Group -> intermediates: all orders, and those that begin or end with a task."""
        rows = self.rows()
        found = {"orders": rows}
        for task in self.tasks:
            found[f"orders-first-{task}"] = [row for row in rows if row[0] == task]
            found[f"orders-last-{task}"] = [row for row in rows if row[-1] == task]
        return {name: tuple(">".join(row) for row in several) for name, several in found.items() if several}

    def lines(self) -> list[str]:
        """What a plan prints."""
        return [f"orders of {len(self.tasks)} tasks:", *lines(self.tasks, self.rows(), ordered=True)]


class Noising(Strict):
    """Evaluations on noised rows, besides the clean ones."""

    severities: Annotated[tuple[Severity, ...], Field(min_length=1)]
    seed: int = 0
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] | None = None
    """Absent: all eight."""

    def noises(self) -> dict[str, Noise]:
        """Variant -> noise."""
        return {
            f"noise-{severity}": Noise(severity, self.seed, self.kinds)
            if self.kinds
            else Noise(severity, self.seed)
            for severity in self.severities
        }


def phases(intermediate: str) -> tuple[str, ...]:
    """The phases of an intermediate, in order; each is a task, `multi`, or tasks joined by `+`.

    >>> phases("squad>mnli+qqp"), phases("none")
    (('squad', 'mnli+qqp'), ('none',))
    """
    return tuple(intermediate.split(">"))
