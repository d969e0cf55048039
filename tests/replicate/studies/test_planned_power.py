"""Planned power comes from committed scores of the scale, the study's own first; else it is not known."""

from __future__ import annotations

import pandas
import pytest

from analysis.contrast import decide
from analysis.power.design import Design
from analysis.power.two_sided import smallest_difference
from replicate.planned_power import planned_power, sentence
from replicate.reference import path
from replicate.studies.study import grid, study


def test_a_borrowed_spread_adds_over_cells() -> None:
    found = study("domain")
    rows = {row["contrast"]: row for row in planned_power(found, grid(found, "miniature"), "miniature", 4)}
    committed = pandas.read_csv(path("xstilts", "miniature"), keep_default_na=False)
    own = committed[
        (committed["target"] == "xnli") & (committed["language"] == "all") & (committed["metric"] == "score")
    ]
    own = own[own["variant"] == "plain"].assign(value=lambda rows: rows["value"].astype(float))
    by = own.groupby("intermediate")["value"]
    pooled = ((by.var() * (by.size() - 1)).sum() / (by.size() - 1).sum()) ** 0.5
    df = int((by.size() - 1).sum())
    if not path("domain", "miniature").is_file():  # else its own scores say it
        deviation = pooled * (1 / 5 + 1 / 3) ** 0.5
        assert rows["as-chosen"]["spread"] == pytest.approx(deviation)
        least = smallest_difference(Design(deviation, arms=1, deviation_df=df), 4, 0.8, 0.05 / 6)
        assert rows["as-chosen"]["smallest_detectable"] == pytest.approx(least)
    assert "with 4 seeds the smallest detectable difference is about" in sentence(rows["as-chosen"])


@pytest.mark.parametrize("name", ["robustness", "scaling"])
def test_plan_and_answer_tell_one_number(name: str) -> None:
    """From the same scores: what the planned seeds can find is what the seeds that ran could have found."""
    found = study(name)
    one, registered = grid(found, "miniature"), found.fixed("miniature")
    assert registered is not None
    committed = pandas.read_csv(path(name, "miniature"), keep_default_na=False, na_values={"value": [""]})
    decided = decide(committed, registered.family(one.names), registered.deciding())
    planned = planned_power(found, one, "miniature", one.seeds)
    assert [row["smallest_detectable"] for row in planned] == pytest.approx([d.detectable for d in decided])


def test_own_scores_come_first_and_where_there_are_none_it_is_not_known() -> None:
    found = study("robustness")
    (first, *_) = planned_power(found, grid(found, "miniature"), "miniature", 5)
    assert "seeds of the committed scores" in first["source"]
    (paper, *_) = planned_power(found, grid(found, "paper"), "paper", 5)
    assert paper["smallest_detectable"] is None
    assert (
        sentence(paper) == "noise-hurts: power not known, no committed score of these targets at this scale"
    )
    assert planned_power(study("xstilts"), grid(study("xstilts"), "miniature"), "miniature", 3) == []
