"""How each tool of the comparison is asked: one function per tool from a case to `passes`, `fails` or `-`."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLAIMS_CLI = "We found no terms of it for patterns of files, units and acceptances."


@dataclass(frozen=True)
class Case:
    """A small project: what is printed, what is stored, and whether it is honest."""

    id: str
    what: str
    honest: bool
    printed: str
    stored: tuple[float, ...]

    @property
    def half(self) -> float:
        """Half a unit of the last printed digit."""
        return 0.5 * 10.0 ** -len(self.printed.partition(".")[2])


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Output of a command in a folder."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def ours(folder: Path, case: Case, _tools: Path) -> str:
    """verify-claims, by its exit code."""
    unit = "fraction" if case.id == "fraction" else "points"
    for seed, value in enumerate(case.stored, start=1):
        if case.id not in ("missing", "glob"):
            name = "seed-1/copy.json" if case.id == "twice" and seed == 2 else f"seed-{seed}/r.json"
            (folder / "runs" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "runs" / name).write_text(json.dumps({"eval_acc": value}))
    text = "84.9" if case.id == "text" else case.printed
    (folder / "paper.md").write_text(f"We reach {text} on XNLI.\n")
    path = "runs/seed-1/r.json" if case.id == "missing" else "runs/seed-{seed}/*.json"
    status = "    status: draft\n" if case.id == "zero" else ""
    (folder / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: t\ntitle: t\n"
        f"collect: [{{path: '{path}', as: hf-trainer, unit: {unit}, set: {{source: p, target: xnli}}}}]\n"
        f"claims:\n  - id: c\n    text: t\n{status}    scope: {{source: p}}\n"
        '    printed_in: [{file: paper.md, text: "We reach {} on XNLI"}]\n'
        f'    assert: [{{name: v, kind: value, of: {{metric: acc}}, mean: seed, equals: "{case.printed}"}}]\n'
    )
    if case.id == "stale":
        (folder / "baseline.yaml").write_text(
            "schema: verify-claims/baseline/1\naccepted:\n  - {id: c/v, verdict: contradicted, "
            'reason: outside_rounding, margin: "0.3", why: old, until: never}\n'
        )
    done = run([sys.executable, "-m", "verify_claims.main", "check", ".", "--no-cache"], folder)
    assert done.returncode in (0, 1, 2, 3), done.stderr
    return "fails" if done.returncode else "passes"


def claims_cli(folder: Path, case: Case, tools: Path) -> str:
    """claims-cli, by its exit code."""
    if case.id in ("glob", "fraction", "twice", "stale"):
        return "-"
    names = [f"m{at}" for at in range(len(case.stored))]
    if case.id != "missing":
        (folder / "r.json").write_text(json.dumps(dict(zip(names, case.stored, strict=True))))
    (folder / "paper.md").write_text(f"We reach {'84.9' if case.id == 'text' else case.printed} on XNLI.\n")
    evidence: list[dict[str, Any]] = [
        {"kind": "metric", "artifact": "r", "name": "m", "reported": case.printed, "pointer": "/m0"}
    ]
    if len(names) > 1:
        members = [{"artifact": "r", "locator": {"kind": "tree", "pointer": f"/{name}"}} for name in names]
        evidence = [
            {"kind": "aggregate", "name": "m", "statistic": "mean", "count": len(names), "reported": case.printed,
             "members": members}
        ]  # fmt: skip
    artifacts = [{"id": "r", "path": "r.json"}]
    if case.id == "text":
        artifacts.append({"id": "p", "path": "paper.md"})
        evidence.append({"kind": "quote", "artifact": "p", "text": f"We reach {case.printed} on XNLI"})
    claims = [] if case.id == "zero" else [{"id": "c", "text": "t", "evidence": evidence}]
    manifest = {"schema_version": "repro/1", "artifacts": artifacts, "claims": claims}
    (folder / "repro.yaml").write_text(json.dumps(manifest))
    return "fails" if run([str(tools / "claims"), "verify", "repro.yaml"], folder).returncode else "passes"


def adduce(folder: Path, case: Case, tools: Path) -> str:
    """adduce, by the rule that reconciles results."""
    if len(case.stored) > 1 or case.id in ("text", "fraction", "zero", "stale"):
        return "-"
    if case.id != "missing":
        (folder / "results.json").write_text(json.dumps({"m": case.stored[0]}))
    (folder / ".adduce").mkdir()
    claim = {"id": "c", "text": "t", "kind": "metric", "metric": "m", "value": float(case.printed)}
    claim |= {"status": "confirmed", "produced_by": {"log": "results.json"}}
    (folder / ".adduce" / "manifest.yaml").write_text(json.dumps({"schema": "adduce/1", "claims": [claim]}))
    command = ["check", ".", "--only", "R-RES-001", "--only", "R-RES-002", "--format", "json"]
    found = json.loads(run([str(tools / "adduce"), *command], folder).stdout)["findings"]
    statuses = {finding.get("rule_id") or finding.get("rule"): finding["status"] for finding in found}
    return "passes" if statuses.get("R-RES-002") == "pass" else "fails"


GX = """
import json, sys, warnings
warnings.filterwarnings("ignore")
import great_expectations as gx
import pandas as pd
case = json.load(open("case.json"))
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("p").add_dataframe_asset("a")
batch = asset.add_batch_definition_whole_dataframe("b")
expect = gx.expectations
wanted = [] if case["id"] == "zero" else [expect.ExpectColumnMeanToBeBetween(
    column="value", min_value=case["low"], max_value=case["high"])]
if case["id"] == "twice":
    wanted = [expect.ExpectColumnValuesToBeUnique(column="cell"), *wanted]
if case["id"] == "rows":
    wanted = [expect.ExpectColumnValuesToBeBetween(column="value", min_value=case["low"], max_value=case["high"])]
suite = context.suites.add(gx.ExpectationSuite(name="s", expectations=wanted))
validation = context.validation_definitions.add(gx.ValidationDefinition(data=batch, suite=suite, name="v"))
result = validation.run(batch_parameters={"dataframe": pd.read_csv("results.csv")})
share = result.results[0].result.get("unexpected_percent") if result.results else None
print("ANSWER", json.dumps([bool(result.success), share]))
"""


def great_expectations(folder: Path, case: Case, tools: Path) -> str:
    """Great Expectations, by the success of a validation; an exception does not pass."""
    if case.id in ("text", "glob", "stale"):
        return "-"
    scale = 100 if case.id == "fraction" else 1
    rows = "".join(f"xnli,{value * scale}\n" for value in case.stored)
    if case.id != "missing":
        (folder / "results.csv").write_text("cell,value\n" + rows)
    (folder / "case.json").write_text(
        json.dumps(
            {"id": case.id, "low": float(case.printed) - case.half, "high": float(case.printed) + case.half}
        )
    )
    done = run([str(tools / "python"), "-c", GX], folder)
    answer = next((line for line in done.stdout.splitlines() if line.startswith("ANSWER")), None)
    return "passes" if answer is not None and json.loads(answer[7:])[0] else "fails"


def pytest_regressions(folder: Path, case: Case, tools: Path) -> str:
    """pytest-regressions, by pytest's exit code."""
    if case.id in ("text", "glob", "stale", "twice"):
        return "-"
    scale = 100 if case.id == "fraction" else 1
    if case.id != "missing":
        (folder / "r.json").write_text(json.dumps([value * scale for value in case.stored]))
    test = f"""
        import json
        def test_score(num_regression):
            values = json.load(open("r.json"))
            num_regression.check({{"m": [sum(values) / len(values)]}},
                                 default_tolerance={{"atol": {case.half}, "rtol": 0}})
    """
    (folder / "test_it.py").write_text("" if case.id == "zero" else textwrap.dedent(test))
    (folder / "test_it").mkdir()
    (folder / "test_it" / "test_score.csv").write_text(f",m\n0,{case.printed}\n")
    done = run([str(tools / "python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder)
    return "fails" if done.returncode else "passes"


TOOLS: dict[str, Callable[[Path, Case, Path], str]] = {
    "verify-claims": ours,
    "claims-cli": claims_cli,
    "adduce": adduce,
    "Great Expectations": great_expectations,
    "pytest-regressions": pytest_regressions,
}
