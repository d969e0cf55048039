"""A record that was changed after it was written is none, whatever was changed; records of before stay readable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from replicate.ledger import Ledger
from replicate.record import SCHEMA, UNSEALED, parsed, read, sealed

RECORD = {
    "schema": SCHEMA,
    "key": "k",
    "settings": {"seed": 0, "lr": 3e-05, "languages": ["en", "qde"], 7: None},
    "facts": {"losses": [[100, 2.125]], "tasks": ("a", "b")},
    "files": {},
    "stamps": {},
}


def test_a_sealed_record_reads_as_what_was_written():
    found = parsed(sealed(RECORD))
    assert found["settings"]["lr"] == 3e-05 and found["settings"]["7"] is None
    assert found["facts"]["tasks"] == ["a", "b"] and len(found["digest"]) == 64
    assert parsed(json.dumps(found)) == found, "another layout is the same record"
    assert parsed(sealed(found)) == found, "sealing again changes nothing"


def test_no_character_can_change_unnoticed():
    text = sealed(RECORD)
    whole = parsed(text)
    for at, letter in enumerate(text):
        for bit in (1, 2, 16):
            changed = parsed(text[:at] + chr(ord(letter) ^ bit) + text[at + 1 :])
            # What may change is space between values.
            assert changed is None or (changed == whole and letter.isspace()), (at, letter)
    for end in range(len(text) - 2):
        assert parsed(text[:end]) is None


def test_records_of_before_the_digest_are_read_and_new_ones_need_it():
    old = {"schema": UNSEALED, "key": "k", "files": {"scores.parquet": "0"}}
    assert parsed(json.dumps(old)) == old
    assert parsed(json.dumps({**old, "schema": SCHEMA})) is None
    assert parsed(json.dumps({**old, "schema": "verify-claims/run/9"})) is None


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"\xff\xfe{}", b"null", b"[1]", b'{"files": 3}'])
def test_what_is_no_record_is_moved_aside(tmp_path, content):
    ledger = Ledger(tmp_path)
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "record.json").write_bytes(content)
    assert ledger.record("k") is None and not ledger.whole("k") and ledger.records() == []
    assert (tmp_path / ".damaged" / "k-0" / "record.json").read_bytes() == content


def published(root: Path, content: str = "weights") -> Ledger:
    ledger = Ledger(root)
    work = ledger.work("k")
    work.mkdir(parents=True)
    for name, text in {"model.safetensors": content, "encoder.json": "{}"}.items():
        (work / name).write_text(text)
    ledger.publish("k", {"kind": "target"}, {path.name: path for path in work.iterdir()})
    return ledger


def test_a_dropped_file_leaves_its_hash_and_size(tmp_path):
    ledger = published(tmp_path)
    digest = ledger.record("k")["files"]["model.safetensors"]
    assert ledger.drop("k", "model.safetensors") and not ledger.drop("k", "model.safetensors")
    record = ledger.verify("k")
    assert record["dropped"] == {"model.safetensors": {"sha256": digest, "bytes": 7}}
    assert set(record["files"]) == {"encoder.json"} and ledger.whole("k")
    assert {path.name for path in ledger.folder("k").iterdir()} == {"encoder.json", "record.json"}
    assert not list((tmp_path / ".work").iterdir())


def test_killed_between_the_record_and_the_deletion(tmp_path):
    ledger = published(tmp_path)
    kept = tmp_path / "kept"
    shutil.copyfile(ledger.folder("k") / "model.safetensors", kept)
    ledger.drop("k", "model.safetensors")
    kept.replace(ledger.folder("k") / "model.safetensors")
    assert ledger.whole("k")
    ledger.tidy("k")
    assert not (ledger.folder("k") / "model.safetensors").exists()


@pytest.mark.parametrize("again", ["weights", "other weights"])
def test_weights_that_are_made_again_are_compared_with_the_first(tmp_path, again):
    ledger = published(tmp_path)
    first = ledger.record("k")["files"]["model.safetensors"]
    ledger.drop("k", "model.safetensors")
    ledger.reopen("k")
    assert ledger.record("k") is None and read(tmp_path / ".dropped" / "k") is not None
    published(tmp_path, again)
    told = ledger.record("k")["made_again"]
    assert told == {"first": {"model.safetensors": first}, "equal": again == "weights"}
    assert not (tmp_path / ".dropped" / "k").exists()


def test_a_bit_that_changed_without_a_time_is_found_by_the_hash(tmp_path):
    """A disk that loses a bit touches no file."""
    import os

    ledger = published(tmp_path)
    path = ledger.folder("k") / "model.safetensors"
    times = path.stat()
    path.write_text("veights")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert ledger.whole("k"), "a start looks at sizes and times only"
    ledger.reopen("k")
    assert ledger.record("k") is None and (tmp_path / ".damaged" / "k-0").is_dir()
