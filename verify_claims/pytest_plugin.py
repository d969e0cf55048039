"""A pytest plugin: `pytest --claims paper/claims.yaml` adds one test item per assertion.

The engine runs in a process of its own and answers in JSON. Our floors have plain names (`claims`, `reports`,
`analysis`), and so may the packages under test: two packages of one name must never meet in one interpreter. The
isolated mode of Python (`-I`) keeps the tested project's folder and PYTHONPATH out of that process, so nothing of
it is imported or executed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PASSES = "supported"
TIMEOUT_SECONDS = 600


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--claims` and `--claims-fail-on`."""
    group = parser.getgroup("verify-claims", "claimed numbers")
    group.addoption(
        "--claims", action="append", default=[], metavar="FILE",
        help="check the claims of this claims.yaml; one test item per assertion; may be given several times",
    )  # fmt: skip
    group.addoption(
        "--claims-fail-on", default=None, choices=("never", "contradicted", "inconclusive", "unverifiable"),
        help="verdicts that fail, each with the ones before it (default: contradicted, or the study's baseline)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Have the claims files collected although they are no test files."""
    for name in config.getoption("--claims"):
        path = Path(name).resolve()
        if not path.is_file():
            raise pytest.UsageError(f"--claims {name}: there is no such file")
        if str(path) not in config.args:
            config.args.append(str(path))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClaimsModule | None:
    """A collector for a file that `--claims` names."""
    wanted = {Path(name).resolve() for name in parent.config.getoption("--claims")}
    return ClaimsModule.from_parent(parent, path=file_path) if file_path.resolve() in wanted else None


class CheckFailed(Exception):
    """The check itself could not run; its words say why."""


class ClaimsModule(pytest.File):
    """The claims of one study."""

    def collect(self) -> Iterator[ClaimItem | GrantItem]:
        """One item per assertion, in file order, and one for each acceptance or tolerance that fails."""
        outcome = self._checked()
        failing = set(outcome["failing"])
        count = 0
        for claim in outcome["claims"]:
            for finding in claim["findings"]:
                count += 1
                yield ClaimItem.from_parent(
                    self, name=finding["id"], finding=finding, fails=finding["id"] in failing
                )
        if outcome["judgement"]["fail_on"] != "never":
            for complaint in outcome["judgement"]["complaints"]:
                name = f"{complaint['kind']} grant: {complaint['id']}"
                yield GrantItem.from_parent(self, name=name, complaint=complaint)
        if not count:
            raise CheckFailed(f"{self.path}: there is nothing to check")

    def _checked(self) -> dict[str, Any]:
        command = [sys.executable, "-I", "-m", "verify_claims.main", "check", str(self.path), "--json"]
        level = self.config.getoption("--claims-fail-on")
        command += ["--fail-on", level] if level else []
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
        if done.returncode not in (0, 1, 3) or not done.stdout.strip():
            raise CheckFailed(done.stderr.strip() or f"the check ended with exit code {done.returncode}")
        outcome: dict[str, Any] = json.loads(done.stdout)
        return outcome

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """The words of the check, without a traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, CheckFailed) else super().repr_failure(excinfo)


def visible(text: str) -> str:
    """`text` without escape sequences; our own function for it may not be imported here, see above."""
    return "".join(char if char.isprintable() else f"[U+{ord(char):04X}]" for char in text)


class ClaimFails(Exception):
    """A finding that fails the policy."""


class ClaimItem(pytest.Item):
    """One assertion of one claim."""

    def __init__(self, *, finding: dict[str, Any], fails: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.finding = finding
        self.fails = fails

    def runtest(self) -> None:
        """Pass if supported, fail if the policy says so, and skip with the reason if nothing was decided."""
        verdict, reason = self.finding["verdict"], self.finding["reason"]
        said = visible(f"{verdict} ({reason}): {self.finding['detail']}")
        if self.fails or verdict == "error":
            raise ClaimFails(said)
        if verdict == "contradicted":
            pytest.xfail(f"accepted: {said}")
        if verdict != PASSES:
            pytest.skip(said)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The finding, without a traceback."""
        if not isinstance(excinfo.value, ClaimFails):
            return super().repr_failure(excinfo, style)
        place = self.finding["location"]
        lines = [f"{place['file']}:{place['line']}:{place['column']}: {excinfo.value}"]
        if self.finding.get("sensitivity"):
            lines.append(self.finding["sensitivity"])
        lines += [f"to settle it: {need}" for need in self.finding.get("needs", [])]
        return "\n".join(map(visible, lines))

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line from 0, and name for the report."""
        return self.path, self.finding["location"]["line"] - 1, self.finding["id"]


class GrantItem(pytest.Item):
    """An acceptance or a tolerance that no longer fits what is found."""

    def __init__(self, *, complaint: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.complaint = complaint

    def runtest(self) -> None:
        """Fail: whoever granted it has to decide anew."""
        raise ClaimFails(self.complaint["text"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The complaint, without a traceback."""
        if not isinstance(excinfo.value, ClaimFails):
            return super().repr_failure(excinfo, style)
        place = self.complaint["location"]
        return visible(
            f"{place['file']}:{place['line']}:{place['column']}: {self.complaint['id']}: {excinfo.value}"
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line from 0, and name for the report."""
        return self.path, self.complaint["location"]["line"] - 1, self.name
