"""Tasks matched by format: which general ones stand against which of a domain, as a plan prints them.

```yaml
formats:
  inference: {general: [mnli], special: [scitail, contract_nli]}
  span: {general: [squad]}
intermediate_rows: 3000
```

What a domain does is read from tasks of one format; a format with one side only has no say in it, and the plan tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from replicate.recipes.load import document
from replicate.recipes.recipe import Strict

SIZES: Final = Path(__file__).parents[1] / "reference" / "costs.yaml"


class Sides(Strict):
    """The tasks of one format."""

    general: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    """Of a domain."""


def wrong(formats: Mapping[str, Sides], intermediates: Collection[str]) -> str:
    """What is wrong with them in words: a task that the grid lacks, or that stands twice; empty where nothing is."""
    counts = Counter(task for sides in formats.values() for task in (*sides.general, *sides.special))
    absent = [task for task in counts if task not in intermediates]
    twice = [task for task, times in counts.items() if times > 1]
    if absent:
        return f"formats name {absent[0]!r}, which is no intermediate of the grid"
    return f"formats name {twice[0]!r} {counts[twice[0]]} times" if twice else ""


def lines(formats: Mapping[str, Sides], rows: int | None) -> list[str]:
    """What a plan prints: one line per format, with the training rows of the real data."""
    if not formats:
        return []
    sizes = document(SIZES)["train"]

    def told(tasks: Collection[str]) -> str:
        named = [f"{task} ({sizes[task][0]:,})" if task in sizes else task for task in tasks]
        return ", ".join(named) or "no partner"

    used = "all are used" if rows is None else f"at most {rows:,} of each are used"
    head = f"formats, general ~ of a domain (training rows of the real data; {used}):"
    return [head, *(f"  {name}: {told(one.general)} ~ {told(one.special)}" for name, one in formats.items())]
