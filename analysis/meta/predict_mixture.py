"""A prediction interval that carries the uncertainty of tau^2, instead of plugging its estimate in.

Plug-in intervals cover 83-89 % where tau is small but not zero, because tau^2 is then often estimated as zero
(measured; also Partlett & Riley 2017). Following Nagashima, Noma & Furukawa (2019, Stat. Methods Med. Res. 28:1689)
the predictive distribution is averaged over the confidence distribution of tau^2:
``theta_new = mu(tau2) + t_{k-1} se_HK(tau2) + z tau``. They draw tau^2 from a DerSimonian-Laird distribution by
bootstrap; here it is the Q-profile distribution, ``P(tau2 <= t) = P(chi2_{k-1} >= Q(t))``, and all three parts are
integrated on fixed nodes, so the interval is the same number every time.
"""

from __future__ import annotations

import numpy as np

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats, Ints
from analysis.meta.pool import Pooled
from analysis.meta.predict import Prediction
from analysis.meta.tau2 import q_root
from analysis.meta.values import nominal
from analysis.meta.wls import dot, marginal_weights, wls

TAU_NODES = 40
SCALE_NODES = 14
"""Gauss-Legendre nodes on the probability scale; they crowd at both ends, where the tails are."""
BISECTIONS = 50
CHUNK = 200
"""Meta-analyses worked on at a time; bounds memory."""


def predict_mixture(fit: Pooled, *, level: float | None = None) -> Prediction:
    """Prediction interval of a new true effect, for models without moderators; at least three studies.

    The mean and confidence interval returned are those of `fit`.
    """
    effects = fit.effects
    if effects.design is not None:
        raise InputError(Problem("the mixture interval of a meta-regression", "use predict"))
    if (effects.k < 3).any():
        raise InputError(Problem(f"{effects.k.min()} studies", "the mixture interval needs at least 3"))
    size = len(effects.yi)
    tail = (1 - nominal(level, fit.level)) / 2
    low, high = np.empty(size), np.empty(size)
    for start in range(0, size, CHUNK):
        index = np.arange(start, min(start + CHUNK, size))
        low[index], high[index] = _limits(fit, index, tail)
    shape = effects.shape
    df = np.asarray(fit.k - 1, dtype=float)
    return Prediction(
        mean=fit.mean,
        se=fit.mean_se,
        ci_low=fit.interval[0],
        ci_high=fit.interval[1],
        pi_low=np.asarray(low.reshape(shape)[()]),
        pi_high=np.asarray(high.reshape(shape)[()]),
        df=df,
    )


def _nodes(count: int) -> tuple[Floats, Floats]:
    x, weight = np.polynomial.legendre.leggauss(count)
    return (x + 1) / 2, weight / 2


def _limits(fit: Pooled, index: Ints, tail: float) -> tuple[Floats, Floats]:
    from scipy.special import chdtri, ndtr

    part = fit.effects.rows(index)
    size = len(index)
    nodes, tau_weight = _nodes(TAU_NODES)
    many = part.rows(np.repeat(np.arange(size), TAU_NODES))
    df = (part.k - 1).astype(float)
    target = np.asarray(chdtri(df[:, None], nodes), dtype=float).ravel()
    tau2 = q_root(many, target)[0]
    w = marginal_weights(many, tau2)
    pooled = wls(many.yi, w, None)
    factor = dot(w, pooled.resid**2) / (many.k - 1)
    variance = (factor * pooled.bread[:, 0, 0]).reshape(size, TAU_NODES, 1)
    centre = pooled.beta.reshape(size, TAU_NODES, 1)
    # A t variable is a normal one with a random scale: chi-square quantiles make the nodes of that scale.
    inner, scale_weight = _nodes(SCALE_NODES)
    weight = np.outer(tau_weight, scale_weight).ravel()
    scale = df[:, None] / np.asarray(chdtri(df[:, None], inner), dtype=float)
    spread = np.sqrt(tau2.reshape(size, TAU_NODES, 1) + variance * scale[:, None, :])
    flat = (size, TAU_NODES * SCALE_NODES)
    spread = spread.reshape(flat)
    centre = np.broadcast_to(centre, (size, TAU_NODES, SCALE_NODES)).reshape(flat)
    reach = (np.abs(centre - centre[:, :1]) + 40 * spread).max(-1)

    def quantile(share: float) -> Floats:
        a, b = centre[:, 0] - reach, centre[:, 0] + reach
        for _ in range(BISECTIONS):
            middle = (a + b) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                below = ndtr((middle[:, None] - centre) / spread) @ weight < share
            a, b = np.where(below, middle, a), np.where(below, b, middle)
        return np.asarray((a + b) / 2)

    return quantile(tail), quantile(1 - tail)
