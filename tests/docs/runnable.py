"""Runs a documentation page: what its fenced blocks write and type happens in a folder outside the checkout.

The convention, which the pages keep without saying so:

* a block with `title="NAME"` is the file NAME, relative to the folder that the session is in; with `append` it goes
  at the end of that file;
* a block `console` is a session: a line `$ COMMAND` is run by bash, the lines after it are what it prints, standard
  output and error together. A line `...` stands for any lines, `[...]` for any text within a line. A command ends
  in 0 unless the next command is `echo $?`;
* a block with `needs="TOOL"` is run where the reader has that tool;
* every other block is an illustration and is not run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FENCE: Final = re.compile(
    r"^(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.MULTILINE | re.DOTALL
)
TITLE: Final = re.compile(r'title="([^"]+)"')
NEEDS: Final = re.compile(r'needs="([^"]+)"')
ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    line: int
    language: str
    title: str | None
    needs: str | None
    append: bool
    body: str


@dataclass
class Session:
    """Where the reader is while following a page."""

    folder: Path
    code: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def run(self, command: str) -> str:
        """What a command prints; the folder that it changes to, and its exit code, are kept."""
        place = self.folder / ".folder"
        script = f'(exit {self.code})\n{command}\nlast=$?; pwd > "{place}"; exit $last\n'
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", script],
            cwd=self.folder, env=environment(self.environment), text=True, timeout=300, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self.commands.append(command)
        self.code = done.returncode
        if place.is_file():
            self.folder = Path(place.read_text().rstrip("\n"))
            place.unlink()
        return done.stdout


def environment(more: dict[str, str]) -> dict[str, str]:
    """The reader's environment: this interpreter's commands first, nothing of the checkout, no network asked."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON", "GIT_", "GITHUB_"))}
    person = {
        f"GIT_{role}_{part}": word
        for role in ("AUTHOR", "COMMITTER")
        for part, word in (("NAME", "reader"), ("EMAIL", "reader@example.org"))
    }
    own = {
        "PATH": f"{Path(sys.executable).absolute().parent}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "120",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return kept | person | own | more


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        title = TITLE.search(match["info"])
        language = (match["info"].split() or [""])[0]
        line = text.count("\n", 0, match.start()) + 1
        needs = NEEDS.search(match["info"])
        found.append(
            Block(
                line,
                language,
                title[1] if title else None,
                needs[1] if needs else None,
                " append" in match["info"],
                match["body"],
            )
        )
    return found


def follow(
    page: Path, folder: Path, more: dict[str, str] | None = None, having: tuple[str, ...] = ()
) -> Session:
    """Follow a page to the letter in an empty folder; raises `AssertionError` at the first line that is not so."""
    session = Session(folder, environment=more or {})
    for block in blocks(page):
        if block.needs is not None and block.needs not in having:
            continue
        if block.title is not None:
            path = session.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") if block.append else ""
            path.write_text(before + block.body, encoding="utf-8")
        elif block.language == "console":
            _type(session, block, page.name)
    return session


def _type(session: Session, block: Block, page: str) -> None:
    steps: list[tuple[int, str, list[str]]] = []
    for offset, line in enumerate(block.body.splitlines(), start=1):
        if line.startswith("$ "):
            steps.append((block.line + offset, line[2:], []))
        elif steps and steps[-1][1].endswith("\\"):
            number, command, _ = steps.pop()
            steps.append((number, f"{command}\n{line}", []))
        else:
            assert steps, f"{page}:{block.line}: a session begins with a command"
            steps[-1][2].append(line)
    for at, (line, command, expected) in enumerate(steps):
        printed = session.run(command)
        where = f"{page}:{line}: $ {command}\n"
        assert matches(expected, printed), f"{where}printed\n{printed}\nbut the page says\n" + "\n".join(
            expected
        )
        checked = at + 1 < len(steps) and steps[at + 1][1] == "echo $?"
        assert checked or session.code == 0, f"{where}ended in {session.code}:\n{printed}"


def matches(expected: list[str], printed: str) -> bool:
    """Whether a page's lines are what a command printed; `...` for any lines, `[...]` within one."""
    pattern = []
    for line in expected:
        if line.strip() == "...":
            pattern.append(r"(?:[^\n]*\n)*?")
        else:
            parts = (re.escape(part.rstrip() if last else part) for part, last in _parts(line))
            pattern.append(r"[^\n]*".join(parts) + r"[ \t]*\n")
    text = printed if printed.endswith("\n") or not printed else printed + "\n"
    return re.fullmatch("".join(pattern), text) is not None


def _parts(line: str) -> list[tuple[str, bool]]:
    parts = line.split("[...]")
    return [(part, index == len(parts) - 1) for index, part in enumerate(parts)]
