"""What a user of the checkout gets: its files as a repository of their own, and the steps of its action."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from .runnable import ROOT, environment

EXPRESSION: Final = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


def repository(folder: Path) -> Path:
    """The checkout's files, tracked or new, as a git repository with the tag v0.1.0."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.decode().split("\0")):
        if not name.startswith(("tests/", "docs/", "benchmarks/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "release"], ["tag", "v0.1.0"]):
        subprocess.run(["git", *command], cwd=folder, check=True, env=environment({}))
    return folder


@dataclass(frozen=True)
class Job:
    """What a run of the action left."""

    code: int
    log: str
    summary: str
    outputs: dict[str, str]


class Runner:
    """Runs the steps of action.yml as GitHub's runner does: a script file per step, inputs as the action maps them.

    From the documentation of workflow syntax: `shell: bash` is `bash --noprofile --norc -eo pipefail {0}`.
    """

    def __init__(self, temporary: Path, action: Path = ROOT) -> None:
        self.temporary, self.action = temporary, action
        self.definition: dict[str, Any] = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        self.steps: list[dict[str, Any]] = self.definition["runs"]["steps"]

    def installed(self) -> None:
        """Stand in for the first step: the environment that it would make is the one of this interpreter."""
        place = self.temporary / "verify-claims" / "bin"
        place.mkdir(parents=True, exist_ok=True)
        script = Path(sys.executable).absolute().with_name("verify-claims")
        (place / "verify-claims").write_text(f'#!/bin/sh\nexec "{script}" "$@"\n')
        (place / "verify-claims").chmod(0o755)

    def run(self, workspace: Path, first: int = 0, more: dict[str, str] | None = None, **inputs: str) -> Job:
        """Run the steps from number `first` on, until one fails."""
        defaults = {name: entry.get("default", "") for name, entry in self.definition["inputs"].items()}
        given = {f"inputs.{name}": word for name, word in {**defaults, **inputs}.items()}
        files = {
            name: self.temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV")
        }
        for path in files.values():
            path.write_text("")
        log, code = "", 0
        for number, step in enumerate(self.steps[first:]):
            script = self.temporary / f"step-{number}.sh"
            script.write_text(EXPRESSION.sub(lambda m: given.get(m[1], ""), step["run"]))
            own = {
                name: EXPRESSION.sub(lambda m: given[m[1]], word)
                for name, word in step.get("env", {}).items()
            }
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=workspace, text=True, check=False, timeout=600,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env=environment({
                    **own, **{name: str(path) for name, path in files.items()}, "GITHUB_ACTIONS": "true",
                    "RUNNER_TEMP": str(self.temporary), "GITHUB_ACTION_PATH": str(self.action),
                    "GITHUB_WORKSPACE": str(workspace), **(more or {}),
                }),
            )  # fmt: skip
            log, code = log + done.stdout, done.returncode
            if code:
                break
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        return Job(code, log, files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"), outputs)


def has_index() -> bool:
    """Whether pip can reach an index of packages."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        os.devnull,
        "cfgv==3.5.0",
    ]
    command[command.index(os.devnull)] = str(Path(os.environ.get("TMPDIR", "/tmp")) / "verify-claims-index")
    return subprocess.run(command, capture_output=True, check=False, timeout=120).returncode == 0
