"""What so many seeds can find of one contrast of a family: the same number before the runs and after them.

The spread of a contrast is an estimate, from the runs themselves or from committed ones, and power is averaged over
what it may be (`Design.deviation_df`, assurance). The level is that which finds the contrast whatever becomes of the
others (`Rule.level`): after the adjustment over six contrasts, four seeds find less than one test of its own would.
"""

from __future__ import annotations

from analysis.contrast.contrast import Rule
from analysis.errors import InputError
from analysis.power.design import Design
from analysis.power.equivalence import equivalence_seeds_needed
from analysis.power.two_sided import seeds_needed, smallest_difference


def spread(deviation: float, df: float) -> Design:
    """The design of a contrast: one value per seed.

    Parameters
    ----------
    deviation, df
        Standard deviation of these values, points, and the degrees of freedom that it is known with.
    """
    return Design(deviation, arms=1, deviation_df=df)


def smallest(design: Design, seeds: int, rule: Rule, contrasts: int) -> float:
    """The smallest true difference, points, that so many seeds find with the rule's power among so many contrasts.

    Raises
    ------
    InputError
        Fewer than two seeds, or a power below the level.
    """
    return smallest_difference(design, seeds, rule.power, rule.level(contrasts))


def seeds_for(design: Design, margin: float, rule: Rule, contrasts: int) -> int | None:
    """Seeds that find a true difference of the margin; None where no practical number does."""
    try:
        return seeds_needed(design, margin, rule.power, rule.level(contrasts))
    except InputError:
        return None


def seeds_for_none(design: Design, margin: float, rule: Rule, contrasts: int) -> int | None:
    """Seeds that show a true difference of 0 to be within the margin; None where no practical number does."""
    try:
        return equivalence_seeds_needed(design, margin, rule.power, alpha=rule.level(contrasts))
    except InputError:
        return None
