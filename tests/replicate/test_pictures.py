"""What a study measured, as figures: numbers are those of the cells, and parts without cells are left out."""

from __future__ import annotations

from typing import Any

import pandas
import pytest

from analysis.results import COLUMNS
from replicate.pictures import pictures
from replicate.stages.names import printed
from replicate.studies.study import Grid
from reports.figures import figures_of

PLAIN: dict[str, Any] = {"recipe": "miniature", "seeds": 3, "targets": ["xnli"]}


def frame(cells: dict[tuple[str, str, str], float], models: tuple[str, ...] = ("m",)) -> pandas.DataFrame:
    """(intermediate, variant, target) -> score of seed 0; further seeds and models are a point higher each."""
    rows = [
        {"model": model, "intermediate": intermediate, "variant": variant, "target": target, "seed": seed}
        | {"value": value + seed + shift, "language": "all", "metric": "score", "status": "measured"}
        | {"split": "dev" if variant == "retained" else "test"}
        for shift, model in enumerate(models)
        for (intermediate, variant, target), value in cells.items()
        for seed in ((0,) if variant == "constant" else (0, 1, 2))
    ]
    return pandas.DataFrame(rows, columns=list(COLUMNS))


def parts(grid: Grid, table: pandas.DataFrame) -> dict[str, Any]:
    made = {part.id: part for part in pictures(table, grid)}
    for part in made.values():
        for drawing in figures_of({"figures": list(part.figures)}):
            assert drawing.svg().startswith("<svg") and drawing.records(), part.id
    return made


def test_noise_is_a_line_per_intermediate_and_a_loss_per_severity() -> None:
    grid = Grid.model_validate({**PLAIN, "intermediates": ["none", "squad"], "noise": {"severities": [1, 5]}})
    cells = {
        ("none", "plain", "xnli"): 60.0,
        ("none", "noise-1", "xnli"): 57.0,
        ("none", "noise-5", "xnli"): 40.0,
    }
    cells |= {
        ("squad", "plain", "xnli"): 64.0,
        ("squad", "noise-5", "xnli"): 50.0,
        ("none", "constant", "xnli"): 33.0,
    }
    made = parts(grid, frame(cells))
    # Every seed gains exactly 4: no spread, so no interval of the gain.
    assert set(made) == {"severity", "scores"}
    (figure,) = made["severity"].figures
    assert [[p["at"] for p in line["points"]] for line in figure["lines"]] == [[0, 1, 5], [0, 5]]
    assert figure["constant"] == 33.0 and figure["lines"][0]["points"][0]["mean"] == 61.0
    changes = {(row["intermediate"], row["severity"]): row["change"] for row in made["severity"].rows}
    assert changes == {("none", 1): -3.0, ("none", 5): -20.0, ("squad", 5): -14.0}
    assert "constant answers score 33.0" in made["scores"].answer


def test_noise_leaves_a_share_of_what_stands_above_constant_answers() -> None:
    grid = Grid.model_validate({**PLAIN, "intermediates": ["none", "squad"], "noise": {"severities": [5]}})
    cells = {
        ("none", "plain", "xnli"): 80.0,
        ("none", "noise-5", "xnli"): 56.0,
        ("squad", "plain", "xnli"): 32.0,
        ("squad", "noise-5", "xnli"): 31.0,
    }
    (without,) = parts(grid, frame(cells))["severity"].rows[:1]
    assert without["left"] is None, "nothing to stand above"
    made = parts(grid, frame(cells | {("none", "constant", "xnli"): 32.0}))["severity"]
    none, squad = made.rows
    # Seeds add 0, 1 and 2 points to every score.
    assert none["left"] == pytest.approx(100 * (24 / 48 + 25 / 49 + 26 / 50) / 3)
    assert none["left_low"] < none["left"] < none["left_high"]
    assert squad["change"] == -1.0 and squad["left"] is None, "a seed at constant answers has nothing to lose"
    assert "leaves: xnli after none 51 %." in made.answer and "compare the shares" in " ".join(made.limits)


def test_places_are_means_over_the_orders_and_forgetting_is_the_fall_of_a_phase() -> None:
    grid = Grid.model_validate(
        {**PLAIN, "intermediates": ["none"], "orders": {"tasks": ["mnli", "squad"]}, "retained": True}
    )
    cells = {
        ("none", "plain", "xnli"): 40.0,
        ("mnli>squad", "plain", "xnli"): 50.0,
        ("squad>mnli", "plain", "xnli"): 60.0,
    }
    table = frame(cells)
    after = {"mnli": (70.0, 71.5, 69.0), "mnli>squad": (60.0, 62.5, 58.0)}
    kept = [
        {"model": "m", "intermediate": name, "variant": "retained", "target": "mnli", "split": "dev"}
        | {"language": "all", "metric": "score", "seed": seed, "value": value}
        for name, values in after.items()
        for seed, value in enumerate(values)
    ]
    made = parts(grid, pandas.concat([table, pandas.DataFrame(kept)], ignore_index=True))
    means = {(row["task"], row["place"]): row["mean"] for row in made["places"].rows}
    assert means == {("mnli", 1): 51.0, ("mnli", 2): 61.0, ("squad", 1): 61.0, ("squad", 2): 51.0}
    (row,) = made["retained"].rows
    assert row["task"] == "mnli" and row["sequence"] == "mnli>squad" and row["change"] == pytest.approx(-10.0)
    assert (
        row["high"] < 0
        and "Of 1 tasks with later phases 1 have an interval below 0" in made["retained"].answer
    )


def test_sizes_are_means_over_subsets_with_short_labels() -> None:
    subsets = {"kind": "nested", "tasks": ["mnli", "squad", "qqp"], "sizes": [1, 3], "count": 3}
    grid = Grid.model_validate({**PLAIN, "intermediates": ["none"], "subsets": subsets})
    names = [printed(name) for name in grid.columns]
    cells = {(name, "plain", "xnli"): 50.0 + at for at, name in enumerate(names)}
    made = parts(grid, frame(cells))
    means = {row["tasks"]: row["mean"] for row in made["sizes"].rows}
    assert means == {0: 51.0, 1: 53.0, 3: 55.0} and {row["subsets"] for row in made["sizes"].rows} == {1, 3}
    labels = {strip["label"] for strip in made["scores"].figures[0]["strips"]}
    assert labels == {"none", "mnli", "squad", "qqp", "3 tasks"}


def test_pairs_stand_within_a_format() -> None:
    formats = {"inference": {"general": ["mnli"], "special": ["scitail"]}, "span": {"general": ["squad"]}}
    grid = Grid.model_validate(
        {**PLAIN, "intermediates": ["none", "mnli", "scitail", "squad"], "formats": formats}
    )
    table = frame({(name, "plain", "xnli"): 50.0 for name in ("none", "mnli", "squad", "scitail")})
    table.loc[(table["intermediate"] == "scitail") & (table["seed"] > 0), "value"] += 6.0
    made = parts(grid, table)
    (row,) = made["pairs"].rows
    assert (
        row["of_a_domain"] == "scitail"
        and row["general"] == "mnli"
        and row["difference"] == pytest.approx(4.0)
    )
    assert [one["label"] for one in made["pairs"].figures[0]["effects"]] == ["scitail over mnli"]


def test_several_models_stand_in_one_figure_by_name() -> None:
    grid = Grid.model_validate({**PLAIN, "intermediates": ["none", "mnli"]})
    table = frame({("none", "plain", "xnli"): 50.0, ("mnli", "plain", "xnli"): 52.0}, ("one", "two"))
    table.loc[(table["intermediate"] == "mnli") & (table["seed"] == 2), "value"] += 1.0
    made = parts(grid, table)
    (figure,) = made["gains"].figures
    assert [effect["label"] for effect in figure["effects"]] == ["mnli, one", "mnli, two"]
    assert [row["gain"] for row in made["gains"].rows] == pytest.approx([7 / 3, 7 / 3])
    assert {strip["label"] for strip in made["scores"].figures[0]["strips"]} >= {"mnli, one", "mnli, two"}
