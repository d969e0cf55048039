"""Shares of useful processor time, against sums by hand and on a stage that really ran."""

from __future__ import annotations

import time

import numpy as np
from typer.testing import CliRunner

from replicate.model.encoder import build
from replicate.model.heads import ClassifyHead
from replicate.model.weights import configuration
from replicate.recipes.recipe import Numerics, Shape, Training
from replicate.stages.outcome import history
from replicate.text.rows import Rows
from replicate.train.device import Device
from replicate.train.loop import Job, train
from replicate.train.sources import TaskSource
from replicate.useful import Spent, markdown, spent


def record(key, kind, processor, **facts):
    return {"key": key, "kind": kind, "seconds": 2 * processor, "cpu_seconds": processor, "facts": facts}


def test_sums_by_hand():
    target, evaluate, average, everything = spent(
        [
            record("a", "target", 10.0, steps=5, tokens=3200, step_processor_seconds=8.0),
            record("b", "target", 6.0, steps=5, tokens=3200, step_processor_seconds=5.0),
            record("c", "evaluate", 3.0),
            record("d", "average", 1.0),
        ]
    )
    assert target == Spent("target", 2, 32.0, 16.0, 13.0, 6400)
    assert target.overhead == 1.5 and evaluate.overhead == 0.0 and average.useful == 0.0
    assert (everything.stages, everything.processor, everything.useful) == (4, 20.0, 16.0)
    shown = markdown([target, evaluate, average, everything], 32.0)
    assert "| all | 4 | 40.0 | 20.0 | 80% | | 1.00 |" in " ".join(shown.split())
    assert "| outside of stages | | | 12.0 | | | 3.00 |" in shown and "| 32.0 | 50% |" in shown


def test_old_trainings_are_told_and_not_guessed():
    *_, everything = found = spent(
        [record("a", "target", 9.0, steps=5, tokens=7), record("b", "evaluate", 1.0)]
    )
    assert (everything.stages, everything.processor, everything.untold) == (1, 1.0, 1)
    assert "1 trainings do not tell" in markdown(found)


def test_no_records_is_one_message(tmp_path):
    from verify_claims.bench import app

    shown = CliRunner().invoke(app, ["records", "--runs", str(tmp_path)])
    assert shown.exit_code == 2 and "no run records" in shown.output


def test_the_loop_counts_the_time_of_its_steps_over_kills(tmp_path):
    random = np.random.default_rng(0)
    rows = Rows.of([random.integers(5, 90, 12) for _ in range(32)], random.integers(3, size=32), "example")

    def job(steps):
        return Job(
            key=(0, "s"),
            encoder=build(configuration(Shape(hidden=16, layers=1, heads=2, ffn=32, positions=66), 100), 0),
            heads={"x": ClassifyHead(16, 3)},
            sources=[TaskSource("x", rows, 8, (0, "s"))],
            order=np.zeros(steps, dtype=np.int64),
            training=Training(lr=1e-3, batch=8, steps=steps),
            device=Device.of("cpu", Numerics(threads=1)),
            folder=tmp_path,
        )

    first = history(train(job(6)))["step_processor_seconds"]
    used = time.process_time()
    both = history(train(job(60)))["step_processor_seconds"]  # goes on where the first one ended
    used = time.process_time() - used
    assert both > first >= 0 and both - first <= used + 0.01
