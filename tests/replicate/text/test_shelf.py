"""Encoded rows from the shelf are those that were put there; anything else is encoded again."""

from __future__ import annotations

import numpy as np
import pytest

from replicate.data.place import DataPlace
from replicate.recipes.recipe import Training
from replicate.stages.examples import encoded
from replicate.tasks import get
from replicate.text import unigram
from replicate.text.pieces import Pieces
from replicate.text.shelf import NOWHERE, Shelf
from replicate.world.place import WorldPlace


@pytest.fixture(scope="module")
def world():
    place: DataPlace = WorldPlace()
    return place, Pieces.of(unigram.train(place.texts("en", 200), 300))


@pytest.mark.parametrize("name", ["xnli", "hellaswag", "udpos", "xquad"])
def test_every_kind_comes_back_as_it_went(world, tmp_path, name):
    place, pieces = world
    task = get(name)
    split = "train" if name == "hellaswag" else "test"
    examples = task.load(split, "en", place)[:20]
    numbers = Training(lr=1e-3, batch=4, epochs=1, longest=64, stride=16, question_room=24)
    shelf = Shelf(tmp_path / "shelf", tmp_path, {"task": name})
    plain = encoded(task, examples, pieces, numbers, shelf=NOWHERE)
    first, second = (encoded(task, examples, pieces, numbers, shelf=shelf) for _ in range(2))
    assert isinstance(second.rows.ids, np.memmap) and not isinstance(first.rows.ids, np.memmap)
    for one in first, second:
        assert (one.rows.per, one.rows.group) == (plain.rows.per, plain.rows.group)
        for part in ("ids", "offsets", "labels"):
            assert np.array_equal(getattr(one.rows, part), getattr(plain.rows, part))
    random = np.random.default_rng(0)
    widths = {"xnli": 3, "hellaswag": 4}
    if name in widths:
        scores = [random.random(widths[name]) for _ in range(len(plain.rows))]
    else:
        scores = [random.random((n, 2 if name == "xquad" else 17)) for n in plain.rows.lengths]
    assert second.read(scores) == plain.read(scores)


def test_other_settings_other_examples_and_cut_files_are_made_again(tmp_path):
    made = []

    def get_it(shelf, **facts):
        return shelf.arrays(
            facts, lambda: made.append(facts) or {"ids": np.arange(5), "none": np.empty((0, 2))}
        )

    one, other = (Shelf(tmp_path / "shelf", tmp_path, {"task": name}) for name in "ab")
    for shelf, longest in (one, 8), (one, 8), (one, 9), (other, 8):
        assert get_it(shelf, longest=longest)["ids"].tolist() == [0, 1, 2, 3, 4]
    assert len(made) == 3
    for path in (tmp_path / "shelf").glob("*.ids.npy"):
        path.write_bytes(path.read_bytes()[:-8])
    assert get_it(one, longest=8)["ids"].tolist() == [0, 1, 2, 3, 4] and len(made) == 4
    assert get_it(one, longest=8)["none"].shape == (0, 2) and len(made) == 4
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_shelf_that_cannot_be_written_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("")
    shelf = Shelf(tmp_path / "file" / "shelf", tmp_path, {})
    assert shelf.arrays({}, lambda: {"ids": np.arange(3)})["ids"].tolist() == [0, 1, 2]
