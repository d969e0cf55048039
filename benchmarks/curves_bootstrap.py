"""1,000 bootstrap refits of a saturating exponential: in one batch, against scipy.optimize.curve_fit in a loop.

Run: python benchmarks/curves_bootstrap.py [--assert-ratio 3]
Both refit the same resamples; curve_fit starts at the optimum of the data, the batch scans each resample anew.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.optimize import curve_fit

from analysis.curves import bootstrap_curve, fit_curve
from analysis.resampling.indices import resample_indices


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--refits", type=int, default=1000)
    parser.add_argument("--assert-ratio", type=float)
    options = parser.parse_args()
    x = np.repeat([0.0, 1, 2, 3, 5, 7, 9], 3)
    y = 60 + 8 * (1 - np.exp(-0.4 * x)) + np.random.default_rng(1).normal(0, 0.5, len(x))
    fit = fit_curve(x, y)
    bootstrap_curve(fit, 10, key="warm", unit="points")
    batch = []
    for _ in range(5):
        start = time.perf_counter()
        refits = bootstrap_curve(fit, options.refits, key="bench", unit="points")
        batch.append(time.perf_counter() - start)
    rows = np.concatenate(
        [3 * s + resample_indices("bench", 3, range(options.refits), stream=s) for s in range(7)], axis=1
    )
    start = time.perf_counter()
    loop = []
    for own in rows:
        values, _ = curve_fit(
            lambda k, a, b, c: a + b * (1 - np.exp(-c * k)), x[own], y[own], p0=list(fit.parameters.values())
        )
        loop.append(values[2])
    peer = time.perf_counter() - start
    ours = float(np.median(batch))
    worst = float(np.abs(refits.shapes[:, 0] / np.array(loop) - 1).max())
    print(f"batched {ours * 1e3:.1f} ms, curve_fit loop {peer * 1e3:.1f} ms, ratio {peer / ours:.1f}")
    print(f"largest relative difference of a rate: {worst:.1e}")
    if options.assert_ratio is not None:
        assert peer / ours >= options.assert_ratio, f"only {peer / ours:.1f} times faster"


if __name__ == "__main__":
    main()
