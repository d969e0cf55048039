"""Selection model: how much less often effects with large p-values are seen, and the effect corrected for it.

Step function of the one-sided p-value (Hedges 1992; Vevea & Hedges 1995); one step at 0.025 is the
three-parameter model (3PSM; McShane, Bockenholt & Hansen 2016). Maximum likelihood under
``density ~ delta(p_i) N(mu, tau2 + v_i)``, delta = 1 for the most significant interval. The model believes that
effects were selected by these p-values; it is a sensitivity analysis. As metafor `selmodel(type="stepfun")`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats, Ints
from analysis.meta.pool import pool

LOG_DELTA_BOUND = float(np.log(1e4))


@dataclass(frozen=True, slots=True)
class Selection:
    """Corrected effect and relative probabilities of being seen."""

    steps: tuple[float, ...]
    direction: str
    counts: tuple[int, ...]
    """Effects in each p interval."""
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    tau2: float
    delta: Floats
    """(steps + 1,) probability of being seen relative to the first interval."""
    se_delta: Floats
    log_likelihood: float
    statistic: float
    """Likelihood-ratio test that all delta are 1."""
    df: int
    p_value: float
    uncorrected: float
    """ML random-effects estimate without selection."""
    converged: bool


@dataclass(frozen=True, slots=True)
class _Data:
    y: Floats
    v: Floats
    cuts: Floats
    """(k, J - 1) effects at which the p-value crosses each step."""
    interval: Ints


def selection_model(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    steps: tuple[float, ...] = (0.025,),
    direction: Literal["greater", "less"] = "greater",
    level: float = 0.95,
) -> Selection:
    """Fit the step-function selection model by maximum likelihood.

    Parameters
    ----------
    yi, vi : (k,)
    steps : tuple of float
        One-sided p-values at which the chance of being seen changes, ascending, inside (0, 1).
    direction : {"greater", "less"}
        Which effects are favoured: large ones, or small ones.

    Raises
    ------
    InputError
        An interval without effects: its probability is not identified (the likelihood runs to a bound, which
        metafor 3.8-1 reports as delta = 100 or 0).
    """
    from scipy.special import chdtrc, ndtri

    base = pool(yi, vi, method="ML", test="z", level=level)
    if base.effects.shape:
        raise InputError(Problem("a batch of selection models", "give one data set"))
    if direction not in ("greater", "less"):
        raise InputError(Problem(f"direction {direction!r}", 'use "greater" or "less"'))
    edges = np.asarray(steps, dtype=float)
    if (
        edges.ndim != 1
        or not edges.size
        or (np.diff(edges) <= 0).any()
        or not ((edges > 0) & (edges < 1)).all()
    ):
        raise InputError(
            Problem(f"steps {steps}", "give ascending p-values inside (0, 1), such as (0.025, 0.5)")
        )
    sign = 1.0 if direction == "greater" else -1.0
    y, v = sign * base.effects.yi[0], base.effects.vi[0]
    unit = float(np.std(y)) or float(np.sqrt(v.mean()))
    cuts = -ndtri(edges) * np.sqrt(v / unit**2)[:, None]
    data = _Data(y / unit, v / unit**2, cuts, (y[:, None] / unit < cuts).sum(-1))
    counts = np.bincount(data.interval, minlength=len(edges) + 1)
    if (counts == 0).any():
        bounds = np.concatenate([[0.0], edges, [1.0]])
        j = int(np.flatnonzero(counts == 0)[0])
        raise InputError(
            Problem(
                f"no effect has a one-sided p between {bounds[j]:g} and {bounds[j + 1]:g}",
                "its chance of being seen cannot be estimated: choose other steps or the other direction",
            )
        )
    start = np.concatenate(
        [[sign * float(base.mean) / unit, float(base.tau2) / unit**2], np.zeros(len(edges))]
    )
    best, value, converged = _maximise(data, start)
    plain = _value_and_gradient(data, start)[0]
    covariance = _covariance(data, best)
    jump = np.exp(best[2:])
    estimate = sign * float(best[0]) * unit
    se = float(np.sqrt(covariance[0, 0])) * unit
    half = float(ndtri((1 + level) / 2)) * se
    statistic = max(0.0, 2 * (value - plain))
    return Selection(
        steps=tuple(map(float, edges)),
        direction=direction,
        counts=tuple(map(int, counts)),
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        tau2=float(best[1]) * unit**2,
        delta=np.concatenate([[1.0], jump]),
        se_delta=np.concatenate([[0.0], jump * np.sqrt(np.diag(covariance)[2:])]),
        log_likelihood=value - len(y) * float(np.log(unit)),
        statistic=statistic,
        df=len(edges),
        p_value=float(chdtrc(len(edges), statistic)),
        uncorrected=float(base.mean),
        converged=converged,
    )


def _value_and_gradient(data: _Data, theta: Floats) -> tuple[float, Floats]:
    """Log-likelihood and gradient in (mean, tau2, log delta_2, ...)."""
    from scipy.special import ndtr

    mean, tau2 = theta[0], theta[1]
    delta = np.concatenate([[1.0], np.exp(theta[2:])])
    variance = data.v + tau2
    sd = np.sqrt(variance)
    z = (data.cuts - mean) / sd[:, None]
    below, density = ndtr(z), np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    jump = np.diff(delta)
    norm = 1 + below @ jump
    resid = data.y - mean
    value = (
        np.log(delta)[data.interval]
        - 0.5 * np.log(2 * np.pi * variance)
        - resid**2 / (2 * variance)
        - np.log(norm)
    )
    d_mean = resid / variance + (density @ jump) / sd / norm
    d_tau2 = -0.5 / variance + resid**2 / (2 * variance**2) + ((density * z) @ jump) / (2 * variance) / norm
    edge = np.column_stack([np.ones(len(sd)), below, np.zeros(len(sd))])
    share = (edge[:, :-1] - edge[:, 1:]) * delta / norm[:, None]
    own = data.interval[:, None] == np.arange(len(delta))
    return float(value.sum()), np.concatenate([[d_mean.sum(), d_tau2.sum()], (own - share).sum(0)[1:]])


def _maximise(data: _Data, start: Floats) -> tuple[Floats, float, bool]:
    """Best of several quasi-Newton ascents, finished by Newton steps on the analytic gradient."""
    from scipy.optimize import minimize

    bounds = [(None, None), (0.0, None)] + [(-LOG_DELTA_BOUND, LOG_DELTA_BOUND)] * (len(start) - 2)
    best, height, good = start, -np.inf, False
    for shift in (0.0, -1.5, 1.5):
        first = start.copy()
        first[1] = max(first[1], 0.05)
        first[2:] = shift

        def negative(theta: Floats) -> tuple[float, Floats]:
            value, gradient = _value_and_gradient(data, theta)
            return -value, -gradient

        found = minimize(
            negative,
            first,
            jac=True,
            bounds=bounds,
            method="L-BFGS-B",
            options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 2000},
        )
        if -found.fun > height + 1e-9:
            best, height = found.x, -float(found.fun)
    for _ in range(20):
        free = np.array([True, best[1] > 0] + [abs(t) < LOG_DELTA_BOUND for t in best[2:]])
        gradient = _value_and_gradient(data, best)[1]
        step = np.zeros_like(best)
        step[free] = np.linalg.lstsq(_hessian(data, best)[np.ix_(free, free)], -gradient[free], rcond=None)[0]
        fresh = best + step
        if fresh[1] < 0 or _value_and_gradient(data, fresh)[0] < height - 1e-12:
            break
        best, height = fresh, _value_and_gradient(data, fresh)[0]
        if np.abs(step).max() < 1e-11:
            good = True
            break
    inside = bool((np.abs(best[2:]) < LOG_DELTA_BOUND - 1e-6).all())
    gradient = _value_and_gradient(data, best)[1]
    settled = good or bool(np.abs(gradient[[0, *range(2, len(best))]]).max() < 1e-6)
    return best, height, settled and inside


def _hessian(data: _Data, theta: Floats) -> Floats:
    """Central differences of the analytic gradient, symmetrised; one-sided for tau2 at zero."""
    size = len(theta)
    out = np.empty((size, size))
    for j in range(size):
        step = np.zeros(size)
        step[j] = 1e-5 * max(1.0, abs(theta[j]))
        low = theta - step if j != 1 or theta[1] > step[1] else theta
        high = theta + step
        out[j] = (_value_and_gradient(data, high)[1] - _value_and_gradient(data, low)[1]) / (high[j] - low[j])
    return (out + out.T) / 2


def _covariance(data: _Data, theta: Floats) -> Floats:
    """Inverse observed information; a tau2 at zero is taken as known."""
    free = np.array([True, theta[1] > 0] + [True] * (len(theta) - 2))
    out = np.zeros((len(theta), len(theta)))
    out[np.ix_(free, free)] = np.linalg.pinv(-_hessian(data, theta)[np.ix_(free, free)])
    return np.where(np.isfinite(out), out, np.nan)
