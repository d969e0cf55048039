"""How a contrast changes with a property of languages: a regression over languages within each seed.

Languages share their models, so their errors are not independent and a regression over languages with its own
standard error would claim too much. The slope is therefore computed within each seed, and its interval is taken over
seeds (Murtaugh 2007, "Simplicity and complexity in ecological data analysis": analyse the unit of replication). It
speaks of these languages; with other languages the slope could be another.

Targets that have different languages stay apart: every target has a level of its own (the within estimator of a model
with fixed effects; Wooldridge 2010, *Econometric Analysis of Cross Section and Panel Data*, section 10.5), so that an
easy target with many languages of one kind is no slope.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np

from analysis.seeds.interval import Interval
from analysis.seeds.scores import TIE
from analysis.seeds.student import mean_interval

Unit = TypeVar("Unit", bound=Hashable)


def slope_over_languages(
    values: Mapping[Unit, Mapping[int, float]],
    property_: Mapping[Unit, float],
    level: float = 0.95,
    *,
    within: Mapping[Unit, Hashable] | None = None,
) -> Interval | None:
    """Interval of the slope, in points per unit of the property: for a property of 0 or 1 the difference of means.

    Parameters
    ----------
    values : mapping
        Language (or language of a target) -> seed -> value of the contrast, points.
    property_ : mapping
        Language -> number; languages without one are left out.
    within : mapping, optional
        Language of a target -> target: the slope within targets. Default: all are of one.

    Returns
    -------
    Interval or None
        None for fewer than three languages (two more than targets), a property that does not vary, fewer than two
        seeds that every language has, or no spread over seeds.

    Examples
    --------
    >>> values = {"a": {0: 1, 1: 2}, "b": {0: 1, 1: 2}, "c": {0: 4, 1: 6}}
    >>> found = slope_over_languages(values, {"a": 0, "b": 0, "c": 1})
    >>> float(found.estimate)
    3.5
    """
    languages = [language for language in values if language in property_]
    groups = [within[language] if within else None for language in languages]
    if len(languages) - len(set(groups)) < 2:
        return None
    x = np.array([float(property_[language]) for language in languages])
    seeds = sorted(set.intersection(*(set(values[language]) for language in languages)))
    centred = x.copy()
    for group in set(groups):
        own = np.array([one == group for one in groups])
        centred[own] -= x[own].mean()
    if len(seeds) < 2 or not np.any(np.abs(centred) > 1e-12):
        return None
    y = np.array([[values[language][seed] for seed in seeds] for language in languages])
    slopes = centred @ y / (centred @ centred)
    if slopes.std(ddof=1) <= TIE * np.abs(slopes).max():
        return None
    return mean_interval(slopes, level)
