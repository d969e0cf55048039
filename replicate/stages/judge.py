"""Programs that a model wrote, run in the sandbox, as scores; a program is judged once per folder of runs.

Models of several seeds write many equal programs. Whether one passes is a fact of its source, the limits, the
interpreter and the sandbox, so it is kept in `runs/.judged` by the hash of these; what was stopped by a limit of time
or memory may be a matter of load and is not kept. A file there has the hash of its content in its name: one that was
cut or edited is not believed, and its programs are run again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from replicate.metrics.programs import pass_rates
from replicate.progress import Reporter
from replicate.sandbox.limits import USUAL, Limits
from replicate.sandbox.protection import needed
from replicate.sandbox.run import run_all
from replicate.stages.evaluate import table
from replicate.stages.generate import FILE, problems
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage
from replicate.tasks import TASKS

SANDBOX: Final = Path(__file__).parents[1] / "sandbox"


def judge(stage: Stage, setting: Setting, parents: Parents, folder: Path, reporter: Reporter) -> Outcome:
    """pass@k in every language; the completions stay in the record of the stage that wrote them.

    Raises
    ------
    InputError
        Where programs cannot be contained on this machine; nothing was run.
    """
    told, task = stage.settings, TASKS[stage.settings["task"]]
    key = stage.parents["completions"]
    parents.ledger.verify(key, FILE)
    samples: dict[str, list[list[str]]] = {}
    with (parents.ledger.folder(key) / FILE).open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            samples.setdefault(line["language"], []).append(line["samples"])
    bench = Bench(setting.runs / ".judged", Limits(**told["limits"]))
    scores, counts = {}, {}
    for language in told["languages"]:
        functions = problems(stage, setting, language)
        scores[language] = pass_rates(samples[language], functions, judged=bench.judged)
        counts[language] = len(functions)
        bench.keep()
    facts = {"n": counts, "programs": bench.asked, "run": bench.ran, "how": bench.how}
    return Outcome({}, facts, table(stage, task, scores, counts))


@dataclass
class Bench:
    """Judges programs and keeps what it found."""

    folder: Path
    limits: Limits = USUAL
    known: dict[str, bool] = field(default_factory=dict)
    new: dict[str, bool] = field(default_factory=dict)
    asked: int = 0
    """Different programs that were asked for."""
    ran: int = 0
    """Programs that were run for it."""
    how: dict[str, int] = field(default_factory=dict)
    """How those that were run ended -> number."""

    def __post_init__(self) -> None:
        for path in sorted(self.folder.glob("*.json")):
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
            if path.stem == _digest(text):
                self.known |= json.loads(text)

    def judged(self, sources: Sequence[str]) -> list[bool]:
        """Whether each program passes."""
        names = [self._name(source) for source in sources]
        fresh = [
            (name, source) for name, source in zip(names, sources, strict=True) if name not in self.known
        ]
        found = dict(self.known)
        for (name, _), ended in zip(
            fresh, run_all([source for _, source in fresh], self.limits), strict=True
        ):
            found[name] = ended.passed
            self.how[ended.how] = self.how.get(ended.how, 0) + 1
            if ended.how in ("passed", "failed"):
                self.new[name] = ended.passed
        self.asked, self.ran = self.asked + len(sources), self.ran + len(fresh)
        return [found[name] for name in names]

    def keep(self) -> None:
        """Put what is new on disk, for every stage that judges the same programs."""
        if not self.new:
            return
        text = json.dumps(self.new, indent=0)
        self.folder.mkdir(parents=True, exist_ok=True)
        waiting = self.folder / f".{os.getpid()}"
        waiting.write_text(text, encoding="utf-8")
        waiting.replace(self.folder / f"{_digest(text)}.json")
        self.known |= self.new
        self.new = {}

    def _name(self, source: str) -> str:
        told = json.dumps(
            [source, asdict(self.limits), platform.python_version(), platform.machine(), contained()]
        )
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@cache
def contained() -> str:
    """Names the sandbox: its sources, and whether this machine gives programs a private folder to write in.

    Raises
    ------
    InputError
        Where programs cannot be contained on this machine.
    """
    sources = b"".join(path.read_bytes() for path in sorted(SANDBOX.glob("*.py")))
    return f"{needed().namespaces} {hashlib.sha256(sources).hexdigest()[:16]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
