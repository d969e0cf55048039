"""Log-likelihood of tau^2, plain and restricted, and its highest maximum.

The score is scanned for sign changes between zero and a bound that provably lies above every root, each root is
bracketed, and where the likelihood has several maxima the highest wins: fixed-point iterations end in whichever
is nearest to their start.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.meta.batch import Bools, Effects, Floats
from analysis.meta.roots import bracketed_newton
from analysis.meta.wls import dot, marginal_weights, residual_q, total, trace_p, trace_pp, weighted_gram, wls

GRID: Final = np.concatenate([[0.0], np.logspace(-5, 0, 11)])
"""Where the likelihood score is scanned for further roots, as fractions of the upper bound."""

CHUNK: Final = 100_000
"""Effects worked on at a time: bounds the memory of the scan to some ten megabytes whatever the batch."""


def likelihood_root(effects: Effects, restricted: bool) -> tuple[Floats, Bools]:
    """Tau^2 (B,) of the highest (restricted) likelihood, and whether the root was reached."""
    size = len(effects.yi)
    step = max(1, CHUNK // effects.yi.shape[-1])
    if size <= step:
        return _chunk_root(effects, restricted)
    starts = np.split(np.arange(size), range(step, size, step))
    parts = [_chunk_root(effects.rows(index), restricted) for index in starts]
    return np.concatenate([root for root, _ in parts]), np.concatenate([done for _, done in parts])


def _chunk_root(effects: Effects, restricted: bool) -> tuple[Floats, Bools]:
    rss = residual_q(effects, effects.present.astype(float))
    least = np.where(effects.present, effects.vi, np.inf).min(-1)
    most = np.where(effects.present, effects.vi, 0.0).max(-1)
    df = (effects.k - effects.p).astype(float)
    # The score is negative beyond this: y'PPy <= RSS/(t+vmin)^2 and tr P >= (k-p)/(t+vmax).
    half = rss / (2 * df)
    high = half - least + np.sqrt(half * half + 2 * half * (most - least))
    grid = np.maximum(high, 0.0)[:, None] * GRID
    sign = _score(effects, grid, restricted, slope=False)[0] > 0
    sign[:, -1] = False
    falls = sign[:, :-1] & ~sign[:, 1:]
    first = falls.argmax(-1)
    rows = np.arange(len(rss))
    found = falls.any(-1)
    low = np.where(found, grid[rows, first], 0.0)
    top = np.where(found, grid[rows, first + 1], 0.0)

    def solve(part: Effects, a: Floats, b: Floats) -> tuple[Floats, Bools]:
        return bracketed_newton(lambda t, i: _score(part.rows(i), t, restricted), a, b)

    root, converged = solve(effects, low, top)
    for row in np.flatnonzero(falls.sum(-1) + ~sign[:, 0] > 1):
        root[row], converged[row] = _highest(effects, int(row), grid[row], falls[row], restricted)
    return root, converged


def _highest(effects: Effects, row: int, grid: Floats, falls: Bools, restricted: bool) -> tuple[float, bool]:
    """The best of several local maxima of one meta-analysis, zero included."""
    at = np.flatnonzero(falls)
    copies = effects.rows(np.full(len(at), row))
    roots, converged = bracketed_newton(
        lambda t, i: _score(copies.rows(i), t, restricted), grid[at], grid[at + 1]
    )
    candidates = np.concatenate([[0.0], roots])
    heights = log_likelihood(effects.rows(np.full(len(candidates), row)), candidates, restricted)
    return float(candidates[heights.argmax()]), bool(converged.all())


def _score(effects: Effects, t: Floats, restricted: bool, slope: bool = True) -> tuple[Floats, Floats]:
    """Twice the derivative of the (restricted) log-likelihood in tau^2, and its own derivative."""
    w = marginal_weights(effects, t)
    design = effects.design
    y = effects.yi
    if t.ndim == 2:
        y, design = y[:, None], None if design is None else design[:, None]
    fit = wls(y, w, design)
    u = w * fit.resid
    value = dot(u, u) - (trace_p(w, fit.bread, design) if restricted else total(w))
    if not slope:
        return value, value
    back = wls(u, w, design).resid
    curvature = trace_pp(w, fit.bread, design) if restricted else dot(w, w)
    return value, curvature - 2 * dot(w * u, back)


def log_likelihood(effects: Effects, tau2: Floats, restricted: bool) -> Floats:
    """Log-likelihood at tau2, (B,); restricted: without the constant log|X'X| / 2, as metafor prints it."""
    w = marginal_weights(effects, tau2)
    fit = wls(effects.yi, w, effects.design)
    q = (w * fit.resid**2).sum(-1)
    logw = np.log(np.where(w > 0, w, 1.0)).sum(-1)
    n = effects.k - effects.p if restricted else effects.k
    value = -0.5 * (n * np.log(2 * np.pi) - logw + q)
    if not restricted:
        return np.asarray(value)
    ones = weighted_gram(effects.present.astype(float), effects.design)
    return np.asarray(value + 0.5 * np.linalg.slogdet(ones)[1] + 0.5 * np.linalg.slogdet(fit.bread)[1])
