"""What the planned seeds could find, contrast by contrast, before anything is run.

The spread comes from committed scores of the same scale. Of the study's own, where they are there: the spread of the
contrast itself. Else of study xstilts: the deviation between seeds of a target's score, pooled over settings; cells
of a contrast are then taken as independent, so that what cells share within a seed (a model that is scored twice,
rows in one order) makes the true spread another one. Both deviations are estimates, and power is averaged over what
they may be. Where no committed score says anything, the answer is that it is not known. From the same scores the
answer of a finished study gives the same number (`analysis.contrast.reach`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.contrast import Contrast, Rule
from analysis.contrast.cells import measured
from analysis.contrast.reach import smallest, spread
from analysis.errors import InputError
from replicate.reference import path
from replicate.studies.study import Grid, Study

if TYPE_CHECKING:
    import pandas

BORROWED = "xstilts"
"""Study whose committed scores lend their spread."""


def planned_power(found: Study, one: Grid, scale: str, seeds: int) -> list[dict[str, Any]]:
    """One row per registered contrast: the smallest difference that the seeds can find, or why it is not known.

    Parameters
    ----------
    seeds : int
        As planned.

    Returns
    -------
    list of dict
        contrast, seeds, smallest_detectable (points or None), spread (points or None), margin, source (in words).
    """
    registration = found.fixed(scale)
    if registration is None:
        return []
    rule = registration.deciding()
    own, lent = _committed(found.name, scale), _committed(BORROWED, scale)
    rows = []
    family = registration.family(one.names, len(one.multi))
    for contrast in family:
        known = _own(own, contrast, found.name, scale) or _lent(lent, contrast, scale)
        told = _row(known, seeds, contrast.margin, rule, len(family))
        rows.append({"contrast": contrast.id, "seeds": seeds, **told})
    return rows


def sentence(row: dict[str, Any]) -> str:
    """A row in words."""
    if row["seeds"] < 2:
        return f"{row['contrast']}: cannot be decided with one seed, which has no spread to test by"
    if row["smallest_detectable"] is None:
        return f"{row['contrast']}: power not known, {row['source']}"
    return (
        f"{row['contrast']}: with {row['seeds']} seeds the smallest detectable difference is about"
        f" {row['smallest_detectable']:.1f} points (margin {row['margin']:g}; {row['source']})"
    )


def _row(
    known: tuple[float, int, str] | None, seeds: int, margin: float, rule: Rule, contrasts: int
) -> dict[str, Any]:
    """What a spread (points, its degrees of freedom, its source) means for so many seeds."""
    empty = {"smallest_detectable": None, "spread": None, "margin": margin}
    if known is None:
        return {**empty, "source": "no committed score of these targets at this scale"}
    deviation, df, source = known
    try:
        least = smallest(spread(deviation, df), seeds, rule, contrasts)
    except InputError as error:
        return {**empty, "spread": deviation, "source": error.problems[0].what}
    return {"smallest_detectable": least, "spread": deviation, "margin": margin, "source": source}


def _committed(study: str, scale: str) -> pandas.DataFrame | None:
    """Committed scores of a study at a scale."""
    import pandas

    place = path(study, scale)
    if not place.is_file():
        return None
    return pandas.read_csv(place, keep_default_na=False, na_values={"value": [""], "seed": [""]})


def _own(
    frame: pandas.DataFrame | None, contrast: Contrast, study: str, scale: str
) -> tuple[float, int, str] | None:
    """Spread of the contrast over the seeds of the study's own committed scores."""
    if frame is None:
        return None
    found = measured(frame, contrast)
    if len(found.seeds) < 2 or not found.values.std(ddof=1) > 0:
        return None
    source = f"spread over {len(found.seeds)} seeds of the committed scores"
    return float(found.values.std(ddof=1)), len(found.seeds) - 1, source


def _lent(frame: pandas.DataFrame | None, contrast: Contrast, scale: str) -> tuple[float, int, str] | None:
    """Spread of the contrast if its cells were independent, each with the deviation of its target."""
    if frame is None:
        return None
    total, least = 0.0, 0
    for term in contrast.terms:
        cells = contrast.cells(term)
        for cell in cells:
            one = _deviation(frame, cell.get("target", ""))
            if one is None:
                return None
            total += (term.weight / len(cells) * one[0]) ** 2
            least = min(least, one[1]) if least else one[1]
    return total**0.5, least, f"spread of {BORROWED} at scale {scale}, cells taken as independent"


def _deviation(frame: pandas.DataFrame, target: str) -> tuple[float, int] | None:
    """(deviation between seeds, its degrees of freedom) of a target's score, pooled over settings."""
    rows = frame[
        (frame["target"] == target)
        & (frame["language"] == "all")
        & (frame["metric"] == "score")
        & (frame["variant"] == "plain")
    ]
    cells = [cell["value"] for _, cell in rows.groupby("intermediate") if len(cell) > 1]
    df = sum(len(cell) - 1 for cell in cells)
    squares = sum(float(((cell - cell.mean()) ** 2).sum()) for cell in cells)
    return ((squares / df) ** 0.5, df) if df and squares > 0 else None
