"""The README, followed to the letter; its figures come from the commands that stand beside them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .runnable import ROOT, follow

PAGE = ROOT / "README.md"


def test_every_command_prints_what_the_readme_says(tmp_path: Path) -> None:
    session = follow(PAGE, tmp_path)
    assert any(command.startswith("verify-claims check") for command in session.commands)
    assert (tmp_path / "my-paper" / "claims.yaml").is_file()


def test_the_pages_that_it_names_exist() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", PAGE.read_text(encoding="utf-8"))
    assert len(targets) >= 8
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_command_of_its_table_exists() -> None:
    from verify_claims.main import COMMANDS

    rows = re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)} - {"supported", "contradicted"}
    assert {"check", "analyse", "replicate"} <= named
    assert named - {"inconclusive", "unverifiable", "error"} <= set(COMMANDS)


def test_its_share_of_accused_honest_tables_is_what_the_benchmark_prints() -> None:
    path = ROOT / "benchmarks" / "check_rounding.py"
    done = subprocess.run(
        [sys.executable, path], capture_output=True, text=True, timeout=300, check=True, cwd=ROOT
    )
    numbers = {float(text) for text in re.findall(r"(\d+\.\d) ?%", done.stdout)}
    claimed = {float(text) for text in re.findall(r"(\d+\.\d) (?:to|%)", PAGE.read_text(encoding="utf-8"))}
    assert claimed
    assert claimed <= numbers


@pytest.mark.parametrize(
    "word", ["supported", "contradicted", "inconclusive", "out_of_scope", "unverifiable", "error"]
)
def test_its_vocabulary_is_the_engines(word: str) -> None:
    from claims.finding import Verdict

    assert f"| `{word}` |" in PAGE.read_text(encoding="utf-8")
    assert word in {str(verdict) for verdict in Verdict}


def test_its_counts_are_those_of_the_outcome(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "verify_claims.main", "check", "--json"]
    outcome = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path).stdout
    )
    summary = outcome["summary"]
    text = f"{summary['claims']} claims from {summary['mentions']} mentions in {summary['reports']} reports"
    assert text in PAGE.read_text(encoding="utf-8")
