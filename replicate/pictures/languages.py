"""Figures of a contrast in every language: whether a mean hides opposite signs is seen at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def forests(rows: Iterable[Mapping[str, Any]], level: float) -> tuple[dict[str, Any], ...]:
    """One forest per contrast, a row per language; none of a contrast in one language, which is no comparison.

    Parameters
    ----------
    rows : iterable of mappings
        With contrast, language, estimate, low, high and seeds.
    """
    effects: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        effects.setdefault(str(row["contrast"]), []).append(
            {"label": row["language"], "n": row["seeds"]}
            | {number: row[number] for number in ("estimate", "low", "high")}
        )
    return tuple(
        {"kind": "forest", "name": f"languages-{name}", "what": f"Contrast {name} in every language"}
        | {"unit": "points", "level": level, "effects": several}
        for name, several in effects.items()
        if len(several) > 1
    )
