"""The index of a ledger changes nothing but the time: new, changed and lost records are seen."""

from __future__ import annotations

import shutil

import pandas
import pytest

from replicate import scan
from replicate.ledger import Ledger


def publish(ledger: Ledger, key: str, values: list[float], kind: str = "evaluate") -> None:
    work = ledger.work(key)
    work.mkdir(parents=True)
    frame = pandas.DataFrame({"locator": key, "target": "xnli", "seed": 0, "value": values, "printed": None})
    frame.to_parquet(work / "scores.parquet", index=False)
    ledger.publish(key, {"kind": kind}, {"scores.parquet": work / "scores.parquet"})


def plainly(ledger: Ledger) -> pandas.DataFrame:
    paths = sorted(ledger.root.glob("*/scores.parquet"))
    return pandas.concat([pandas.read_parquet(path) for path in paths], ignore_index=True)


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "WORTH", 3)
    found = Ledger(tmp_path / "runs")
    for number in range(5):
        publish(found, f"{number:020x}", [float(number), number + 0.5])
    return found


def test_with_and_without_the_index(ledger):
    first = ledger.results()
    assert (ledger.root / ".index" / "scores.arrow").is_file()
    pandas.testing.assert_frame_equal(first, plainly(ledger))
    pandas.testing.assert_frame_equal(ledger.results(), first)


def test_new_changed_and_lost_records_are_seen(ledger):
    ledger.results()
    shutil.rmtree(ledger.folder(f"{0:020x}"))
    shutil.rmtree(ledger.folder(f"{3:020x}"))
    publish(ledger, f"{3:020x}", [30.0])
    publish(ledger, f"{9:020x}", [9.0])
    publish(ledger, f"{7:020x}", [7.0])
    pandas.testing.assert_frame_equal(ledger.results(), plainly(ledger))
    assert ledger.results(f"{9:020x}", f"{1:020x}")["value"].tolist() == [9.0, 1.0, 1.5]


def test_a_damaged_index_and_a_damaged_table_are_read_around(ledger):
    before = ledger.results()
    index = ledger.root / ".index" / "scores.arrow"
    index.write_bytes(index.read_bytes()[:100])
    pandas.testing.assert_frame_equal(ledger.results(), before)
    (ledger.folder(f"{2:020x}") / "scores.parquet").write_bytes(b"PAR1")
    assert set(ledger.results()["locator"]) == {f"{n:020x}" for n in (0, 1, 3, 4)}


@pytest.mark.parametrize("indexed", [True, False])
def test_a_record_that_is_not_whole_has_no_rows(ledger, indexed):
    if indexed:
        ledger.results()
    one, other = f"{2:020x}", f"{4:020x}"
    record = ledger.folder(one) / "record.json"
    record.write_text(record.read_text().replace('"evaluate"', '"evaluatf"'))
    changed = pandas.read_parquet(ledger.folder(other) / "scores.parquet").assign(value=99.0)
    changed.to_parquet(ledger.folder(other) / "scores.parquet", index=False)
    assert set(ledger.results()["locator"]) == {f"{n:020x}" for n in (0, 1, 3)}


def test_a_whole_record_is_not_hashed_again_and_a_touched_one_is(ledger):
    key = f"{1:020x}"
    path = ledger.folder(key) / "scores.parquet"
    assert ledger.whole(key)
    content = path.read_bytes()
    path.write_bytes(content)  # touched, not changed
    assert ledger.whole(key)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert not ledger.whole(key) and not ledger.folder(key).exists()


def counted(monkeypatch):
    opened = []
    shipped = scan._table
    monkeypatch.setattr(scan, "_table", lambda folder: opened.append(folder.name) or shipped(folder))
    return opened


def test_the_first_scan_finds_what_was_made_in_the_index(ledger, monkeypatch):
    opened = counted(monkeypatch)
    first = ledger.results()
    assert sorted(opened) == [
        f"{3:020x}",
        f"{4:020x}",
    ]  # three of five came into the index when the third was made
    pandas.testing.assert_frame_equal(first, plainly(ledger))


def test_a_writer_that_dies_before_it_tells_the_index_costs_only_time(ledger, monkeypatch):
    with monkeypatch.context() as dead:
        dead.setattr(scan, "made", lambda root, key: None)
        publish(ledger, f"{8:020x}", [8.0])
    # Another was killed while it brought the index up to date: its notes are taken and nobody works on them.
    (ledger.root / ".index" / "made").replace(ledger.root / ".index" / "made-1")
    pandas.testing.assert_frame_equal(ledger.results(), plainly(ledger))
    for number in range(10, 13):
        publish(ledger, f"{number:020x}", [1.0])
    opened = counted(monkeypatch)
    pandas.testing.assert_frame_equal(ledger.results(), plainly(ledger))
    assert opened == []


def test_a_scan_of_some_records_leaves_the_others_in_the_index(ledger, monkeypatch):
    ledger.results()
    with monkeypatch.context() as dead:
        dead.setattr(scan, "made", lambda root, key: None)
        for number in range(20, 24):
            publish(ledger, f"{number:020x}", [2.0])
    monkeypatch.setattr(scan, "WORTH", 1)
    ledger.results(f"{21:020x}", f"{22:020x}")
    opened = counted(monkeypatch)
    pandas.testing.assert_frame_equal(ledger.results(), plainly(ledger))
    assert sorted(opened) == [f"{n:020x}" for n in (3, 4, 20, 23)]  # neither those asked for nor 0, 1 and 2


def test_an_index_that_cannot_be_written_loses_no_record(ledger, monkeypatch):
    shutil.rmtree(ledger.root / ".index")
    (ledger.root / ".index").write_text("in the way")
    publish(ledger, f"{6:020x}", [6.0])
    pandas.testing.assert_frame_equal(ledger.results(), plainly(ledger))
