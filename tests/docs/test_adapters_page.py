"""docs/adapters.md: its table is what is installed, its entries are read, its session runs, its plug-in works."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from claims.adapters import adapter_names
from claims.adapters.path_template import parse_template
from claims.model import Collected

from .runnable import ROOT, blocks, environment, follow

PAGE = ROOT / "docs" / "adapters.md"
TITLED = {block.title: block.body for block in blocks(PAGE) if block.title}
CLAIMS = """\
schema: verify-claims/1
study: plugged
title: A plug-in
collect: [{path: scores.txt, as: my-lab, set: {source: lab}}]
claims:
  - id: xnli
    text: XNLI is at 79.1.
    scope: {source: lab}
    assert: [{name: value, kind: value, of: {target: xnli}, equals: "79.1"}]
"""


def test_the_page_is_true(tmp_path: Path) -> None:
    assert follow(PAGE, tmp_path).commands == ["verify-claims check", "echo $?"]


def test_every_installed_adapter_has_a_row_and_no_other() -> None:
    named = re.findall(r"^\| `([\w-]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(adapter_names())


def test_every_entry_is_read() -> None:
    entries = [
        yaml.safe_load(block.body) for block in blocks(PAGE) if block.language == "yaml" and not block.title
    ]
    found = [
        Collected.model_validate(one) for e in entries for one in (e["collect"] if isinstance(e, dict) else e)
    ]
    assert {entry.reader for entry in found} == {*adapter_names()} - {"table"}
    for entry in found:
        assert parse_template(entry.path).glob


@pytest.fixture
def plugged(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """The page's package, installed as a wheel would be: its module and its metadata on the path."""
    site = tmp_path / "site"
    project = tomllib.loads(TITLED["pyproject.toml"])["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (site / "my_lab.py").write_text(TITLED["my_lab.py"])
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = "\n".join(
        f"[{group}]\n" + "\n".join(f"{name} = {place}" for name, place in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (metadata / "entry_points.txt").write_text(points + "\n")
    study = tmp_path / "study"
    study.mkdir()
    (study / "claims.yaml").write_text(CLAIMS)
    return study, {"PYTHONPATH": str(site)}


@pytest.mark.parametrize(
    ("scores", "code", "words"),
    [
        ("xnli = 79.1\n", 0, "1 claim: 1 supported"),
        ("xnli = 80.2\n", 1, "80.2; claimed is 79.1"),
        ("xnli = 79.1\nqa\n", 2, "error: scores.txt:2: no score in 'qa'; write task = score"),
        ("", 2, "found no score"),
    ],
)
def test_an_adapter_of_another_package(
    plugged: tuple[Path, dict[str, str]], scores: str, code: int, words: str
) -> None:
    study, more = plugged
    (study / "scores.txt").write_text(scores)
    command = ["verify-claims", "check", "."]
    done = subprocess.run(
        ["bash", "-c", " ".join(command)],
        cwd=study,
        env=environment(more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert words in done.stdout + done.stderr


def test_a_crash_of_another_packages_adapter_is_no_pass(plugged: tuple[Path, dict[str, str]]) -> None:
    study, more = plugged
    (study / "scores.txt").write_bytes(b"\xff")
    done = subprocess.run(
        ["bash", "-c", "verify-claims check ."], cwd=study, env=environment(more), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "the adapter 'my-lab' failed: UnicodeDecodeError" in done.stderr
    assert "Traceback" not in done.stderr
