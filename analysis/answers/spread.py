"""How much gains differ between targets: random-effects pooling of one setting over its targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.answers.noise import Gain
from analysis.answers.part import Part
from analysis.errors import InputError, Problem
from analysis.meta import pool, predict
from analysis.meta.tau2_interval import q_profile
from analysis.multiplicity import adjust


def heterogeneity(
    id: str, question: str, gains: Sequence[Gain], *, proxies: Sequence[str] = (), level: float = 0.95
) -> Part:
    """Return, per setting, the pooled gain over targets, tau, I^2 and where a new target would fall.

    Parameters
    ----------
    gains : all with a deviation; the sampling variance of a gain is twice its square (two single runs)
    proxies : what was assumed about targets without a deviation of their own, one sentence each
    """
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
        new, span = predict(fit), q_profile(fit)
        low, high = (float(end) for end in fit.interval)
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
                "Q_p": float(fit.q_p),
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
    clear = [row for row in rows if float(row["low"]) > 0 or float(row["high"]) < 0]
    both = sum(float(row["new_target_low"]) < 0 < float(row["new_target_high"]) for row in rows)
    uneven = sum(float(q) <= 0.05 for q in adjust([float(row["Q_p"]) for row in rows], "holm"))
    shares = sorted(float(row["I2"]) for row in rows)
    taus = sorted(float(row["tau"]) for row in rows)
    answer = (
        f"In {uneven} of {len(rows)} settings the gains differ between targets by more than seed noise explains "
        f"(Q test, Holm); tau runs from {taus[0]:.1f} to {taus[-1]:.1f} points, I^2 from {shares[0]:.0%} to "
        f"{shares[-1]:.0%}. The pooled gain differs from 0 in {len(clear)} of {len(rows)} settings "
        f"({', '.join(str(row['setting']) for row in clear) or 'none'}), and in {both} a new target may gain or lose."
    )
    figure = {
        "kind": "forest",
        "name": id,
        "what": "Mean gain over targets with the range for a new target",
        "unit": "points",
        "level": level,
        "method": "REML, floored Knapp-Hartung; bar: prediction interval",
        "effects": effects,
    }
    return Part(id, question, answer, tuple(proxies), tuple(rows), (figure,))
