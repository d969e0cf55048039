"""A scratch repository set up by the page goes red on a changed number and green after the fix, wherever it runs."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .runnable import ROOT, environment, follow
from .shipped import Runner, has_index, repository

Check = Callable[[Path], tuple[int, str]]
OWNER = "https://github.com/OWNER/verify-claims"


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return follow(ROOT / "docs" / "ci.md", tmp_path_factory.mktemp("followed")).folder


@pytest.fixture
def scratch(followed: Path, tmp_path: Path) -> Path:
    shutil.copytree(followed, tmp_path / "paper", symlinks=True)
    return tmp_path / "paper"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not has_index():
        pytest.skip(
            "pip reaches no index of packages, so neither pre-commit nor the action can install anything"
        )
    return repository(tmp_path_factory.mktemp("released"))


def typed(command: list[str], folder: Path, more: dict[str, str] | None = None) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(more or {}),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def tool(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).absolute().with_name(arguments[0])), *arguments[1:]]


def red_then_green(folder: Path, check: Check, red_words: str) -> None:
    """Green, red on a changed number in the paper, green after the fix; the same for a changed result."""
    code, text = check(folder)
    assert code == 0, text
    paper = folder / "paper.tex"
    before = paper.read_bytes()
    paper.write_bytes(before.replace(b"a gain of 2.5", b"a gain of 2.9"))
    code, text = check(folder)
    assert code == 1, text
    assert red_words in text
    assert "Traceback" not in text
    code, text = typed(tool("verify-claims", "fix", "."), folder)
    assert code == 0, text
    assert paper.read_bytes() == before
    code, text = check(folder)
    assert code == 0, text
    result = folder / "runs" / "none" / "seed-2" / "all_results.json"
    result.write_text(result.read_text().replace("0.7901", "0.7701"))
    assert check(folder)[0] == 1
    assert typed(tool("verify-claims", "fix", "."), folder)[0] == 0
    code, text = check(folder)
    assert code == 0, text


def test_command_line(scratch: Path) -> None:
    words = "paper.tex:19:45: prints 2.9, not 2.5"
    red_then_green(
        scratch,
        lambda folder: typed(tool("verify-claims", "check", "."), folder),
        words.replace(": prints", " prints"),
    )


def test_pytest(scratch: Path) -> None:
    command = tool("pytest", "-q", "-p", "no:cacheprovider", "--claims", "claims.yaml")
    red_then_green(scratch, lambda folder: typed(command, folder), "paper.tex:19:45")


def test_pytest_on_several_processes(scratch: Path) -> None:
    command = tool("pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--claims", "claims.yaml")
    assert typed(command, scratch)[0] == 0
    paper = scratch / "paper.tex"
    paper.write_text(paper.read_text().replace("a gain of 2.5", "a gain of 2.9"))
    code, text = typed(command, scratch)
    assert code == 1
    assert "1 failed, 8 passed" in text


def test_action(scratch: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.installed()

    def check(folder: Path) -> tuple[int, str]:
        job = runner.run(folder, first=1, sarif="claims.sarif", junit="claims.xml")
        assert job.outputs == {"exit-code": str(job.code)}
        assert (folder / "claims.sarif").stat().st_size > 0
        assert "## Claims of my-paper" in job.summary
        return job.code, job.log

    red_then_green(scratch, check, "::error file=paper.tex,line=19,col=45,title=xnli.gain%3A contradicted::")


def test_gitlab_script(scratch: Path) -> None:
    import yaml

    _, job = yaml.safe_load_all((ROOT / "templates" / "verify-claims.yml").read_text(encoding="utf-8"))
    lines = job["verify-claims"]["script"]
    values = {"inputs.study": ".", "inputs.fail-on": "contradicted", "inputs.package": "verify-claims"}
    variables = {
        name: values[word.removeprefix("$[[ ").removesuffix(" ]]")]
        for name, word in job["verify-claims"]["variables"].items()
    }
    script = "\n".join(["set -eo pipefail", *lines])
    red_then_green(
        scratch, lambda folder: typed(["bash", "-c", script], folder, variables), "paper.tex:19:45 prints 2.9"
    )
    assert (scratch / "verify-claims.xml").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.network
def test_pre_commit(followed: Path, released: Path, tmp_path: Path) -> None:
    index = {
        "PIP_NO_INDEX": "0",
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.{released.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": OWNER,
        "GIT_CONFIG_KEY_1": "protocol.file.allow",
        "GIT_CONFIG_VALUE_1": "always",
        "PIP_CONSTRAINT": str(ROOT / "constraints.txt"),
    }
    (tmp_path / "reader").mkdir()
    folder = follow(ROOT / "docs" / "ci.md", tmp_path / "reader", index, having=("pre-commit",)).folder

    def check(place: Path) -> tuple[int, str]:
        typed(["git", "add", "-A"], place)
        return typed(tool("pre-commit", "run", "--all-files"), place, index)

    red_then_green(folder, check, "paper.tex:19:45 prints 2.9")
    code, text = typed(
        tool("pre-commit", "try-repo", str(released), "verify-claims", "--all-files"), folder, index
    )
    assert code == 0, text
    (folder / "claims.yaml").unlink()
    code, text = check(folder)
    assert code == 1, text
    assert "has no claims.yaml" in text


@pytest.mark.slow
@pytest.mark.network
def test_action_with_its_own_installation(scratch: Path, released: Path, tmp_path: Path) -> None:
    runner = Runner(tmp_path, released)
    job = runner.run(scratch, more={"PIP_NO_INDEX": "0"}, python=sys.executable)
    assert (job.code, job.outputs) == (0, {"exit-code": "0"}), job.log
    red_then_green(
        scratch,
        lambda folder: (lambda job: (job.code, job.log))(runner.run(folder, first=1)),
        "::error file=paper.tex",
    )
