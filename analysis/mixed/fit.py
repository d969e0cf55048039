"""The REML fit of a mixed model: variance components, fixed effects, level effects.

statsmodels' MixedLM takes crossed effects only as one giant group and reports normal intervals; lme4 stops at
about five digits. Here the optimum is Newton's on the exact second derivatives, from several starts, inside
psi >= 0, and a variance at 0 is reported as such.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError, Problem
from analysis.mixed.likelihood import State, evaluate
from analysis.mixed.model import Array, Model, read_model


@dataclass(frozen=True)
class MixedFit:
    """A fitted model; variances and effects in the units of the scores.

    Attributes
    ----------
    psi : (v,) variances in scaled units, residual first; state : derivatives there
    converged : whether the gradient vanished on every variance above 0; boundary : factors whose variance is 0
    """

    model: Model
    psi: Array
    state: State
    converged: bool
    boundary: tuple[str, ...]

    @property
    def variance(self) -> dict[str, float]:
        """Factor -> variance, with "residual" last."""
        values = self.psi * self.model.scale**2
        return dict(zip(self.model.factors, values[1:].tolist(), strict=True)) | {
            "residual": float(values[0])
        }

    @property
    def fixed(self) -> dict[str, float]:
        """Fixed effect -> estimate."""
        return {name: self.estimate(np.eye(self.model.p)[i]) for i, name in enumerate(self.model.terms)}

    def estimate(self, weights: Array) -> float:
        """Return a contrast of the fixed effects, weights (p,) with the intercept first."""
        return float(weights @ self.state.beta) * self.model.scale + float(weights[0]) * self.model.centre

    @property
    def standard_errors(self) -> dict[str, float]:
        """Fixed effect -> standard error at the estimated variances (not yet for their own uncertainty)."""
        errors = np.sqrt(np.diag(self.state.phi)) * self.model.scale
        return dict(zip(self.model.terms, errors.tolist(), strict=True))

    @property
    def reml_deviance(self) -> float:
        """-2 log restricted likelihood, as lme4 prints it."""
        n, p = self.model.n, self.model.p
        return self.state.deviance + (n - p) * float(np.log(2 * np.pi) + 2 * np.log(self.model.scale))

    def level_effects(self, factor: str) -> dict[str, float]:
        """Return label -> conditional mean (BLUP) of a factor."""
        if factor not in self.model.factors:
            raise InputError(
                Problem(f"there is no factor {factor!r}", f"factors are: {', '.join(self.model.factors)}")
            )
        j = self.model.factors.index(factor)
        values = self.state.blups[self.model.slices[j]] * self.model.scale
        return dict(zip(self.model.levels[j], values.tolist(), strict=True))


def fit_mixed(
    y: ArrayLike,
    random: Mapping[str, Sequence[object] | NDArray[Any]],
    fixed: Mapping[str, ArrayLike] | None = None,
    multiply: Mapping[str, ArrayLike] | None = None,
    members: Mapping[str, Sequence[Collection[str]]] | None = None,
) -> MixedFit:
    """Return the REML fit; parameters as in `analysis.mixed.model.read_model`."""
    return optimise(read_model(y, random, fixed, multiply, members))


def optimise(model: Model, held: Mapping[int, float] | None = None) -> MixedFit:
    """Return the optimum; `held` fixes variances by position (0 the residual) at scaled values."""
    held = dict(held or {})
    v = len(model.factors) + 1
    best: tuple[Array, State] | None = None
    for share in (0.5, 0.1, 0.9):
        start = np.full(v, share / max(v - 1, 1))
        start[0] = 1 - share
        for i, value in held.items():
            start[i] = value
        found = _newton(model, start, held)
        if best is None or found[1].deviance < best[1].deviance - 1e-10:
            best = found
    assert best is not None
    psi, state = best
    free = np.array([i not in held for i in range(v)])
    interior = free & (psi > 0)
    size = np.abs(state.gradient * psi)
    converged = bool((size[interior] < 1e-6).all() and (state.gradient[free & (psi == 0)] >= -1e-6).all())
    boundary = tuple(name for j, name in enumerate(model.factors) if psi[1 + j] == 0)
    return MixedFit(model, psi, state, converged, boundary)


def _newton(model: Model, start: Array, held: Mapping[int, float]) -> tuple[Array, State]:
    """Return the optimum from one start: Newton with step halving, variances that hit 0 leave and may return."""
    psi = start.copy()
    state = evaluate(model, psi)
    floor = 1e-10
    for _ in range(200):
        fixed = np.zeros(len(psi), dtype=bool)
        fixed[list(held)] = True
        fixed |= (psi == 0) & (state.gradient >= 0)
        free = np.flatnonzero(~fixed)
        if not len(free) or np.abs(state.gradient[free] * np.maximum(psi[free], floor)).max() < 1e-11:
            break
        step = _direction(state, free, psi)
        size, moved = 1.0, False
        for _ in range(40):
            trial = psi.copy()
            trial[free] = np.maximum(psi[free] + size * step, 0.0)
            trial[0] = max(trial[0], psi[0] * 0.1) if 0 not in held else trial[0]
            trial[1:][trial[1:] < 1e-14 * trial[0]] = 0.0
            for i, value in held.items():
                trial[i] = value
            new = evaluate(model, trial)
            if new.deviance < state.deviance - 1e-10 * (1 + abs(state.deviance)) or (
                new.deviance <= state.deviance + 1e-10 * (1 + abs(state.deviance))
                and _size(new, trial, free) < 0.5 * _size(state, psi, free)
            ):
                moved = bool(np.abs(trial - psi).max() > 0)
                psi, state = trial, new
                break
            size /= 2
        if not moved:
            break
    return psi, state


def _size(state: State, psi: Array, free: NDArray[np.intp]) -> float:
    """Return the largest gradient of the free variances on the log scale."""
    return float(np.abs(state.gradient[free] * psi[free]).max())


def _direction(state: State, free: NDArray[np.intp], psi: Array) -> Array:
    """Return the Newton step of the free variances; the expected information where the observed is not convex."""
    gradient = state.gradient[free]
    for table in (state.observed, state.expected):
        part = table[np.ix_(free, free)]
        scale = np.sqrt(np.maximum(np.abs(np.diag(part)), 1e-300))
        values = np.linalg.eigvalsh(part / np.outer(scale, scale))
        if values[0] > 1e-10:
            return np.asarray(-np.linalg.solve(part, gradient))
    return np.asarray(-gradient * np.maximum(psi[free], 1e-3) ** 2)
