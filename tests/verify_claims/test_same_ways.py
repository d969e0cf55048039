"""What all commands do in one way: help with an example, one JSON object that says its schema, errors shown inert."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from verify_claims.main import COMMANDS, main

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "claims" / "catalog" / "xstilts"
REPORT = next((BUNDLED / "reports").glob("*.txt"))
JSON = {
    "check": ["--no-cache"],
    "explain": ["xstilts.v1"],
    "why": ["xstilts.v1"],
    "lint": [],
    "diff": ["arXiv:2005.13013v1", "arXiv:2005.13013v2", "--study", str(BUNDLED)],
    "numbers": [str(ROOT / "README.md")],
    "extract": [str(REPORT)],
    "audit": [str(REPORT)],
    "analyse": [str(BUNDLED)],
    "plan": ["masking", "--seeds", "1"],
    "recipes": [],
}
"""Every command with --json, and what it is asked."""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    told = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, told.out, told.err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_gives_an_example_and_tells_of_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [["bench", part] for part in ("gpu", "cpu", "records")] if name == "bench" else [[name]]
    for command in asked:
        code, out, _ = run(capsys, *command, "--help")
        assert code == 0 and re.search(r"Examples?: `verify-claims ", out), command
        assert ("--json " in out) == (name in JSON), "a command with --json stands in JSON"


@pytest.mark.parametrize("name", JSON)
def test_json_is_one_object_that_says_its_schema(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _, out, err = run(capsys, name, *JSON[name], "--json")
    told = json.loads(out)
    assert isinstance(told, dict), err
    assert re.fullmatch(r"verify-claims/[a-z-]+/1", told["schema"]), told["schema"]


@pytest.mark.parametrize("name", ["check", "plan", "replicate"])
def test_what_a_file_says_reaches_no_terminal_and_no_runner(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`ESC [2J` clears a terminal; a CI runner obeys `##[error]` anywhere in a line."""
    file = tmp_path / ("claims.yaml" if name == "check" else "mine.yaml")
    file.write_text('schema: "a\\e[2J##[error]x"\n"a\\e[2J##[error]x": 1\n')
    code, out, err = run(capsys, name, str(tmp_path if name == "check" else file))
    assert code == 2 and "error: " in err
    assert "\x1b" not in err + out and "##[" not in err


def test_a_stream_that_cannot_show_a_sign_is_no_traceback() -> None:
    line = f"PYTHONIOENCODING=ascii {sys.executable} -m verify_claims.main check --help"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "") and "\\xb7" in done.stdout


@pytest.mark.parametrize("command", [["plan"], ["replicate"], ["run", "0"], ["bench", "cpu"]])
def test_what_the_core_lacks_is_told_with_the_extra_that_brings_it(
    command: list[str], tmp_path: Path
) -> None:
    without = (
        f"import sys; sys.modules['torch'] = None; from verify_claims.main import main; main({command!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", without], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "error: this needs torch, which is not installed; pip install 'verify-claims[replicate]'\n"
    )
