"""Meta-analysis of dependent effects: nested (effects in studies) and crossed (task by language) random effects.

Konstantopoulos (2011) for three levels; Raudenbush & Bryk and Fernandez-Castilla et al. (2019) for crossed
factors. Each component is a variance of the true effects. The likelihood is climbed from several
starts; the highest end point wins and `starts_agreeing` says how many reached it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from analysis.arrays import labels
from analysis.errors import InputError, Problem
from analysis.meta.ascent import maximise
from analysis.meta.batch import Effects, Floats, read_effects
from analysis.meta.crossed_likelihood import Crossed, Evaluation, evaluate
from analysis.meta.values import nominal

Test: TypeAlias = Literal["t_levels", "t", "z"]
EFFECT: Final = "effect"
"""Name of the component at the level of the single effect."""


@dataclass(frozen=True, slots=True)
class Multilevel:
    """Result of `multilevel`; arrays over p coefficients or m components."""

    effects: Effects
    data: Crossed
    """The problem in units of `unit` (effects were divided by it)."""
    unit: float
    method: str
    test: str
    level: float
    components: tuple[str, ...]
    sigma2: Floats
    """(m,) variance components."""
    se_sigma2: Floats
    """(m,) from the average information; NaN at the boundary, where no standard error exists."""
    groups: tuple[int, ...]
    """Number of levels of each component."""
    beta: Floats
    se: Floats
    statistic: Floats
    p_value: Floats
    ci_low: Floats
    ci_high: Floats
    vcov: Floats
    df: Floats
    """(p,) degrees of freedom of each coefficient; infinity for test "z"."""
    log_likelihood: float
    q: float
    q_df: int
    q_p: float
    i2: Floats
    """(m,) share of total variation at each component, 0-1."""
    converged: bool
    starts_agreeing: int
    starts: int

    @property
    def mean(self) -> float:
        """First coefficient: the pooled effect when there are no moderators."""
        return float(self.beta[0])

    @property
    def interval(self) -> tuple[float, float]:
        """Confidence interval of `mean`."""
        return float(self.ci_low[0]), float(self.ci_high[0])

    @property
    def total(self) -> float:
        """Sum of the components: the variance of a true effect with all levels new."""
        return float(self.sigma2.sum())


def multilevel(
    yi: ArrayLike,
    vi: ArrayLike,
    groups: Mapping[str, ArrayLike],
    mods: ArrayLike | None = None,
    *,
    names: tuple[str, ...] | None = None,
    method: Literal["REML", "ML"] = "REML",
    test: Test = "t_levels",
    level: float = 0.95,
    effect_level: bool = True,
) -> Multilevel:
    """Fit random effects for every grouping factor.

    Parameters
    ----------
    yi, vi : (n,)
    groups : mapping of str to (n,) labels
        One factor is a three-level model; labels of nested factors must be unique over the upper level
        (school 1 of district 2 is not school 1 of district 3). Several factors may cross.
    mods, names
        Moderators, as in `pool`.
    test : {"t_levels", "t", "z"}
        Reference distribution. "t_levels": t with the levels of the smallest factor in which the moderator is
        constant (a mean: of all factors) less the coefficients, at least 1, as metafor's `dfs="contain"`. "t" with
        n - p, metafor's default, covers .91 of nominal .95 with 4 sources that differ, "t_levels" .945 there and up
        to 1.00 where they do not. `robust` (CR2) covers .93 to .98 throughout and is narrower for the slope of a
        source's property, which "t_levels" leaves one degree of freedom with 4 sources
        (docs/statistics/coverage_intervals.md).
    effect_level : bool
        Add the component of the single effect unless a factor is that already. Leaving it out says that two
        effects of one study estimate the same number.

    Raises
    ------
    InputError
        A factor with one level, or two factors that group alike (their variances cannot be told apart).
    """
    from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

    effects = read_effects(yi, vi, mods, names=names)
    if effects.shape:
        raise InputError(Problem("a batch of multilevel models", "give one data set, yi of shape (n,)"))
    if method not in ("REML", "ML") or test not in get_args(Test):
        seen = f"method={method!r}, test={test!r}"
        raise InputError(Problem(seen, f'use "REML" or "ML", and one of {", ".join(get_args(Test))}'))
    nominal(level, level)
    data, components, counts, unit = _problem(effects, groups, effect_level)
    fit, s, converged, agreeing, starts = maximise(data, method == "REML")
    n, p = data.x.shape
    bread = fit.bread * unit**2
    se = np.sqrt(np.diag(bread))
    beta = fit.beta * unit
    df = np.full(p, np.inf if test == "z" else float(n - p))
    if test == "t_levels":
        df = _containing(data, counts)
    upper = (1 + level) / 2
    quantile = np.full(p, ndtri(upper)) if test == "z" else stdtrit(df, upper)
    statistic = beta / se
    p_value = 2 * (ndtr(-np.abs(statistic)) if test == "z" else stdtr(df, -np.abs(statistic)))
    none = evaluate(Crossed(data.y, data.v, data.x, (), (), None), np.zeros(0), False)
    resid = data.y - data.x @ none.beta
    q = float((resid**2 / data.v).sum())
    w = 1 / data.v
    trace = float(w.sum() - np.trace(none.bread @ (data.x.T @ (data.x * w[:, None] ** 2))))
    typical = (n - p) / trace
    size = n - p if method == "REML" else n
    return Multilevel(
        effects=effects,
        data=data,
        unit=unit,
        method=method,
        test=test,
        level=level,
        components=components,
        sigma2=s * unit**2,
        se_sigma2=_standard_errors(fit, s) * unit**2,
        groups=counts,
        beta=beta,
        se=se,
        statistic=statistic,
        p_value=np.asarray(p_value),
        ci_low=beta - quantile * se,
        ci_high=beta + quantile * se,
        vcov=bread,
        df=df,
        log_likelihood=fit.value + _restricted_constant(data, method) - size * float(np.log(unit)),
        q=q,
        q_df=n - p,
        q_p=float(chdtrc(n - p, q)),
        i2=s / (s.sum() + typical),
        converged=converged,
        starts_agreeing=agreeing,
        starts=starts,
    )


def _containing(data: Crossed, counts: tuple[int, ...]) -> Floats:
    """Levels of the smallest factor within whose levels a column is constant, less p, at least 1; (p,)."""
    n, p = data.x.shape
    codes = list(data.codes)
    if data.unit is not None:
        codes.insert(data.unit, np.arange(n))
    least = np.full(p, n)
    for code, levels in zip(codes, counts, strict=True):
        low, high = np.full((levels, p), np.inf), np.full((levels, p), -np.inf)
        np.minimum.at(low, code, data.x)
        np.maximum.at(high, code, data.x)
        least = np.where((low == high).all(0), np.minimum(least, levels), least)
    return np.asarray(np.maximum(least - p, 1), dtype=float)


def _restricted_constant(data: Crossed, method: str) -> float:
    return 0.5 * float(np.linalg.slogdet(data.x.T @ data.x)[1]) if method == "REML" else 0.0


def _problem(
    effects: Effects, groups: Mapping[str, ArrayLike], effect_level: bool
) -> tuple[Crossed, tuple[str, ...], tuple[int, ...], float]:
    n = len(effects.yi[0])
    names: list[str] = []
    codes: list[np.ndarray] = []
    counts: list[int] = []
    unit_at: int | None = None
    problems: list[Problem] = []
    for name, given in groups.items():
        try:
            levels, code = labels(given, n, f"factor {name!r}")
        except InputError as error:
            problems += error.problems
            continue
        if len(levels) == 1:
            problems.append(Problem(f"factor {name!r} has one level", "leave it out: it has no variance"))
        first = np.unique(code, return_index=True)[1]
        for other, seen in zip(names, codes, strict=True):
            if len(np.unique(seen)) == len(levels) and (seen == seen[first][code]).all():
                problems.append(Problem(f"factors {other!r} and {name!r} group alike", "leave one out"))
        if len(levels) == n:
            unit_at = len(names)
        names.append(name)
        codes.append(code)
        counts.append(len(levels))
    if problems:
        raise InputError(*problems)
    if unit_at is None and effect_level:
        unit_at = len(names)
        names.append(EFFECT)
        counts.append(n)
        codes.append(np.arange(n))
    if not names:
        raise InputError(Problem("no grouping factor", "give groups={'study': labels}, or use pool"))
    others = [j for j in range(len(names)) if j != unit_at]
    x = np.ones((n, 1)) if effects.design is None else effects.design[0]
    y, v = effects.yi[0], effects.vi[0]
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    unit = float(np.sqrt(np.mean((y - x @ beta) ** 2))) or float(np.sqrt(v.mean()))
    data = Crossed(
        y / unit, v / unit**2, x, tuple(codes[j] for j in others), tuple(counts[j] for j in others), unit_at
    )
    return data, tuple(names), tuple(counts), unit


def _standard_errors(fit: Evaluation, s: Floats) -> Floats:
    inside = s > 0
    out = np.full(len(s), np.nan)
    if inside.any():
        out[inside] = np.sqrt(np.diag(np.linalg.pinv(fit.information[np.ix_(inside, inside)])))
    return out
