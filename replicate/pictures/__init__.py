"""What a study measured, as parts of its answer with figures; described, and not tested: tests are the contrasts'.

Room plan
---------
cells     scores per seed of every cell, by model; labels; means with intervals over seeds
power     what the seeds could have found
languages contrasts in every language
pairs     data of a domain against general data of the same format
scores    scores of every setting, and gains over no intermediate task
steps     what changes along an ordered step: severity of noise, number of tasks, place in an order, later phases
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.answers.part import Part
from replicate.pictures.cells import cells_of
from replicate.pictures.pairs import pairs
from replicate.pictures.scores import gains, scores
from replicate.pictures.steps import places, retained, severities, sizes
from replicate.studies.study import Grid

if TYPE_CHECKING:
    import pandas

__all__ = ["pictures"]


def pictures(frame: pandas.DataFrame, one: Grid, level: float = 0.95) -> list[Part]:
    """Parts of an answer that describe what was measured: only those whose cells are there.

    Parameters
    ----------
    frame : pandas.DataFrame
        Results table of the study at one scale.
    one : Grid
        Its grid at that scale.
    level : float
        Of the intervals over seeds.
    """
    cells = cells_of(frame, one)
    made = (pairs, sizes, places, retained, severities, gains, scores)
    return [part for make in made if (part := make(cells, level)) is not None]
