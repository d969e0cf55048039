"""What an answer says of the records behind its scores."""

from __future__ import annotations

import json
from pathlib import Path

import pandas

from replicate.ledger import Ledger
from replicate.made import made, spent


def test_records_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    digits = {"cpu_seconds": 2.0, "seconds": 3.0}
    ledger.publish("a" * 20, {"kind": "evaluate", "parents": {}, "environment": {}, **digits}, {})
    ledger.publish("b" * 20, {"kind": "evaluate", "parents": {}, "environment": {}, **digits}, {})
    frame = pandas.DataFrame([{"locator": "a" * 20}, {"locator": "b" * 20}])
    assert "cannot be read" not in made(frame, ledger).answer
    place = tmp_path / ("b" * 20) / "record.json"
    record = json.loads(place.read_text())
    place.write_text(json.dumps({**record, "seconds": 9.0}, indent=1))
    told = made(frame, ledger).answer
    assert told.startswith("1 stages") and f"1 cannot be read whole and are left out ({'b' * 20})" in told


def test_a_training_that_was_killed_and_went_on_counts_the_steps_of_all_attempts() -> None:
    whole = {
        "cpu_seconds": 9.0,
        "seconds": 12.0,
        "facts": {"step_processor_seconds": 8.0, "training_seconds": 10.0},
    }
    resumed = {
        "cpu_seconds": 2.0,
        "seconds": 3.0,
        "facts": {"step_processor_seconds": 8.0, "training_seconds": 10.0},
    }
    evaluation = {"cpu_seconds": 1.0, "seconds": 1.0, "facts": {}}
    records = {"a": whole, "b": resumed, "c": evaluation}
    assert spent(records) == {"stages": 3, "processor_seconds": 18.0, "wall_seconds": 23.0}
