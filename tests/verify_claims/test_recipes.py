"""`verify-claims recipes`."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from replicate.recipes.load import names
from verify_claims.recipes import app


def test_the_command_lists_them_side_by_side() -> None:
    shown = CliRunner().invoke(app, ["paper-v1", "jiant"])
    assert shown.exit_code == 0
    (line,) = [line for line in shown.output.splitlines() if line.startswith("target.tasks.xnli.lr")]
    assert line.split() == ["target.tasks.xnli.lr", "3e-06", "1e-05"]
    data = json.loads(CliRunner().invoke(app, ["--json"]).output)
    assert {one["name"] for one in data["recipes"]} == set(names())
    cap = next(row for row in data["numbers"] if row["place"] == "intermediate.mixture.cap")
    assert cap["values"]["paper-v1"] == 131072 and "K = 2^17" in cap["sources"]["paper-v1"]
    wrong = CliRunner().invoke(app, ["papr-v1"])
    assert wrong.exit_code == 2
    assert "did you mean 'paper-v1'" in wrong.stderr
