"""Honest tables of the comparison: how many of their numbers each tool accuses when it is given the printed cells."""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

from peers_tools import GX, run


def accused(count: int, tools: Path) -> dict[str, tuple[str, str]]:
    """Tool -> shares of honest differences and of honest means that it accuses, given printed cells."""
    drawn = random.Random(20260101)
    tables = [[drawn.uniform(0, 100) for _ in range(3)] for _ in range(count)]
    cells = [[_printed(value) for value in table] for table in tables]
    gains = [_printed(table[0] - table[1]) for table in tables]
    means = [_printed(sum(table) / 3) for table in tables]
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        found["verify-claims"] = _ours_many(Path(scratch), cells, gains, means)
    differences = [float(a) - float(b) - float(g) for (a, b, _), g in zip(cells, gains, strict=True)]
    averages = [sum(map(float, row)) / 3 - float(m) for row, m in zip(cells, means, strict=True)]
    with tempfile.TemporaryDirectory() as scratch:
        found["claims-cli"] = ("-", _claims_many(Path(scratch), cells, means, tools))
    found["adduce"] = ("-", "-")
    shares = []
    for name, values in (("d", differences), ("m", averages)):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / name
            folder.mkdir()
            rows = "".join(f"{value!r}\n" for value in values)
            (folder / "results.csv").write_text("value\n" + rows)
            (folder / "case.json").write_text(
                json.dumps({"id": "rows", "low": -0.05 - 1e-9, "high": 0.05 + 1e-9})
            )
            done = run([str(tools / "python"), "-c", GX], folder)
            answer = next(line for line in done.stdout.splitlines() if line.startswith("ANSWER"))
            shares.append(f"{json.loads(answer[7:])[1]:.1f} %")
    found["Great Expectations"] = (shares[0], shares[1])
    found["pytest-regressions"] = (_regressions_many(differences, tools), _regressions_many(averages, tools))
    return found


def _printed(value: float) -> str:
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def _share(wrong: int, count: int) -> str:
    return f"{100 * wrong / count:.1f} %"


def _ours_many(folder: Path, cells: list[list[str]], gains: list[str], means: list[str]) -> tuple[str, str]:
    head = "source,target,metric,intermediate,variant,status,value,printed\n"
    rows, claims = [], []
    for at, (table, gain, mean) in enumerate(zip(cells, gains, means, strict=True)):
        rows += [f"p,t,acc,{'abc'[i]},v{at},seen,{cell},{cell}\n" for i, cell in enumerate(table)]
        claims.append(
            f"  - id: c{at}\n    text: t\n    scope: {{source: p}}\n    assert:\n"
            f"      - {{name: gain, kind: gain, of: {{variant: v{at}, intermediate: a}}, "
            f'over: {{intermediate: b}}, equals: "{gain}"}}\n'
            f"      - {{name: mean, kind: value, of: {{variant: v{at}, intermediate: [a, b, c]}}, "
            f'mean: intermediate, equals: "{mean}"}}\n'
        )
    (folder / "r.csv").write_text(head + "".join(rows))
    (folder / "claims.yaml").write_text(
        "schema: verify-claims/1\nstudy: t\ntitle: t\nevidence: [r.csv]\nclaims:\n" + "".join(claims)
    )
    done = run([sys.executable, "-m", "verify_claims.main", "check", ".", "--json", "--no-cache"], folder)
    found = [finding for claim in json.loads(done.stdout)["claims"] for finding in claim["findings"]]
    assert len(found) == 2 * len(cells)
    assert {finding["verdict"] for finding in found} <= {"supported", "contradicted"}, done.stdout[:2000]
    wrong = [finding["id"].rpartition("/")[2] for finding in found if finding["verdict"] == "contradicted"]
    return _share(wrong.count("gain"), len(cells)), _share(wrong.count("mean"), len(cells))


def _claims_many(folder: Path, cells: list[list[str]], means: list[str], tools: Path) -> str:
    stored = {f"m{at}x{i}": float(cell) for at, row in enumerate(cells) for i, cell in enumerate(row)}
    (folder / "r.json").write_text(json.dumps(stored))
    claims = []
    for at, mean in enumerate(means):
        members = [{"artifact": "r", "locator": {"kind": "tree", "pointer": f"/m{at}x{i}"}} for i in range(3)]
        entry = {"kind": "aggregate", "name": "m", "statistic": "mean", "count": 3, "reported": mean}
        claims.append({"id": f"c{at}", "text": "t", "evidence": [entry | {"members": members}]})
    manifest = {"schema_version": "repro/1", "artifacts": [{"id": "r", "path": "r.json"}], "claims": claims}
    (folder / "repro.yaml").write_text(json.dumps(manifest))
    done = run([str(tools / "claims"), "verify", "--format", "json", "repro.yaml"], folder)
    decided = [claim["decisions"][0] for claim in json.loads(done.stdout)["report"]["claims"]]
    return _share(sum(one["comparison"] == "mismatch" for one in decided), len(cells))


def _regressions_many(off: list[float], tools: Path) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "off.json").write_text(json.dumps(off))
        (folder / "test_it.py").write_text(
            "import json, pytest\nOFF = json.load(open('off.json'))\n"
            "@pytest.mark.parametrize('at', range(len(OFF)))\n"
            "def test_it(num_regression, at):\n"
            "    num_regression.check({'m': [OFF[at]]}, basename='zero',"
            " default_tolerance={'atol': 0.05 + 1e-9, 'rtol': 0})\n"
        )
        (folder / "test_it").mkdir()
        (folder / "test_it" / "zero.csv").write_text(",m\n0,0.0\n")
        done = run([str(tools / "python"), "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider"], folder)
        words = done.stdout.split()
        failed = int(words[words.index("failed,") - 1]) if "failed," in words else 0
        passed = int(words[words.index("passed") - 1])
    assert failed + passed == len(off) and math.isfinite(failed)
    return _share(failed, len(off))
