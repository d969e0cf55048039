"""Tables, pins and language names."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from analysis.errors import InputError
from replicate.data import Table, languages
from replicate.data.hub import HubPlace
from replicate.data.hub_errors import explained
from replicate.data.languages import spell
from replicate.data.pins import Pins
from replicate.data.place import Part

A, B = "a" * 40, "b" * 40


def test_digest_is_of_content_alone() -> None:
    rows = [{"a": 1, "b": ["x", None]}, {"a": 2, "b": []}]
    one = Table.of_rows(rows, "here")
    other = Table({"b": [["x", None], []], "a": [1, 2]}, "there")
    assert one.digest() == other.digest()
    assert Table.of_rows(rows[::-1], "here").digest() != one.digest()
    assert Table(one.columns, "here", {"a": ("no", "yes")}).digest() != one.digest()
    # Values must not run together over a cell's edge.
    assert Table({"a": [1, 23]}, "x").digest() != Table({"a": [12, 3]}, "x").digest()
    assert Table({"a": ["1", "2"]}, "x").digest() != Table({"a": ["1\n2"]}, "x").digest()


def test_rows_by_prefix() -> None:
    table = Table({"id": ["en-1", "enx-2", "de-3"], "n": [1, 2, 3]}, "x")
    assert table.where("id", "en-").columns == {"id": ["en-1"], "n": [1]}


def test_a_commit_is_its_own_pin_and_a_branch_is_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    path.write_text(json.dumps({"datasets/x/y@main": A}))
    assert Pins(path).commit("x/y", "main") == A
    assert Pins(path).commit("x/y", B) == B
    assert Pins(None).read() == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "not JSON"), ('{"datasets/x/y@main": "main"}', "pinned to 'main', not a commit")],
)
def test_a_damaged_pin_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "pins.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        Pins(path).commit("x/y", "main")


def pin(path: str, number: int) -> None:
    Pins(Path(path))._write(f"datasets/x/{number}@main", A)


def test_two_writers_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "pins.json"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.starmap(pin, [(str(path), number) for number in range(12)])
    assert set(Pins(path).read().values()) == {A}
    assert [file.name for file in tmp_path.iterdir()] == ["pins.json"]


def test_a_part_that_is_not_on_the_hub_says_how_to_get_it() -> None:
    with pytest.raises(InputError, match=r"ccg/x/train is not on the hub; ask the LDC"):
        HubPlace().table(Part("ccg", "x", "train", obtain="ask the LDC"))


def test_errors_that_are_not_the_hubs_pass_through() -> None:
    assert explained(ZeroDivisionError("no"), "x") is None


def test_language_lists() -> None:
    assert len(languages.MLM_40) == 40 and len(languages.TATOEBA_R) == 41 and len(languages.PANX_R) == 48
    assert spell("udpos.{ud}", "zh") == "udpos.Chinese" and spell("tatoeba.{iso3}", "fa") == "tatoeba.pes"
    assert spell("{tydiqa}-", "sw") == "swahili-" and spell("{lang}", "xx") == "xx"
    everything = {
        *languages.PANX_R,
        *languages.UDPOS_R,
        *languages.XCOPA,
        *languages.TATOEBA_R,
        *languages.MEWSLIX,
    }
    assert len(everything) == 50  # XTREME-R's languages
    assert all(spell("{iso3}", code) != code for code in everything)
    assert all("-" not in spell("{ud}", code) for code in languages.UDPOS_R)
