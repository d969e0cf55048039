"""One synthesis of a table of effects: the model that its dependence asks for, its uncertainty, and a sentence.

Which model is decided by the data and stated, not chosen by the reader: one effect is reported as it is;
independent effects get REML with floored Knapp-Hartung; effects that share a root source (`cluster`) get
a random effect for the source, CR2 and Satterthwaite degrees of freedom, so a source counts once however many
effects it reports. Effects that all come from one source are pooled with the warning that the interval speaks
about that source's targets only.
"""

from __future__ import annotations

from collections.abc import Sequence as Sequenced
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.arrays import numbers
from analysis.errors import InputError, Problem
from analysis.meta.effect_table import effect_table
from analysis.meta.estimate import MIN_LEAVE_OUT, Dependence, Estimate, dependence_of, estimate
from analysis.meta.funnel import funnel_test
from analysis.meta.pool import Pooled, pool
from analysis.meta.regression import r_squared
from analysis.meta.robust import MIN_DF, robust
from analysis.meta.sensitivity import leave_one_out
from analysis.meta.tau2_interval import BELOW
from analysis.meta.wording import sentence

if TYPE_CHECKING:
    import pandas as pd

MIN_FUNNEL = 10
"""Below ten studies a funnel test says nothing (Sterne et al. 2011)."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of the meta-regression."""

    term: str
    value: float
    low: float
    high: float
    df: float
    p_value: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The synthesis without one study or source."""

    label: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Everything that a reader or a figure needs; plain numbers."""

    pooled: Estimate
    leave_one_out: tuple[LeftOut, ...]
    """By source where effects are clustered, else by study; empty below three."""
    moderators: tuple[Coefficient, ...]
    r2: float | None
    """Share of tau^2 that the moderators explain; None without moderators or without heterogeneity."""
    funnel_p: float | None
    funnel_note: str
    """Why there is no funnel test, or which one it is."""
    table: pd.DataFrame
    """One row per effect: study, cluster, yi, vi, low, high, weight (0-1), blup, blup_low, blup_high."""
    notes: tuple[str, ...]
    """What the reader must know: one source, few clusters, borrowed variances are the caller's to add."""
    sentence: str

    @property
    def fragile(self) -> bool:
        """Whether leaving out one study or source moves the interval across zero, or off it."""
        clear = self.pooled.low > 0 or self.pooled.high < 0
        return any((left.low > 0 or left.high < 0) != clear for left in self.leave_one_out)


def synthesise(
    effects: pd.DataFrame,
    *,
    moderators: Sequenced[str] = (),
    unit: str = "points",
    level: float = 0.95,
    outcome: str = "effect",
) -> Synthesis:
    """Pool the effects of a table.

    Parameters
    ----------
    effects : DataFrame
        Columns ``yi`` and ``vi`` (effect and sampling variance); optional ``study`` (label), ``cluster`` (root
        source; where it is absent and a label of a study repeats, the study), ``second`` (a crossed second dimension,
        such as the language) and ``df`` (degrees of freedom of ``vi`` where it was estimated from seeds:
        heterogeneity is then tested by Welch's F); and the moderators.
    moderators : sequence of str
        Columns of a meta-regression beside the pooled effect: numeric ones are centred, others become
        indicators against their first level.
    unit, outcome : str
        Words of the sentence.

    Raises
    ------
    InputError
        Missing columns or values; see `pool`. Nothing is dropped silently.
    """
    frame = _checked(effects, moderators)
    dependence = dependence_of(frame)
    main = estimate(frame, dependence, level)
    notes = list(_notes(main, dependence, frame))
    left = _leave_out(frame, dependence, level) if main.k >= MIN_LEAVE_OUT else ()
    terms, r2 = _regression(frame, dependence, moderators, level) if moderators else ((), None)
    funnel_p, funnel_note = _funnel(frame, dependence)
    draft = Synthesis(
        main, left, terms, r2, funnel_p, funnel_note, effect_table(frame, main, level), tuple(notes), ""
    )
    return replace(draft, sentence=sentence(main, dependence, draft.fragile, unit, outcome, level))


def _checked(effects: pd.DataFrame, moderators: Sequenced[str]) -> pd.DataFrame:
    missing = [name for name in ("yi", "vi", *moderators) if name not in effects.columns]
    if missing:
        raise InputError(
            *(Problem(f"no column {name!r}", f"found {list(effects.columns)}") for name in missing)
        )
    if not len(effects):
        raise InputError(Problem("no effects", "select at least one row"))
    frame = effects.reset_index(drop=True).copy()
    if "df" in frame and not (numbers(frame["df"], "df") > 0).all():
        raise InputError(Problem("column 'df' has values that are not positive", "one seed has no variance"))
    if "study" not in frame:
        frame["study"] = [f"effect {i + 1}" for i in range(len(frame))]
    for name in {"study", "cluster", "second", *moderators} & set(frame.columns):
        if frame[name].isna().any():
            row = int(frame[name].isna().to_numpy().argmax())
            raise InputError(Problem(f"column {name!r} is empty in row {row}", "name it, or drop the row"))
    if "cluster" not in frame and frame["study"].duplicated().any():
        frame["cluster"] = frame[
            "study"
        ]  # effects of one study share what it shares, named as a source or not
    return frame


def _notes(main: Estimate, dependence: Dependence, frame: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    copies = int(frame.duplicated().sum())
    if copies:
        notes.append(
            f"{copies} row{'s are copies' if copies > 1 else ' is a copy'} of another in every column: is that one "
            "effect, entered twice?"
        )
    if dependence is Dependence.ONE_SOURCE:
        notes.append(
            f"All {main.k} effects come from one root source: the interval is about its targets, "
            "and says nothing about other sources."
        )
    if dependence in (Dependence.CLUSTERED, Dependence.TWO_WAY) and main.df < MIN_DF:
        notes.append(
            f"The test has {main.df:.1f} degrees of freedom; below {MIN_DF:g} read the interval as a lower bound "
            "of the uncertainty."
        )
    if main.tau2 < main.tau2_low:
        notes.append(BELOW)
    if main.k == 2:
        notes.append("Two effects: tau^2 is hardly estimable and no prediction interval exists.")
    return tuple(notes)


def _leave_out(frame: pd.DataFrame, dependence: Dependence, level: float) -> tuple[LeftOut, ...]:
    if dependence in (Dependence.NONE, Dependence.ONE_SOURCE):
        if frame["study"].nunique() < 2:
            return ()
        found = leave_one_out(pool(frame["yi"], frame["vi"], level=level), by=frame["study"].astype(str))
        fits = found.fits
        rows = zip(found.labels, fits.beta[:, 0], fits.ci_low[:, 0], fits.ci_high[:, 0], strict=True)
        made = {label: LeftOut(label, *map(float, values)) for label, *values in rows}
        return tuple(made[label] for label in dict.fromkeys(frame["study"].astype(str)))
    out = []
    for label in dict.fromkeys(frame["cluster"]):
        rest = frame[frame["cluster"] != label].reset_index(drop=True)
        part = estimate(rest, dependence_of(rest), level, brief=True)
        out.append(LeftOut(str(label), part.estimate, part.low, part.high))
    return tuple(out)


def _regression(
    frame: pd.DataFrame, dependence: Dependence, moderators: Sequenced[str], level: float
) -> tuple[tuple[Coefficient, ...], float | None]:
    design, names = _design(frame, moderators)
    fit = pool(frame["yi"], frame["vi"], design, names=names, level=level)
    share = float(r_squared(fit))
    r2 = None if np.isnan(share) else share
    if dependence in (Dependence.CLUSTERED, Dependence.TWO_WAY):
        second = frame["second"] if dependence is Dependence.TWO_WAY else None
        tested = robust(fit, frame["cluster"], second)
        low, high, df, p = tested.ci_low, tested.ci_high, tested.df, tested.p_value
    else:
        low, high, p = fit.ci_low, fit.ci_high, fit.p_value
        df = np.full(len(low), float(fit.df))
    rows = zip(fit.effects.terms, fit.beta, low, high, df, p, strict=True)
    return tuple(Coefficient(term, *map(float, values)) for term, *values in rows), r2


def _design(frame: pd.DataFrame, moderators: Sequenced[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    columns, names = [], []
    for name in moderators:
        values = frame[name]
        if values.dtype.kind in "fiu":
            columns.append(values.to_numpy(float) - float(values.mean()))
            names.append(name)
            continue
        levels = sorted(values.astype(str).unique())
        if len(levels) < 2:
            raise InputError(Problem(f"moderator {name!r} has one level", "leave it out"))
        for level in levels[1:]:
            columns.append((values.astype(str) == level).to_numpy(float))
            names.append(f"{name}={level}")
    return np.column_stack(columns), tuple(names)


def _funnel(frame: pd.DataFrame, dependence: Dependence) -> tuple[float | None, str]:
    v = frame["vi"].to_numpy(float)
    if len(frame) < MIN_FUNNEL:
        return None, f"no funnel test: {len(frame)} effects, fewer than {MIN_FUNNEL}"
    if np.ptp(v) <= 1e-12 * v.max():
        return None, "no funnel test: all effects have one standard error"
    if dependence in (Dependence.CLUSTERED, Dependence.TWO_WAY):
        fit: Pooled = pool(frame["yi"], v, np.sqrt(v), names=("se",))
        second = frame["second"] if dependence is Dependence.TWO_WAY else None
        return float(
            robust(fit, frame["cluster"], second).p_value[1]
        ), "Egger regression, random effects, CR2"
    return float(funnel_test(frame["yi"], v, model="random").p_value), "Egger regression, random effects"
