"""Influence of each study on a fitted model: the diagnostics of Viechtbauer & Cheung (2010, RSM 1:112).

Every study is left out in one batched refit; tau^2 is re-estimated each time. As metafor `influence`.
A study that alone identifies a coefficient cannot be left out: its diagnostics are NaN, and `estimable` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.errors import InputError, Problem
from analysis.meta.batch import Bools, Floats
from analysis.meta.pool import Pooled, pool_effects
from analysis.meta.predict import hat_values
from analysis.meta.wls import marginal_weights, wls

HAT_ONE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class Influence:
    """(K,) each; absent studies are NaN."""

    rstudent: Floats
    """Externally standardised residual; Knapp-Hartung rescales its variance like that of the coefficients."""
    dffits: Floats
    """Change of the study's fitted value, in its standard deviations; infinite where the other studies agree exactly
    and plain Knapp-Hartung leaves them no variance."""
    cook_d: Floats
    """Mahalanobis distance between the coefficients with and without it."""
    cov_r: Floats
    """Ratio of the generalised variances without and with it; below 1 the study costs precision."""
    tau2_deleted: Floats
    q_deleted: Floats
    hat: Floats
    weight: Floats
    """Share of the total weight, 0-1."""
    dfbetas: Floats
    """(K, p) change of each coefficient in its standard deviations."""
    estimable: Bools
    """False where the model without the study has no unique coefficients."""

    def flagged(self, p: int = 1) -> Bools:
        """Studies beyond any of metafor's conventional limits (DFFITS, Cook's distance, hat, DFBETAS)."""
        from scipy.special import chdtri

        k = int(np.isfinite(self.hat).sum())
        with np.errstate(invalid="ignore"):
            return np.asarray(
                (np.abs(self.dffits) > 3 * np.sqrt(p / (k - p)))
                | (self.cook_d > chdtri(p, 0.5))
                | (self.hat > 3 * p / k)
                | (np.abs(self.dfbetas) > 1).any(-1)
            )


def influence(fit: Pooled) -> Influence:
    """Diagnostics of one meta-analysis or meta-regression; variances as the test of `fit` scales them."""
    if fit.effects.shape:
        raise InputError(Problem("a batch of meta-analyses", "give the fit of one"))
    effects = fit.effects
    k, p = effects.yi.shape[-1], effects.p
    if not fit.scale > 0:
        remedy = 'use test="knapp_hartung_floored" or "z"'
        raise InputError(Problem("all effects lie on the fit, so Knapp-Hartung's variance is 0", remedy))
    if int(effects.k[0]) <= p + 1:
        raise InputError(Problem(f"{effects.k[0]} studies: none can be left out", f"give at least {p + 2}"))
    hat = hat_values(fit)[0]
    estimable = effects.present[0] & (hat < HAT_ONE)
    deleted = effects.without(np.eye(k, dtype=bool) & estimable[:, None])
    without = pool_effects(deleted, method=fit.method, test=fit.test, level=fit.level)
    tau2, variance = without.tau2, effects.vi[0]
    x = np.ones((k, 1)) if effects.design is None else effects.design[0]
    predicted = (x * without.beta).sum(-1)
    spread = np.einsum("ki,kij,kj->k", x, without.vcov, x)
    weights = marginal_weights(effects, fit.flat_tau2)[0]
    # All studies weighted with the tau^2 of the deleted fit: the scale of DFBETAS.
    every = effects.rows(np.zeros(k, dtype=int))
    w = marginal_weights(every, tau2)
    bread = wls(every.yi, w, every.design).bread
    change = fit.beta - without.beta
    own_scale = without.scale

    def shown(values: Floats) -> Floats:
        keep = estimable if values.ndim == 1 else estimable[:, None]
        return np.asarray(np.where(keep, values, np.nan))

    present = effects.present[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        dffits = (x * change).sum(-1) / np.sqrt(own_scale * hat * (tau2 + variance))
        dfbetas = change / np.sqrt(own_scale[:, None] * np.einsum("kii->ki", bread))
        rstudent = (effects.yi[0] - predicted) / np.sqrt(own_scale * (variance + tau2) + spread)
    return Influence(
        rstudent=shown(rstudent),
        dffits=shown(dffits),
        cook_d=shown((change * np.linalg.solve(fit.vcov, change.T).T).sum(-1)),
        cov_r=shown(np.linalg.det(without.vcov) / np.linalg.det(fit.vcov)),
        tau2_deleted=shown(tau2),
        q_deleted=shown(without.q),
        hat=np.where(present, hat, np.nan),
        weight=np.where(present, weights / weights.sum(), np.nan),
        dfbetas=shown(dfbetas),
        estimable=estimable,
    )
