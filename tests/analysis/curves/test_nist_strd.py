"""NIST StRD nonlinear regression: certified parameters and standard deviations from every starting point.

Data, starts and certified values: https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml (public domain), held
in nist_strd.json. Families of the registry are used as they are; the other data sets are written as separable
families here, so that the engine is tried on the whole suite.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from analysis.curves import FAMILIES, Family, fit_curve, hold

NIST = json.loads((Path(__file__).parent / "nist_strd.json").read_text())
STEP = 1e-30


def separable(columns: Callable, shapes: int, coefficients: int, low=1e-12, high=1e12) -> Family:
    """Return a family from analytic columns; derivatives by the complex step."""

    def values(x, shape):
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return np.stack([np.stack(columns(x, row), -1) for row in shape])

    @np.errstate(over="ignore", invalid="ignore")
    def slopes(x, shape):
        rows = []
        for row in shape:
            parts = []
            for j in range(shapes):
                moved = row.astype(complex)
                moved[j] += 1j * STEP
                parts.append(np.stack(columns(x, moved), -1).imag / STEP)
            rows.append(np.stack(parts, -1))
        return np.stack(rows)

    return Family(
        "test", "", tuple(f"c{i}" for i in range(coefficients)), tuple(f"s{i}" for i in range(shapes)),
        values, slopes, lambda s: np.zeros((len(s), coefficients)), lambda x: ((low, high),) * shapes, (2,) * shapes,
    )  # fmt: skip


@dataclass
class Case:
    family: Family
    to_shapes: Callable[[list[float]], list[float]]
    """NIST parameters -> shapes of the start."""
    to_nist: Callable[[np.ndarray], list]
    """(start, coefficients, shapes) in the order of `names` -> NIST parameters; analytic."""
    origin: str = "zero"
    dose: Callable[[np.ndarray], np.ndarray] = np.asarray
    """NIST predictor -> dose of 0 or more."""
    score: Callable[[np.ndarray], np.ndarray] = np.asarray
    weights: Callable[[np.ndarray], np.ndarray | None] = lambda x: None


def ratio(x, numerator: int, bottom: list) -> list:
    """Return the columns of a ratio of polynomials with 1 + sum of bottom[i] x^(i + 1) below."""
    below = 1 + sum(b * x ** (i + 1) for i, b in enumerate(bottom))
    return [x**i / below for i in range(numerator + 1)]


def waves(x, *periods) -> list:
    return [f(2 * np.pi * x / period) for period in periods for f in (np.cos, np.sin)]


NELSON = np.array(NIST["Nelson"]["x"])
ROSZMAN = np.array([np.nan, *NIST["Roszman1"]["x"]])


def roszman(x, shape) -> list:
    """Return 1, -x and arctan(s / (x + t)) at the rows; row 0 observes the factor of the arctangent."""
    known, at = x == 0, np.where(x == 0, 0.0, ROSZMAN[x.astype(int)])
    level = np.where(known, 0.0, 1.0) + 0 * shape[0]
    return [level, -at * level, np.where(known, 1.0, np.arctan(shape[0] / (at + shape[1])))]


CASES = {
    "Misra1a": Case(FAMILIES["saturating_exponential"], lambda b: [b[1]], lambda p: [p[0], p[1]]),
    "BoxBOD": Case(FAMILIES["saturating_exponential"], lambda b: [b[1]], lambda p: [p[0], p[1]]),
    "Misra1b": Case(hold(FAMILIES["shifted_power"], power=2.0), lambda b: [2 / b[1]], lambda p: [p[0], 2 / p[1]]),
    "Misra1c": Case(
        hold(FAMILIES["shifted_power"], power=0.5), lambda b: [0.5 / b[1]], lambda p: [p[0], 0.5 / p[1]]
    ),
    "Misra1d": Case(FAMILIES["michaelis_menten"], lambda b: [1 / b[1]], lambda p: [p[0], 1 / p[1]]),
    "DanWood": Case(FAMILIES["power"], lambda b: [b[1]], lambda p: [p[0], p[1]]),
    "Bennett5": Case(
        separable(lambda x, s: [np.exp(-np.log(s[0] + x) / s[1])], 2, 1, 1e-3, 1e6), lambda b: b[1:], list
    ),
    "Rat42": Case(separable(lambda x, s: [1 / (1 + np.exp(s[0] - s[1] * x))], 2, 1), lambda b: b[1:], list),
    "Rat43": Case(
        separable(lambda x, s: [np.exp(-np.log(1 + np.exp(s[0] - s[1] * x)) / s[2])], 3, 1), lambda b: b[1:], list
    ),
    "MGH09": Case(
        separable(lambda x, s: [(x * x + x * s[0]) / (x * x + x * s[1] + s[2])], 3, 1, 1e-6, 1e6),
        lambda b: b[1:], list,
    ),
    "MGH10": Case(
        separable(lambda x, s: [np.exp(s[0] / (x + s[1]))], 2, 1, 1e-3, 1e6), lambda b: b[1:], list
    ),
    "MGH17": Case(
        separable(lambda x, s: [np.exp(-x * s[0]), np.exp(-x * s[1])], 2, 2, 1e-6, 1e3),
        lambda b: b[3:],
        lambda p: [p[0], p[2], p[1], p[4], p[3]] if p[3].real > p[4].real else list(p),  # the two terms may swap
        "free",
    ),
    "Eckerle4": Case(
        separable(lambda x, s: [np.exp(-0.5 * ((x - s[1]) / s[0]) ** 2) / s[0]], 2, 1), lambda b: b[1:], list
    ),
    "Lanczos3": Case(
        separable(lambda x, s: [np.exp(-x * s[0]), np.exp(-x * s[1]), np.exp(-x * s[2])], 3, 3, 1e-4, 1e3),
        lambda b: [b[1], b[3], b[5]], lambda p: [p[0], p[3], p[1], p[4], p[2], p[5]],
    ),
    "Chwirut2": Case(
        separable(lambda x, s: [np.exp(-x * s[0]) / (1 + s[1] * x)], 2, 1, 1e-6, 1e3),
        lambda b: [b[0], b[2] / b[1]], lambda p: [p[1], 1 / p[0], p[2] / p[0]],
    ),
    "Gauss1": Case(
        separable(
            lambda x, s: [
                np.exp(-s[0] * x), np.exp(-((x - s[1]) ** 2) / s[2] ** 2), np.exp(-((x - s[3]) ** 2) / s[4] ** 2)
            ], 5, 3, 1e-4, 1e4,
        ),
        lambda b: [b[1], b[3], b[4], b[6], b[7]], lambda p: [p[0], p[3], p[1], p[4], p[5], p[2], p[6], p[7]],
    ),
    "ENSO": Case(
        separable(lambda x, s: waves(x, 12.0, s[0], s[1]), 2, 6, 1, 1e3),
        lambda b: [b[3], b[6]], lambda p: [p[0], p[1], p[2], p[7], p[3], p[4], p[8], p[5], p[6]], "free",
    ),
    # temperatures in hundreds: the powers of a few hundred degrees differ by eight orders of magnitude
    "Hahn1": Case(
        separable(lambda x, s: ratio(x, 3, [-s[0], s[1], -s[2]]), 3, 4),
        lambda b: [-b[4] * 1e2, b[5] * 1e4, -b[6] * 1e6],
        lambda p: [p[0], p[1] / 1e2, p[2] / 1e4, p[3] / 1e6, -p[4] / 1e2, p[5] / 1e4, -p[6] / 1e6],
        dose=lambda x: x / 100,
    ),
    "Kirby2": Case(
        separable(lambda x, s: ratio(x, 2, [-s[0], s[1]]), 2, 3), lambda b: [-b[3] * 1e2, b[4] * 1e4],
        lambda p: [p[0], p[1] / 1e2, p[2] / 1e4, -p[3] / 1e2, p[4] / 1e4], dose=lambda x: x / 100,
    ),
    # the logarithm of density is negative: a dose is counted from the least
    "Thurber": Case(
        separable(lambda x, s: ratio(x - 4, 3, list(s)), 3, 4), lambda b: b[4:], list, dose=lambda x: x + 4
    ),
    # two predictors: the dose is the number of the row
    "Nelson": Case(
        separable(
            lambda x, s: [NELSON[x.astype(int), 0] * np.exp(s[0] * NELSON[x.astype(int), 1])], 1, 1, 1e-6, 1.0
        ),
        lambda b: [-b[2]], lambda p: [p[0], -p[1], -p[2]], "free", lambda x: np.arange(len(x)), np.log,
    ),
    # the factor of the arctangent is fixed at -1 / pi: an observation of it whose weight leaves no doubt
    "Roszman1": Case(
        separable(roszman, 2, 3, 1e-3, 1e6), lambda b: [b[2], -b[3]], lambda p: [p[0], p[1], p[3], -p[4]],
        dose=lambda x: np.arange(len(x) + 1), score=lambda y: np.array([-1 / np.pi, *y]),
        weights=lambda x: np.array([1e8, *np.ones(len(x))]),
    ),
}  # fmt: skip
for twin, like in {"Gauss2": "Gauss1", "Gauss3": "Gauss1", "Lanczos1": "Lanczos3", "Lanczos2": "Lanczos3",
                   "Chwirut1": "Chwirut2"}.items():  # fmt: skip
    CASES[twin] = CASES[like]


def nist_parameters(case: Case, fit) -> tuple[np.ndarray, np.ndarray]:
    """Return parameters and standard deviations in NIST's parameterisation, by the delta method."""
    values = np.array(list(fit.parameters.values()))
    rows = []
    for j in range(len(values)):
        moved = values.astype(complex)
        moved[j] += 1j * STEP
        rows.append(np.array(case.to_nist(moved)).imag / STEP)
    jacobian = np.stack(rows, -1)
    covariance = jacobian @ fit.covariance @ jacobian.T
    return np.array(case.to_nist(values), dtype=float), np.sqrt(np.diag(covariance))


BEGINNINGS = [
    (name, begin)
    for name, case in CASES.items()
    for begin in ("start1", "start2", *(() if case.family.name == "test" else ("scan",)))
]
"""Families of the registry need no start at all; for the others the user gives one."""


def test_no_data_set_of_the_suite_is_left_out() -> None:
    assert set(CASES) == set(NIST) and len(NIST) == 27


@pytest.mark.parametrize(("name", "begin"), BEGINNINGS)
def test_certified_values(name: str, begin: str) -> None:
    case, data = CASES[name], NIST[name]
    start = None
    if begin != "scan":
        start = dict(zip(case.family.shapes, case.to_shapes(data[begin]), strict=True))
    x, y = case.dose(np.array(data["x"])), case.score(np.array(data["y"]))
    weights = case.weights(np.array(data["x"]))
    fit = fit_curve(x, y, case.family, origin=case.origin, start=start, weights=weights)
    values, sd = nist_parameters(case, fit)
    exact = data["rss"] < 1e-10
    np.testing.assert_allclose(values, data["certified"], rtol=1e-5 if exact else 1e-7)
    if not exact:
        np.testing.assert_allclose(sd, data["sd"], rtol=1e-6)
        np.testing.assert_allclose(fit.rss, data["rss"], rtol=1e-8)
