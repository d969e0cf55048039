"""Indices are a pure function of (name, resample, draw): no chunk, batch or device changes them."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.resampling import philox
from analysis.resampling.device import resample_indices_on
from analysis.resampling.indices import chunks, resample_indices, stratified_indices
from analysis.resampling.permutation import random_orders, random_signs

# Random123 1.14, tests/kat_vectors, philox4x32 10: counter, key, answer.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):
    lanes = tuple(np.array([word], dtype=np.uint64) for word in counter)
    assert tuple(int(word[0]) for word in philox.philox(lanes, key)) == answer


RECORDED = [[7, 8, 4, 8, 1, 5, 9, 2, 3, 5], [8, 9, 3, 3, 0, 6, 9, 5, 0, 5]]
RECORDED_ORDERS = [[2, 4, 1, 0, 5, 3], [5, 4, 2, 1, 0, 3]]


def test_values_recorded_once_hold_on_every_machine():
    assert resample_indices("claim/a", 10, range(2)).tolist() == RECORDED
    assert random_orders("claim/a", 6, range(2)).tolist() == RECORDED_ORDERS


@pytest.mark.parametrize("rows", [3, 9, 65_537, 1_000_000])
def test_chunks_fit_together_without_a_seam(rows):
    whole = resample_indices("a", rows, range(50), draws=13)
    parts = [resample_indices("a", rows, range(start, start + 10), draws=13) for start in range(0, 50, 10)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert np.array_equal(whole[7:8], resample_indices("a", rows, range(7, 8), draws=13))
    assert whole.min() >= 0 and whole.max() < rows


def test_work_of_many_blocks_equals_work_of_one(monkeypatch):
    whole = resample_indices("a", 20, range(300))
    monkeypatch.setattr(philox, "BLOCKS_AT_ONCE", 7)
    assert np.array_equal(whole, resample_indices("a", 20, range(300)))


def test_names_streams_and_resamples_are_unrelated():
    first, second = resample_indices("seed/1", 1000, range(999)), resample_indices("seed/2", 1000, range(999))
    other = resample_indices("seed/1", 1000, range(999), stream=1)
    for left, right in ((first, second), (first, other), (first[:-1], first[1:])):
        # Neighbouring seeds of deep-significance 1.2.8 share 99.9 % of their resamples.
        assert abs((left == right).mean() - 1e-3) < 2e-4


def test_every_row_is_equally_likely():
    drawn = resample_indices("fair", 7, range(50_000))
    counts = np.bincount(drawn.ravel(), minlength=7)
    chi_square = ((counts - drawn.size / 7) ** 2 / (drawn.size / 7)).sum()
    assert chi_square < 22.5  # 0.1 % point of chi-square with 6 degrees of freedom


def test_strata_are_never_mixed():
    drawn = stratified_indices("a", [3, 5, 2], range(1000))
    assert (
        drawn[:, :3].max() == 2
        and drawn[:, 3:8].min() == 3
        and drawn[:, 3:8].max() == 7
        and drawn[:, 8:].min() == 8
    )


def test_orders_and_signs_are_fair():
    orders = random_orders("a", 4, range(24_000))
    counts = np.unique(orders @ np.array([64, 16, 4, 1]), return_counts=True)[1]
    assert len(counts) == 24 and ((counts - 1000) ** 2 / 1000).sum() < 49.8  # 0.1 % point, 23 df
    assert abs(random_signs("a", 70, range(2000)).mean()) < 0.01


@pytest.mark.parametrize("rows", [7, 100_000, 4_000_000_000])
def test_torch_draws_the_same_rows(rows):
    pytest.importorskip("torch", reason="the device path needs torch")
    here = resample_indices("claim", rows, range(5, 205), draws=11, stream=2)
    assert np.array_equal(
        here, resample_indices_on("cpu", "claim", rows, range(5, 205), draws=11, stream=2).numpy()
    )


@pytest.mark.parametrize(
    ("rows", "resamples", "draws", "stream"),
    [
        (1, range(3), None, 0),
        (65_536, range(4), 5, 0),  # the last size with one word per draw
        (65_537, range(4), 5, 0),  # the first with two
        (2**32 - 1, range(2**32 - 3, 2**32 + 3), 9, 7),  # resample numbers pass into the second counter word
        (9, range(2**53, 2**53 + 4), 17, 2**31),
        (12, range(2**62, 2**62 + 40, 13), 4, 2**32 - 1),
        (1000, range(100, 50, -7), 3, 1),
        (5, range(0), 3, 0),
    ],
)
def test_torch_draws_the_same_rows_at_the_ends_of_its_counters(rows, resamples, draws, stream):
    torch = pytest.importorskip("torch", reason="the device path needs torch")
    here = resample_indices("claim/end", rows, resamples, draws=draws, stream=stream)
    there = resample_indices_on("cpu", "claim/end", rows, resamples, draws=draws, stream=stream)
    assert there.dtype == torch.int64 and here.shape == tuple(there.shape)
    assert np.array_equal(here, there.numpy())


@pytest.mark.gpu
def test_a_gpu_draws_the_same_rows():
    torch = pytest.importorskip("torch", reason="the device path needs torch")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    for rows in (7, 100_000, 4_000_000_000):
        there = resample_indices_on("cuda", "claim", rows, range(20_000), draws=11, stream=3).cpu().numpy()
        assert np.array_equal(there, resample_indices("claim", rows, range(20_000), draws=11, stream=3))


@pytest.mark.parametrize("rows", [0, 2**32])
def test_torch_refuses_what_numpy_refuses(rows):
    pytest.importorskip("torch", reason="the device path needs torch")
    with pytest.raises(InputError, match="between 1 and"):
        resample_indices_on("cpu", "a", rows, range(3), draws=2)


def test_refusals_name_the_remedy():
    with pytest.raises(InputError, match="between 1 and"):
        resample_indices("a", 0, range(3))
    with pytest.raises(InputError, match="t interval"):
        list(chunks(9_999, 1_000_000))
    with pytest.raises(InputError, match="at least 1"):
        list(chunks(0, 5))


def test_memory_is_bounded_by_chunks():
    assert all(len(part) * 50_000 <= 1 << 20 for part in chunks(9_999, 50_000))
    assert sum(len(part) for part in chunks(9_999, 50_000)) == 9_999
