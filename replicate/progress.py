"""What a running study says: events, and where they go: a terminal, JSON lines, or nowhere."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, Protocol, TypeAlias


@dataclass(frozen=True)
class Step:
    """A training went on."""

    stage: str
    step: int
    total: int
    loss: float
    tokens: int
    seconds: float

    @property
    def remaining(self) -> float:
        """Seconds that the rest takes at the speed so far."""
        return self.seconds / max(1, self.step) * (self.total - self.step)

    @property
    def speed(self) -> float:
        """Tokens per second."""
        return self.tokens / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class State:
    """A stage started, finished, was found done, waits for another process, is retried or failed."""

    stage: str
    state: str
    """started, written, done, cached, waiting, retried, failed, skipped, redone, dropped, differs."""
    detail: str = ""
    seconds: float = 0.0


Event: TypeAlias = Step | State


class Reporter(Protocol):
    """Takes events."""

    def __call__(self, event: Event) -> None:
        """Take one event; must not raise."""


class Silent:
    """Takes events and says nothing."""

    def __call__(self, event: Event) -> None:
        """Drop the event."""


class JsonLines:
    """One JSON object per event, for logs of clusters."""

    def __init__(self, file: IO[str] | None = None) -> None:
        self.file = file or sys.stderr
        self.lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        """Write one line."""
        line: dict[str, Any] = {"event": type(event).__name__.lower(), **asdict(event)}
        if isinstance(event, Step):
            line |= {"tokens_per_second": round(event.speed), "remaining": round(event.remaining, 1)}
        with self.lock:
            print(json.dumps(line), file=self.file, flush=True)


class Terminal:
    """One live line per running stage, and one line for each that ends.

    Parameters
    ----------
    total : int
        Number of stages.
    hours : mapping or None
        Stage -> hours that it was planned with. Only their proportions count: how fast this machine is, the stages
        that have ended tell, and with it when the rest will be done.
    """

    def __init__(self, total: int, quiet: bool = False, hours: Mapping[str, float] | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self.console = Console(stderr=True)
        self.quiet = quiet
        self.done, self.total, self.before = 0, total, 0
        self.open, self.since = dict(hours or {}), time.monotonic()
        self.worked = 0.0
        """Planned hours of the stages that ended here."""
        self.shares: dict[str, float] = {}
        """Running stage -> share of it that is done."""
        self.bars: dict[str, Any] = {}
        self.lock = threading.Lock()
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[facts]}"),
            console=self.console,
            transient=True,
            disable=quiet or not self.console.is_terminal,
        )

    def __enter__(self) -> Terminal:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._say_what_was_there()
        self.progress.stop()

    @property
    def remaining(self) -> float | None:
        """Seconds until all is done at the speed so far; None where nothing tells it."""
        running = sum(self.open.get(stage, 0.0) * share for stage, share in self.shares.items())
        worked = self.worked + running
        left = sum(self.open.values()) - running
        return (time.monotonic() - self.since) / worked * left if worked > 0 else None

    def __call__(self, event: Event) -> None:
        """Show one event."""
        with self.lock:
            self._step(event) if isinstance(event, Step) else self._state(event)

    def _step(self, event: Step) -> None:
        self.shares[event.stage] = event.step / event.total
        facts = f"{event.speed:,.0f} tokens/s  loss {event.loss:.3f}  {clock(event.remaining)} left"
        if event.stage not in self.bars:
            self.bars[event.stage] = self.progress.add_task(event.stage, total=event.total, facts=facts)
        self.progress.update(self.bars[event.stage], completed=event.step, facts=facts)

    def _state(self, event: State) -> None:
        if event.state in ("done", "failed", "cached", "skipped"):
            self.done += 1
            hours = self.open.pop(event.stage, 0.0)
            self.worked += hours if event.state == "done" else 0.0
            self.shares.pop(event.stage, None)
            if event.stage in self.bars:
                self.progress.remove_task(self.bars.pop(event.stage))
        if event.state == "cached":  # a grid of a thousand stages would begin with a thousand lines
            self.before += 1
            return
        self._say_what_was_there()
        loud = ("failed", "waiting", "redone", "differs")
        if event.state == "started" or (self.quiet and event.state not in loud):
            return
        took = f" in {clock(event.seconds)}" if event.seconds else ""
        detail = f": {event.detail}" if event.detail else ""
        left = self.remaining if event.state == "done" else None
        rest = f", about {clock(left)} left for all" if left else ""
        self._print(f"{event.stage} {event.state}{took}{detail}{rest}")

    def _say_what_was_there(self) -> None:
        """One line for all stages that were done before."""
        if self.before and not self.quiet:
            self._print(f"{self.before} stage{'s' * (self.before > 1)} done before")
        self.before = 0

    def _print(self, text: str) -> None:
        self.console.print(f"[{self.done}/{self.total}] {text}", markup=False, highlight=False)


def clock(seconds: float) -> str:
    """Duration for people.

    >>> clock(4.2), clock(75), clock(7322)
    ('4.2 s', '1 min 15 s', '2 h 02 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"
