"""Prints how often three further intervals cover the truth, as Markdown: docs/statistics/coverage_intervals.md.

    OMP_NUM_THREADS=1 python benchmarks/coverage_intervals.py > docs/statistics/coverage_intervals.md

Studentized bootstrap of one arm's seeds and of a difference of arms; mean and slopes of a multilevel model with few
sources; gains averaged over curves. `--replications` is for the cheapest cells; each table says how many it has.
`--tables` picks some of the three: seeds, sources, curves.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version

import numpy as np

from analysis.curves import compare_families, gain_between
from analysis.errors import InputError
from analysis.meta.multilevel import multilevel
from analysis.meta.robust import robust
from analysis.seeds.bootstrap import bootstrap_difference, bootstrap_interval
from analysis.seeds.interval import Interval
from analysis.seeds.student import difference_interval, mean_interval

WORLDS = ("normal", "heavy tails", "failed runs")
SEEDS = (3, 5, 10)
SOURCES = (4, 8, 15)
SPREADS = (0.0, 0.5, 1.5)
"""Deviation between sources, in standard errors of one effect."""
LADDERS = {4: (0, 1, 3, 9), 6: (0, 1, 2, 3, 5, 9), 8: (0, 1, 2, 3, 4, 5, 7, 9)}
RUNS, NOISE = 3, 0.5
STEPS = ((3.0, 5.0), (9.0, 10.0))
SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "flat": lambda k: 0.0 * k,
    "straight, .9 k": lambda k: 0.9 * k,
    "logarithmic, 3.5 ln(1 + k)": lambda k: 3.5 * np.log1p(k),
    "saturating, 8 (1 - exp(-.4 k))": lambda k: -8 * np.expm1(-0.4 * k),
    "Michaelis-Menten, 12 k / (4 + k)": lambda k: 12 * k / (4 + k),
    "plateau, 2 min(k, 4)": lambda k: 2 * np.minimum(k, 4),
    "S-shaped, 8 k^3 / (27 + k^3)": lambda k: 8 * k**3 / (27 + k**3),
    "two slopes, 2 then .4 from k = 3": lambda k: 0.4 * k + 1.6 * np.minimum(k, 3),
    "rise and decline, 8 (1 - exp(-.6 k)) - .25 k (no such family)": lambda k: (
        -8 * np.expm1(-0.6 * k) - k / 4
    ),
}
HEAD = """# Coverage: studentized bootstrap, multilevel models, averages over curves

Printed by `OMP_NUM_THREADS=1 python benchmarks/coverage_intervals.py --replications {r} --seed {seed}`. Nominal level
.95. The Monte-Carlo standard error of a coverage of .95 stands with the number of data sets."""


def luck(draw: np.random.Generator, shape: tuple[int, ...], world: str) -> np.ndarray:
    """Return run luck: normal, t with 3 degrees of freedom at unit variance, or one run in twenty 5 points lower."""
    if world == "heavy tails":
        return draw.standard_t(3, shape) / np.sqrt(3)
    return draw.normal(0, 1, shape) - (5.0 * (draw.random(shape) < 0.05) if world == "failed runs" else 0.0)


def truth(statistic: str, world: str) -> float:
    """Return the statistic of the distribution of luck; an interquartile mean is the mean of its middle half."""
    if world != "failed runs":
        return 0.0
    if statistic == "mean":
        return -0.25
    from scipy.integrate import quad
    from scipy.optimize import brentq
    from scipy.stats import norm

    def below(x: float) -> float:
        return float(0.95 * norm.cdf(x) + 0.05 * norm.cdf(x + 5))

    low, middle, high = (float(brentq(lambda x, q=q: below(x) - q, -9, 9)) for q in (0.25, 0.5, 0.75))
    if statistic == "median":
        return middle
    return 2 * float(quad(lambda x: x * (0.95 * norm.pdf(x) + 0.05 * norm.pdf(x + 5)), low, high)[0])


def studentized(n: int, world: str, replications: int, seed: int) -> Iterator[tuple[str, float | None]]:
    """Yield name and coverage of seed intervals of one arm and of two; None where every data set is refused."""
    draw = np.random.default_rng([seed, n, WORLDS.index(world)])
    one, other = luck(draw, (2, replications, n), world)
    for statistic in ("mean", "median", "iqm"):
        aim = truth(statistic, world)
        few = replications if statistic == "mean" else replications // (4 if n <= 5 else 16)
        hits = [
            _covered(
                lambda i, s=statistic: bootstrap_interval(one[i], f"{i}", s, "studentized", resamples=999),
                i,
                aim,
            )
            for i in range(few)
        ]
        yield f"studentized, {statistic}, one arm", _rate(hits)
        hits = [
            _covered(
                lambda i, s=statistic: bootstrap_difference(
                    one[i], other[i], f"{i}", s, "studentized", resamples=999
                ), i, 0.0,
            )
            for i in range(replications // 16)
        ]  # fmt: skip
        yield f"studentized, {statistic}, difference of two arms", _rate(hits)
        made = bootstrap_interval(one, "x", statistic, "percentile", resamples=999)
        yield f"percentile, {statistic}, one arm", _share(made.low, made.high, aim)
    made = mean_interval(one)
    yield "t, mean, one arm", _share(made.low, made.high, truth("mean", world))
    made = difference_interval(one, other)
    yield "Welch, mean, difference of two arms", _share(made.low, made.high, 0.0)


def _covered(make: Callable[[int], Interval], i: int, aim: float) -> bool | None:
    """Return whether the interval of a data set holds the aim; None where it is refused."""
    try:
        made = make(i)
    except InputError:
        return None
    return bool(made.low <= aim <= made.high)


def _rate(hits: list[bool | None]) -> float | None:
    """Return the coverage among the data sets that get an interval; None where fewer than half do."""
    kept = [hit for hit in hits if hit is not None]
    return float(np.mean(kept)) if 2 * len(kept) > len(hits) else None


def _share(low: object, high: object, aim: float) -> float:
    return float(np.mean((np.asarray(low) <= aim) & (aim <= np.asarray(high))))


def levels(sources: int, spread: float, replications: int, seed: int) -> Iterator[tuple[str, float]]:
    """Yield name and coverage of a mean and two slopes; 2 to 6 effects per source, variances known."""
    draw = np.random.default_rng([seed, sources, SPREADS.index(spread)])
    hits: dict[str, int] = {}
    for _ in range(replications):
        source = np.repeat(np.arange(sources), draw.integers(2, 7, sources))
        v = 0.4 * draw.uniform(0.25, 4, len(source))
        unit = np.sqrt(0.4 * 1.6)
        true = draw.normal(0, spread * unit, sources)[source] + draw.normal(0, 0.3 * unit, len(source))
        y = true + draw.normal(0, np.sqrt(v))
        between = (np.arange(sources) % 2)[source]
        within = draw.normal(size=len(source))
        fit = multilevel(y, v, {"source": source})
        slopes = multilevel(y, v, {"source": source}, np.stack([between, within], 1))
        clustered, clustered_slopes = robust(fit, source), robust(slopes, source)
        from scipy.special import ndtri, stdtrit

        spare = len(y) - 1
        for name, half in (("z", ndtri(0.975)), ("t, n - p", stdtrit(spare, 0.975))):
            key = f"mean: {name}"
            hits[key] = hits.get(key, 0) + int(abs(fit.beta[0]) <= half * fit.se[0])
        for key, low, high in (
            ("mean: t, levels (default)", fit.ci_low[0], fit.ci_high[0]),
            ("mean: CR2, Satterthwaite", clustered.ci_low[0], clustered.ci_high[0]),
            ("slope of a source's property: t, levels (default)", slopes.ci_low[1], slopes.ci_high[1]),
            ("slope of a source's property: CR2", clustered_slopes.ci_low[1], clustered_slopes.ci_high[1]),
            ("slope within sources: t, levels (default)", slopes.ci_low[2], slopes.ci_high[2]),
            ("slope within sources: CR2", clustered_slopes.ci_low[2], clustered_slopes.ci_high[2]),
        ):
            hits[key] = hits.get(key, 0) + int(low <= 0.0 <= high)
    for name, count in hits.items():
        yield name, count / replications


def averages(shape: str, doses: int, replications: int, seed: int) -> Iterator[tuple[str, float, float]]:
    """Yield the step, the coverage of its model-averaged gain, and the interval's median width in points."""
    x = np.repeat(np.array(LADDERS[doses], dtype=float), RUNS)
    curve = SHAPES[shape]
    draw = np.random.default_rng([seed, doses, list(SHAPES).index(shape)])
    hits, widths = dict.fromkeys(STEPS, 0), {step: list[float]() for step in STEPS}
    for _ in range(replications):
        found = compare_families(x, 60 + curve(x) + draw.normal(0, NOISE, len(x)))
        for step in STEPS:
            made = found.average(lambda fit, at=step: gain_between(fit, *at))
            before, after = curve(np.array(step))
            hits[step] += made.low <= after - before <= made.high
            widths[step].append(made.high - made.low)
    for step in STEPS:
        yield f"{step[0]:g} to {step[1]:g}", hits[step] / replications, float(np.median(widths[step]))


def table(head: str, rows: dict[str, list[str]], columns: list[str]) -> None:
    print(f"\n| {head} | {' | '.join(columns)} |\n| --- |{' ---: |' * len(columns)}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def counted(replications: int) -> str:
    return f"{replications:,} data sets (standard error {np.sqrt(0.95 * 0.05 / replications):.4f})"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--replications", type=int, default=4000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--tables", nargs="+", default=["seeds", "sources", "curves"])
    chosen = arguments.parse_args()
    r, seed, start = chosen.replications, chosen.seed, time.process_time()
    if len(chosen.tables) == 3:
        print(HEAD.format(r=r, seed=seed))
    rows: dict[str, list[str]] = {}
    if "seeds" in chosen.tables:
        print(
            f"\n## Seeds of one setting, and of two\n\nMean: {counted(r)}; median and interquartile mean "
            f"studentized: {r // 4:,} up to 5 seeds, {r // 16:,} with 10; differences of two arms: {r // 16:,}."
        )
        for world in WORLDS:
            for n in SEEDS:
                for name, rate in studentized(n, world, r, seed):
                    rows.setdefault(name, []).append("refused" if rate is None else f"{rate:.3f}")
        table("interval", rows, [f"{world}, n = {n}" for world in WORLDS for n in SEEDS])
    if "sources" in chosen.tables:
        print(
            f"\n## Few sources with 2 to 6 effects each\n\n{counted(r // 8)}. Columns: number of sources, deviation "
            "between them in standard errors of an effect; .3 more within sources."
        )
        rows = {}
        for sources in SOURCES:
            for spread in SPREADS:
                for name, rate in levels(sources, spread, r // 8, seed):
                    rows.setdefault(name, []).append(f"{rate:.3f}")
        table("interval", rows, [f"{s} sources, {d:g} se" for s in SOURCES for d in SPREADS])
    if "curves" in chosen.tables:
        print(
            f"\n## Gains averaged over curves\n\n{counted(r // 32)}; median width in points in brackets. {RUNS} "
            f"runs per dose with deviation {NOISE}; doses {'; '.join(str(doses) for doses in LADDERS.values())}."
        )
        rows = {}
        for shape in SHAPES:
            for doses in LADDERS:
                for step, rate, width in averages(shape, doses, r // 32, seed):
                    rows.setdefault(f"{shape}: {step}", []).append(f"{rate:.3f} ({width:.2f})")
        table("truth and step", rows, [f"{doses} doses" for doses in LADDERS])
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy"))
    seconds = time.process_time() - start
    print(
        f"\nCPython {platform.python_version()}, {packages}, {platform.machine()}, one core, {seconds:.0f} s."
    )


if __name__ == "__main__":
    main()
