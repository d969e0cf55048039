"""Each folder's `__init__.py` names every room in it; the files of single tasks are listed by their registry."""

import ast
import re
from pathlib import Path

import pytest

from .runnable import ROOT

FLOORS = ("verify_claims", "reports", "claims", "replicate", "analysis")
FOLDERS = sorted({path.parent for floor in FLOORS for path in (ROOT / floor).rglob("*.py")})


def rooms(folder: Path) -> set[str]:
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return files | {path.name for path in folder.iterdir() if path in FOLDERS}


def plan(folder: Path) -> str:
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    return ast.get_docstring(tree) or ""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_room_is_in_the_plan_of_its_folder(folder: Path) -> None:
    named = set(re.findall(r"\w+", plan(folder)))
    if folder.name == "tasks":
        named |= set(re.findall(r"(\w+)\.TASK,", (folder / "__init__.py").read_text(encoding="utf-8")))
    assert rooms(folder) - named == set()


def test_every_benchmark_is_in_the_table() -> None:
    table = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "benchmarks").iterdir() if path.suffix in (".py", ".R")}
    assert files == set(re.findall(r"`([\w]+\.(?:py|R))`", table))
