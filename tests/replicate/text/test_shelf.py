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


def test_pools_are_encoded_once_for_all_models_and_layers(world, tmp_path, monkeypatch):
    from replicate.examples import Sentence
    from replicate.model.encoder import build
    from replicate.model.weights import configuration
    from replicate.recipes.recipe import Numerics, Retrieval, Shape
    from replicate.stages import retrieval
    from replicate.train.device import Device

    place, pieces = world
    pool = [Sentence(str(n), text, context="it" * (n % 2)) for n, text in enumerate(place.texts("en", 30))]
    shape = configuration(Shape(hidden=16, layers=2, heads=2, ffn=32, positions=66), 300)
    device, how = Device.of("cpu", Numerics(threads=1, tokens_per_pass=200)), Retrieval(layer=0.5, longest=64)
    shelf = Shelf(tmp_path / "shelf", tmp_path, {})
    encoders = [build(shape, seed) for seed in (0, 1)]
    plain = [retrieval.vectors(pool, one, pieces, how, 1, device) for one in encoders]
    calls = []
    shipped = retrieval.encode.sentences
    monkeypatch.setattr(retrieval.encode, "sentences", lambda *told: calls.append(1) or shipped(*told))
    for _ in range(2):
        for one, expected in zip(encoders, plain, strict=True):
            assert np.array_equal(retrieval.vectors(pool, one, pieces, how, 1, device, shelf), expected)
    assert len(calls) == 1
    other = [*pool[:-1], Sentence("29", pool[-1].text, context="other words")]
    retrieval.vectors(other, encoders[0], pieces, how, 1, device, shelf)
    assert len(calls) == 2
