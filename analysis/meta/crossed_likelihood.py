"""Likelihood, score and average information of nested and crossed random effects, by block algebra.

``M = diag(v + s_unit) + sum_j s_j Z_j Z_j'`` with indicator matrices Z_j. Woodbury's identity turns everything
into the q x q matrix ``C = I + S^1/2 Z'D^-1Z S^1/2`` (q levels in all); with one grouping factor C is diagonal
and the cost is linear in the number of effects. Nothing of size n x n is formed. Writing C with S^1/2 keeps it
invertible at variance zero. The average information is that of Gilmour, Thompson & Cullis (1995, Biometrics).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analysis.errors import InputError, Problem
from analysis.meta.batch import Floats, Ints


class Evaluation(NamedTuple):
    """Log-likelihood with its derivatives in the variances, and the coefficients there."""

    value: float
    score: Floats
    """(m,)"""
    information: Floats
    """(m, m) average information."""
    floor: Floats
    """(m,) half the expected information that the level diagonals alone carry: the average information can vanish
    where effects agree too well, and steps then need a curvature."""
    beta: Floats
    bread: Floats
    """(p, p), (X'M^-1X)^-1"""


@dataclass(frozen=True, slots=True)
class Crossed:
    """Effects with their grouping; one component may be the effect level itself (each effect its own group)."""

    y: Floats
    v: Floats
    x: Floats
    """(n, p)"""
    codes: tuple[Ints, ...]
    """Level 0..q_j - 1 of each effect, for every component but the effect level."""
    levels: tuple[int, ...]
    unit: int | None
    """Position of the effect-level component among the m components, or None."""

    @property
    def components(self) -> int:
        """Number m of variance components."""
        return len(self.codes) + (self.unit is not None)

    def split(self, s: Floats) -> tuple[Floats, Floats]:
        """Inverse diagonal 1 / D (n,) and the square roots of the level variances (q,)."""
        if self.unit is None:
            return 1 / self.v, np.sqrt(np.repeat(s, self.levels))
        others = np.delete(s, self.unit)
        return 1 / (self.v + s[self.unit]), np.sqrt(np.repeat(others, self.levels))

    def sums(self, values: Floats) -> Floats:
        """Z' values: sums over each level of each factor, (q, ...) for values (n, ...)."""
        flat = values.reshape(len(values), -1)
        parts = [
            np.stack([np.bincount(code, column, q) for column in flat.T], axis=-1)
            for code, q in zip(self.codes, self.levels, strict=True)
        ]
        out = np.concatenate(parts) if parts else np.zeros((0, flat.shape[1]))
        return out.reshape((len(out), *values.shape[1:]))

    def spread(self, values: Floats, factor: int) -> Floats:
        """Z_j values: the value of each effect's level of one factor."""
        return np.asarray(values[self.codes[factor]])

    def gram(self, d: Floats) -> Floats:
        """Z' diag(d) Z, (q, q)."""
        starts = np.concatenate([[0], np.cumsum(self.levels)]).astype(int)
        q = int(starts[-1])
        index = np.stack(self.codes) + starts[:-1, None]
        out = np.zeros(q * q)
        for left in index:
            for right in index:
                out += np.bincount(left * q + right, d, q * q)
        return out.reshape(q, q)


class Inverse:
    """M^-1 at given variances, applied to vectors and traced, never formed."""

    def __init__(self, data: Crossed, s: Floats) -> None:
        self.data = data
        self.d, self.root = data.split(s)
        self.single = len(data.codes) == 1
        if not data.codes:
            self.diagonal = np.zeros(0)
            self.log_det_c = 0.0
        elif self.single:
            self.n = data.sums(self.d)
            self.diagonal = 1 + self.root**2 * self.n
            self.log_det_c = float(np.log(self.diagonal).sum())
        else:
            self.n = data.gram(self.d)
            c = np.eye(len(self.root)) + self.root[:, None] * self.n * self.root
            chol = np.linalg.cholesky(c)
            self.log_det_c = 2 * float(np.log(np.diag(chol)).sum())
            half = np.linalg.inv(chol)
            self.c_inverse = half.T @ half

    @property
    def log_det(self) -> float:
        """Log |M|."""
        return self.log_det_c - float(np.log(self.d).sum())

    def times(self, u: Floats) -> Floats:
        """M^-1 u for u (n, c)."""
        du = self.d[:, None] * u
        if not self.data.codes:
            return du
        inner = self.root[:, None] * self.data.sums(du)
        inner = inner / self.diagonal[:, None] if self.single else self.c_inverse @ inner
        inner = self.root[:, None] * inner
        back = np.zeros_like(du)
        start = 0
        for factor, q in enumerate(self.data.levels):
            back += self.data.spread(inner[start : start + q], factor)
            start += q
        return du - self.d[:, None] * back

    def traces(self) -> tuple[Floats, Floats]:
        """Per component tr(Z_j' M^-1 Z_j) and the sum of squares of that diagonal; effect level: Z_j = I. (m,)"""
        data = self.data
        out: list[float] = []
        squares: list[float] = []
        if self.single:
            out.append(float((self.n / self.diagonal).sum()))
            squares.append(float(((self.n / self.diagonal) ** 2).sum()))
        elif data.codes:
            scaled = self.n * self.root
            per_level = np.diag(self.n) - ((scaled @ self.c_inverse) * scaled).sum(-1)
            levels = np.split(per_level, np.cumsum(data.levels)[:-1])
            out += [float(part.sum()) for part in levels]
            squares += [float((part**2).sum()) for part in levels]
        if data.unit is not None:
            squares.insert(data.unit, float((self.d**2).sum()))
            total = float(self.d.sum())
            if self.single:
                total -= float((self.root**2 * data.sums(self.d**2) / self.diagonal).sum())
            elif data.codes:
                second = self.root[:, None] * data.gram(self.d**2) * self.root
                total -= float((self.c_inverse * second).sum())
            out.insert(data.unit, total)
        return np.array(out), np.array(squares)


def evaluate(data: Crossed, s: Floats, restricted: bool) -> Evaluation:
    """Log-likelihood (restricted: without the constant of the design), score and information at variances s."""
    inverse = Inverse(data, s)
    n, p = data.x.shape
    weighted = inverse.times(np.column_stack([data.x, data.y]))
    gram = data.x.T @ weighted[:, :p]
    try:
        bread: Floats = np.asarray(np.linalg.inv(gram))
    except np.linalg.LinAlgError as error:
        remedy = "check the units: the effects spread too far for sampling variances so small"
        raise InputError(Problem("the weights of the effects leave double precision", remedy)) from error
    beta = bread @ (data.x.T @ weighted[:, p])
    # Residuals are weighted afresh: y'Py as a difference of large numbers would lose the digits of a shift.
    resid = data.y - data.x @ beta
    py = inverse.times(resid[:, None])[:, 0]
    rss = float(resid @ py)
    size = n - p if restricted else n
    value = -0.5 * (size * np.log(2 * np.pi) + inverse.log_det + rss)
    traces, squares = inverse.traces()
    directions = np.empty((n, data.components))
    score = np.empty(data.components)
    factor = 0
    for j in range(data.components):
        if j == data.unit:
            quadratic, directions[:, j] = float(py @ py), py
            lost = (bread * (weighted[:, :p].T @ weighted[:, :p])).sum() if restricted else 0.0
        else:
            code, q = data.codes[factor], data.levels[factor]
            level = np.bincount(code, py, q)
            quadratic, directions[:, j] = float(level @ level), level[code]
            lost = 0.0
            if restricted:
                by_level = np.stack([np.bincount(code, column, q) for column in weighted[:, :p].T])
                lost = (bread * (by_level @ by_level.T)).sum()
            factor += 1
        score[j] = 0.5 * (quadratic - traces[j] + lost)
    applied = inverse.times(directions)
    if restricted:
        applied -= weighted[:, :p] @ (bread @ (data.x.T @ applied))
        value -= 0.5 * float(np.linalg.slogdet(gram)[1])
    else:
        applied -= weighted[:, :p] @ (bread @ (weighted[:, :p].T @ directions))
    return Evaluation(float(value), score, 0.5 * directions.T @ applied, 0.25 * squares, beta, bread)


def working_covariance(data: Crossed, s: Floats) -> Floats:
    """M itself, (n, n); only for the cluster-robust variance, which needs its blocks."""
    factor = 0
    m = np.diag(data.v)
    for j in range(data.components):
        if j == data.unit:
            m[np.diag_indices_from(m)] += s[j]
        else:
            m += s[j] * (data.codes[factor][:, None] == data.codes[factor])
            factor += 1
    return m
