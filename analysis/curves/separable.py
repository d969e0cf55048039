"""Batched least squares for families that are linear in all but their shapes (variable projection).

`scan` looks at a grid of shapes for many data sets at once, `refine` converges from given shapes by a damped
Gauss-Newton iteration on the projected residuals. Golub & Pereyra (1973, SIAM J. Numer. Anal. 10, 413); the
step drops the second-order term as Kaufman (1975, BIT 15, 49) showed to be safe. Against
`scipy.optimize.curve_fit` this leaves one or two unknowns instead of three or four, so it converges from far
away, and a bootstrap runs all its refits in one sweep.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.curves.families import Array, Family

TINY = 1e-300
"""Keeps a division by a vanished sum of squares finite; the numerator is 0 there too."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Data sets that share their doses.

    Attributes
    ----------
    x : (n,) doses
    y : (b, n) scores
    w : (b, n) or (1, n) weights, inverse variances up to a factor; 0 leaves a point out
    groups : (n, r) one-hot membership in groups with a start of their own; (n, 0) holds the start at 0
    within : sum of squares inside points that stand for several scores at one dose
    """

    x: Array
    y: Array
    w: Array
    groups: Array
    within: float = 0.0

    def centre(self, v: Array) -> Array:
        """Return v (b, n) minus its weighted mean within each group."""
        if not self.groups.shape[1]:
            return v
        if self.groups.shape[1] == 1:
            mean: Array = (self.w * v).sum(-1, keepdims=True) / np.maximum(
                self.w.sum(-1, keepdims=True), TINY
            )
            return v - mean
        mass = np.maximum(self.w @ self.groups, TINY)
        return np.asarray(v - ((self.w * v) @ self.groups / mass) @ self.groups.T)

    def take(self, rows: NDArray[np.intp]) -> Sample:
        """Return the data sets at those positions."""
        w = self.w if len(self.w) == 1 else self.w[rows]
        return Sample(self.x, self.y[rows], w, self.groups, self.within)

    def repeated(self, times: int) -> Sample:
        """Return the one data set so many times, to be fitted from so many shapes."""
        return Sample(self.x, np.repeat(self.y, times, 0), self.w, self.groups, self.within)


def project(sample: Sample, columns: Array) -> tuple[Array, Array, Array]:
    """Return coefficients (b, m), centred residuals (b, n) and centred columns (b, n, m) for given columns."""
    yc = sample.centre(sample.y)
    parts = [sample.centre(columns[..., j]) for j in range(columns.shape[-1])]
    if len(parts) == 1:
        g = parts[0]
        slope = (sample.w * g * yc).sum(-1) / np.maximum((sample.w * g * g).sum(-1), TINY)
        shape = np.broadcast_shapes(yc.shape, g.shape)
        return slope[:, None], yc - slope[:, None] * g, np.broadcast_to(g, shape)[..., None]
    g = np.stack(parts, -1)
    wg = sample.w[..., None] * g
    normal = np.swapaxes(wg, -1, -2) @ g
    rhs = np.swapaxes(wg, -1, -2) @ yc[..., None]
    beta = (np.linalg.pinv(normal, rcond=1e-13, hermitian=True) @ rhs)[..., 0]
    return beta, yc - (g @ beta[..., None])[..., 0], g


def rss(sample: Sample, residual: Array) -> Array:
    """Return the weighted residual sum of squares, (b,)."""
    return np.asarray((sample.w * residual * residual).sum(-1) + sample.within)


def lattice(family: Family, x: Array) -> Array:
    """Return the shapes of the scan, (g, s), evenly spaced in their logarithms; (1, 0) without shapes."""
    axes = [
        np.geomspace(low, high, points)
        for (low, high), points in zip(family.bounds(x), family.grid, strict=True)
    ]
    if not axes:
        return np.zeros((1, 0))
    return np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], -1)


def scan(sample: Sample, family: Family, grid: Array) -> Array:
    """Return the residual sum of squares of each data set at each shape of the grid, (b, g)."""
    columns = family.columns(sample.x, grid)
    if len(sample.y) == 1:
        many = sample.repeated(len(grid))
        return rss(many, project(many, columns)[1])[None]
    return np.stack([rss(sample, project(sample, columns[i : i + 1])[1]) for i in range(len(grid))], axis=-1)


def refine(
    sample: Sample, family: Family, shape: Array, *, iterations: int = 200, tolerance: float = 1e-11
) -> tuple[Array, Array, Array]:
    """Return converged shapes (b, s), residual sums of squares (b,) and whether each converged (b,).

    Works on the logarithm of the shapes, inside the family's bounds; a step that does not improve is damped
    (Levenberg-Marquardt). Converged: the projected step is below `tolerance` on the log scale, or no damping
    improves any further.
    """
    if not family.shapes:
        _, residual, _ = project(sample, family.columns(sample.x, shape))
        return shape, rss(sample, residual), np.ones(len(sample.y), dtype=bool)
    limits = np.log(np.asarray(family.bounds(sample.x)))
    low, high = limits[:, 0], limits[:, 1]
    u = np.clip(np.log(shape), low, high)
    damping = np.full(len(u), 1e-3)
    done = np.zeros(len(u), dtype=bool)
    with np.errstate(over="ignore", invalid="ignore"):  # a start that overflows is given up
        beta, residual, columns = project(sample, family.columns(sample.x, np.exp(u)))
        best = rss(sample, residual)
        huge = ~np.isfinite((sample.w * columns[..., 0] ** 2).sum(-1) + best)
    best, done = np.where(huge, np.inf, best), done | huge
    for _ in range(iterations):
        live = np.flatnonzero(~done)
        if not len(live):
            break
        part = sample.take(live)
        step, rate = _step(part, family, u[live], beta[live], residual[live], columns[live], damping[live])
        trial = np.clip(u[live] + step, low, high)
        with np.errstate(over="ignore", invalid="ignore"):  # a wild trial is refused below
            new_beta, new_residual, new_columns = project(part, family.columns(sample.x, np.exp(trial)))
            new = rss(part, new_residual)
            new = np.where(np.isfinite(new + (new_columns[..., 0] ** 2).sum(-1)), new, np.inf)
        better = new <= best[live]
        moved = np.abs(trial - u[live]).max(-1)
        done[live] = (moved < tolerance) | (~better & (damping[live] > 1e12)) | (rate == 0)
        keep = live[better]
        u[keep], beta[keep], residual[keep] = trial[better], new_beta[better], new_residual[better]
        columns = columns if columns.flags.writeable else columns.copy()
        columns[keep], best[keep] = new_columns[better], new[better]
        damping[live] = np.where(better, np.maximum(damping[live] * 0.1, 1e-15), damping[live] * 8)
    return np.exp(u), best, done


def _step(
    sample: Sample, family: Family, u: Array, beta: Array, residual: Array, columns: Array, damping: Array
) -> tuple[Array, Array]:
    """Return the damped step in log shapes (b, s) and the size of the gradient (b,)."""
    shape = np.exp(u)
    slopes = family.slopes(sample.x, shape)
    jacobian = np.einsum("bnms,bm->bns", slopes, beta) * shape[:, None, :]
    parts = []
    for j in range(jacobian.shape[-1]):
        inner = sample.centre(jacobian[..., j])
        if columns.shape[-1] == 1:
            g = columns[..., 0]
            along = (sample.w * g * inner).sum(-1) / np.maximum((sample.w * g * g).sum(-1), TINY)
            inner = inner - along[:, None] * g
        else:
            wg = np.swapaxes(sample.w[..., None] * columns, -1, -2)
            pseudo = np.linalg.pinv(wg @ columns, rcond=1e-13, hermitian=True)
            inner = inner - (columns @ (pseudo @ (wg @ inner[..., None])))[..., 0]
        parts.append(inner)
    inner = np.stack(parts, -1)
    gradient = np.einsum("bns,bn->bs", inner, sample.w * residual)
    if inner.shape[-1] == 1:
        curvature = (sample.w * inner[..., 0] ** 2).sum(-1)
        step = gradient[:, 0] / np.maximum(curvature * (1 + damping), TINY)
        return np.clip(step, -2, 2)[:, None], np.abs(gradient[:, 0])
    hessian = np.swapaxes(inner * sample.w[..., None], -1, -2) @ inner
    diagonal = np.einsum("bss->bs", hessian)
    floor = np.maximum(diagonal.max(-1, keepdims=True) * 1e-15, TINY)
    hessian = hessian + (damping[:, None] * diagonal + floor)[..., None] * np.eye(hessian.shape[-1])
    step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
    return np.clip(step, -2, 2), np.abs(gradient).max(-1)
