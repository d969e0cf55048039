"""What a caller hands over becomes numbers or labels, or one clear error: never text, dates, or data under a mask."""

import numpy as np
import pandas as pd
import pytest

from analysis.arrays import labels, numbers, same_shape
from analysis.errors import InputError
from analysis.meta import multilevel, pool, robust, welch_q
from analysis.seeds import bootstrap_interval, clustered_interval, mean_interval, wilson_interval


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1", "2"], "it holds text"),
        (np.array(["2020-01-01"], "datetime64[D]"), "it holds dates"),
        (np.array([1 + 2j]), "complex"),
        (np.array([1, "2"], object), "it holds text"),
        (np.ma.masked_array([1.0, 1000.0], [0, 1]), "masked"),
        ([np.ma.masked_array([1.0, 1000.0], [0, 1])], "masked"),
        ([[1, 2], [3]], "equally long rows"),
        ({1, 2}, "equally long rows"),
        ([1e300, 1.0], "change the unit"),
    ],
)
def test_what_is_not_numbers_is_refused(values, message):
    with pytest.raises(InputError, match=message):
        numbers(values, "scores")
    with pytest.raises(InputError):
        mean_interval(values)
    with pytest.raises(InputError):
        pool(values, np.ones(2))


def test_numbers_are_taken_by_position_whatever_they_come_in():
    wanted = [1.0, 2.0, 4.0]
    for values in (
        (1, 2, 4),
        pd.Series([1, 2, 4], index=[7, 7, -1]),
        pd.Series([1, 2, 4], dtype="Int64"),
        np.array([1, 2, 4], object),
        np.ma.masked_array(wanted),
        np.float32(wanted),
    ):
        assert numbers(values, "scores").tolist() == wanted
        assert mean_interval(values) == mean_interval(wanted)


def test_labels_keep_numeric_order_and_refuse_missing_ones():
    found, code = labels([10, 2, 10], 3, "cluster")
    assert found.tolist() == [2, 10]
    assert code.tolist() == [1, 0, 1]
    assert labels(["b", "a", 1], 3, "cluster")[1].tolist() == [2, 1, 0]
    for missing in (None, np.nan, "", pd.NA, pd.NaT):
        with pytest.raises(InputError, match="name every row's group"):
            labels(["a", missing, "b"], 3, "cluster")
    with pytest.raises(InputError, match="give 3 labels"):
        labels([["a"], ["b", "c"]], 3, "cluster")


@pytest.mark.parametrize(
    "call",
    [
        lambda: clustered_interval([1.0, 2, 4], ["a", None, "b"]),
        lambda: robust(pool([1.0, 2, 4], [1, 1, 1]), ["a", None, "b"]),
        lambda: multilevel([1.0, 2, 4], [1, 1, 1], {"paper": [1, None, 2]}),
        lambda: welch_q([1.0, 2, 4], [1, 1, 1], [2, 2]),
        lambda: wilson_interval([], []),
        lambda: wilson_interval("all", 10),
        lambda: same_shape(a=[1.0, 2], b=[1.0, 2, 3]),
        lambda: pool(np.zeros((0, 3)), np.ones(3)),
        lambda: pool([1.0, 2, 3, 4], np.ones(4), mods=3.0),
    ],
)
def test_bad_arguments_reach_the_caller_as_input_errors(call):
    with pytest.raises(InputError):
        call()


def test_the_layout_in_memory_changes_no_bit():
    """A transposed frame or a reversed view is the same table."""
    rows = np.random.default_rng(1).normal(70, 2, (40, 12))
    made = bootstrap_interval(rows, "claim", resamples=99)
    for same in (np.asfortranarray(rows), rows[::-1][::-1], pd.DataFrame(rows.T).T):
        again = bootstrap_interval(same, "claim", resamples=99)
        assert np.array_equal(again.low, made.low)
        assert np.array_equal(again.estimate, made.estimate)
