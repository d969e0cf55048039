"""A grid's designs become intermediates with groups that contrasts can name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis.errors import InputError
from replicate.studies.designed import Noising, Orders, Subsets, phases
from replicate.studies.formats import Sides, wrong
from replicate.studies.study import FOLDER, grid, study

TASKS = ("mnli", "squad", "hellaswag", "qqp")


def test_subsets_are_named_by_size_and_written_alike() -> None:
    found = Subsets(tasks=TASKS, sizes=(1, 2, 4), count=4)
    groups = found.groups()
    assert sorted(groups["subsets-1"]) == sorted(TASKS) and groups["subsets-4"] == (
        "mnli+squad+hellaswag+qqp",
    )
    for name in groups["subsets-2"]:
        first, second = name.split("+")
        assert TASKS.index(first) < TASKS.index(second)
    told = found.lines()
    assert (
        told[0] == "nested subsets of 1 of 4 tasks:"
        and "each task 1 times, each pair together 0 times" in told
    )
    drawn = Subsets(tasks=TASKS, sizes=(3,), count=4, kind="independent", seed=2).by_size()
    assert (
        len(drawn[3]) == 4
        and drawn != Subsets(tasks=TASKS, sizes=(2,), count=4, kind="independent").by_size()
    )


def test_orders_are_phases_and_grouped_by_their_ends() -> None:
    found = Orders(tasks=TASKS[:3])
    groups = found.groups()
    assert len(groups["orders"]) == 6 and len(groups["orders-last-mnli"]) == 2
    assert all(
        phases(name)[-1] == "mnli" and set(phases(name)) == set(TASKS[:3])
        for name in groups["orders-last-mnli"]
    )
    assert "each task at each place 2 times" in found.lines()[-1]
    assert "orders-first-qqp" in Orders(tasks=TASKS, count=4).groups()


def test_noise_makes_variants() -> None:
    assert list(Noising(severities=(1, 4)).noises()) == ["noise-1", "noise-4"]
    (one,) = Noising(severities=(2,), kinds=("swap",), seed=3).noises().values()
    assert (one.severity, one.kinds, one.seed) == (2, ("swap",), 3)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Subsets(tasks=TASKS, sizes=(5,), count=2),
        lambda: Subsets(tasks=("mnli", "mnli"), sizes=(1,), count=2),
        lambda: Orders(tasks=("mnli",)),
        lambda: Orders(tasks=("mnli", "mnli")),
        lambda: Noising(severities=(0,)),
        lambda: Noising(severities=(1,), kinds=("typo",)),  # type: ignore[arg-type]
    ],
)
def test_a_design_that_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        wrong()  # type: ignore[operator]


def test_formats_are_printed_and_checked_against_the_grid() -> None:
    one = grid(study("domain"), "miniature")
    told = one.designs
    assert told[0].endswith("at most 3,000 of each are used):")
    assert "  inference: mnli (392,702) ~ scitail (23,097), contract_nli (6,820)" in told
    assert "  span: squad (87,599) ~ no partner" in told
    sides = {"inference": Sides(general=("mnli",), special=("scitail",)), "other": Sides(general=("mnli",))}
    assert wrong(sides, ("none", "mnli")) == "formats name 'scitail', which is no intermediate of the grid"
    assert wrong(sides, ("mnli", "scitail")) == "formats name 'mnli' 2 times"


def test_a_wrong_value_of_a_study_sends_nobody_to_the_recipes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    text = (FOLDER / "masking.yaml").read_text()
    file.write_text(text.replace("seeds: 4", "seeds: four", 1))
    with pytest.raises(InputError) as told:
        study(str(file))
    (problem,) = told.value.problems
    assert "scales.miniature.seeds" in str(problem) and "mine.yaml:" in str(problem)
    assert "docs/studies.md" in str(problem) and "verify-claims recipes" not in str(problem)
