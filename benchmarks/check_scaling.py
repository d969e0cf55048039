"""How `verify-claims check` grows with claims and with rows of evidence.

    python benchmarks/check_scaling.py [--full]

Every claim is an average gain over six tasks, twelve cells. With --full also 10,000 claims over 1,000,000 rows, which
must take at most 10 s of processor time and 2 GB; processor time, because a shared machine stretches wall time.
Prints a Markdown table; exits 1 where a limit is missed or the growth is worse than linear.
"""

from __future__ import annotations

import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

TASKS = ("xnli", "pawsx", "udpos", "panx", "bucc2018", "tatoeba")
CLAIMS = (1_000, 10_000, 100_000)
ROWS = (1_000, 10_000, 100_000)
LIMIT_SECONDS, LIMIT_GB = 10.0, 2.0
SEED = 20200526


class Cost(NamedTuple):
    """What one check took."""

    wall: float
    cpu: float
    gigabytes: float


def write_results(path: Path, rows: int) -> int:
    """Write a table of about so many rows; return the number of its models."""
    draw = random.Random(SEED)
    models = max(rows // (2 * len(TASKS)), 1)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            "source,locator,split,model,intermediate,variant,target,language,metric,value,printed,status\n"
        )
        for model in range(models):
            for setting in ("none", "squad"):
                for task in TASKS:
                    number = draw.randrange(1000) / 10
                    where = f"s{model % 7},T,dev,m{model},{setting},plain,{task},all,acc"
                    stream.write(f"{where},{number},{number},seen\n")
    return models


def write_claims(path: Path, claims: int, models: int) -> None:
    """Write so many claims, each about one model."""
    members = ", ".join(f"{{target: {task}, metric: acc}}" for task in TASKS)
    with path.open("w", encoding="utf-8") as stream:
        stream.write("schema: verify-claims/1\nstudy: large\ntitle: Many claims\nevidence: [results.csv]\n")
        stream.write("defaults: {language: all, variant: plain}\n")
        stream.write(f"averages:\n  six: {{text: mean, mean: [{members}]}}\nclaims:\n")
        for at in range(claims):
            model = at * 7 % models
            scope = f"{{source: s{model % 7}, split: dev, model: m{model}}}"
            gain = "of: {intermediate: squad}, over: {intermediate: none}, mean: six"
            stream.write(f"  - id: c{at}\n    text: It gains points.\n    scope: {scope}\n")
            stream.write(f'    assert: [{{kind: gain, {gain}, equals: "8.2"}}]\n')


def cost(claims: int, rows: int) -> Cost:
    """Cost of one check in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        models = write_results(Path(folder, "results.csv"), rows)
        write_claims(Path(folder, "claims.yaml"), claims, models)
        command = [
            sys.executable,
            "-m",
            "verify_claims.main",
            "check",
            folder,
            "--fail-on",
            "never",
            "--no-cache",
        ]
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, process.returncode
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
        return Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, peak)


def main() -> int:
    """Print the table."""
    full = "--full" in sys.argv[1:]
    asked = [(claims, 10_000) for claims in CLAIMS] + [(1_000, rows) for rows in ROWS]
    asked += [(10_000, 1_000_000)] if full else []
    print(f"Seed {SEED}; Python {platform.python_version()}, {platform.machine()}.\n")
    print("| claims | rows | processor s | wall s | GB |\n|---|---|---|---|---|")
    found: dict[tuple[int, int], Cost] = {}
    for pair in dict.fromkeys(asked):
        one = found[pair] = cost(*pair)
        print(
            f"| {pair[0]:,} | {pair[1]:,} | {one.cpu:.2f} | {one.wall:.2f} | {one.gigabytes:.2f} |",
            flush=True,
        )
    start = found[1_000, 1_000].cpu
    steep = [
        (found[CLAIMS[2], 10_000].cpu - start) / (found[CLAIMS[1], 10_000].cpu - start) / 10,
    ]
    print(f"\nGrowth from 10,000 to 100,000 claims: {steep[0]:.2f} times linear (1 is linear).")
    missed = steep[0] > 1.3
    if full:
        large = found[10_000, 1_000_000]
        missed |= large.cpu > LIMIT_SECONDS or large.gigabytes > LIMIT_GB
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
