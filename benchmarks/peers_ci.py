"""Regenerates docs/comparison.md: the same papers and results through five tools, and what each lets pass.

    python benchmarks/peers_ci.py > docs/comparison.md            # makes an environment for the peers with pip
    python benchmarks/peers_ci.py PEERS/bin > docs/comparison.md  # uses one that is there

Every case is a small project with known truth, asked through each tool's own command or interface, in the terms that
its documentation gives; a case that a tool has no terms for is "-", which is no fault. `right` is: an honest project
passes, any other does not. Exits 1 if this project's own answers are not all right.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from peers_simulation import accused
from peers_tools import CLAIMS_CLI, TOOLS, Case

REQUIREMENTS = (
    "claims-cli==0.6.1",
    "adduce==0.2.0",
    "great_expectations==1.24.1",
    "pytest-regressions==2.11.0",
)
TABLES = 400
"""Honest tables of the simulation: two cells uniform on [0, 100], printed to one decimal, and their difference."""

SEEDS = (81.56, 81.72, 81.49)
CASES = (
    Case("honest", "84.4 printed, 84.37 stored", True, "84.4", (84.37,)),
    Case("tie", "8.3 printed, 8.25 stored (a tie, rounded up)", True, "8.3", (8.25,)),
    Case("rounded", "84.0 printed, 84.4 stored", False, "84.0", (84.4,)),
    Case("zeros", "8.70 printed, 8.74 stored: the zero claims two decimals", False, "8.70", (8.74,)),
    Case("seeds", "mean of three seeds printed as 81.6", True, "81.6", SEEDS),
    Case("seeds-wrong", "mean of three seeds printed as 81.7", False, "81.7", SEEDS),
    Case(
        "text", "the results hold, one sentence of the paper prints another number", False, "84.4", (84.37,)
    ),
    Case("fraction", "84.4 printed, 0.8437 stored, and the tool is told so", True, "84.4", (0.8437,)),
    Case("missing", "the results file is gone", False, "84.4", (84.37,)),
    Case("glob", "the pattern of the results files matches nothing", False, "81.6", SEEDS),
    Case("nan", "the run diverged: NaN is stored", False, "84.4", (float("nan"),)),
    Case("twice", "two rows for one cell, 84.37 and 84.02", False, "84.4", (84.37, 84.02)),
    Case("zero", "nothing is declared to be checked", False, "84.4", (84.37,)),
    Case("stale", "a deviation is accepted that no longer exists", False, "84.4", (84.37,)),
)


@dataclass(frozen=True)
class Answer:
    """What a tool said of a case: `passes`, `fails`, or `-`."""

    said: str
    right: bool

    def __str__(self) -> str:
        return "-" if self.said == "-" else f"{'✓' if self.right else '✗'} {self.said}"


def answered(case: Case, ask: Callable[[Path, Case, Path], str], tools: Path) -> Answer:
    """A tool's answer, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        said = ask(Path(folder), case, tools)
    return Answer(said, said == ("passes" if case.honest else "fails"))


def peers(place: Path) -> Path:
    """The commands of a new environment with all peers."""
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *REQUIREMENTS], check=True)
    return place / "bin"


def versions(tools: Path) -> list[str]:
    """Name and version of each peer, as installed."""
    said = subprocess.run(
        [str(tools / "python"), "-m", "pip", "list", "--format", "json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    wanted = {name.split("==")[0].replace("-", "_").lower() for name in REQUIREMENTS}
    found = {entry["name"].replace("-", "_").lower(): entry["version"] for entry in json.loads(said.stdout)}
    return [f"{name.replace('_', '-')} {found[name]}" for name in sorted(wanted)]


def page(tools: Path) -> tuple[str, int]:
    """The page, and how many of our own answers are wrong."""
    lines = [HEAD.format(python=platform.python_version(), versions=", ".join(versions(tools)))]
    lines.append("| case | honest | " + " | ".join(TOOLS) + " |")
    lines.append("|---|---|" + "---|" * len(TOOLS))
    wrong = 0
    counts = dict.fromkeys(TOOLS, (0, 0))
    for case in CASES:
        answers = {name: answered(case, ask, tools) for name, ask in TOOLS.items()}
        for name, answer in answers.items():
            asked, right = counts[name]
            counts[name] = (asked + (answer.said != "-"), right + answer.right)
        wrong += not answers["verify-claims"].right
        lines.append(
            f"| {case.what} | {'yes' if case.honest else 'no'} | "
            + " | ".join(map(str, answers.values()))
            + " |"
        )
    told = " | ".join(f"{right} of {asked}" for asked, right in counts.values())
    lines.append(f"| **right, of what can be asked** | | {told} |")
    lines.append(SIMULATED.format(count=TABLES))
    for name, (differences, means) in accused(TABLES, tools).items():
        lines.append(f"| {name} | {differences} | {means} |")
        wrong += name == "verify-claims" and (differences, means) != ("0.0 %", "0.0 %")
    lines.append(TAIL.format(claims_cli=CLAIMS_CLI))
    return "\n".join(lines) + "\n", wrong


HEAD = """\
# Side by side

Made by `python benchmarks/peers_ci.py > docs/comparison.md`: the same small projects through each tool, with Python
{python} and {versions}.

✓ right, ✗ wrong, - we found no terms for it in that tool, which is no fault: each was made for something of its own.
The cases are ours, chosen for what this tool is for; other tools do much that is not asked here.
"""
SIMULATED = """
## Honest numbers that are accused

{count} honest tables: cells uniform on [0, 100], their difference (of two) or mean (of three) computed before
rounding, all printed to one decimal, seed 20260101. The share that a tool accuses when it is given the printed cells:

| tool | differences | means |
|---|---|---|"""
TAIL = """
A printed cell stands for an interval. Recomputing from its midpoint accuses honest authors; how often follows from
the widths alone: the error of a difference of two rounded numbers is triangular on ±0.1, and lies beyond ±0.05 in a
quarter of all cases.

## Documented, not run

**statcheck** (R) recomputes p values of APA-style test statistics, `t(28) = 2.20, p = .03`, in text. Its package
comes from CRAN and is not installed by this command, so it is not run; by its manual it reads none of the cases
above, because none prints a test statistic. Use it beside this tool for papers that print tests.

## How each is asked

* **verify-claims**: `check` over a claims file whose evidence is collected by an adapter.
* **claims-cli**: `claims verify` with a metric or an aggregate, and a quote where the text is meant.
  {claims_cli}
* **adduce**: `adduce check` with the rules R-RES-001 and R-RES-002 on a manifest of metrics.
* **Great Expectations**: a validation of the results as a data frame, the mean expected within half a unit of the
  last printed digit, which somebody has to work out by hand.
* **pytest-regressions**: `num_regression.check` against a stored file that holds the printed number, with the same
  half unit as tolerance. Its stored files normally come from an earlier run, not from a paper. (The tie fails because
  8.3 - 8.25 is a little more than 0.05 in binary.)
"""

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else peers(Path(scratch) / "peers")
        text, bad = page(given)
    sys.stdout.write(text)
    raise SystemExit(1 if bad else 0)
