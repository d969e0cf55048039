"""One stage from start to record: reserved, run, published; a finished one is never run again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from replicate.progress import Reporter, State
from replicate.reservation import Reservation
from replicate.stages.average import average
from replicate.stages.constant import constant
from replicate.stages.encoders import pretrain, tokenizer
from replicate.stages.evaluate import evaluate
from replicate.stages.generate import generate
from replicate.stages.judge import judge
from replicate.stages.outcome import Outcome, Parents
from replicate.stages.setting import Setting
from replicate.stages.stage import Kind, Stage
from replicate.stages.supervised import supervised

Runner = Callable[[Stage, Setting, Parents, Path, Reporter], Outcome]

RUNNERS: Final[dict[Kind, Runner]] = {
    "tokenizer": tokenizer,
    "pretrain": pretrain,
    "intermediate": supervised,
    "target": supervised,
    "generate": generate,
    "evaluate": lambda stage, *others: (judge if "completions" in stage.parents else evaluate)(
        stage, *others
    ),
    "constant": constant,
    "average": average,
}


def execute(stage: Stage, setting: Setting, reporter: Reporter, parents: Parents | None = None) -> bool:
    """Run a stage unless its record is there; returns whether it ran.

    Raises
    ------
    Busy
        Another process works on it.
    Damaged
        A parent's file is not what it was.
    InputError
        Bad data or settings.
    OSError, MemoryError, RuntimeError
        No disk, no memory: `replicate.shortage` tells which.
    """
    setting = setting.of(stage)
    ledger = setting.ledger()
    if ledger.record(stage.key) is not None:
        return False
    with Reservation(setting.runs, stage.key):
        if ledger.record(stage.key) is not None:
            return False
        if ledger.folder(stage.key).exists():
            ledger.set_aside(stage.key)
        reporter(State(stage.name, "started"))
        started, clock, used = datetime.now(UTC), time.monotonic(), time.process_time()
        folder = ledger.work(stage.key)
        folder.mkdir(parents=True, exist_ok=True)
        outcome = RUNNERS[stage.kind](stage, setting, parents or Parents(ledger), folder, reporter)
        if outcome.scores is not None:
            outcome.files["scores.parquet"] = folder / "scores.parquet"
            outcome.scores.to_parquet(outcome.files["scores.parquet"], index=False)
        record = {
            "kind": stage.kind,
            "name": stage.name,
            "recipe": setting.recipe.name,
            "settings": dict(stage.settings),
            "parents": dict(stage.parents),
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - clock, 2),
            "cpu_seconds": round(time.process_time() - used, 2),
            "environment": setting.on().environment(),
            "facts": outcome.facts,
        }
        ledger.publish(stage.key, record, outcome.files)
        return True
