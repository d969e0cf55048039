"""Picks a family by name, and holds some of its shapes at a value."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.curves.families import FAMILIES, Array, Family
from analysis.errors import InputError, Problem


def get_family(name: str | Family) -> Family:
    """Return the family of that name (or the family itself); InputError with the nearest name otherwise."""
    if isinstance(name, Family):
        return name
    if name in FAMILIES:
        return FAMILIES[name]
    from difflib import get_close_matches

    near = get_close_matches(name, FAMILIES, n=1)
    raise InputError(
        Problem(
            f"there is no curve family {name!r}",
            f"did you mean {near[0]!r}?" if near else f"write one of: {', '.join(FAMILIES)}",
        )
    )


def hold(family: Family, **fixed: float) -> Family:
    """Return the family with some shapes held at a value, e.g. ``hold(FAMILIES["hill"], power=1.0)``."""
    unknown = set(fixed) - set(family.shapes)
    if unknown:
        raise InputError(
            Problem(
                f"{family.name} has no shape {sorted(unknown)[0]!r}",
                f"its shapes are: {', '.join(family.shapes) or 'none'}",
            )
        )
    free = [i for i, name in enumerate(family.shapes) if name not in fixed]

    def full(shape: Array) -> Array:
        """Return all shapes (b, s) from the free ones."""
        whole = np.empty((len(shape), len(family.shapes)))
        whole[:, free] = shape
        for i, name in enumerate(family.shapes):
            if name in fixed:
                whole[:, i] = fixed[name]
        return whole

    changed: dict[str, Any] = {
        "name": f"{family.name}({', '.join(f'{k}={v:g}' for k, v in fixed.items())})",
        "shapes": tuple(family.shapes[i] for i in free),
        "columns": lambda x, s: family.columns(x, full(s)),
        "slopes": lambda x, s: family.slopes(x, full(s))[..., free],
        "limit": lambda s: family.limit(full(s)),
        "bounds": lambda x: tuple(family.bounds(x)[i] for i in free),
        "grid": tuple(60 if len(free) == 1 else family.grid[i] for i in free),
    }
    return replace(family, **changed)
