"""How long `verify-claims check` takes on the bundled study, as a ratio to importing pandas, pydantic and yaml.

    python benchmarks/check_speed.py [repeats]

The two are timed alternately in one run, the least of each counts: processor time decides, because a busy machine
stretches wall time, which is shown beside it. Prints a Markdown table; exits 1 where the ratio exceeds 1.5 or the
check takes a second.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time

IMPORTS = [sys.executable, "-c", "import pandas, pydantic, yaml"]
CHECK = [sys.executable, "-m", "verify_claims.main", "check", "--no-cache"]
RATIO, SECONDS = 1.5, 1.0


def seconds(command: list[str], folder: str) -> tuple[float, float]:
    """Processor time and wall time of one run in a folder without a study."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


def main() -> int:
    """Print the table."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        pairs = [(seconds(CHECK, folder), seconds(IMPORTS, folder)) for _ in range(repeats)]
    check, imports = (
        [min(times) for times in zip(*found, strict=True)] for found in zip(*pairs, strict=True)
    )
    ratio = check[0] / imports[0]
    print(f"Least of {repeats} alternating runs; Python {platform.python_version()}, {platform.machine()}.\n")
    print("| what | processor s | wall s | ratio | limit |\n|---|---|---|---|---|")
    print(f'| `python -c "import pandas, pydantic, yaml"` | {imports[0]:.3f} | {imports[1]:.3f} | 1 | |')
    limit = f"{RATIO}, {SECONDS} s"
    print(
        f"| `verify-claims check` (bundled study) | {check[0]:.3f} | {check[1]:.3f} | {ratio:.2f} | {limit} |"
    )
    return 0 if ratio <= RATIO and check[0] < SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
