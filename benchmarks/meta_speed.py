"""Time meta-analysis against PyMARE and metafor in one run, one thread, process time.

    OMP_NUM_THREADS=1 python benchmarks/meta_speed.py

PyMARE is timed where importable, or by the interpreter named in PYMARE_PYTHON; metafor where Rscript finds it.
Prints a Markdown table and fails (exit 1) where a peer that was found is not beaten as documented.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.meta.multilevel import multilevel
from analysis.meta.pool import pool

DATA_SETS, STUDIES = 1000, 9
CLUSTERS, PER_CLUSTER = 120, 5

PYMARE = """
import sys, time, numpy as np
from pymare.estimators import VarianceBasedLikelihoodEstimator
y, v = np.load(sys.argv[1]), np.load(sys.argv[2])
X = np.ones((y.shape[1], 1))
best = 9e9
for _ in range(7):
    start = time.process_time()
    VarianceBasedLikelihoodEstimator(method="REML").fit(y.T, v.T, X)
    best = min(best, time.process_time() - start)
print(best)
"""

METAFOR = """
suppressMessages(library(metafor))
a <- commandArgs(trailingOnly = TRUE)
y <- as.matrix(read.csv(a[1], header = FALSE)); v <- as.matrix(read.csv(a[2], header = FALSE))
d <- read.csv(a[3])
one <- system.time(for (i in seq_len(nrow(y))) rma(y[i, ], v[i, ], test = "knha"))
three <- system.time(f <- rma.mv(yi, vi, random = ~ 1 | cluster/effect, data = d, sparse = TRUE))
cat(sum(one[1:2]), sum(three[1:2]), f$sigma2, "\\n")
"""


def best_of(function: Callable[[], object], repeats: int = 7) -> float:
    """Least process time, seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def main() -> int:
    """Run all, print the table, return the exit code."""
    rng = np.random.default_rng(20200526)
    v = rng.uniform(0.2, 2, (DATA_SETS, STUDIES))
    y = rng.normal(0.5, np.sqrt(1 + v))
    cluster = np.repeat(np.arange(CLUSTERS), PER_CLUSTER)
    vi = rng.uniform(0.2, 2, len(cluster))
    yi = 0.5 + rng.normal(0, 0.8, CLUSTERS)[cluster] + rng.normal(0, np.sqrt(0.5 + vi))
    ours = best_of(lambda: pool(y, v, test="knapp_hartung"))
    nested = multilevel(yi, vi, {"cluster": cluster})
    ours_nested = best_of(lambda: multilevel(yi, vi, {"cluster": cluster}))
    rows = [
        ("1,000 REML fits, k = 9", "this", ours, 1.0),
        ("three levels, 600 effects", "this", ours_nested, 1.0),
    ]
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        np.save(path / "y.npy", y)
        np.save(path / "v.npy", v)
        python = os.environ.get("PYMARE_PYTHON", sys.executable)
        done = _run([python, "-c", PYMARE, str(path / "y.npy"), str(path / "v.npy")])
        if done:
            rows.append(("1,000 REML fits, k = 9", "PyMARE", float(done[0]), float(done[0]) / ours))
            failed |= float(done[0]) < ours
        if shutil.which("Rscript"):
            np.savetxt(path / "y.csv", y, delimiter=",", fmt="%.17g")
            np.savetxt(path / "v.csv", v, delimiter=",", fmt="%.17g")
            table = np.column_stack([yi, vi, cluster, np.arange(len(yi))])
            np.savetxt(
                path / "d.csv", table, delimiter=",", fmt="%.17g", header="yi,vi,cluster,effect", comments=""
            )
            (path / "run.R").write_text(METAFOR)
            done = _run(["Rscript", str(path / "run.R"), *(str(path / f"{name}.csv") for name in "yvd")])
            if done:
                rows.append(
                    ("1,000 REML fits, k = 9", "metafor, loop", float(done[0]), float(done[0]) / ours)
                )
                rows.append(
                    (
                        "three levels, 600 effects",
                        "metafor, sparse",
                        float(done[1]),
                        float(done[1]) / ours_nested,
                    )
                )
                failed |= float(done[0]) < 100 * ours or float(done[1]) < ours_nested
                same = np.allclose(nested.sigma2, [float(done[2]), float(done[3])], rtol=1e-3)
                failed |= not same
                print(f"three-level variances agree with metafor's to 1e-3: {same}\n")
    print("| task | program | seconds | ratio |\n| --- | --- | --- | --- |")
    for task, program, seconds, ratio in rows:
        print(f"| {task} | {program} | {seconds:.4f} | {ratio:.1f} |")
    return int(failed)


def _run(command: list[str]) -> list[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.stdout.split() if done.returncode == 0 else []


if __name__ == "__main__":
    sys.exit(main())
