"""REML deviance of the variances, its gradient, and the observed and expected information.

With V = psi_0 I + sum psi_j Z_j Z_j' and P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1 (Patterson & Thompson 1971;
Searle, Casella & McCulloch 1992, ch. 6):

    deviance      log|V| + log|X'V^-1 X| + y'Py
    gradient_i    tr(P V_i) - y'P V_i P y
    observed_ij   -tr(P V_i P V_j) + 2 y'P V_i P V_j P y     (second derivative of the deviance)
    expected_ij   tr(P V_i P V_j)

V_0 = I never appears as an n x n matrix: P V P = P gives its traces from those of the factors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.mixed.model import Array, Model


@dataclass(frozen=True)
class State:
    """Everything at one value of the variances (in units of the scaled scores).

    Attributes
    ----------
    deviance; gradient (v,), observed and expected (v, v) with v = 1 + factors, the residual first
    beta (p,), phi (p, p) their covariance
    pull : (v, p, p) X'V^-1 V_i V^-1 X; cross : (v, v, p, p) X'V^-1 V_i V^-1 V_j V^-1 X
    blups : (q,) conditional means of the level effects
    zpz : (q, q) Z'PZ; zvx : (q, p) Z'V^-1 X
    """

    deviance: float
    gradient: Array
    observed: Array
    expected: Array
    beta: Array
    phi: Array
    pull: Array
    cross: Array
    blups: Array
    zpz: Array
    zvx: Array


def evaluate(model: Model, psi: Array) -> State:
    """Return the state at variances psi (v,), residual first and positive."""
    q, p, count = model.q, model.p, len(model.factors)
    residual = float(psi[0])
    ratio = np.concatenate(
        [np.full(part.stop - part.start, psi[1 + j]) for j, part in enumerate(model.slices)]
    )
    root = np.sqrt(ratio / residual)
    w = model.products
    inner = np.eye(q) + root[:, None] * w[:q, :q] * root
    lower = np.linalg.cholesky(inner)
    half = np.linalg.solve(lower, root[:, None] * w[:q])
    vinv = (w - half.T @ half) / residual  # W' V^-1 W
    xx, xall = vinv[q : q + p, q : q + p], vinv[q : q + p]
    phi = np.linalg.inv(xx)
    phi = (phi + phi.T) / 2
    pp = vinv - xall.T @ phi @ xall  # W' P W
    quadratic = float(pp[-1, -1])
    log_v = model.n * np.log(residual) + 2 * float(np.log(np.diag(lower)).sum())
    deviance = log_v + float(np.linalg.slogdet(xx)[1]) + quadratic
    zpz, zpy = pp[:q, :q], pp[:q, -1]
    zvz, zvx = vinv[:q, :q], vinv[:q, q : q + p]
    parts = model.slices
    v = count + 1
    trace = np.zeros(v)
    square = np.zeros(v)
    double = np.zeros((v, v))
    twice = np.zeros((v, v))
    pull = np.zeros((v, p, p))
    cross = np.zeros((v, v, p, p))
    for i, a in enumerate(parts, 1):
        trace[i] = np.trace(zpz[a, a])
        square[i] = zpy[a] @ zpy[a]
        pull[i] = zvx[a].T @ zvx[a]
        for j, b in enumerate(parts, 1):
            double[i, j] = (zpz[a, b] ** 2).sum()
            twice[i, j] = zpy[a] @ zpz[a, b] @ zpy[b]
            cross[i, j] = zvx[a].T @ zvz[a, b] @ zvx[b]
    share = psi[1:]
    trace[0] = (model.n - p - share @ trace[1:]) / residual
    square[0] = (quadratic - share @ square[1:]) / residual
    pull[0] = (xx - np.tensordot(share, pull[1:], 1)) / residual
    for table, edge in ((double, trace), (twice, square)):
        table[0, 1:] = table[1:, 0] = (edge[1:] - share @ table[1:, 1:]) / residual
        table[0, 0] = (edge[0] - share @ table[1:, 0]) / residual
    for j in range(1, v):
        cross[0, j] = (pull[j] - np.tensordot(share, cross[1:, j], 1)) / residual
        cross[j, 0] = cross[0, j].T
    cross[0, 0] = (pull[0] - np.tensordot(share, cross[1:, 0], 1)) / residual
    return State(
        deviance,
        trace - square,
        2 * twice - double,
        double,
        phi @ vinv[q : q + p, -1],
        phi,
        pull,
        cross,
        ratio * zpy,
        zpz,
        zvx,
    )
