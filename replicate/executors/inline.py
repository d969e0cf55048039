"""One stage after another in this process: the simplest executor, and the one to debug with."""

from __future__ import annotations

from replicate.executors.executor import Ended, attempt
from replicate.progress import Reporter
from replicate.stages.outcome import Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Stage


class Inline:
    """Runs a stage when its end is waited for."""

    capacity = 1

    def __init__(self, setting: Setting, reporter: Reporter) -> None:
        self.setting, self.reporter = setting, reporter
        self.parents = Parents(setting.ledger())
        self.queue: list[Stage] = []

    def submit(self, stage: Stage) -> None:
        """Queue a stage."""
        self.queue.append(stage)

    def wait(self, seconds: float) -> list[Ended]:
        """Run the queued stages."""
        ended = [attempt(stage, self.setting, self.reporter, self.parents) for stage in self.queue]
        self.queue.clear()
        return ended

    def close(self) -> None:
        """Nothing to give back."""
