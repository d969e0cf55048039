"""kill -9 at any moment, the same command again: the scores and weights are those of an uninterrupted run."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "tiny.py"
DRIVER = Path(__file__).with_name("driver.py")


def small_study(folder: Path) -> Path:
    """Every phase, few cells."""
    sys.path.insert(0, str(TINY.parent))
    import tiny

    study = tiny.write(folder)
    text = study.read_text().replace("[none, squad, multi]", "[none, multi]")
    text = text.replace("[xnli, udpos, xquad, mlqa, bucc2018, tatoeba]", "[xquad, tatoeba]")
    study.write_text(text.replace("controls: [random-init, constant]", "controls: [constant]"))
    return study


def contents(runs: Path) -> dict[str, str]:
    """Hash of every result: scores and weights, not the records, which say when."""
    return {
        str(path.relative_to(runs)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(runs.glob("*/*"))
        if path.name != "record.json" and not path.relative_to(runs).parts[0].startswith(".")
    }


def run_again(study: Path, runs: Path, environment: dict[str, str]) -> int:
    """A run that finds everything done, and tidies what the last kill left."""
    command = [
        sys.executable,
        "-m",
        "verify_claims.main",
        "replicate",
        str(study),
        "--runs",
        str(runs),
        "--quiet",
    ]
    return subprocess.run(
        [*command, "--executor", "inline"], capture_output=True, env=environment, check=False
    ).returncode


@pytest.mark.slow
def test_killed_runs_end_with_the_same_bits(tmp_path):
    study = small_study(tmp_path)
    reference, killed, log = tmp_path / "reference", tmp_path / "killed", tmp_path / "kills.jsonl"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(study), str(reference), str(killed), str(log)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    kills = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(kills) == int(done.stdout.split()[-1]) >= 20
    events = {event for event, _ in kills}
    assert {"open", "os.rename"} <= events, "no kill fell between a write and its rename"
    assert contents(reference) == contents(killed)
    kinds = {json.loads(path.read_text())["kind"] for path in killed.glob("*/record.json")}
    assert kinds == {"tokenizer", "pretrain", "intermediate", "target", "evaluate", "constant", "average"}
    hit = {name.split("/")[1] for _, name in kills if name.startswith(".work/")}
    struck = {json.loads((killed / key / "record.json").read_text())["kind"] for key in hit}
    assert {"pretrain", "intermediate", "target", "evaluate"} <= struck
    assert run_again(study, killed, environment) == 0
    assert not list((killed / ".work").iterdir()) and not list((killed / ".claims").iterdir())
