"""Power in one plain sentence, for findings and reports; every number comes from the functions of this room."""

from __future__ import annotations

from analysis.errors import InputError
from analysis.power.design import Design
from analysis.power.two_sided import seeds_needed, smallest_difference


def detectable_sentence(design: Design, seeds: int, wanted: float = 0.8, alpha: float = 0.05) -> str:
    """Return what so many seeds can detect.

    Examples
    --------
    >>> detectable_sentence(Design(deviation=0.6), seeds=3)
    'with 3 seeds the smallest detectable difference is 1.8 points (power 0.8, alpha 0.05, run sd 0.6)'
    """
    size = smallest_difference(design, seeds, wanted, alpha)
    return (
        f"with {seeds} seeds the smallest detectable difference is {size:.2g} points "
        f"(power {wanted:g}, alpha {alpha:g}, run sd {design.deviation:.3g})"
    )


def needed_sentence(design: Design, difference: float, wanted: float = 0.8, alpha: float = 0.05) -> str:
    """Return how many seeds a difference needs, or that no practical number is enough.

    Examples
    --------
    >>> needed_sentence(Design(deviation=0.6), difference=1.0)
    'needs 7 seeds to tell 1 points from 0 (power 0.8, alpha 0.05, run sd 0.6)'
    """
    tail = f"(power {wanted:g}, alpha {alpha:g}, run sd {design.deviation:.3g})"
    try:
        seeds = seeds_needed(design, difference, wanted, alpha)
    except InputError:
        return f"no practical number of seeds tells {abs(difference):.3g} points from 0 {tail}"
    return f"needs {seeds} seeds to tell {abs(difference):.3g} points from 0 {tail}"
