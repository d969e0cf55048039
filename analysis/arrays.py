"""Arrays of numbers and of labels from what a caller hands over, or one clear error.

NumPy turns much into numbers in silence: digits in text, dates, the data under a mask, the real part of a complex
number. Each of these has been a wrong table once, so each is refused with what to write instead.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError, Problem

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

LARGEST: Final = 1e100
"""Largest magnitude worked on: the squares of larger numbers leave double precision."""
OTHER_KINDS: Final = {
    "U": "text", "S": "bytes", "T": "text", "M": "dates", "m": "durations", "c": "complex numbers", "V": "records"
}  # fmt: skip
"""Kinds of arrays that are not measured numbers, by NumPy's letter."""


def numbers(values: ArrayLike, name: str) -> Floats:
    """Return the values as float64; missing ones (NaN, infinity) are the caller's to judge.

    Parameters
    ----------
    values : array_like
        Integers, booleans or floats; pandas objects are taken by position, whatever their index.
    name : str
        What to call them in an error.

    Raises
    ------
    InputError
        For text (digits included), dates, complex numbers, rows of different lengths, masked values, and finite
        numbers beyond `LARGEST`.

    Examples
    --------
    >>> numbers([1, 2], "scores").tolist()
    [1.0, 2.0]
    """
    parts = values if isinstance(values, (list, tuple)) else [values]
    if any(np.ma.isMaskedArray(part) and np.ma.getmaskarray(part).any() for part in parts):
        remedy = "leave masked values out: numpy would hand over the numbers under the mask"
        raise InputError(Problem(f"{name} has masked values", remedy))
    try:
        raw = np.asarray(values)
        if raw.dtype.kind == "O" and any(isinstance(item, (str, bytes)) for item in raw.flat):
            raise ValueError("it holds text")
        if raw.dtype.kind in OTHER_KINDS:
            raise ValueError(f"it holds {OTHER_KINDS[raw.dtype.kind]}")
        # One layout in memory: numpy adds rows of another layout in another order, and the last bits would differ.
        array = np.asarray(raw, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise InputError(
            Problem(f"{name} is not an array of numbers ({error})", "give equally long rows of numbers")
        ) from error
    vast = np.isfinite(array) & (np.abs(array) > LARGEST)
    if vast.any():
        first = array[vast].flat[0]
        raise InputError(
            Problem(f"{name} holds {first:g}", f"change the unit: beyond {LARGEST:g} squares overflow")
        )
    return array


def same_shape(**named: ArrayLike) -> tuple[Floats, ...]:
    """Return the named numbers broadcast to one shape.

    Raises
    ------
    InputError
        As `numbers`, or where the shapes do not fit.
    """
    arrays = {name: numbers(values, name) for name, values in named.items()}
    try:
        return tuple(np.asarray(array) for array in np.broadcast_arrays(*arrays.values()))
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise InputError(Problem(f"shapes do not fit: {shapes}", "give arrays of one shape")) from error


def labels(values: ArrayLike, n: int, name: str) -> tuple[NDArray[Any], Ints]:
    """Return the different labels, sorted, and for each row the number of its label.

    Parameters
    ----------
    values : array_like of shape (n,)
        Text or numbers, one per row.
    n : int
        Rows.
    name : str
        What to call them in an error.

    Raises
    ------
    InputError
        For another shape, or a label that is missing (None, NaN, empty text).
    """
    try:
        given = np.asarray(values) if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    except ValueError:
        given = np.empty(0, dtype=object)
    if given.shape != (n,):
        raise InputError(Problem(f"{name} has shape {given.shape}", f"give {n} labels, one per row"))
    for row, item in enumerate(given.tolist()):
        if item is None or type(item).__name__ in ("NAType", "NaTType") or item == "" or item != item:
            raise InputError(Problem(f"{name} holds {item!r} at position {row}", "name every row's group"))
    typed = np.asarray(given.tolist())
    if typed.shape != (n,) or typed.dtype.kind not in "biufU":
        typed = np.array([str(item) for item in given.tolist()])
    found, code = np.unique(typed, return_inverse=True)
    return found, np.asarray(code, dtype=np.int64)


def in_order(values: ArrayLike, n: int, name: str) -> tuple[tuple[str, ...], Ints]:
    """Return the different labels as text in order of appearance, and for each row the number of its label.

    Raises
    ------
    InputError
        As `labels`.
    """
    found, code = labels(values, n, name)
    first = np.full(len(found), n)
    np.minimum.at(first, code, np.arange(n))
    order = np.argsort(first)
    place = np.empty(len(found), dtype=np.int64)
    place[order] = np.arange(len(found))
    return tuple(str(found[i]) for i in order), place[code]
