"""What an answer says of the records behind its scores."""

from __future__ import annotations

import json
from pathlib import Path

import pandas

from replicate.ledger import Ledger
from replicate.made import made


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
