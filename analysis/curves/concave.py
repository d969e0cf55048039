"""Least squares under a shape only: non-decreasing, concave, or both; and how far the data are from it.

For the picture (the best concave curve through the means) and for a test against it: the distance of the dose
means from the cone of concave functions, over the pooled error, has under its least favourable null (a straight
line) a mixture of F-like laws, which is simulated with keyed numbers (Meyer 2003, J. Statist. Plann. Inference
115, 411; Robertson, Wright & Dykstra 1988, ch. 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.curves.families import Array
from analysis.curves.replication import DoseMeans
from analysis.errors import InputError, Problem
from analysis.resampling.philox import random_words


@dataclass(frozen=True)
class ShapeTest:
    """Concave least squares at the doses and two p values.

    `p_not_concave` small: the means contradict every concave curve. `p_curved` small: a concave curve fits better
    than a straight line by more than chance.
    """

    fitted: Array
    p_not_concave: float
    p_curved: float
    draws: int


def concave_fit(doses: Array, means: Array, weights: Array, *, rising: bool = False) -> Array:
    """Return the weighted least-squares concave sequence (k,), also non-decreasing where `rising`.

    A concave sequence is a line minus non-negative multiples of hinges at the inner doses, so non-negative least
    squares on the hinges finds it exactly. A rising one is a level plus non-negative multiples of "rise, then flat".
    """
    from scipy.optimize import nnls

    k = len(doses)
    root = np.sqrt(weights)
    if rising:
        free = np.ones((k, 1))
        cone = np.minimum(doses[:, None] - doses[0], doses[None, 1:] - doses[0])
    else:
        free = np.stack([np.ones(k), doses - doses.mean()], 1)
        cone = -np.maximum(doses[:, None] - doses[None, 1:-1], 0)
    basis = np.linalg.qr(free * root[:, None])[0]
    remove = np.eye(k) - basis @ basis.T
    scaled = cone * root[:, None]
    norm = np.linalg.norm(remove @ scaled, axis=0)
    norm = np.where(norm > 0, norm, 1.0)
    amounts, _ = nnls(remove @ scaled / norm, remove @ (means * root))
    bent = cone @ (amounts / norm)
    level = np.linalg.lstsq(free * root[:, None], (means - bent) * root, rcond=None)[0]
    return np.asarray(free @ level + bent)


def isotonic_fit(means: Array, weights: Array) -> Array:
    """Return the weighted least-squares non-decreasing sequence (k,), by pooling adjacent violators (scipy)."""
    from scipy.optimize import isotonic_regression

    return np.asarray(isotonic_regression(means, weights=weights).x)


def shape_test(means: DoseMeans, *, key: str, draws: int = 1999) -> ShapeTest:
    """Return the concave fit and its tests; the error is pooled over doses (equal variance of a run).

    Raises
    ------
    InputError : fewer than four doses (with three the fit has one hinge and is the second difference test)
    """
    doses = means.doses
    k = len(doses)
    if k < 4:
        raise InputError(
            Problem(f"{k} doses", "use the change of slope with three; the shape test needs 4 or more")
        )
    if means.blocks is not None:
        table = means.blocks
        within = table - table.mean(1, keepdims=True) - table.mean(0) + table.mean()
        df = float((len(table) - 1) * (k - 1))
        pooled = float((within**2).sum() / df) / len(table)
        variance = np.full(k, pooled)
    elif np.isinf(means.df).all():
        variance, df = means.variances, np.inf
    else:
        counts = means.df + 1
        df = float(means.df.sum())
        pooled = float((means.df * means.variances * counts).sum() / df)
        variance = pooled / counts
    if not (variance > 0).all():
        raise InputError(Problem("the runs at each dose are all equal", "there is no spread to test against"))
    weights = 1 / variance
    observed = _distances(doses, means.means, weights)
    normal = _normals(key, draws, k) * np.sqrt(variance)
    scale = np.ones(draws) if np.isinf(df) else _chi_square(key, draws, df) / df
    null = np.array([_distances(doses, row, weights) for row in normal]) / scale[:, None]
    p = (1 + (null >= np.array(observed) - 1e-12).sum(0)) / (draws + 1)
    return ShapeTest(concave_fit(doses, means.means, weights), float(p[0]), float(p[1]), draws)


def _distances(doses: Array, means: Array, weights: Array) -> tuple[float, float]:
    """Return (means to the concave cone, cone to the straight line) as weighted squared distances."""
    concave = concave_fit(doses, means, weights)
    design = np.stack([np.ones(len(doses)), doses], 1) * np.sqrt(weights)[:, None]
    line = np.linalg.lstsq(design, means * np.sqrt(weights), rcond=None)[0]
    straight = line[0] + line[1] * doses
    return float(weights @ (means - concave) ** 2), float(weights @ (concave - straight) ** 2)


def _uniform(key: str, draws: int, count: int, stream: int) -> Array:
    """Return keyed uniforms in (0, 1), (draws, count)."""
    return (random_words(key, range(draws), count, stream).astype(float) + 0.5) / 2.0**32


def _normals(key: str, draws: int, count: int) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(_uniform(key, draws, count, 0)))


def _chi_square(key: str, draws: int, df: float) -> Array:
    from scipy.special import chdtri

    return np.asarray(chdtri(df, _uniform(key, draws, 1, 1)[:, 0]))
