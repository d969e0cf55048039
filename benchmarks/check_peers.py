"""Side by side with the packages claims-cli and adduce: which wrong numbers are caught, which honest ones accused.

    python -m venv peers && peers/bin/pip install claims-cli==0.6.1 adduce==0.2.0
    python benchmarks/check_peers.py peers/bin

Every trap is a statement with known truth. A tool is asked only what its format can express; "-" is not a fault but
says that it cannot. Prints Markdown tables; exits 1 if this project's own answers are not all right.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COLUMNS = "source,target,metric,intermediate,status,value,printed\n"
MANY = 1000
"""Equal checks in the timing: one printed number against one stored number each."""


@dataclass(frozen=True)
class Trap:
    """A statement, whether it is true, and how each tool can be asked."""

    name: str
    true: bool
    assertion: str
    """Of verify-claims."""
    stored: dict[str, float]
    """Cells: name -> stored number."""
    printed: dict[str, str] = field(default_factory=dict)
    """Cells that are themselves printed; they stand for intervals."""
    one: tuple[str, str] | None = None
    """(cell, reported) for tools that compare one number."""
    mean: tuple[tuple[str, ...], str] | None = None
    """(cells, reported) for tools that recompute a mean."""


def cell(name: str) -> str:
    """Selector of a cell."""
    return f"{{target: {name}, metric: acc, intermediate: none}}"


CCG = {"a": "-2.6", "b": "-3.4", "c": "-1.5", "d": "-0.7", "e": "-1.5", "f": "-1.3"}
CCG |= {"g": "-1.6", "h": "-1.5", "i": "0.4", "j": "0.7", "k": "5.5", "l": "38.9"}
WHOLE = ("a", "b", "c", "d", "k", "l")
MEAN = ", ".join(
    [
        *(f"{{target: {n}, metric: acc}}" for n in WHOLE),
        *(f"{{target: [{p[0]}, {p[1]}], metric: acc}}" for p in ("ef", "gh", "ij")),
    ]
)
TRAPS = (
    Trap(
        "84.0 printed, 84.4 stored",
        False,
        f'kind: value, of: {cell("a")}, equals: "84.0"',
        {"a": 84.4},
        one=("a", "84.0"),
    ),
    Trap(
        "0.30 printed, 0.34 stored",
        False,
        f'kind: value, of: {cell("a")}, equals: "0.30"',
        {"a": 0.34},
        one=("a", "0.30"),
    ),
    Trap(
        "84.4 printed, 84.37 stored",
        True,
        f'kind: value, of: {cell("a")}, equals: "84.4"',
        {"a": 84.37},
        one=("a", "84.4"),
    ),
    Trap(
        "tie: 8.3 printed, 8.25 stored",
        True,
        f'kind: value, of: {cell("a")}, equals: "8.3"',
        {"a": 8.25},
        one=("a", "8.3"),
    ),
    Trap(
        "tie: 8.2 printed, 8.25 stored",
        True,
        f'kind: value, of: {cell("a")}, equals: "8.2"',
        {"a": 8.25},
        one=("a", "8.2"),
    ),
    Trap(
        "honest mean of printed cells: 70.0, 60.1, 50.1 and 60.0 (from 69.96, 60.06, 50.06)",
        True,
        'kind: value, of: {intermediate: none}, mean: three, equals: "60.0"',
        {"a": 70.0, "b": 60.1, "c": 50.1},
        {"a": "70.0", "b": "60.1", "c": "50.1"},
        mean=(("a", "b", "c"), "60.0"),
    ),
    Trap(
        "wrong mean of printed cells: 61.1",
        False,
        'kind: value, of: {intermediate: none}, mean: three, equals: "61.1"',
        {"a": 70.0, "b": 60.1, "c": 50.1},
        {"a": "70.0", "b": "60.1", "c": "50.1"},
        mean=(("a", "b", "c"), "61.1"),
    ),
    Trap(
        "honest difference: 84.4 and 70.0 printed, gain 14.3 (from 84.35, 70.04)",
        True,
        'kind: gain, of: {target: a, metric: acc, intermediate: squad}, over: {intermediate: none}, equals: "14.3"',
        {"a": 70.0, "a+": 84.4},
        {"a": "70.0", "a+": "84.4"},
    ),
    Trap(
        "published row CCG of arXiv 2005.13013v1: 3.7 against 3.756 from its cells",
        True,
        'kind: value, of: {intermediate: none}, mean: nine, equals: "3.7"',
        {name: float(text) for name, text in CCG.items()},
        CCG,
    ),
    Trap(
        "order turned round",
        False,
        f"kind: order, larger: {cell('b')}, smaller: {cell('a')}",
        {"a": 84.4, "b": 84.0},
        {"a": "84.4", "b": "84.0"},
    ),
    Trap(
        "'3 of 3 tasks gain', 2 do",
        False,
        'kind: share, cells: {target: [a, b, c], metric: acc, intermediate: none}, above: "0", exactly: 3, out_of: 3',
        {"a": 0.4, "b": -0.1, "c": 2.0},
        {"a": "0.4", "b": "-0.1", "c": "2.0"},
    ),
)


def ours(folder: Path, trap: Trap) -> str:
    """Verdict of verify-claims."""
    rows = ""
    for name, number in trap.stored.items():
        target, setting = (name[0], "squad") if name.endswith("+") else (name, "none")
        text = trap.printed.get(name, "")
        rows += f"p,{target},acc,{setting},{'seen' if text else 'measured'},{number},{text}\n"
    (folder / "results.csv").write_text(COLUMNS + rows)
    members = ", ".join(f"{{target: {name}, metric: acc}}" for name in trap.stored if not name.endswith("+"))
    nine = f"  nine: {{text: XTREME, mean: [{MEAN}]}}\n" if trap.printed is CCG else ""
    (folder / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: t\ntitle: t\nevidence: [results.csv]\n"
        f"averages:\n  three: {{text: mean, mean: [{members}]}}\n{nine}"
        f"claims:\n  - {{id: c, text: t, scope: {{source: p}}, assert: [{{{trap.assertion}}}]}}\n"
    )
    done = run([sys.executable, "-m", "verify_claims.main", "check", str(folder), "--json"])
    return str(json.loads(done.stdout)["claims"][0]["verdict"])


def claims_cli(folder: Path, trap: Trap, tool: Path) -> str:
    """Verdict of claims-cli, or "-" where its format cannot say it."""
    if trap.one is not None:
        name, reported = trap.one
        pointer = f"/{name}"
        evidence: dict[str, Any] = {
            "kind": "metric", "artifact": "r", "name": "m", "reported": reported, "pointer": pointer
        }  # fmt: skip
    elif trap.mean is not None:
        names, reported = trap.mean
        members = [{"artifact": "r", "locator": {"kind": "tree", "pointer": f"/{name}"}} for name in names]
        evidence = {"kind": "aggregate", "name": "m", "statistic": "mean", "count": len(names)}
        evidence |= {"reported": reported, "members": members}
    else:
        return "-"
    (folder / "r.json").write_text(json.dumps(trap.stored))
    manifest = {
        "schema_version": "repro/1",
        "artifacts": [{"id": "r", "path": "r.json"}],
        "claims": [{"id": "c", "text": "t", "evidence": [evidence]}],
    }
    (folder / "repro.yaml").write_text(json.dumps(manifest))
    done = run([str(tool), "verify", "--format", "json", "repro.yaml"], cwd=folder)
    decision = json.loads(done.stdout)["report"]["claims"][0]["decisions"][0]
    return {"match": "supported", "mismatch": "contradicted"}.get(decision["comparison"], decision["reason"])


def adduce(folder: Path, trap: Trap, tool: Path) -> str:
    """Verdict of adduce, or "-" where its format cannot say it."""
    if trap.one is None:
        return "-"
    name, reported = trap.one
    (folder / "results.json").write_text(json.dumps({"m": trap.stored[name]}))
    (folder / ".adduce").mkdir(exist_ok=True)
    claim = {
        "id": "c",
        "text": "t",
        "kind": "metric",
        "metric": "m",
        "value": float(reported),
        "status": "confirmed",
    }
    manifest = {"schema": "adduce/1", "claims": [claim | {"produced_by": {"log": "results.json"}}]}
    (folder / ".adduce" / "manifest.yaml").write_text(json.dumps(manifest))
    done = run(
        [str(tool), "check", ".", "--only", "R-RES-001", "--only", "R-RES-002", "--format", "json"],
        cwd=folder,
    )
    findings = json.loads(done.stdout)["findings"]
    status = {
        finding["rule_id"] if "rule_id" in finding else finding["rule"]: finding["status"]
        for finding in findings
    }
    return (
        "supported"
        if status.get("R-RES-002") == "pass"
        else "contradicted"
        if status.get("R-RES-002")
        else "unknown"
    )


def asked(tool: str, folder: Path, trap: Trap, tools: Path) -> str:
    """Verdict of a tool."""
    if tool == "verify-claims":
        return ours(folder, trap)
    return (claims_cli if tool == "claims" else adduce)(folder, trap, tools / tool)


def run(command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Output of a command."""
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def timed(tools: Path, folder: Path) -> list[tuple[str, float]]:
    """Seconds for `MANY` equal checks in one file each."""
    names = [f"m{at}" for at in range(MANY)]
    (folder / "r.json").write_text(json.dumps(dict.fromkeys(names, 84.37)))
    evidence = [
        {"kind": "metric", "artifact": "r", "name": n, "reported": "84.4", "pointer": f"/{n}"} for n in names
    ]
    claims = [{"id": n, "text": "t", "evidence": [e]} for n, e in zip(names, evidence, strict=True)]
    head = {"schema_version": "repro/1", "artifacts": [{"id": "r", "path": "r.json"}]}
    (folder / "repro.yaml").write_text(json.dumps(head | {"claims": claims}))
    (folder / "results.csv").write_text(COLUMNS + "".join(f"p,{n},acc,none,measured,84.37,\n" for n in names))
    check = 'kind: value, of: {{target: {0}, metric: acc}}, equals: "84.4"'
    line = "  - {{id: {0}, text: t, scope: {{source: p}}, assert: [{{" + check + "}}]}}\n"
    rows = "".join(line.format(n) for n in names)
    (folder / "claims.yaml").write_text(
        f"schema: verify-claims/1\nstudy: t\ntitle: t\nevidence: [results.csv]\nclaims:\n{rows}"
    )
    commands = {
        "verify-claims": [
            sys.executable,
            "-m",
            "verify_claims.main",
            "check",
            "--json",
            "--no-cache",
            str(folder),
        ],
        "claims-cli": [str(tools / "claims"), "verify", "--format", "json", str(folder / "repro.yaml")],
    }
    found = []
    for name, command in commands.items():
        best = 9e9
        for _ in range(3):
            start = time.perf_counter()
            done = run(command)
            best = min(best, time.perf_counter() - start)
            assert done.stdout, done.stderr
        found.append((name, best))
    return found


def main() -> int:
    """Print both tables."""
    tools = Path(sys.argv[1]).absolute()
    wrong = 0
    print(
        f"Traps; Python {platform.python_version()}, {platform.machine()}. ✓ right, ✗ wrong, - cannot be expressed.\n"
    )
    print("| statement | true | verify-claims | claims-cli | adduce |\n|---|---|---|---|---|")
    for trap in TRAPS:
        answers = []
        for tool in ("verify-claims", "claims", "adduce"):
            with tempfile.TemporaryDirectory() as folder:
                answers.append(asked(tool, Path(folder), trap, tools))
        right = "supported" if trap.true else "contradicted"
        marks = [
            f"{'✓' if answer == right else '-' if answer == '-' else '✗'} {answer.strip('-')}"
            for answer in answers
        ]
        wrong += answers[0] != right
        print(f"| {trap.name} | {'yes' if trap.true else 'no'} | {' | '.join(marks)} |")
    with tempfile.TemporaryDirectory() as folder:
        seconds = timed(tools, Path(folder))
    print(
        f"\n{MANY:,} printed numbers against stored ones, least wall time of 3 runs:\n\n| tool | seconds |\n|---|---|"
    )
    for name, value in seconds:
        print(f"| {name} | {value:.2f} |")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
