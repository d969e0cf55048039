"""Prints how fast the seed statistics are against scipy, rliable and deep-significance, in one run, as Markdown.

    OMP_NUM_THREADS=1 python benchmarks/analysis_speed_seeds.py [--peers PYTHON | --install]

rliable and deep-significance need pandas 2 and so an interpreter of their own: name one that has them with --peers,
or let --install make one in a temporary folder (needs the network). Without either their rows say that they were
skipped. Process time of one thread, best of several calls after a warm-up. Exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.seeds.bootstrap import bootstrap_interval
from analysis.seeds.dominance import almost_stochastic_order
from analysis.seeds.improvement import probability_of_improvement
from analysis.seeds.stratified import stratified_interval

PACKAGES = ("pandas<3", "numpy<2.4", "scipy", "rliable==1.2.0", "deepsig==1.2.8", "arch==7.2.0")
BARS = {"bca": 1.0, "bca-exact": 1.0, "iqm": 20.0, "improvement": 50.0, "order": 100.0}
PEER_SCRIPT = """
import importlib, json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
from rliable import library, metrics
importlib.import_module("deepsig.aso")
order = sys.modules["deepsig.aso"].aso
data = json.loads(sys.argv[1])
a, b = np.array(data["a"]), np.array(data["b"])

def timed(call, times):
    taken = []
    for _ in range(times):
        start = time.process_time(); call(); taken.append(time.process_time() - start)
    return min(taken)

iqm = lambda x: np.array([metrics.aggregate_iqm(x)])
improvement = lambda x, y: np.array([metrics.probability_of_improvement(x, y)])
print(json.dumps({
    "iqm": timed(lambda: library.get_interval_estimates({"a": a.T}, iqm, reps=50_000), 2),
    "improvement": timed(lambda: library.get_interval_estimates({"a": (a.T, b.T)}, improvement, reps=2_000), 2),
    "order": timed(lambda: order(a[0], b[0], num_bootstrap_iterations=1000, show_progress=False, num_jobs=1), 2),
}))
"""


def timed(call: Callable[[], object], times: int = 5) -> float:
    """Return the smallest process time of several calls, after one that is not counted; seconds."""
    call()
    taken = []
    for _ in range(times):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def scipy_bca(claims: np.ndarray) -> float:
    from scipy.stats import bootstrap

    return timed(
        lambda: bootstrap(
            (claims,), np.mean, axis=-1, n_resamples=9_999, method="BCa", vectorized=True, rng=1
        ),
        3,
    )


def peer_times(interpreter: str | None, a: np.ndarray, b: np.ndarray) -> dict[str, float]:
    """Return seconds per task of the peers, empty where there is no interpreter that has them."""
    if interpreter is None:
        return {}
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    data = json.dumps({"a": a.tolist(), "b": b.tolist()})
    made = subprocess.run(
        [interpreter, "-c", PEER_SCRIPT, data], capture_output=True, text=True, env=environment, check=False
    )
    if made.returncode:
        print(f"peers skipped: {made.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    return dict(json.loads(made.stdout.splitlines()[-1]))


def installed(folder: str) -> str:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(Path(folder) / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", help="interpreter that has rliable and deepsig")
    parser.add_argument("--install", action="store_true", help="make one in a temporary folder")
    chosen = parser.parse_args()
    draw = np.random.default_rng(0)
    a, b = draw.normal(80, 1, (9, 5)), draw.normal(79.5, 1, (9, 5))
    many, few = draw.normal(80, 1, (200, 10)), draw.normal(80, 1, (200, 5))
    ours = {
        "bca": timed(lambda: bootstrap_interval(many, "suite")),
        "bca-exact": timed(lambda: bootstrap_interval(few, "suite")),
        "iqm": timed(lambda: stratified_interval(a, "claim")),
        "improvement": timed(lambda: probability_of_improvement(a, b, "bootstrap", name="claim")),
        "order": timed(lambda: almost_stochastic_order(a[0], b[0], "claim")),
    }
    theirs = {"bca": scipy_bca(many), "bca-exact": scipy_bca(few)}
    with tempfile.TemporaryDirectory() as folder:
        theirs |= peer_times(installed(folder) if chosen.install else chosen.peers, a, b)
    names = {
        "bca": "200 claims of 10 seeds, BCa, 9,999 resamples (scipy, vectorised)",
        "bca-exact": "200 claims of 5 seeds, BCa, every resample listed (scipy, 9,999 resamples)",
        "iqm": "interquartile mean, 5 seeds x 9 tasks, 50,000 stratified resamples (rliable)",
        "improvement": "probability of improvement, 5 v 5 x 9 tasks, 2,000 resamples (rliable)",
        "order": "almost stochastic order, 5 v 5 (deep-significance, 1,000 resamples on a grid)",
    }
    print("| task (peer) | ours | peer | ratio | bar |\n| --- | ---: | ---: | ---: | ---: |")
    missed = False
    for key, name in names.items():
        if key not in theirs:
            print(
                f"| {name} | {ours[key] * 1e3:.2f} ms | skipped: give --peers or --install | | {BARS[key]:g} |"
            )
            continue
        ratio = theirs[key] / ours[key]
        missed |= ratio < BARS[key]
        print(
            f"| {name} | {ours[key] * 1e3:.2f} ms | {theirs[key] * 1e3:.1f} ms | {ratio:.1f} | {BARS[key]:g} |"
        )
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
