"""Print the coverage and error-rate tables of docs/statistics/meta-analysis.md.

    OMP_NUM_THREADS=1 python benchmarks/coverage_meta.py [replications] [seed]

Effects y ~ N(mu, tau^2 + v); v of five seeds per arm: (between-seed variance, chi-square with 8 df / 8) * 2 / 5, so
that sampling variances are themselves estimated unless "known". Monte-Carlo error at nominal .95 is
sqrt(.95 * .05 / replications).
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.meta.funnel import funnel_test
from analysis.meta.multilevel import multilevel
from analysis.meta.pool import pool
from analysis.meta.predict import predict
from analysis.meta.predict_mixture import predict_mixture
from analysis.meta.rank_test import rank_test
from analysis.meta.robust import robust
from analysis.meta.tau2_interval import q_profile
from analysis.meta.welch_q import welch_q

MU = 0.5
TAUS = (0.0, 0.5, 2.0)
"""Between-task SD in units of the typical standard error of one effect."""
MIXTURE_LIMIT = 4000
"""Replications of the mixture interval, which costs some hundred times the others."""
INTERVALS = (
    ("DL, z", "DL", "z"),
    ("REML, z", "REML", "z"),
    ("REML, Knapp-Hartung", "REML", "knapp_hartung"),
    ("REML, floored Knapp-Hartung", "REML", "knapp_hartung_floored"),
)


def draw(rng: np.random.Generator, size: int, k: int, tau: float, known: bool) -> tuple[np.ndarray, ...]:
    """Effects, sampling variances (as estimated), and one new true effect per meta-analysis."""
    true = 0.4 * rng.uniform(0.25, 4, (size, k))
    spread = tau * np.sqrt(0.4 * 1.6)
    theta = MU + spread * rng.normal(size=(size, k))
    y = theta + np.sqrt(true) * rng.normal(size=(size, k))
    v = true if known else true * rng.chisquare(8, (size, k)) / 8
    return y, v, MU + spread * rng.normal(size=size)


def coverage(
    size: int, seed: int, ks: tuple[int, ...] = (3, 5, 9, 20), mixture: int = MIXTURE_LIMIT
) -> list[tuple[str, ...]]:
    """Rows: interval, k, variances, then coverage at each tau."""
    rows: list[tuple[str, ...]] = []
    for known in (True, False):
        for k in ks:
            cells: dict[str, list[float]] = {}
            for position, tau in enumerate(TAUS):
                rng = np.random.default_rng([seed, k, position, known])
                y, v, new = draw(rng, size, k, tau, known)
                for label, method, test in INTERVALS:
                    fit = pool(y, v, method=method, test=test)
                    hit = (fit.interval[0] <= MU) & (fit.interval[1] >= MU)
                    cells.setdefault(f"mean: {label}", []).append(float(hit.mean()))
                    if method == "REML" and test == "z":
                        for df in ("k-2", "k-1", "normal"):
                            p = predict(fit, df=df)
                            inside = (p.pi_low <= new) & (p.pi_high >= new)
                            cells.setdefault(f"new effect: plug-in, {df}", []).append(float(inside.mean()))
                        p = predict_mixture(pool(y[:mixture], v[:mixture]))
                        inside = (p.pi_low <= new[:mixture]) & (p.pi_high >= new[:mixture])
                        cells.setdefault("new effect: mixture", []).append(float(inside.mean()))
                        q = q_profile(fit)
                        true = 0.4 * 1.6 * tau**2
                        held = (q.tau2_low <= true) & (q.tau2_high >= true)
                        cells.setdefault("tau2: Q-profile", []).append(float(held.mean()))
            for label, values in cells.items():
                known_text = "known" if known else "5 seeds"
                rows.append((label, str(k), known_text, *(f"{value:.3f}" for value in values)))
    return rows


def error_rates(size: int, seed: int, ks: tuple[int, ...] = (5, 9, 20)) -> list[tuple[str, ...]]:
    """Share of rejections at nominal .05 (Q: a true hypothesis only at tau = 0); known variances unless said."""
    rows = []
    for k in ks:
        cells: dict[str, list[float]] = {}
        for position, tau in enumerate(TAUS):
            rng = np.random.default_rng([seed + 1, k, position])
            y, v, _ = draw(rng, size, k, tau, True)
            noisy = v * rng.chisquare(8, v.shape) / 8
            egger = funnel_test(y, v)
            random = funnel_test(y, v, model="random")
            zero = funnel_test(y - MU, v)
            few = min(size, 1000)
            begg = rank_test(y[:few], v[:few])
            rates = {
                "Q (rejects tau = 0)": pool(y, v, method="CE", test="z").q_p,
                "Q, variances of 5 seeds": pool(y, noisy, method="CE", test="z").q_p,
                "Welch's Q, variances of 5 seeds": welch_q(y, noisy, 8).p_value,
                "Egger, multiplicative": egger.p_value,
                "Egger, random effects": random.p_value,
                "Begg rank test": begg.p_value,
                "PET (intercept)": zero.limit_p,
            }
            for label, p in rates.items():
                cells.setdefault(label, []).append(float((p < 0.05).mean()))
        rows += [(label, str(k), *(f"{value:.3f}" for value in values)) for label, values in cells.items()]
    return rows


def clustered(
    size: int, seed: int, designs: tuple[tuple[int, int], ...] = ((5, 5), (9, 15))
) -> list[tuple[str, ...]]:
    """Coverage of the mean for crossed effects (tasks x languages) under five analyses."""
    rows = []
    for tasks, languages in designs:
        hits: dict[str, int] = {}
        rng = np.random.default_rng([seed + 2, tasks])
        task, language = np.divmod(np.arange(tasks * languages), languages)
        for _ in range(size):
            v = rng.uniform(0.1, 0.8, tasks * languages)
            y = (
                MU
                + rng.normal(0, 1, tasks)[task]
                + rng.normal(0, 0.5, languages)[language]
                + rng.normal(0, np.sqrt(0.1 + v))
            )
            flat = pool(y, v)
            crossed = multilevel(y, v, {"task": task, "language": language})
            z_crossed = crossed.beta[0] - 1.96 * crossed.se[0], crossed.beta[0] + 1.96 * crossed.se[0]
            intervals = {
                "every effect independent (REML, floored KH)": flat.interval,
                "CR2 by task": _ends(robust(flat, task)),
                "CR2 two-way, task and language": _ends(robust(flat, task, language)),
                "crossed REML, z": z_crossed,
                "crossed REML, CR2 two-way": _ends(robust(crossed, task, language)),
            }
            for label, (low, high) in intervals.items():
                hits[label] = hits.get(label, 0) + int(low <= MU <= high)
        rows += [(label, f"{tasks} x {languages}", f"{count / size:.3f}") for label, count in hits.items()]
    return rows


def _ends(fit: object) -> tuple[float, float]:
    return float(fit.ci_low[0]), float(fit.ci_high[0])  # type: ignore[attr-defined]


def show(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print one Markdown table."""
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


if __name__ == "__main__":
    replications = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 20_200_526
    taus = tuple(f"tau = {tau:g} se" for tau in TAUS)
    print(f"{replications} replications, seed {first}\n")
    show(("interval", "k", "variances", *taus), coverage(replications, first))
    show(("test", "k", *taus), error_rates(replications, first))
    show(
        ("interval of the mean", "tasks x languages", "coverage"),
        clustered(max(replications // 20, 50), first),
    )
