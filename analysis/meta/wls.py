"""Weighted least squares of many small meta-analyses, and the traces of its projection matrix.

With W = diag(w) and P = W - W X (X'WX)^-1 X'W (Viechtbauer 2005, section 2) every estimator of tau^2 is a
function of tr P, tr PP and of the residuals, because Py = W r: nothing of size K x K needs to be formed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.meta.batch import Effects, Floats

EXPLICIT_STUDIES = 300
"""Up to here P itself is formed where its entries are needed."""


class Wls(NamedTuple):
    """Coefficients, residuals and (X'WX)^-1; leading axes as the weights."""

    beta: Floats
    """(..., p)"""
    resid: Floats
    """(..., K)"""
    bread: Floats
    """(..., p, p), (X'WX)^-1"""


def total(values: Floats) -> Floats:
    """Sum over the last axis; einsum is several times faster than `sum` where that axis is short."""
    return np.asarray(np.einsum("...k->...", values))


def dot(left: Floats, right: Floats) -> Floats:
    """Sum of products over the last axis."""
    return np.asarray(np.einsum("...k,...k->...", left, right))


def wls(y: Floats, w: Floats, design: Floats | None) -> Wls:
    """Solve the weighted normal equations; `w` is zero for absent studies.

    Parameters
    ----------
    y : (..., K)
    w : (..., K)
    design : (..., K, p) or None
        None is the intercept alone.
    """
    if design is None:
        weight = total(w)
        mean = dot(w, y) / weight
        return Wls(mean[..., None], y - mean[..., None], 1 / weight[..., None, None])
    # Columns are brought to unit length first, so that a moderator measured in 1e-6 costs no digits.
    size = np.sqrt((design**2).sum(-2))
    size = np.where(size > 0, size, 1.0)
    x = design / size[..., None, :]
    xw = x * w[..., None]
    gram = np.swapaxes(xw, -1, -2) @ x
    weight = np.sqrt(np.einsum("...ii->...i", gram))
    weight = np.where(weight > 0, weight, 1.0)
    outer = weight[..., :, None] * weight[..., None, :]
    bread = np.linalg.inv(gram / outer) / outer
    beta = np.einsum("...pq,...kq,...k->...p", bread, xw, y, optimize=True)
    resid = y - (x @ beta[..., None])[..., 0]
    # One step of iterative refinement: the residual of the normal equations is brought to rounding level.
    step = np.einsum("...pq,...kq,...k->...p", bread, xw, resid, optimize=True)
    beta = beta + step
    resid = y - (x @ beta[..., None])[..., 0]
    scale = size[..., :, None] * size[..., None, :]
    return Wls(beta / size, resid, bread / scale)


def weighted_gram(w: Floats, design: Floats | None) -> Floats:
    """X' diag(w) X, shape (..., p, p)."""
    if design is None:
        return np.asarray(total(w)[..., None, None])
    return np.swapaxes(design * w[..., None], -1, -2) @ design


def trace_p(w: Floats, bread: Floats, design: Floats | None) -> Floats:
    """Trace of P: sum w - tr((X'WX)^-1 X'W^2X), shape (...)."""
    if design is None:
        return np.asarray(total(w) - dot(w, w) * bread[..., 0, 0])
    return np.asarray(w.sum(-1) - np.einsum("...ij,...ji->...", bread, weighted_gram(w * w, design)))


def trace_pp(w: Floats, bread: Floats, design: Floats | None) -> Floats:
    """Trace of PP, shape (...)."""
    if design is None:
        square = w * w
        ratio = dot(w, w) * bread[..., 0, 0]
        return np.asarray(total(square) - 2 * dot(square, w) * bread[..., 0, 0] + ratio * ratio)
    return trace_pvpv(w, np.ones_like(w), bread, design)


def square_trace(w: Floats, bread: Floats, design: Floats | None) -> Floats:
    """Trace of PP as a sum of positive terms, (B,).

    `trace_pp` loses its digits where one weight dwarfs the others; the standard error of tau^2 cannot afford that.
    """
    if design is None:
        size = w.shape[-1]
        first = w.argmax(-1)[:, None] == np.arange(size)
        others = np.where(first, total(np.where(first, 0.0, w))[:, None], total(w)[:, None] - w)
        square = w * w
        rest = np.where(first, total(np.where(first, 0.0, square))[:, None], total(square)[:, None] - square)
        return np.asarray(dot(square, others**2 + rest) * bread[..., 0, 0] ** 2)
    if w.shape[-1] > EXPLICIT_STUDIES:
        return trace_pp(w, bread, design)
    weighted = design * w[..., None]
    p = -weighted @ bread @ np.swapaxes(weighted, -1, -2)
    index = np.arange(w.shape[-1])
    p[..., index, index] += w
    return np.asarray(np.einsum("...ij,...ij->...", p, p))


def trace_pvp(w: Floats, v: Floats, bread: Floats, design: Floats | None) -> Floats:
    """Trace of PVP for diagonal V."""
    inner = bread @ weighted_gram(w * w, design)
    cross = bread @ weighted_gram(w * w * v, design)
    first = (w * w * v).sum(-1) - 2 * np.einsum("...ii->...", bread @ weighted_gram(w**3 * v, design))
    return np.asarray(first + np.einsum("...ij,...ji->...", inner, cross))


def trace_pvpv(w: Floats, v: Floats, bread: Floats, design: Floats | None) -> Floats:
    """Trace of PVPV for diagonal V (with V = I it is tr PP)."""
    inner = bread @ weighted_gram(w * w * v, design)
    first = (w * w * v * v).sum(-1) - 2 * np.einsum("...ii->...", bread @ weighted_gram(w**3 * v * v, design))
    return np.asarray(first + np.einsum("...ij,...ji->...", inner, inner))


def solve_spd(matrix: Floats, vector: Floats) -> Floats:
    """matrix^-1 vector over leading axes, with the diagonal scaled to one first."""
    root = np.sqrt(np.einsum("...ii->...i", matrix))
    root = np.where(root > 0, root, 1.0)
    scaled = matrix / (root[..., :, None] * root[..., None, :])
    return np.asarray(np.linalg.solve(scaled, (vector / root)[..., None])[..., 0] / root)


def marginal_weights(effects: Effects, tau2: Floats) -> Floats:
    """1 / (vi + tau2), zero for absent studies; `tau2` has shape (B,) or (B, G) for a (B, G, K) result."""
    extra = (1,) * (tau2.ndim - 1)
    v = effects.vi.reshape(len(effects.vi), *extra, -1)
    present = effects.present.reshape(len(v), *extra, -1)
    return np.asarray(present / (v + tau2[..., None]))


def residual_q(effects: Effects, weights: Floats) -> Floats:
    """y'Py, the weighted residual sum of squares, (B,)."""
    fit = wls(effects.yi, weights, effects.design)
    return np.asarray((weights * fit.resid**2).sum(-1))
