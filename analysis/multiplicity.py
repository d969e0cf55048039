"""p values adjusted for the number of claims that are tested together.

Bonferroni, Holm (1979), Hochberg (1988, Biometrika 75, 800-802), Benjamini and Hochberg (1995), Benjamini and
Yekutieli (2001); adjusted p values after Wright (1992), Biometrics 48, 1005-1013. statsmodels.multipletests gives the
same; it neither adjusts along an axis nor refuses NaN, which it would pass on in silence.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.seeds.scores import Floats, finite

Method: TypeAlias = Literal["bonferroni", "holm", "hochberg", "benjamini-hochberg", "benjamini-yekutieli"]

CONTROLS: Final[dict[str, str]] = {
    "bonferroni": "family-wise error, any dependence",
    "holm": "family-wise error, any dependence; never weaker than Bonferroni",
    "hochberg": "family-wise error under independence or positive dependence",
    "benjamini-hochberg": "false discovery rate under independence or positive dependence",
    "benjamini-yekutieli": "false discovery rate, any dependence",
}
"""What each method controls, and when."""


def adjust(p: ArrayLike, method: Method = "holm") -> Floats:
    """Return p values adjusted over the last axis, in the order given; compare them with alpha itself.

    Parameters
    ----------
    p : array of shape (..., claims)
        Claims that could not be tested are left out before, not given as NaN: they make the family smaller only
        where nobody looked at them.
    method : str
        See `CONTROLS`.

    Raises
    ------
    InputError
        For a value outside [0, 1], NaN or an unknown method.

    Examples
    --------
    >>> adjust([0.04, 0.03, 0.01, 0.02]).tolist()
    [0.06, 0.06, 0.04, 0.06]
    """
    values = finite(p, "p values")
    if values.min() < 0 or values.max() > 1:
        raise InputError(Problem(f"p values run from {values.min()} to {values.max()}", "give probabilities"))
    if method not in CONTROLS:
        raise InputError(Problem(f"unknown method {method!r}", f"write one of {', '.join(CONTROLS)}"))
    m = values.shape[-1]
    if method == "bonferroni":
        return np.asarray(np.minimum(values * m, 1.0))
    order = np.argsort(values, axis=-1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=-1)
    rank = np.arange(1, m + 1)
    if method == "holm":
        stepped = np.maximum.accumulate(ranked * (m + 1 - rank), axis=-1)
    else:
        factor = m + 1.0 - rank if method == "hochberg" else m / rank
        if method == "benjamini-yekutieli":
            factor = factor * (1.0 / rank).sum()
        stepped = np.flip(np.minimum.accumulate(np.flip(ranked * factor, axis=-1), axis=-1), axis=-1)
    out = np.empty_like(values)
    np.put_along_axis(out, order, np.minimum(stepped, 1.0), axis=-1)
    return out
