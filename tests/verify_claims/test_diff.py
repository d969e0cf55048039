"""`diff` between JSON results, git revisions and source versions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLAIMS = """\
schema: verify-claims/1
study: paper
title: A paper
claims:
  - id: paper.gain
    text: SQuAD gains 1.3 points.
    scope: {{source: mine}}
    assert:
      - {{name: gain, kind: gain, of: {{intermediate: squad}}, over: {{intermediate: none}}, equals: "1.3"}}
{more}"""
TABLE = (
    "source,target,metric,intermediate,value,status\n"
    "mine,xnli,acc,none,80.1,measured\nmine,xnli,acc,squad,{},measured\n"
)


def study(folder: Path, squad: str = "81.4", more: str = "") -> Path:
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    (folder / "claims.yaml").write_text(CLAIMS.format(more=more))
    (folder / "evidence" / "r.csv").write_text(TABLE.format(squad))
    return folder


def run(*arguments: str, cwd: Path) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "verify_claims.main", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def old(tmp_path: Path) -> Path:
    study(tmp_path / "paper")
    (tmp_path / "old.json").write_text(run("check", "paper", "--json", cwd=tmp_path)[1])
    return tmp_path


def test_nothing_changed(old: Path) -> None:
    code, text, _ = run("diff", "old.json", "paper", cwd=old)
    assert (code, text) == (0, "0 changed, 1 unchanged\n")


def test_a_regression_names_the_cell_and_fails(old: Path) -> None:
    study(old / "paper", squad="82.0")
    code, text, _ = run("diff", "old.json", "paper", "--json", cwd=old)
    found = json.loads(text)
    assert code == 1
    assert found["regressed"] is True
    (change,) = found["changes"]
    assert (change["kind"], change["id"]) == ("regressed", "paper.gain/gain")
    assert any("81.4 -> 82.0" in reason for reason in change["why"])
    assert found["inputs"] == ["evidence/r.csv"]


def test_improved_and_new_do_not_fail(old: Path) -> None:
    study(old / "paper", squad="82.0")
    (old / "bad.json").write_text(run("check", "paper", "--json", cwd=old)[1])
    study(old / "paper", more='      - {name: base, kind: value, of: {intermediate: none}, equals: "80.1"}\n')
    code, text, _ = run("diff", "bad.json", "paper", "--json", cwd=old)
    assert code == 0
    assert [change["kind"] for change in json.loads(text)["changes"]] == ["new", "improved"]


def test_a_vanished_assertion_counts_as_worse(old: Path) -> None:
    study(old / "paper", more='      - {name: base, kind: value, of: {intermediate: none}, equals: "80.1"}\n')
    (old / "two.json").write_text(run("check", "paper", "--json", cwd=old)[1])
    code, text, _ = run("diff", "two.json", "old.json", cwd=old)
    assert code == 1
    assert text.startswith("gone      paper.gain/base")


def test_git_revision_against_the_working_tree(old: Path) -> None:
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=old / "paper", check=True)
    study(old / "paper", squad="82.0")
    code, text, _ = run("diff", "HEAD", ".", cwd=old / "paper")
    assert code == 1
    assert text.startswith("regressed paper.gain/gain")
    assert TABLE.format("82.0") == (old / "paper" / "evidence" / "r.csv").read_text()


def test_two_versions_of_a_source_show_the_cells_that_differ(tmp_path: Path) -> None:
    code, text, _ = run("diff", "arXiv:2005.13013v1", "arXiv:2005.13013v2", "--json", cwd=tmp_path)
    cells = {cell["cell"]: (cell["old"], cell["new"]) for cell in json.loads(text)["cells"]}
    assert code == 0
    assert all(before != after for before, after in cells.values())
    assert any(before and after for before, after in cells.values())


@pytest.mark.parametrize("name", ["nonsense", "--output=x", "broken.json"])
def test_what_names_nothing_is_one_clear_error(old: Path, name: str) -> None:
    (old / "broken.json").write_text("{")
    code, text, errors = run("diff", "--", name, "paper", cwd=old)
    assert code == 2
    assert text == ""
    assert "Traceback" not in errors
