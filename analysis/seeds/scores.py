"""Refuses scores that no interval can be made of, and says why: missing values, too few values, no spread."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.arrays import numbers
from analysis.errors import InputError, Problem

Floats: TypeAlias = NDArray[np.float64]
Number: TypeAlias = float | NDArray[np.float64]
"""A float, or an array where the input had leading batch axes."""

TIE: Final = 1e-12
"""Differences below this share of the largest magnitude are rounding, so the values count as tied.
Sums of five scores near 80 differ by 1e-14 of their size when the order of addition changes."""


def finite(values: ArrayLike, name: str, least: int = 1) -> Floats:
    """Return the values as float64 with at least `least` of them on the last axis.

    Raises
    ------
    InputError
        As `arrays.numbers`; for an empty array, too few values, NaN or an infinite value, whose position is named.
    """
    array = numbers(values, name)
    if array.ndim == 0:
        raise InputError(
            Problem(f"{name} is a single number, {array}", "give the scores of the runs, one per seed")
        )
    bad = ~np.isfinite(array)
    if bad.any():
        position = tuple(int(axis) for axis in np.argwhere(bad)[0])
        remedy = "a missing or diverged run is left out or reported, never averaged"
        raise InputError(Problem(f"{name} holds {array[position]} at position {list(position)}", remedy))
    if array.size == 0 or array.shape[-1] < least:
        remedy = f"at least {least} are needed; one run has no spread, so nothing can be said about the next"
        raise InputError(
            Problem(f"{name} has {array.shape[-1]} value{'' if array.shape[-1] == 1 else 's'}", remedy)
        )
    return array


def spread(array: Floats, name: str) -> Floats:
    """Return the sample standard deviation over the last axis; refuse where it is zero.

    Raises
    ------
    InputError
        Where all values are equal (to rounding): copies of one run, or a score too coarse to differ.
    """
    deviation = array.std(axis=-1, ddof=1)
    flat = deviation <= TIE * np.abs(array).max(axis=-1)
    if np.any(flat):
        where = "" if array.ndim == 1 else f" at position {[int(axis) for axis in np.argwhere(flat)[0]]}"
        value = array[np.unravel_index(int(np.argmax(flat)), flat.shape)][0] if array.ndim > 1 else array[0]
        raise no_spread(f"all {array.shape[-1]} values of {name}{where} equal {value:g}")
    return np.asarray(deviation)


def no_spread(what: str) -> InputError:
    """Return the error that scores which do not differ bear no interval."""
    remedy = "no interval follows from no spread; check that the runs are not copies of one run"
    return InputError(Problem(what, remedy))


def arms(treated: ArrayLike, control: ArrayLike, least: int = 1) -> tuple[Floats, Floats]:
    """Return two arms of unrelated seeds as float64, their leading axes alike.

    Raises
    ------
    InputError
        As `finite` for each arm; where the leading axes differ.
    """
    a, b = finite(treated, "treated", least), finite(control, "control", least)
    if a.shape[:-1] != b.shape[:-1]:
        raise InputError(
            Problem(f"treated {a.shape} and control {b.shape} differ", "give the same leading axes to both")
        )
    return a, b


def spread_arms(treated: ArrayLike, control: ArrayLike) -> tuple[Floats, Floats]:
    """Return `arms` of two or more seeds each; refuse where neither arm has any spread.

    Raises
    ------
    InputError
        As `arms`; where all values within each arm are equal (to rounding).
    """
    a, b = arms(treated, control, 2)
    centred = np.concatenate([values - values.mean(axis=-1, keepdims=True) for values in (a, b)], axis=-1)
    size = np.maximum(np.abs(a).max(axis=-1), np.abs(b).max(axis=-1))
    if np.any(np.abs(centred).max(axis=-1) <= TIE * size):
        raise no_spread("all values within each arm are equal")
    return a, b


def probability(level: float, name: str = "level") -> float:
    """Return the number if it lies strictly between 0 and 1.

    Raises
    ------
    InputError
        Otherwise; a level of 95 is met often enough to be named.
    """
    if not 0.0 < level < 1.0:
        raise InputError(Problem(f"{name} is {level}", "give a share between 0 and 1, e.g. 0.95"))
    return float(level)


def plain(value: Any) -> Number:
    """Return a float for a single number, the array otherwise."""
    array = np.asarray(value, dtype=np.float64)
    return float(array) if array.ndim == 0 else array
