"""docs/comparison.md: our own answers are made anew; those of the peers where their environment is given."""

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from .runnable import ROOT

PAGE = ROOT / "docs" / "comparison.md"
PEERS = os.environ.get("VERIFY_CLAIMS_PEERS")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("peers_ci", ROOT / "benchmarks" / "peers_ci.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["peers_ci"] = module
    found.loader.exec_module(module)
    return module


def rows() -> dict[str, list[str]]:
    """Case -> cells of its row on the page."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 7:
            found[cells[0]] = cells[1:]
    return found


def test_our_own_answers_are_right_and_what_the_page_says(script: ModuleType, tmp_path: Path) -> None:
    page = rows()
    for case in script.CASES:
        answer = script.answered(case, script.TOOLS["verify-claims"], tmp_path)
        assert answer.right, case.what
        assert page[case.what][:2] == ["yes" if case.honest else "no", str(answer)]


def test_every_case_is_on_the_page_and_no_other(script: ModuleType) -> None:
    assert set(rows()) - {"case", "---", "**right, of what can be asked**"} == {
        case.what for case in script.CASES
    }


def test_honest_differences_are_accused_by_midpoints_and_not_by_intervals() -> None:
    shares = re.findall(r"^\| ([\w -]+) \| ([\d.]+) % \| ([\d.]+) % \|$", PAGE.read_text(), re.MULTILINE)
    found = {name.strip(): float(differences) for name, differences, _ in shares}
    assert found.pop("verify-claims") == 0.0
    assert found
    # a quarter is what the widths say; 400 tables leave a standard error of 2.2 points
    assert all(abs(share - 25) < 3 * 2.2 for share in found.values())


@pytest.mark.slow
@pytest.mark.skipif(PEERS is None, reason="VERIFY_CLAIMS_PEERS names no environment with the peers installed")
def test_the_peers_answer_as_the_page_says(script: ModuleType) -> None:
    text, wrong = script.page(Path(str(PEERS)))
    assert wrong == 0
    made = [line for line in text.splitlines() if line.startswith("|")]
    assert made == [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
