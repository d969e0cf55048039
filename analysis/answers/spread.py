"""How much gains differ between targets: random-effects pooling of one setting over its targets.

The mean by REML with floored Knapp-Hartung errors, heterogeneity by Welch's F where the variances have degrees of
freedom (by Q where they are known), a new target by the mixture interval: what holds its level at few targets and
few seeds (docs/statistics/meta-analysis.md). Both tests are corrected for the number of settings (Holm).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.answers.noise import Gain
from analysis.answers.part import Part
from analysis.errors import InputError, Problem
from analysis.meta import pool, predict_mixture, q_profile, welch_q
from analysis.multiplicity import adjust


def heterogeneity(
    id: str, question: str, gains: Sequence[Gain], *, proxies: Sequence[str] = (), level: float = 0.95
) -> Part:
    """Return, per setting, the pooled gain over targets, tau, I^2 and where a new target would fall.

    Parameters
    ----------
    gains : all with a deviation; the sampling variance of a gain is twice its square (two single runs), known as
        well as `df` says
    proxies : what was assumed about targets without a deviation of their own, one sentence each
    """
    alpha = 1 - level
    settings = list(dict.fromkeys(gain.setting for gain in gains))
    rows: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    for setting in settings:
        own = [gain for gain in gains if gain.setting == setting]
        if any(gain.deviation is None for gain in own) or len(own) < 3:
            raise InputError(
                Problem(
                    f"{id}: {setting} lacks deviations or targets", "give at least 3 targets, each with one"
                )
            )
        yi = np.array([gain.points for gain in own])
        vi = np.array([2 * float(gain.deviation or 0) ** 2 for gain in own])
        fit = pool(yi, vi, method="REML", test="knapp_hartung_floored", level=level)
        new, span = predict_mixture(fit), q_profile(fit)
        low, high = (float(end) for end in fit.interval)
        df = np.array([gain.df for gain in own])
        differ = float(welch_q(yi, vi, df).p_value) if np.isfinite(df).any() else float(fit.q_p)
        rows.append(
            {
                "setting": setting,
                "targets": len(own),
                "pooled_gain": float(fit.mean),
                "low": low,
                "high": high,
                "tau": float(np.sqrt(fit.tau2)),
                "tau_low": float(np.sqrt(span.tau2_low)),
                "tau_high": float(np.sqrt(span.tau2_high)),
                "I2": float(fit.i2),
                "Q": float(fit.q),
                "Q_p": differ,
                "p": float(fit.p_value[0]),
                "new_target_low": float(new.pi_low),
                "new_target_high": float(new.pi_high),
                "up": int((yi > 0).sum()),
            }
        )
        effects.append(
            {
                "label": setting,
                "estimate": float(fit.mean),
                "low": low,
                "high": high,
                "n": len(own),
                "pooled": True,
                "prediction": (float(new.pi_low), float(new.pi_high)),
            }
        )
    for row, p, q in zip(rows, _holm(rows, "p"), _holm(rows, "Q_p"), strict=True):
        row["p_holm"], row["Q_p_holm"] = p, q
    both = sum(float(row["new_target_low"]) < 0 < float(row["new_target_high"]) for row in rows)
    uneven = sum(float(row["Q_p_holm"]) <= alpha for row in rows)
    shares = sorted(float(row["I2"]) for row in rows)
    taus = sorted(float(row["tau"]) for row in rows)
    tested = f"Welch's F, Holm over {len(rows)}" if any(np.isfinite(g.df) for g in gains) else "Q test, Holm"
    answer = (
        f"In {uneven} of {len(rows)} settings the gains differ between targets by more than seed noise explains "
        f"({tested}); tau runs from {taus[0]:.1f} to {taus[-1]:.1f} points, I^2 from {shares[0]:.0%} to "
        f"{shares[-1]:.0%}. {_means(rows, alpha)} The {level:.0%} range of a new target holds gains and losses in "
        f"{both} of {len(rows)}."
    )
    figure = {
        "kind": "forest",
        "name": id,
        "what": "Mean gain over targets with the range for a new target",
        "unit": "points",
        "level": level,
        "method": "REML, floored Knapp-Hartung; bar: prediction interval (mixture)",
        "effects": effects,
    }
    return Part(id, question, answer, tuple(proxies), tuple(rows), (figure,))


def _holm(rows: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [float(q) for q in adjust([float(row[name]) for row in rows], "holm")]


def _means(rows: Sequence[dict[str, Any]], alpha: float) -> str:
    """Return in how many settings the mean gain is shown, in which direction, and in how many without correction."""
    shown = [row for row in rows if float(row["p_holm"]) <= alpha]
    loose = sum(float(row["p"]) <= alpha for row in rows)
    named = ", ".join(f"{row['setting']} {float(row['pooled_gain']):+.1f}" for row in shown)
    return (
        f"The mean gain over targets differs from 0 in {len(shown)} of {len(rows)} settings"
        f"{f' ({named})' if named else ''} after Holm, in {loose} without correction."
    )
